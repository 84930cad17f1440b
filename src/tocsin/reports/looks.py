"""Looks: what stood at the deadlines of Working Days after a month, for what must be told as it was known then (CR1420 [B])."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tocsin.deliveries.ledger import Basis, Ledger
from tocsin.deliveries.slots import Slot, states
from tocsin.journeys.incident_cube import FEEDS
from tocsin.journeys.service_request_facts import LOOKBACK_US
from tocsin.measuring.figures import Figure, Making, indicator_figures
from tocsin.measuring.journey import WORKING_DAY
from tocsin.measuring.measure import Area
from tocsin.measuring.presence import Presence
from tocsin.measuring.tally import Sums
from tocsin.reports.received import presence_of
from tocsin.vocabulary.calendar import Period, WorkingDays, deadline_clock
from tocsin.vocabulary.incidents import incident_working_days
from tocsin.vocabulary.settings import setting


@dataclass(frozen=True)
class Look:
    """One Working Day: the last instant (µs UTC) before its deadline, what stood then, and which feeds had come."""

    working_day: int
    as_at: int
    basis: Basis
    presence: Mapping[str, Presence]


@dataclass(frozen=True)
class Looking:
    """What looks are made with: the ledger, the period and what it owes, the calendar and the workspace's own tables."""

    ledger: Ledger
    period: Period
    owed: Sequence[Slot]
    working_days: WorkingDays
    reference: Path

    def looks(self, as_at: int) -> tuple[Look, ...]:
        """A look for each Working Day of the dated table that has ended by an instant; an earlier run has fewer."""
        return tuple(self._look(day, at) for day, at in self._deadlines() if at <= as_at)

    def _deadlines(self) -> Iterator[tuple[int, int]]:
        clock = deadline_clock(setting("deadline_clock", self.period.last_on, self.reference).value)
        for day in incident_working_days(self.period.first_on, self.reference):
            # A deadline ends before its instant: what comes at it is late.
            yield day, self.working_days.deadline_at(self.working_days.working_day(self.period, day), clock) - 1

    def _look(self, day: int, at: int) -> Look:
        basis = basis_then(self.ledger, self.period, at)
        found = states(self.owed, self.ledger.deliveries(at), self.period, at)
        return Look(day, at, basis, {feed: presence_of(feed, found, basis, self.period) for feed in FEEDS})


def near(period: Period) -> tuple[int, int]:
    """How far journeys look for rows: else it would matter how a sender cuts files, whether a very late answer is seen."""
    return period.start_at - LOOKBACK_US, period.end_at + 2 * LOOKBACK_US


def basis_then(ledger: Ledger, period: Period, at: int) -> Basis:
    """The deliveries of Incidents that stood at an instant."""
    return ledger.basis(at, feeds=FEEDS, covering=near(period), from_the_first=FEEDS)


def digest_of(looks: Iterable[Look]) -> str:
    """What stood at every look: a delivery that no longer stands may have moved one, and no basis of the run would tell."""
    return " ".join(f"{look.working_day}:{look.basis.digest}" for look in looks)


def figures_by_look(area: Area, making: Making, sums: Iterable[Sums], looks: Iterable[Look]) -> list[Figure]:
    """The figures of an area for each look, incomplete or without data by what had come by then."""
    lines, figures = list(sums), []
    for look in looks:
        then = replace(making, presence=Presence.together(look.presence[feed] for feed in area.feeds))
        day = (WORKING_DAY, str(look.working_day))
        if then.presence.state == "no_data":
            figures += [then.blank(one.name, (day,), one.unit, one.counted, one.met) for one in area.indicators]
            continue
        made = indicator_figures(then, area.indicators, (line for line in lines if day in line.breakdown))
        figures += [figure for figure in made if figure.breakdown]
    return figures
