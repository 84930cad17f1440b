"""The truth of Incidents: the whole numbers of every figure of CPM 4, 5 and 5A and of the cube, under the names figures have."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tocsin.estate.events.incident_stories import Change, Extract
from tocsin.estate.plan import Plan
from tocsin.estate.truth.incident_clocks import Clock, Rules, clocks
from tocsin.vocabulary.incidents import clock_stops, incident_slices, incident_targets
from tocsin.vocabulary.instants import SECOND_US
from tocsin.vocabulary.settings import setting

# The cells by which the cube is asked for; without a clock named each Incident would be counted twice.
GROUPINGS = (("clock",), ("clock", "category"), ("clock", "resolver_group"), ("clock", "category", "resolver_group"))
SHARES, COUNTS = ("within_target", "reported_within_target"), ("no_target", "judged_otherwise", "open", "open_breached", "recategorised")

Line = tuple[str, int | None, int | None]


@dataclass(frozen=True)
class IncidentTruth:
    """What was delivered of each Incident by the end of the simulation, and whether any file of the month itself was.

    `lines`: of the audit log, by Incident; `extracts`: the latest delivered of each.
    """

    plan: Plan
    lines: Mapping[str, Sequence[Change]]
    extracts: Mapping[str, Extract]
    has_files: bool

    def write(self, truth: Path) -> None:
        """truth/incident_figures.csv (name, counted, met; empty where a figure has no such number), truth/incident_oddities.csv."""
        found = list(self.clocks())
        _write(truth / "incident_figures.csv", ("name", "counted", "met"), sorted(self.figures(found)))
        _write(truth / "incident_oddities.csv", ("name", "count"), sorted(oddities(found).items()))

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
