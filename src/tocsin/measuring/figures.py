"""Figures: whole numbers divided and judged, unrounded, and shown to two places (architecture section 4, rule 1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from tocsin.measuring.journey import Journey
from tocsin.measuring.ladder import Percentiles
from tocsin.measuring.measure import Indicator, Level, Measure, Rule
from tocsin.measuring.presence import Presence
from tocsin.measuring.shares import decimal_of, judge, percent
from tocsin.measuring.tally import Breakdown, Sums, kept, text_literal
from tocsin.vocabulary.calendar import Period

STATUSES = ("met", "below_target", "below_minimum", "no_events", "no_data", "incomplete", "stated")

# domain.md 2.8 rule 6; a workspace may set another by the dated setting `small_numbers`.
SMALL_NUMBERS = 20


@dataclass(frozen=True)
class Figure:
    """One published number with its status.

    `name` is stable and unique in a run: subject[.indicator][/column=value…], e.g. "cpm_1", "cpm_5/resolver_group=DSP",
    "prepayment.success_rate/srv=2.2", "prepayment.round_trip_p95/region=north". `counted` and `met` are the whole numbers it was
    made from. `value` is None where the status is a hole (no_events, no_data, incomplete). `unit` is percent, count, seconds.
    `status` is "stated" where no service level applies. `marks` are words printed beside it: "small_numbers", "assumed_level",
    "provisional", "suppressed". `predicate` and `journey` are what `trace` asks again; `amounts` are the columns that were added up
    to `counted` and `met` where rows were not counted one by one. `source` is one of SOURCES, or empty where a run did not say.

    `filled` of `expected` files it rests on are in; nought of nought where nobody owes any, or a run did not say. `so_far` is, of an
    incomplete figure, what is there put as a number in words: never judged, never in `value` (decision 0008).
    """

    name: str
    subject: str
    indicator: str
    breakdown: tuple[tuple[str, str], ...]
    unit: str
    counted: int | None
    met: int | None
    value: Decimal | None
    shown: str
    status: str
    target: Decimal | None
    minimum: Decimal | None
    marks: tuple[str, ...]
    journey: str
    predicate: str
    amounts: tuple[str, str] = ("", "")
    source: str = ""
    filled: int = 0
    expected: int = 0
    so_far: str = ""


@dataclass(frozen=True)
class Numbers:
    """The whole numbers behind one share or count: rows or amounts counted, met, still waiting, and parts that told none."""

    counted: int = 0
    met: int = 0
    waiting: int = 0
    lacking: int = 0


@dataclass(frozen=True)
class Making:
    """What all figures of one subject share: where they come from, what was received, and from how many events on they are not small."""

    subject: str
    journey: Journey
    presence: Presence
    within: str = ""
    level: Level | None = None
    small_numbers: int = SMALL_NUMBERS
    source: str = ""

    def blank(self, indicator: str, breakdown: Breakdown, unit: str, counted_by: Rule, met_by: Rule | None = None) -> Figure:
        """The figure without its number: named, with its level, predicate and whatever is already known to be amiss."""
        in_name, in_predicate = self._ending(breakdown)
        return Figure(
            name=(f"{self.subject}.{indicator}" if self.subject and indicator else self.subject or indicator) + in_name,
            subject=self.subject,
            indicator=indicator,
            breakdown=breakdown,
            unit=unit,
            counted=None,
            met=None,
            value=None,
            shown="n/a (no data)",
            status="no_data",
            target=self.level.target_percent if self.level else None,
            minimum=self.level.minimum_percent if self.level else None,
            marks=("assumed_level",) if self.level is not None and self.level.status != "verified" else (),
            journey=self.journey.name,
            predicate=f"{kept(self.journey)} AND ({counted_by.predicate}){in_predicate}",
            amounts=(counted_by.amount, met_by.amount if met_by is not None else ""),
            source=self.source,
            # Files that came of a feed nobody owes complete nothing.
            filled=self.presence.filled if self.presence.expected else 0,
            expected=self.presence.expected,
        )

    def share(self, blank: Figure, of: Numbers, value: Fraction | None = None) -> Figure:
        """A percentage, judged. `value` where it is not simply met of counted (the mean of the components)."""
        if self.presence.state == "no_data":
            return blank
        marks = (*blank.marks, "provisional") if of.waiting else blank.marks
        exact = None if not of.counted else percent(of.met, of.counted) if value is None else value
        if self.presence.state == "incomplete":
            # What told no whole numbers would be missing from a share of the rest without a word.
            so_far = judge(exact, self.level).shown if exact is not None and not of.lacking else ""
            return _told(blank, counted=of.counted, met=of.met, marks=marks, **self._incomplete(so_far))
        if of.lacking:
            shown = f"n/a (incomplete: {of.lacking} part{'s' * (of.lacking > 1)} without whole numbers)"
            return _told(blank, counted=of.counted, met=of.met, marks=marks, status="incomplete", shown=shown)
        if exact is None:
            return _told(blank, counted=of.counted, met=of.met, marks=marks, status="no_events", shown="n/a (0 events)")
        told = judge(exact, self.level)
        marks = self._sized(marks, of.counted)
        return _told(blank, counted=of.counted, met=of.met, marks=marks, value=decimal_of(exact), shown=told.shown, status=told.status)

    def count(self, blank: Figure, counted: int) -> Figure:
        """A plain count; zero of it is a number too, since its feeds are there."""
        if self.presence.state == "no_data":
            return blank
        if self.presence.state == "incomplete":
            return _told(blank, counted=counted, **self._incomplete(str(counted)))
        return _told(blank, counted=counted, value=Decimal(counted), shown=str(counted), status="stated")

    def span(self, blank: Figure, spans: int, rung: int | None) -> Figure:
        """A percentile in seconds, of the published step of 0.1 s."""
        if self.presence.state == "no_data":
            return blank
        # A rung is a tenth of a second.
        seconds = None if rung is None else Decimal(rung).scaleb(-1)
        if self.presence.state == "incomplete":
            return _told(blank, counted=spans, **self._incomplete("" if seconds is None else str(seconds)))
        if seconds is None:
            return _told(blank, counted=spans, status="no_events", shown="n/a (0 events)")
        return _told(blank, counted=spans, value=seconds, shown=str(seconds), status="stated", marks=self._sized(blank.marks, spans))

    def _incomplete(self, so_far: str) -> dict[str, str]:
        shown = f"n/a (incomplete: {self.presence.filled} of {self.presence.expected} files)"
        return {"status": "incomplete", "shown": shown, "so_far": so_far}

    def _sized(self, marks: tuple[str, ...], events: int) -> tuple[str, ...]:
        return (*marks, "small_numbers") if events < self.small_numbers else marks

    @cached_property
    def _endings(self) -> dict[Breakdown, tuple[str, str]]:
        return {}

    def _ending(self, breakdown: Breakdown) -> tuple[str, str]:
        """What stands last in the name and in the predicate of every figure of a breakdown: each has a dozen."""
        if breakdown not in self._endings:
            in_name = "".join(f"/{column}={_in_name(value)}" for column, value in breakdown)
            rules = [*((f"({self.within})",) if self.within else ()), *(self._equals(column, value) for column, value in breakdown)]
            self._endings[breakdown] = in_name, "".join(f" AND {rule}" for rule in rules)
        return self._endings[breakdown]

    def _equals(self, column: str, value: str) -> str:
        is_whole = dict(self.journey.columns).get(column) == "BIGINT"
        return f"{column} = {value if is_whole else text_literal(value)}"


def measure_figures(
    measure: Measure, journey: Journey, sums: Iterable[Sums], presence: Presence, period: Period, *, small_numbers: int = SMALL_NUMBERS
) -> list[Figure]:
    """The figures of a Code Performance Measure: pooled first, then each breakdown, then mean and least of its components.

    `sums` holds the rows of every grouping of `measure_groupings`. Pooled (all events alike) is the published reading; the mean of the
    components and the worst of them stand beside it, since the two may fall on different sides of a level (domain.md 2.4, 15.2).
    The level is the one in force on the period's first day, so that a level never judges a month it did not wholly cover.
    """
    level = measure.level_at(period.first_on)
    making = Making(measure.name, journey, presence, level=level, small_numbers=small_numbers, source=measure.source)
    numbers = {line.breakdown: _numbers(measure, line.counters) for line in sums}
    whole = numbers.pop((), Numbers())

    def made(indicator: str, breakdown: Breakdown, of: Numbers, value: Fraction | None = None) -> Figure:
        blank = making.blank(indicator, breakdown, "percent", measure.counted, measure.met)
        return making.share(blank, of, value)

    figures = [made("", (), whole)]
    if presence.state == "no_data":
        return figures
    parts = {breakdown: of for breakdown, of in sorted(numbers.items()) if of.counted or of.waiting or of.lacking}
    figures += [made("", breakdown, of) for breakdown, of in parts.items()]
    components = {
        breakdown: percent(of.met, of.counted)
        for breakdown, of in parts.items()
        if measure.is_combined and tuple(column for column, _ in breakdown) == measure.split_by and of.counted
    }
    if components:
        worst = min(components, key=lambda breakdown: (components[breakdown], breakdown))
        figures.append(made("component_mean", (), whole, sum(components.values(), Fraction(0)) / len(components)))
        # One name every month, whichever component is the worst; its breakdown says which.
        figures.append(replace(made("component_min", worst, parts[worst]), name=f"{measure.name}.component_min"))
    return figures


def measure_groupings(measure: Measure) -> list[tuple[str, ...]]:
    """The groupings whose sums `measure_figures` wants: all together, each split alone, and components where it combines them."""
    components = (measure.split_by,) if measure.is_combined else ()
    return list(dict.fromkeys([(), *((column,) for column in measure.split_by), *components]))


def indicator_figures(
    making: Making, indicators: Sequence[Indicator], sums: Iterable[Sums], percentiles: Iterable[Percentiles] = ()
) -> list[Figure]:
    """The figures of a Business Process or a reporting area: every indicator, for all together and for each breakdown of `sums`."""
    numbers = {(): {}, **{line.breakdown: line.counters for line in sums}}
    spans = {line.breakdown: line for line in percentiles}
    breakdowns = [()] if making.presence.state == "no_data" else sorted(numbers)
    return [
        _indicated(making, indicator, breakdown, numbers[breakdown], spans)
        for indicator in indicators
        for breakdown in breakdowns
        if indicator.is_broken_down or not breakdown
    ]


def absent_figures(subject: str, journey: str, indicators: Sequence[Indicator]) -> list[Figure]:
    """The figures of a Business Process whose journey nothing feeds yet: named, and without data."""
    nothing = Figure("", subject, "", (), "", None, None, None, "n/a (no data)", "no_data", None, None, (), journey, "")
    return [replace(nothing, name=f"{subject}.{indicator.name}", indicator=indicator.name, unit=indicator.unit) for indicator in indicators]


def _indicated(
    making: Making, indicator: Indicator, breakdown: Breakdown, numbers: Mapping[str, int], spans: Mapping[Breakdown, Percentiles]
) -> Figure:
    blank = making.blank(indicator.name, breakdown, indicator.unit, indicator.counted, indicator.met)
    if indicator.per_mille is not None:
        found = spans.get(breakdown)
        return making.span(blank, found.spans if found else 0, found.at[indicator.per_mille] if found else None)
    of = _numbers(indicator, numbers)
    return making.share(blank, of) if indicator.unit == "percent" else making.count(blank, of.counted)


def _numbers(of: Measure | Indicator, counters: Mapping[str, int]) -> Numbers:
    """Nothing at all was summed where there was no row; a counter missing beside others must not pass for zero."""
    if not counters:
        return Numbers()
    rules = {"counted": of.counted, "met": of.met, "waiting": of.waiting, "lacking": of.lacking}
    return Numbers(**{name: counters[f"{of.name}_{name}"] for name, rule in rules.items() if rule is not None})


def suppressed(figure: Figure) -> Figure:
    """The figure with its numbers taken out, where they would tell whose they are (domain.md 6.5).

    Marks and statuses that come of the numbers go with them: that they are small, that nothing happened, that some are waited for.
    """
    status = figure.status if figure.status in ("no_data", "incomplete") else "stated"
    marks = (*(mark for mark in figure.marks if mark == "assumed_level"), "suppressed")
    return replace(figure, counted=None, met=None, value=None, shown="suppressed", status=status, marks=marks, so_far="")


def _told(blank: Figure, **told: object) -> Figure:
    """The figure with its number. dataclasses.replace, which asks each field by its name, took longer than all else of a figure."""
    figure = object.__new__(Figure)
    vars(figure).update(vars(blank), **told)
    return figure


def _in_name(value: str) -> str:
    # A resolver group may be called "A/B" or "x=1"; a figure's name must still be taken apart in one way only.
    return value.replace("%", "%25").replace("/", "%2F").replace("=", "%3D")
