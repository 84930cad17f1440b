"""A Business Process by hour and day: heat maps of its volume and its success rate, and the hours of the day all together."""

from collections.abc import Mapping, Sequence
from typing import Any

from tocsin.reports.blocks import Cell, Chart, ColourGrid, Column, Graph, Shown, Table
from tocsin.reports.frozen import FrozenRun, ProcessText
from tocsin.reports.frozen_rhythm import HoursLine, OfTheDayLine
from tocsin.reports.graph_style import BLUE, CONFIG, DARK_BLUE, DARK_RED, INK, LIGHT, ORANGE, QUIET
from tocsin.reports.wording import day_words, is_incomplete, month_words, number, stretches

# Steps from dark to light, told apart in grey too: words, the rate from which the next begins, colour. The darkest is where to look first.
RATE_STEPS = (
    ("under 80", 80, DARK_RED), ("80 to 90", 90, "#B5542A"), ("90 to 95", 95, "#DE8A4E"), ("95 to 98", 98, "#F3B98A"),
    ("98 to 99.5", 99.5, "#F9DCC4"), ("99.5 to 100", 101, LIGHT),
)  # fmt: skip
# A stroke across a cell: a hole must not be taken for a light colour.
_STROKE = "M-0.8,0.8L0.8,-0.8"
# Whole pixels: an axis of a broken width loses its first label.
_CELL_WIDTH, _CELL_HEIGHT = 11, 8
# The dark ends in a workbook, where a cell's number must still be read on them.
_BLUE_CELL, _RED_CELL = "#6BAED6", "#DE8A4E"
_HOURS = tuple(f"{hour:02d}" for hour in range(24))


def hours_graph(run: FrozenRun, process: ProcessText) -> Graph | None:
    """Volume and success rate of each hour of each day, UTC; None for a run or a process without hours."""
    lines = {line.day: line for line in run.rhythm.hours if line.process == process.name}
    by_hour = [line for line in run.rhythm.of_the_day if line.process == process.name]
    if not any(line.volume for line in by_hour):
        return None
    days = run.period.days()
    holes = [day for day in days if day not in lines]
    # Of a month whose files are not all in, no share is told of the whole; the hours received are drawn as they came.
    is_whole = not is_incomplete(run, f"{process.name}.success_rate")
    key = ". Stroke: no data" if holes else ""
    empty = ". Dot: nothing counted" if any("" in line.rates for line in lines.values()) else ""
    caption = f"{process.title}: volume and success rate by hour (UTC) and day, {month_words(run.period)}{key}{empty}"
    twin = _twin(f"{process.title}: by hour of the day, all days together", by_hour, is_whole)
    hour, volume, _, _, rate = (column.title for column in twin.columns)
    rates = Chart(
        "line", f"{process.title}: success rate by hour of the day", hour, (rate,), hour, "Success rate, %", "0.00",
        colours=(ORANGE,), least=_floor(by_hour),
    )  # fmt: skip
    charts: tuple[Chart | ColourGrid, ...] = (
        Chart("column", f"{process.title}: volume by hour of the day", hour, (volume,), hour, "Volume", colours=(BLUE,)),
        *((rates,) if is_whole and any(line.rate for line in by_hour) else ()),
        ColourGrid(_grid(f"{process.title}: volume by day and hour (UTC)", days, lines, "volume"), LIGHT, _BLUE_CELL),
        ColourGrid(_grid(f"{process.title}: success rate by day and hour (UTC), %", days, lines, "rates"), _RED_CELL, LIGHT),
    )  # fmt: skip
    return Graph(f"{process.name}_hours", caption, _alt(run, process, lines, by_hour, holes), _spec(days, lines), twin, charts)


def _floor(by_hour: Sequence[OfTheDayLine]) -> int:
    return max(0, min((int(line.rate.partition(".")[0]) for line in by_hour if line.rate), default=0) - 1)


def _alt(
    run: FrozenRun, process: ProcessText, lines: Mapping[int, HoursLine], by_hour: Sequence[OfTheDayLine], holes: Sequence[int]
) -> str:
    busiest = max(by_hour, key=lambda line: (line.volume, -line.hour))
    quietest = min(by_hour, key=lambda line: (line.volume, line.hour))
    most, day, hour = max((volume, -day, -hour) for day, line in lines.items() for hour, volume in enumerate(line.volume))
    words = [
        f"Heat maps of {process.title} by hour (UTC) and day of {month_words(run.period)}. "
        f"Volume: most in the hours from {_clock(busiest.hour)} ({number(busiest.volume)} in the period), fewest in those from "
        f"{_clock(quietest.hour)} ({number(quietest.volume)}); the busiest single hour is {day_words(-day)}, {_clock(-hour)}, "
        f"with {number(most)}."
    ]
    rated = [line for line in by_hour if line.rate]
    if is_incomplete(run, f"{process.name}.success_rate"):
        words.append("Incomplete: owed files are not in, so no success rate is told of the hours of the day.")
    elif rated:
        low = min(rated, key=lambda line: (float(line.rate), line.hour))
        high = max(rated, key=lambda line: (float(line.rate), -line.hour))
        words.append(
            f"Success rate of the hours of the day: lowest {low.rate} % from {_clock(low.hour)}, "
            f"highest {high.rate} % from {_clock(high.hour)}."
        )
    words.append(f"Days without data: {', '.join(stretches(holes))}." if holes else "Every day has data.")
    return " ".join(words)


def _clock(hour: int) -> str:
    return f"{hour:02d}:00"


def _spec(days: Sequence[int], lines: Mapping[int, HoursLine]) -> dict[str, Any]:
    order = [day_words(day) for day in days]
    values: list[dict[str, Any]] = []
    for day in days:
        line = lines.get(day)
        for hour, word in enumerate(_HOURS):
            rate = line.rates[hour] if line is not None else ""
            values.append(
                {
                    "day": day_words(day),
                    "hour": word,
                    "volume": None if line is None else line.volume[hour],
                    "step": _step(rate),
                    "hole": line is None,
                }
            )
    legend = {"orient": "top", "direction": "horizontal", "titleFontWeight": 600}
    volume = {
        "type": "quantitative",
        "scale": {"domainMin": 0, "range": [LIGHT, _BLUE_CELL, DARK_BLUE], "interpolate": "lab"},
        "legend": {
            **legend,
            "title": "Volume",
            "gradientLength": 180,
            "gradientThickness": 9,
            "tickCount": 4,
            "tickMinStep": 1,
            "format": ",d",
        },
    }
    steps = {
        "type": "ordinal",
        "scale": {"domain": [word for word, _, _ in RATE_STEPS], "range": [colour for _, _, colour in RATE_STEPS]},
        "legend": {
            **legend, "title": "Success rate, %", "columns": 3, "symbolType": "square", "symbolSize": 90, "symbolStrokeWidth": 0.5,
            "symbolStrokeColor": QUIET, "columnPadding": 8, "rowPadding": 1, "labelFontSize": 10,
        },
    }  # fmt: skip
    panels = [_panel(order, "volume", volume, is_first=True), _panel(order, "step", steps, is_first=False)]
    return {"data": {"values": values}, "hconcat": panels, "spacing": 26, "resolve": {"scale": {"color": "independent"}}, "config": CONFIG}


def _step(rate: str) -> str | None:
    # A binary number is enough to choose a colour; the rate that a person reads is in the tables.
    return next(word for word, below, _ in RATE_STEPS if float(rate) < below) if rate else None


def _panel(order: Sequence[str], field: str, colour: Mapping[str, Any], *, is_first: bool) -> dict[str, Any]:
    ticks = {"values": list(_HOURS[::6]), "labelExpr": "datum.value + ':00'", "labelAngle": 0, "title": "Hour, UTC"}
    mondays = [word for n, word in enumerate(order) if word.startswith("Mon") or n == 0]
    y_axis = {"values": mondays, "title": None, "ticks": True, "domain": False} if is_first else None
    place = {
        "x": {"field": "hour", "type": "ordinal", "axis": {**ticks, "grid": False, "domain": False}},
        "y": {"field": "day", "type": "ordinal", "sort": list(order), "scale": {"domain": list(order)}, "axis": y_axis},
    }
    cells = {
        "transform": [{"filter": f"datum.{field} !== null"}],
        "mark": {"type": "rect", "stroke": "white", "strokeWidth": 0.4},
        "encoding": {**place, "color": {"field": field, **colour}},
    }
    holes = {
        "transform": [{"filter": "datum.hole"}],
        "mark": {"type": "point", "shape": _STROKE, "stroke": QUIET, "strokeWidth": 0.8, "size": 36, "opacity": 1},
        "encoding": place,
    }
    nothing = {
        "transform": [{"filter": f"!datum.hole && datum.{field} === null"}],
        "mark": {"type": "point", "shape": "circle", "filled": True, "color": INK, "size": 2, "opacity": 1},
        "encoding": place,
    }
    width, height = _CELL_WIDTH * len(_HOURS), _CELL_HEIGHT * len(order)
    return {"width": width, "height": height, "layer": [cells, holes, nothing]}


def _twin(title: str, by_hour: Sequence[OfTheDayLine], is_whole: bool) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            _clock(line.hour),
            line.volume,
            line.counted,
            line.success,
            Shown((line.rate or "n/a (0 events)") if is_whole else "n/a (incomplete)", "percent", is_whole and bool(line.rate)),
        )
        for line in by_hour
    )
    columns = (
        Column("Hour from, UTC"), Column("Volume", "whole"), Column("Counted", "whole"), Column("Successful", "whole"),
        Column("Success rate, %", "figure"),
    )  # fmt: skip
    return Table(title, columns, rows, "No hour of the period has data.")


def _grid(title: str, days: Sequence[int], lines: Mapping[int, HoursLine], field: str) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for day in days:
        line = lines.get(day)
        if line is None:
            rows.append((day_words(day), *("no data" for _ in _HOURS)))
        elif field == "volume":
            rows.append((day_words(day), *line.volume))
        else:
            rows.append((day_words(day), *(Shown(rate or "n/a", "percent", bool(rate)) for rate in line.rates)))
    kind = "whole" if field == "volume" else "figure"
    return Table(title, (Column("Day"), *(Column(hour, kind) for hour in _HOURS)), tuple(rows), "No day of the period has data.")
