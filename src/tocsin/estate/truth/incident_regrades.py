"""The truth of category changes: what was left of each clock when an Incident was made less, or more, severe (domain.md 3.3).

Written from the rule beside the product, not after it: it walks the lines of one Incident at a time. Spans are in µs.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tocsin.estate.events.incident_stories import OVER, Change, Extract
from tocsin.estate.truth.incident_clocks import Episode, Rules, episodes, stood_still, told_last

GROUPINGS = (("clock",), ("clock", "resolver_group"), ("clock", "from_category", "to_category"))


@dataclass(frozen=True)
class Regrade:
    """One change of category, by one of the two clocks."""

    clock: str
    from_category: int
    to_category: int
    resolver_group: str
    of_dcc: bool
    is_eased: bool
    is_near: bool
    is_negative: bool


@dataclass(frozen=True)
class Regrading:
    """What category changes are judged by: the rules of the clocks, and the share of a target in percent that is near its breach."""

    rules: Rules
    near_percent: int

    def regrades(self, changes: Sequence[Change], extract: Extract | None) -> Iterator[Regrade]:
        """Every change of category that the log tells of in the period, for both clocks; what only extracts tell has no changes."""
        rules = self.rules
        lines = sorted({line for line in changes if line.changed_at <= rules.as_at}, key=lambda line: (line.changed_at, line.sequence))
        for number, episode in enumerate(episodes(lines, rules.window_us)):
            opened_at = lines[episode.first].changed_at
            if number == 0:
                told = [line.submitted_at for line in lines[: episode.last + 1] if line.submitted_at is not None]
                opened_at = min(told) if told else extract.submitted_at if extract is not None else opened_at
            for place in range(episode.first, episode.last + 1):
                line, held = lines[place], told_last(lines[:place], "category", None)
                is_change = held is not None and line.category is not None and line.category != held
                if is_change and rules.start_at <= line.changed_at < rules.end_at:
                    yield from self._both(Place(lines, episode, place, opened_at, held), extract)

    def _both(self, of: "Place", extract: Extract | None) -> Iterator[Regrade]:
        line, known = of.line, of.lines[: of.episode.last + 1]
        is_excluded = bool(told_last(known, "exclusion", extract)) or known[-1].status == "cancelled"
        of_dcc = told_last(known, "responsible_party", extract) != "user" and not is_excluded
        group = told_last(of.lines[: of.place + 1], "resolver_group", extract) or "UNASSIGNED"
        for clock, (spent, is_running) in self._spent(of).items():
            old, new = self.rules.targets[of.held, clock], self.rules.targets[line.category or 0, clock]
            left = old - spent
            is_near = new > old and (left < 0 or (is_running and 100 * left <= self.near_percent * old))
            yield Regrade(clock, of.held, line.category or 0, group, of_dcc, new > old, is_near, spent < 0)

    def _spent(self, of: "Place") -> dict[str, tuple[int, bool]]:
        """What of each clock had run at the change, and whether it was still running."""
        at, first = of.line.changed_at, of.episode.first
        answers = [one.changed_at for one in of.lines[first : of.episode.last + 1] if one.status not in ("new", "reopened")]
        stood = stood_still(of.lines, range(first, of.place), (of.opened_at, at), self.rules.stops)
        was_over = of.place > first and of.lines[of.place - 1].status in OVER
        return {
            "initial_response": (min([*answers, at]) - of.opened_at, not answers or min(answers) >= at),
            "resolution": (at - of.opened_at - stood, not was_over),
        }


@dataclass(frozen=True)
class Place:
    """A line of an Incident's log that changes its category, the episode it stands in, when that was opened, and the category held."""

    lines: Sequence[Change]
    episode: Episode
    place: int
    opened_at: int
    held: int

    @property
    def line(self) -> Change:
        return self.lines[self.place]


RULES: dict[str, Callable[[Regrade], bool]] = {
    "changed": lambda one: True,
    "eased": lambda one: one.is_eased,
    "near_breach": lambda one: one.is_near,
}


def figures(found: Iterable[Regrade], has_log: bool) -> Iterator[tuple[str, int | None, int | None]]:
    """Every figure of the area by name with what it counts."""
    if not has_log:
        yield from ((f"incident_regrades.{name}", None, None) for name in RULES)
        return
    kept = [one for one in found if not one.is_negative]
    for by in GROUPINGS:
        cells: dict[str, list[Regrade]] = {}
        for one in kept:
            cells.setdefault("".join(f"/{column}={getattr(one, column)}" for column in by), []).append(one)
        for cell, of in cells.items():
            for name, rule in RULES.items():
                yield f"incident_regrades.{name}{cell}", sum(one.of_dcc and rule(one) for one in of), None
