"""The truth of Incidents: the whole numbers of every figure of CPM 4, 5 and 5A and of the cube, under the names figures have."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tocsin.estate.events.incident_stories import Change, Extract
from tocsin.estate.events.outages import outages
from tocsin.estate.plan import Plan
from tocsin.estate.truth import incident_regrades, outage_incidents
from tocsin.estate.truth.incident_clocks import Clock, Rules, clocks
from tocsin.estate.truth.incident_regrades import Regrade, Regrading
from tocsin.vocabulary.incidents import clock_stops, incident_slices, incident_targets
from tocsin.vocabulary.instants import SECOND_US
from tocsin.vocabulary.settings import setting

# The cells by which the cube is asked for; without a clock named each Incident would be counted twice.
GROUPINGS = (("clock",), ("clock", "category"), ("clock", "resolver_group"), ("clock", "category", "resolver_group"))
SHARES, COUNTS = ("within_target", "reported_within_target"), ("no_target", "judged_otherwise", "open", "open_breached", "recategorised")

Line = tuple[str, int | None, int | None]
_FIGURE, _ODDITY = ("name", "counted", "met"), ("name", "count")


@dataclass(frozen=True)
class IncidentTruth:
    """What was delivered of each Incident by the end of the simulation, and whether any file of the month itself was.

    `lines`: of the audit log, by Incident; `extracts`: the latest delivered of each.
    """

    plan: Plan
    lines: Mapping[str, Sequence[Change]]
    extracts: Mapping[str, Extract]
    has_files: bool
    has_log: bool = True
    has_outages: bool = True
    # The same as it was known at the deadline of each Working Day that Incidents are told for (CR1420 [B]).
    then: Mapping[int, "IncidentTruth"] = field(default_factory=dict)

    def write(self, truth: Path) -> None:
        """truth/incident_figures.csv (name, counted, met; empty where a figure has no such number), truth/incident_oddities.csv.

        The same of Working Days, category changes, and outages looked for among the Incidents, each in a file of its own.
        """
        found = list(self.clocks())
        _write(truth / "incident_figures.csv", _FIGURE, sorted(self.figures(found)))
        _write(truth / "incident_oddities.csv", _ODDITY, sorted(oddities(found).items()))
        looked = {day: list(then.clocks()) for day, then in self.then.items()}
        _write(truth / "incident_day_figures.csv", _FIGURE, sorted(self.figures_by_day(looked)))
        _write(truth / "incident_day_oddities.csv", _ODDITY, sorted(set_aside_by_day(looked).items()))
        changed = list(self.regrades())
        _write(truth / "incident_regrade_figures.csv", _FIGURE, sorted(incident_regrades.figures(changed, self.has_log)))
        negative = sum(one.is_negative for one in changed)
        odd = [("incident_regrades.negative_span", negative)] if negative else []
        _write(truth / "incident_regrade_oddities.csv", _ODDITY, odd)
        _write(truth / "outage_incident_figures.csv", _FIGURE, sorted(self.outage_figures()))

    def rules(self) -> Rules:
        """The rules of the month, as the shipped tables have them."""
        on = self.plan.period.first_on
        return Rules(
            targets={key: target.seconds * SECOND_US for key, target in incident_targets(on).items()},
            stops=frozenset(reason for reason, pauses in clock_stops(on).items() if pauses),
            window_us=setting("reopen_window", on).us,
            start_at=self.plan.period.start_at,
            end_at=self.plan.period.end_at,
            as_at=self.plan.until_at,
        )

    def clocks(self) -> Iterator[Clock]:
        rules = self.rules()
        for incident in sorted({*self.lines, *self.extracts}):
            yield from clocks(self.lines.get(incident, ()), self.extracts.get(incident), rules)

    def regrades(self) -> Iterator[Regrade]:
        regrading = Regrading(self.rules(), setting("incident_near_breach", self.plan.period.first_on).whole)
        for incident, changes in sorted(self.lines.items()):
            yield from regrading.regrades(changes, self.extracts.get(incident))

    def outage_figures(self) -> Iterator[Line]:
        """Outages are told of once the month is over; whether their list came is as much chance as with any file."""
        told = {line.incident_id for changes in self.lines.values() for line in changes if line.changed_at <= self.plan.until_at}
        known = told | {name for name, extract in self.extracts.items() if extract.extracted_at <= self.plan.until_at}
        return outage_incidents.figures(outages(self.plan), known, is_delivered=self.has_outages)

    def figures_by_day(self, looked: Mapping[int, Sequence[Clock]]) -> Iterator[Line]:
        """The figures of the cube for each Working Day, by the names that say which."""
        for day, then in self.then.items():
            for name, counted, met in then.figures(looked[day]):
                subject, _, rest = name.partition(".")
                indicator, _, cell = rest.partition("/")
                if subject == "incidents":
                    yield f"incident_days.{indicator}/working_day={day}{f'/{cell}' if cell else ''}", counted, met

    def figures(self, found: Sequence[Clock]) -> Iterator[Line]:
        """Every figure by name with what it counts and what met; a count has no met, and nothing at all is told where no file came."""
        slices = incident_slices(self.plan.period.first_on)
        if not self.has_files:
            yield from ((name, None, None) for name in slices)
            yield from ((f"incidents.{name}", None, None) for name in (*SHARES, *COUNTS))
            return
        kept = [clock for clock in found if not clock.set_aside]
        for measure, part in slices.items():
            own = [clock for clock in kept if _is_resolved(clock) and clock.category in part.categories and clock.clock == part.clock]
            yield measure, len(own), sum(clock.is_met for clock in own)
            for split in ("category", "resolver_group"):
                for cell, of in _apart(own, (split,)).items():
                    yield f"{measure}{cell}", len(of), sum(clock.is_met for clock in of)
        for grouping in GROUPINGS:
            for cell, of in _apart(kept, grouping).items():
                yield from _cube(cell, of)


def oddities(found: Iterable[Clock]) -> Counter[str]:
    """What the data-quality section counts of Incidents, under its names: clocks set aside by reason, Incidents without a category."""
    count: Counter[str] = Counter()
    for clock in found:
        if clock.set_aside:
            count[f"incident_clocks.{clock.set_aside}"] += 1
        if clock.category == 0 and clock.clock == "resolution":
            count["incident_clocks.uncategorised"] += 1
    return count


def set_aside_by_day(looked: Mapping[int, Sequence[Clock]]) -> Counter[str]:
    """Clocks set aside, by reason, of all Working Days together."""
    return Counter(f"incident_days.{clock.set_aside}" for found in looked.values() for clock in found if clock.set_aside)


def _cube(cell: str, of: Sequence[Clock]) -> Iterator[Line]:
    judged = [clock for clock in of if _is_resolved(clock) and clock.has_target]
    flagged = [clock for clock in of if _is_resolved(clock) and clock.clock == "resolution" and clock.reported_met is not None]
    still_open = [clock for clock in of if clock.of_dcc and not clock.is_resolved]
    yield f"incidents.within_target{cell}", len(judged), sum(clock.is_met for clock in judged)
    yield f"incidents.reported_within_target{cell}", len(flagged), sum(clock.reported_met is True for clock in flagged)
    yield f"incidents.no_target{cell}", sum(_is_resolved(clock) and not clock.has_target for clock in of), None
    yield f"incidents.judged_otherwise{cell}", sum(clock.has_target and clock.reported_met is not clock.is_met for clock in flagged), None
    yield f"incidents.open{cell}", len(still_open), None
    yield f"incidents.open_breached{cell}", sum(clock.is_breached_open for clock in still_open), None
    yield f"incidents.recategorised{cell}", sum(_is_resolved(clock) and clock.is_recategorised for clock in of), None


def _is_resolved(clock: Clock) -> bool:
    return clock.is_resolved and clock.of_dcc


def _apart(found: Iterable[Clock], by: Sequence[str]) -> dict[str, list[Clock]]:
    """The clocks of each cell, by the end of the names its figures have."""
    cells: dict[str, list[Clock]] = {}
    for clock in found:
        # Resolver Groups of the estate have no sign that a figure's name would escape.
        name = "".join(f"/{column}={getattr(clock, column)}" for column in by)
        cells.setdefault(name, []).append(clock)
    return cells


def _write(path: Path, header: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file, lineterminator="\n")
        written.writerows([header, *(["" if cell is None else cell for cell in line] for line in lines)])
