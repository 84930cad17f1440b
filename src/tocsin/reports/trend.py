"""The trend of every Code Performance Measure: the twelve months before the period as their own runs told them, and the period."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tocsin.measuring.differences import NO_DIFFERENCE, difference
from tocsin.measuring.figures import Figure
from tocsin.reports.earlier_runs import EarlierRuns
from tocsin.reports.frozen import MeasureText
from tocsin.reports.frozen_trend import NO_RUN, TrendLine


@dataclass(frozen=True)
class TrendMonth:
    """What one month's run says of the measures as a whole; `figures` and `texts` by measure, `why` where the run is not to be had."""

    label: str
    run_id: str
    figures: Mapping[str, Figure]
    texts: Mapping[str, MeasureText]
    is_complete: bool = True
    why: str = ""


def trend_lines(earlier: EarlierRuns, own: TrendMonth) -> tuple[TrendLine, ...]:
    """The lines of every measure of the run, month by month, oldest first."""
    months = [_month(earlier, label, run_id) for label, run_id in earlier.months.items()]
    return tuple(line for measure in own.texts.values() for line in _lines(measure, [*months, own]))


def trend_month(
    label: str, run_id: str, figures: Iterable[Figure], texts: Iterable[MeasureText], *, is_complete: bool = True
) -> TrendMonth:
    """A month's run as the trend looks at it: the figures of the measures without a breakdown."""
    by_name = {text.name: text for text in texts}
    wholes = {figure.name: figure for figure in figures if figure.name in by_name}
    return TrendMonth(label, run_id, wholes, by_name, is_complete)


def _month(earlier: EarlierRuns, label: str, run_id: str) -> TrendMonth:
    run = earlier.glance(label)
    if run is not None:
        return trend_month(label, run.run_id, run.figures, run.measures, is_complete=run.is_complete)
    why = "its run cannot be read" if run_id else "no run is known"
    return TrendMonth(label, run_id, {}, {}, is_complete=False, why=why)


def _lines(measure: MeasureText, months: list[TrendMonth]) -> list[TrendLine]:
    lines: list[TrendLine] = []
    before: Figure | None = None
    for month in months:
        figure, text = month.figures.get(measure.name), month.texts.get(measure.name)
        is_alike = text is None or _defined(text) == _defined(measure)
        change = difference(figure, before) if figure is not None and before is not None and is_alike else NO_DIFFERENCE
        lines.append(_line(measure.name, month, figure, is_alike, "" if change == NO_DIFFERENCE else change))
        before = figure if is_alike else None
    return lines


def _line(measure: str, month: TrendMonth, figure: Figure | None, is_alike: bool, change: str) -> TrendLine:
    if figure is None:
        why = month.why or "its run has no figure of this measure"
        return TrendLine(measure, month.label, month.run_id, NO_RUN, f"n/a ({why})", is_complete=False, why=why)
    return TrendLine(
        measure=measure,
        month=month.label,
        run_id=month.run_id,
        status=figure.status,
        shown=figure.shown,
        value=figure.value,
        target=figure.target,
        minimum=figure.minimum,
        is_complete=month.is_complete,
        is_alike=is_alike,
        why="" if is_alike else "defined otherwise then",
        change=change,
    )


def _defined(text: MeasureText) -> tuple[str, str, str]:
    # The sentence may be put better without a figure being another; the predicates decide what is counted.
    return text.counted_predicate, text.met_predicate, text.source
