"""The figures of a run, found by subject, indicator and breakdown."""

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache

from tocsin.measuring.anonymity import NOT_SHOWN
from tocsin.measuring.figures import Figure

Breakdown = tuple[tuple[str, str], ...]


class FigureBook:
    """An index over figures; it keeps their order and changes nothing."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self.figures = tuple(figures)

    @cached_property
    def _by_place(self) -> dict[tuple[str, str, Breakdown], Figure]:
        return {(figure.subject, figure.indicator, figure.breakdown): figure for figure in self.figures}

    @cached_property
    def _by_subject(self) -> dict[str, list[Figure]]:
        subjects: dict[str, list[Figure]] = {}
        for figure in self.figures:
            subjects.setdefault(figure.subject, []).append(figure)
        return subjects

    @cached_property
    def _by_split(self) -> dict[str, dict[tuple[str, ...], list[Figure]]]:
        subjects: dict[str, dict[tuple[str, ...], list[Figure]]] = {}
        for figure in self.figures:
            if not combines(figure):
                subjects.setdefault(figure.subject, {}).setdefault(columns_of(figure), []).append(figure)
        return subjects

    @cached_property
    def incomplete(self) -> frozenset[str]:
        """Names of the figures that have no value since owed files are not in."""
        return frozenset(figure.name for figure in self.figures if figure.status == "incomplete")

    def of(self, subject: str) -> list[Figure]:
        """Every figure of a measure or a Business Process."""
        return self._by_subject.get(subject, [])

    def whole(self, subject: str, indicator: str = "") -> Figure | None:
        """The figure without a breakdown; None where the run has none of that name."""
        return self._by_place.get((subject, indicator, ()))

    def at(self, subject: str, indicator: str, breakdown: Breakdown) -> Figure | None:
        return self._by_place.get((subject, indicator, breakdown))

    def totals(self, subject: str) -> list[Figure]:
        """The figures of a subject without a breakdown, in the run's order."""
        return [figure for figure in self.of(subject) if not figure.breakdown]

    def indicators(self, subject: str) -> list[str]:
        """The indicators of a subject, in the run's order."""
        return list(dict.fromkeys(figure.indicator for figure in self.of(subject)))

    def splits(self, subject: str) -> list[tuple[str, ...]]:
        """The sets of columns a subject is broken down by, one column first, then in the run's order."""
        return sorted((columns for columns in self._by_split.get(subject, {}) if columns), key=len)

    def split(self, subject: str, columns: tuple[str, ...]) -> list[Figure]:
        """The figures of one split, SRV 2.2 before 11.1."""
        found = self._by_split.get(subject, {}).get(columns, ())
        return sorted(found, key=lambda figure: [natural(value) for _, value in figure.breakdown])

    def not_shown(self, subject: str) -> frozenset[str]:
        """The values (Service Request Variants) of which nothing is told by SEC Party; "" where the parties' sums are not told either."""
        hidden = [figure.breakdown for figure in self.of(subject) if "suppressed" in figure.marks]
        return frozenset("".join(value for _, value in breakdown if value != NOT_SHOWN) for breakdown in hidden)


def columns_of(figure: Figure) -> tuple[str, ...]:
    return tuple(column for column, _ in figure.breakdown)


def combines(figure: Figure) -> bool:
    """Whether a figure combines components (their mean, the least of them), so that its breakdown only says which one it is."""
    return figure.indicator.startswith("component_")


# A national month's tables sort a few hundred values by the ten thousand.
@lru_cache(2**16)
def natural(value: str) -> tuple[tuple[int, int, str], ...]:
    """A key by which "Group 3" comes before "Group 12", and 2.2 before 11.1."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"([0-9]+)", value) if part)
