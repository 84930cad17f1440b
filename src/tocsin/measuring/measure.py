"""What a Code Performance Measure and an indicator are: a counted rule and a met rule over one journey."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.table_file import STATUSES

# Where a figure comes from (MP122B): what Service Providers send for the purpose, or what the TOC works out from data it already holds.
SOURCES = ("provider_feed", "toc_proxy")


@dataclass(frozen=True)
class Rule:
    """A sentence for a service manager and the predicate that says the same to an engine. Both are printed side by side.

    `amount` names the column whose whole numbers are added up where a row stands for many (minutes, a sender's own counts); without
    it each row counts one.
    """

    sentence: str
    predicate: str
    amount: str = ""


@dataclass(frozen=True)
class Level:
    """Target and Minimum Service Level in percent, in force from `since`, and how sure we are of them."""

    since: str
    target: str
    minimum: str
    status: str

    @property
    def since_on(self) -> date:
        return date.fromisoformat(self.since)

    @property
    def target_percent(self) -> Decimal:
        return Decimal(self.target)

    @property
    def minimum_percent(self) -> Decimal:
        return Decimal(self.minimum)


@dataclass(frozen=True)
class Measure:
    """A Code Performance Measure: met / counted over the journeys that belong to the period. One a file of the shelf.

    `is_combined`: it stands for Service Provider levels, so its components (all splits at once) get a mean and a worst beside them.
    `dated`: gives the measure as a dated table has it on a day, where its rules are data (the incident slices of domain.md 2.5).
    """

    name: str
    title: str
    clause: str
    of: str
    counted: Rule
    met: Rule
    split_by: tuple[str, ...]
    levels: tuple[Level, ...] = ()
    feeds: tuple[str, ...] = ()
    order: int = 0
    # Rows still inside their waiting time as at the run: in neither number, but they make the figure provisional (domain.md 6.4).
    waiting: Rule | None = None
    # Rows whose whole numbers were not told: any of them makes the figure incomplete; the rest never speak for them (domain.md 2.4).
    lacking: Rule | None = None
    # Which of several readings of the wording this is, and how sure we are of it; printed beside the figure (domain.md 2.5).
    reading: str = ""
    is_combined: bool = False
    source: str = "toc_proxy"
    # The other source of the same measure, shown beside this one with the difference.
    beside: str = ""
    dated: "Callable[[Measure, date, Path | None], Measure] | None" = None

    def on(self, day: date, override: Path | None = None) -> "Measure":
        """The measure as its dated tables have it on a day, a workspace's `reference/` folder laid over them."""
        return self if self.dated is None else self.dated(self, day, override)

    def level_at(self, on: date) -> Level | None:
        """The Level in force on a day; None before the first, or where no level is known."""
        in_force = [level for level in self.levels if level.since_on <= on]
        return max(in_force, key=lambda level: level.since_on) if in_force else None

    def __post_init__(self) -> None:
        _check_source(f"measure {self.name}", self.source)
        for level in self.levels:
            if level.status not in STATUSES:
                raise BadDeclaration(f'measure {self.name}: level status "{level.status}"; expected one of {", ".join(STATUSES)}.')


@dataclass(frozen=True)
class Indicator:
    """What a Business Process reports beside the Code: a count, a share, or a percentile of the journey's span.

    `unit` count: how many are `counted`. percent: `met` of `counted`. seconds: the nearest-rank percentile `per_mille` of the spans
    that `counted` selects. Indicators carry no service level; they are stated.
    """

    name: str
    title: str
    unit: str
    counted: Rule
    met: Rule | None = None
    per_mille: int | None = None
    waiting: Rule | None = None
    # Only for all together: said once on a page, not in each of its tables.
    is_broken_down: bool = True
    # Rows whose whole numbers were not told: any of them makes the figure incomplete (domain.md 2.4).
    lacking: Rule | None = None

    def __post_init__(self) -> None:
        if self.unit not in {"count", "percent", "seconds"}:
            raise BadDeclaration(f'indicator {self.name}: unit "{self.unit}"; expected count, percent or seconds.')
        if (self.met is not None) != (self.unit == "percent") or (self.per_mille is not None) != (self.unit == "seconds"):
            raise BadDeclaration(f"indicator {self.name}: a share needs a met rule and a percentile its per-mille, and nothing else.")


@dataclass(frozen=True)
class Area:
    """A reporting area of MP122 beside the Code Performance Measures: indicators over one kind of journey, by its groupings.

    `groupings` are the breakdowns its figures are made for, each a tuple of splits; () is all together. One a file of the shelf.
    """

    name: str
    title: str
    sentence: str
    of: str
    feeds: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    groupings: tuple[tuple[str, ...], ...]
    order: int
    source: str = "toc_proxy"
    beside: str = ""

    def __post_init__(self) -> None:
        _check_source(f"area {self.name}", self.source)


@dataclass(frozen=True)
class Counter:
    """One whole number of a tally: how many journeys satisfy the rule, or the sum of its amount over them."""

    name: str
    rule: Rule


def _check_source(where: str, source: str) -> None:
    if source not in SOURCES:
        raise BadDeclaration(f'{where}: source "{source}"; expected one of {", ".join(SOURCES)}.')
