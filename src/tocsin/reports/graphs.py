"""Graphs of a Business Process: volume and success rate by day, and Round Trip Time by the values of a breakdown.

A specification holds only the drawing: each graph comes with its words and with the table of the same numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import Cell, Chart, Column, Graph, Shown, Table
from tocsin.reports.frozen import DayLine, FrozenRun, ProcessText
from tocsin.reports.graph_style import BLUE, CONFIG, GREEN, GREY, ORANGE, PURPLE, WIDTH
from tocsin.reports.typefaces import drawable
from tocsin.reports.wording import column_title, day_on, day_words, indicator_title, month_words, number, stretches, value_title, with_unit

PERCENTILES: Mapping[str, tuple[str, str, str]] = {
    "round_trip_p50": ("p50", "circle", BLUE),
    "round_trip_p90": ("p90", "square", GREEN),
    "round_trip_p95": ("p95", "triangle-up", ORANGE),
    "round_trip_p99": ("p99", "diamond", PURPLE),
}


def daily_graph(run: FrozenRun, process: ProcessText) -> Graph | None:
    """Volume and success rate a day; None for a process without a single day. Days without data are grey, never zero."""
    lines = {line.day: line for line in run.days if line.process == process.name}
    if not lines:
        return None
    # A day that was told, and held nothing of this process, is a day of none and no hole.
    told = {line.day for line in run.rhythm.hours if line.process == process.name} - lines.keys()
    lines |= {day: DayLine(process.name, day, 0, 0, 0, None, "n/a (0 events)") for day in told}
    days = run.period.days()
    holes = [day for day in days if day not in lines]
    title = f"{process.title}: volume and success rate by day, {month_words(run.period)}"
    alt = _daily_alt(run, process, lines, holes)
    twin = _daily_twin(f"{process.title}: by day", days, lines)
    key = ". Grey: a day without data" if holes else ""
    day, volume, _, _, rate = (column.title for column in twin.columns)
    charts = [Chart("column", f"{process.title}: volume by day", day, (volume,), "Day", volume, colours=(BLUE,))]
    if any(line.rate is not None for line in lines.values()):
        name = f"{process.title}: success rate by day"
        charts.append(Chart("line", name, day, (rate,), "Day", rate, "0.00", colours=(ORANGE,), least=_floor(lines.values())))
    return Graph(f"{process.name}_daily", title + key, alt, _daily_spec(days, lines), twin, tuple(charts))


def _floor(lines: Iterable[DayLine]) -> int:
    # Dots may stand on a cut axis, bars may not: the volume starts at zero, the rate a whole percent below its lowest day.
    return max(0, min((int(line.rate) for line in lines if line.rate is not None), default=99) - 1)


def _daily_alt(run: FrozenRun, process: ProcessText, lines: Mapping[int, DayLine], holes: Sequence[int]) -> str:
    most = max(lines.values(), key=lambda line: (line.volume, -line.day))
    least = min(lines.values(), key=lambda line: (line.volume, line.day))
    rated = [line for line in lines.values() if line.rate is not None]
    words = [
        f"Bars of daily volume for {process.title} in {month_words(run.period)}: "
        f"lowest {number(least.volume)} on {day_words(least.day)}, highest {number(most.volume)} on {day_words(most.day)}."
    ]
    if rated:
        low, high = min(rated, key=lambda line: (line.rate, line.day)), max(rated, key=lambda line: (line.rate, -line.day))
        words.append(
            f"Points of daily success rate: lowest {low.rate_shown} % on {day_words(low.day)}, "
            f"highest {high.rate_shown} % on {day_words(high.day)}."
        )
    else:
        words.append("No day has a success rate.")
    words.append(f"Days without data: {', '.join(stretches(holes))}." if holes else "Every day has data.")
    return " ".join(words)


def _daily_spec(days: Sequence[int], lines: Mapping[int, DayLine]) -> dict[str, Any]:
    order = [day_on(day).isoformat() for day in days]
    values = [_drawn_day(lines.get(day), day_on(day).isoformat()) for day in days]
    floor = _floor(lines.values())
    label = {"labelExpr": "toNumber(slice(datum.value, 8))", "labelAngle": 0, "title": "Day of the month", "grid": False}
    scale = {"domain": order, "paddingInner": 0.18, "paddingOuter": 0.1}
    day = {"field": "day", "type": "ordinal", "sort": order, "scale": scale, "axis": label}
    hole = {
        "transform": [{"filter": "!datum.has_data"}],
        "mark": {"type": "rect", "color": GREY},
        "encoding": {"x": day},
    }
    volume = {
        "mark": {"type": "bar", "color": BLUE},
        "encoding": {
            "x": day,
            "y": {"field": "volume", "type": "quantitative", "title": "Volume", "axis": {"format": ",d", "tickMinStep": 1}},
        },
    }
    rate = {
        "mark": {
            "type": "line", "color": ORANGE, "strokeWidth": 1,
            "point": {"filled": True, "color": ORANGE, "size": 36, "shape": "square"},
        },
        "encoding": {
            "x": day,
            "y": {"field": "rate", "type": "quantitative", "title": "Success rate, %", "scale": {"domain": [floor, 100], "nice": False}},
        },
    }  # fmt: skip
    panels = [{"width": WIDTH, "height": height, "layer": [hole, layer]} for height, layer in ((120, volume), (90, rate))]
    return {"data": {"values": values}, "vconcat": panels, "spacing": 12, "config": CONFIG}


def _drawn_day(line: DayLine | None, on: str) -> dict[str, Any]:
    if line is None:
        return {"day": on, "has_data": False, "volume": None, "rate": None}
    # A drawing needs a binary number to place a dot; the number a person reads is `rate_shown`, in the words and in the table.
    return {"day": on, "has_data": True, "volume": line.volume, "rate": None if line.rate is None else float(line.rate)}


def _daily_twin(title: str, days: Sequence[int], lines: Mapping[int, DayLine]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for day in days:
        line = lines.get(day)
        if line is None:
            rows.append((day_words(day), *("no data",) * 4))
        else:
            rate = Shown(line.rate_shown or "n/a", "percent", line.rate is not None)
            rows.append((day_words(day), line.volume, line.counted, line.success, rate))
    columns = (
        Column("Day"), Column("Volume", "whole"), Column("Counted", "whole"), Column("Successful", "whole"),
        Column("Success rate, %", "figure"),
    )  # fmt: skip
    return Table(title, columns, tuple(rows), "No day of the period has data.")


def percentile_graph(run: FrozenRun, process: ProcessText, figures: Sequence[Figure], column: str, twin: Table) -> Graph | None:
    """Round Trip Time percentiles by the values of one breakdown, as dots on one line each; None where none has a value."""
    drawn = [figure for figure in figures if figure.indicator in PERCENTILES and figure.value is not None]
    if not drawn:
        return None
    names = {figure.breakdown: value_title(run, column, figure.breakdown[0][1]) for figure in drawn}
    parts = []
    for breakdown, name in names.items():
        told = (f"{PERCENTILES[f.indicator][0]} {f.shown}" for f in drawn if f.breakdown == breakdown)
        parts.append(f"{name}: {', '.join(told)}")
    alt = f"Dots of Round Trip Time in seconds for {process.title}, one line each. {'; '.join(parts)}."
    caption = f"{process.title}: Round Trip Time by {column_title(column)}"
    # A bar a percentile in a workbook: it has no dots on one line each.
    shown = [with_unit(indicator_title(word), "seconds") for word in PERCENTILES]
    known = {title.title for title in twin.columns}
    series = tuple(title for title in shown if title in known)
    colours = tuple(colour for _, _, colour in PERCENTILES.values())
    chart = Chart("bar", caption, twin.columns[0].title, series, column_title(column), "Round Trip Time, s", "0.0", colours=colours)
    return Graph(f"{process.name}_by_{column}", caption, alt, _percentile_spec(drawn, names), twin, (chart,) if series else ())


def _percentile_spec(drawn: Sequence[Figure], names: Mapping[tuple[tuple[str, str], ...], str]) -> dict[str, Any]:
    values = [
        {"name": drawable(names[f.breakdown]), "percentile": PERCENTILES[f.indicator][0], "seconds": float(f.value)}
        for f in drawn if f.value is not None
    ]  # fmt: skip
    order = list(dict.fromkeys(value["name"] for value in values))
    domain, shapes, colours = zip(*PERCENTILES.values(), strict=True)
    axis = {"labelLimit": 190, "labelPadding": 9, "grid": False, "ticks": False}
    name = {"field": "name", "type": "nominal", "sort": order, "title": None, "axis": axis}
    seconds = {
        "field": "seconds",
        "type": "quantitative",
        "title": "Round Trip Time, s",
        "scale": {"zero": True},
        "axis": {"tickCount": 5, "labelOverlap": True},
    }
    legend = {"title": None, "orient": "top"}
    span = {
        "mark": {"type": "rule", "color": "#9AA5B1"},
        "encoding": {
            "y": name,
            "x": {**seconds, "aggregate": "min"},
            "x2": {"field": "seconds", "aggregate": "max"},
        },
    }
    dots = {
        "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
        "encoding": {
            "y": name,
            "x": seconds,
            "shape": {"field": "percentile", "type": "nominal", "scale": {"domain": domain, "range": shapes}, "legend": legend},
            "color": {"field": "percentile", "type": "nominal", "scale": {"domain": domain, "range": colours}, "legend": legend},
        },
    }
    return {"data": {"values": values}, "width": 460, "height": {"step": 28}, "layer": [span, dots], "config": CONFIG}
