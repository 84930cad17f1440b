"""Graphs of the trend: one Code Performance Measure in thirteen months, and all of them small beside each other (domain.md 12)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from tocsin.reports.blocks import DOTS_ALONE, STATUS_WORDS, Cell, Chart, Column, Graph, Shown, Status, Table
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_trend import TrendLine
from tocsin.reports.graph_style import BLUE, CONFIG, GREY, INK, QUIET, WIDTH
from tocsin.reports.wording import measure_label, measure_title

# The shape of a status is the one that stands beside its word everywhere in the report.
SHAPES: Mapping[str, str] = {"met": "circle", "below_target": "triangle-up", "below_minimum": "diamond"}
OTHER_SHAPE = "square"
_SHAPE_WORDS = {
    "circle": "disc: met",
    "triangle-up": "triangle: below target",
    "diamond": "diamond: below minimum",
    "square": "square: no level",
}
_SMALL = {"width": 76, "height": 38}
_ACROSS = 6
# How much of the height of an axis a line of text takes.
_LABEL_SHARE = 0.1


def trend_graph(run: FrozenRun, measure: str) -> Graph | None:
    """A measure month by month with the target and minimum of each month; None for a run without its trend.

    Months of which the measure was defined otherwise stand alone, unjoined; a month without a value is a grey hole.
    """
    lines = _lines(run).get(measure, [])
    if not lines:
        return None
    title = _titles(run)[measure]
    twin = _twin(title, lines)
    panel = _panel(lines, is_small=False)
    panel["layer"].append(_labels(lines))
    spec = {**panel, "width": WIDTH - 90, "height": 150, "data": {"values": _values(lines)}, "config": CONFIG}
    columns = [column.title for column in twin.columns]
    chart = Chart(
        kind="line",
        title=title,
        along=columns[0],
        series=(
            columns[1],
            *(column for column in columns[2:4] if any(isinstance(row[columns.index(column)], Shown) for row in twin.rows)),
        ),
        along_title="Month",
        value_title="Result, %",
        number_format="0.00",
        colours=(BLUE, QUIET, QUIET),
        # Months under another definition are not joined to the others; a workbook's line would.
        dashes=("" if all(line.is_alike for line in lines) else DOTS_ALONE, "solid", "dash"),
        least=_floor(lines),
    )
    drawn = (chart,) if any(line.value is not None for line in lines) else ()
    return Graph(f"{measure}_trend", f"{title}, {_span(lines)}{_key(lines)}", f"{title}. {_told(lines)}", spec, twin, drawn)


def has_earlier(run: FrozenRun) -> bool:
    """Whether a month before the run's own has a value of any measure: one month alone is no trend to draw."""
    return any(line.value is not None and line.month != run.period.label for line in run.trend)


def trend_summary(run: FrozenRun, measures: Collection[str] | None = None) -> Graph | None:
    """Measures small beside each other, each on its own scale, all of them unless some are named; None where no month has a value."""
    asked = {measure: lines for measure, lines in _lines(run).items() if measures is None or measure in measures}
    found = {measure: lines for measure, lines in asked.items() if any(line.value is not None for line in lines)}
    if not found:
        return None
    titles = _titles(run)
    panels = [
        {
            **_panel(lines, is_small=True),
            **_SMALL,
            "data": {"values": _values(lines)},
            "title": {"text": f"{measure_label(measure)}  {lines[-1].shown if lines[-1].value is not None else _hole(lines[-1])}",
                      "anchor": "start", "fontSize": 10.5, "fontWeight": 600, "offset": 4},
        }
        for measure, lines in found.items()
    ]  # fmt: skip
    spec = {"concat": panels, "columns": _ACROSS, "spacing": {"row": 10, "column": 10}, "config": CONFIG}
    first = next(iter(found.values()))
    without = [measure_label(measure) for measure in asked if measure not in found]
    left_out = f". Without any value, so not drawn: {', '.join(without)}" if without else ""
    every = [line for lines in found.values() for line in lines]
    rules = ". Solid rule: target; dashed: minimum" if any(line.target is not None for line in every) else ""
    caption = f"Every Code Performance Measure, {_span(first)}, in percent, each on a scale of its own{_key(every)}{rules}{left_out}"
    alt = " ".join(f"{titles[measure]}. {_told(lines)}" for measure, lines in found.items())
    return Graph("trend_summary", caption, alt, spec, _matrix(found))


def _key(lines: Sequence[TrendLine]) -> str:
    """What the dots of these lines mean, of those shapes and signs alone that are drawn."""
    drawn = {SHAPES.get(line.status, OTHER_SHAPE) for line in lines if line.value is not None}
    words = [told for shape, told in _SHAPE_WORDS.items() if shape in drawn]
    words += ["hollow: provisional"] if any(line.value is not None and not line.is_complete for line in lines) else []
    words += ["grey: no value"] if any(line.value is None for line in lines) else []
    told = "; ".join(words)
    return f". {told[:1].upper()}{told[1:]}" if told else ""


def _lines(run: FrozenRun) -> dict[str, list[TrendLine]]:
    found: dict[str, list[TrendLine]] = {}
    for line in run.trend:
        found.setdefault(line.measure, []).append(line)
    return found


def _titles(run: FrozenRun) -> dict[str, str]:
    named = {measure.name: measure_title(measure) for measure in run.measures}
    return {line.measure: named.get(line.measure, measure_label(line.measure)) for line in run.trend}


def _month(label: str) -> str:
    return f"{date.fromisoformat(f'{label}-01'):%b %Y}"


def _span(lines: Sequence[TrendLine]) -> str:
    return f"{_month(lines[0].month)} to {_month(lines[-1].month)}"


def _hole(line: TrendLine) -> str:
    return STATUS_WORDS[line.status][0].lower() if line.status in STATUS_WORDS else line.shown


def _told(lines: Sequence[TrendLine]) -> str:
    """What the line of one measure shows, in words."""
    rated = [(line.value, line) for line in lines if line.value is not None]
    if not rated:
        return f"No month from {_span(lines)} has a value."
    last, low, high = lines[-1], min(rated, key=lambda one: one[0])[1], max(rated, key=lambda one: one[0])[1]
    words = [f"{_month(last.month)}: {last.shown} %, {_hole(last)}." if last.value is not None else f"{_month(last.month)}: {_hole(last)}."]
    if len(rated) > 1:
        words.append(f"Lowest of {len(rated)} months {low.shown} % in {_month(low.month)}, highest {high.shown} % in {_month(high.month)}.")
    if len(rated) < len(lines):
        words.append(f"{len(lines) - len(rated)} of {len(lines)} months have no value.")
    if last.target is not None and last.minimum is not None:
        words.append(f"Target {last.target} %, minimum {last.minimum} %.")
    return " ".join(words)


def _floor(lines: Sequence[TrendLine]) -> int:
    """Where the axis begins: a whole percent below the lowest value or level. Lines may stand on a cut axis."""
    drawn = [number for line in lines for number in (line.value, line.target, line.minimum) if number is not None]
    return max(0, int(min(drawn, default=99)) - 1)


def _values(lines: Sequence[TrendLine]) -> list[dict[str, Any]]:
    """One value a month. `stretch` numbers the months that a line may join: it ends at a hole and where the definition changed."""
    values, stretch = [], 0
    for place, line in enumerate(lines):
        if line.value is None or (place and line.is_alike != lines[place - 1].is_alike):
            stretch += 1
        # A drawing needs binary numbers to place its dots; a person reads `shown`, in the words and in the table.
        values.append(
            {
                "month": line.month,
                "value": None if line.value is None else float(line.value),
                "target": None if line.target is None else float(line.target),
                "minimum": None if line.minimum is None else float(line.minimum),
                "stretch": stretch if line.is_alike else -place - 1,
                "shape": SHAPES.get(line.status, OTHER_SHAPE),
                "is_firm": line.is_complete,
                "label": line.shown,
            }
        )
    return values


def _panel(lines: Sequence[TrendLine], *, is_small: bool) -> dict[str, Any]:
    floor = _floor(lines)
    order = [line.month for line in lines]
    # The year stands under the first month and under each January.
    label = "(datum.index == 0 || slice(datum.value, 5) == '01') ? [utcFormat(toDate(datum.value), '%b'), slice(datum.value, 0, 4)]"
    label += " : utcFormat(toDate(datum.value), '%b')"
    month_axis = None if is_small else {"labelExpr": label, "labelAngle": 0, "title": None, "grid": False}
    month = {"field": "month", "type": "ordinal", "sort": order, "scale": {"domain": order}, "axis": month_axis}
    ends: dict[str, Any] = (
        {"values": [floor, 100], "title": None, "labelFontSize": 9} if is_small else {"title": "Result, %", "tickCount": 5}
    )
    scale = {"domain": [floor, 100], "nice": False, "zero": False}

    def along(field: str) -> dict[str, Any]:
        return {"x": month, "y": {"field": field, "type": "quantitative", "scale": scale, "axis": ends}}

    def level(field: str, dash: list[int]) -> dict[str, Any]:
        mark = {"type": "line", "color": QUIET, "strokeWidth": 1, "strokeDash": dash, "interpolate": "step", "clip": True}
        return {"mark": mark, "encoding": along(field)}

    size = 14 if is_small else 60
    dots = {
        **along("value"),
        "shape": {"field": "shape", "type": "nominal", "scale": None},
        "fill": {"condition": {"test": "datum.is_firm", "value": BLUE}, "value": "white"},
    }
    layers: list[dict[str, Any]] = [
        {"transform": [{"filter": "datum.value === null"}], "mark": {"type": "rect", "color": GREY}, "encoding": {"x": month}},
        level("target", [1, 0]),
        level("minimum", [4, 3]),
        {
            "transform": [{"filter": "datum.value !== null"}],
            "mark": {"type": "line", "color": BLUE, "strokeWidth": 1.4},
            "encoding": {**along("value"), "detail": {"field": "stretch", "type": "nominal"}},
        },
        {
            "transform": [{"filter": "datum.value !== null"}],
            "mark": {"type": "point", "stroke": BLUE, "size": size, "opacity": 1, "strokeWidth": 1.2},
            "encoding": dots,
        },
    ]
    return {"layer": layers}


def _labels(lines: Sequence[TrendLine]) -> dict[str, Any]:
    """What the rules and the last dot are, to their right; pushed apart where they would stand on each other."""
    last, span = lines[-1], 100 - _floor(lines)
    found = (("Target {} %", last.target), ("Minimum {} %", last.minimum), (f"{last.shown} %", last.value))
    values: list[dict[str, Any]] = []
    for text, number in sorted(((text, number) for text, number in found if number is not None), key=lambda one: -one[1]):
        above = values[-1]["at"] if values else 200.0
        at = min(float(number), above - span * _LABEL_SHARE)
        values.append({"month": last.month, "at": at, "label": text.format(number)})
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": "left", "dx": 26, "fontSize": 11, "color": INK},
        "encoding": {
            "x": {"field": "month", "type": "ordinal"},
            "y": {"field": "at", "type": "quantitative"},
            "text": {"field": "label", "type": "nominal"},
        },
    }


def _twin(title: str, lines: Sequence[TrendLine]) -> Table:
    columns = (
        Column("Month"), Column("Result, %", "figure"), Column("Target, %", "figure"), Column("Minimum, %", "figure"),
        Column("Change, points", "figure"), Column("Status", "status"), Column("Remark", share=2),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        result = Shown(line.shown if line.value is not None else _hole(line), "percent", line.value is not None)
        levels = (Shown(str(number), "percent", True) if number is not None else "none" for number in (line.target, line.minimum))
        change = Shown(line.change or "none told", "percent", False)
        remark = line.why or ("" if line.is_complete else "provisional") or "none"
        rows.append((_month(line.month), result, *levels, change, Status(line.status), remark))
    return Table(f"{title}: month by month", columns, tuple(rows), "No month was told.")


def _matrix(found: Mapping[str, Sequence[TrendLine]]) -> Table:
    months = [line.month for line in next(iter(found.values()))]
    columns = (Column("Measure", share=2), *(Column(f"{date.fromisoformat(f'{month}-01'):%b %y}", "figure") for month in months))
    rows: list[tuple[Cell, ...]] = []
    for measure, lines in found.items():
        cells = (Shown(line.shown if line.value is not None else _hole(line), "percent", line.value is not None) for line in lines)
        rows.append((measure_label(measure), *cells))
    return Table("Every Code Performance Measure by month, %", columns, tuple(rows), "No measure has a value.")
