"""The graph of a divided change: how much each value of one column carries of it, by its rate and by its volume."""

from collections.abc import Sequence
from typing import Any

from tocsin.reports.blocks import Chart, Graph, Table
from tocsin.reports.change_words import change_title, value_words
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_changes import CellLine, ChangeLine, SplitLine
from tocsin.reports.graph_style import BLUE, CONFIG, INK, QUIET, WIDTH
from tocsin.reports.typefaces import drawable

RATE, VOLUME = "By its rate", "By its volume"
# Far apart in lightness: told apart in black and white.
COLOURS = (BLUE, "#F5C98B")
_SHORT = {"srv": "SRV", "party_code": "Party", "device_type": "Device", "region": "Region"}


def change_graph(run: FrozenRun, line: ChangeLine, split: SplitLine, twin: Table) -> Graph:
    """Bars to both sides of nought, as printed in the twin table; the number at a bar's end is both effects together."""
    title = change_title(run, line)
    told = "; ".join(f"{_name(run, cell)} {cell.effect}" for cell in split.alone)
    whole = split.whole.effect if split.whole is not None else ""
    caption = f"{title}: what carries its change of {whole} points, by one column at a time"
    alt = f"Bars of the part of {title}'s change, {whole} percentage points, that falls on each value of one column: {told}."
    chart = Chart(
        "bar", caption, "By", (RATE, VOLUME), "Column and value", "Percentage points", "0.000", is_stacked=True, colours=COLOURS,
        also_along="Value",
    )  # fmt: skip
    return Graph(f"change_{line.figure}", caption, alt, _spec(run, split.alone), twin, (chart,))


def _name(run: FrozenRun, cell: CellLine) -> str:
    """Short, for names stand left of the bars: "SRV 2.2 Top Up Device", "Region All others (2)"; the table says it in full."""
    column, told = value_words(run, cell)
    return drawable(f"{_SHORT.get(cell.cell[0][0], column)} {told}")


def _spec(run: FrozenRun, cells: Sequence[CellLine]) -> dict[str, Any]:
    rows = [_name(run, cell) for cell in cells]
    values = [
        {"row": row, "effect": word, "place": place, "points": _points(text)}
        for row, cell in zip(rows, cells, strict=True)
        for place, (word, text) in enumerate(((RATE, cell.rate_effect), (VOLUME, cell.volume_effect)))
    ]
    # The number stands right of its bar, and of the axis where the bar goes to the left.
    ends = [
        {"row": row, "at": max(0.0, _points(cell.rate_effect)) + max(0.0, _points(cell.volume_effect)), "label": cell.effect}
        for row, cell in zip(rows, cells, strict=True)
    ]
    names = {"labelLimit": 260, "ticks": False, "domain": False, "labelPadding": 6}
    along = {"field": "row", "type": "nominal", "sort": rows, "title": None, "axis": names}
    points = {"type": "quantitative", "title": "Percentage points of the change", "axis": {"tickCount": 5}}
    bars = {
        "data": {"values": values},
        "mark": {"type": "bar", "stroke": QUIET, "strokeWidth": 0.5, "height": {"band": 0.7}},
        "encoding": {
            "y": along,
            "x": {"field": "points", **points},
            "color": {
                "field": "effect",
                "type": "nominal",
                "scale": {"domain": [RATE, VOLUME], "range": list(COLOURS)},
                "legend": {"title": None, "orient": "top", "symbolType": "square", "columnPadding": 40},
            },
            "order": {"field": "place", "type": "quantitative"},
        },
    }
    nought = {"data": {"values": [{"at": 0}]}, "mark": {"type": "rule", "color": INK}, "encoding": {"x": {"field": "at", **points}}}
    words = {
        "data": {"values": ends},
        "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 10, "color": INK},
        "encoding": {"y": along, "x": {"field": "at", **points}, "text": {"field": "label", "type": "nominal"}},
    }
    # Names stand left of the bars, so that less than the whole width is left for these; the page of a reader may have wider letters.
    room = {"left": 45, "right": 30, "top": 5, "bottom": 5}
    return {"padding": room, "width": WIDTH * 3 // 5, "height": {"step": 19}, "layer": [bars, nought, words], "config": CONFIG}


def _points(text: str) -> float:
    """What is printed, as the place of a bar's end."""
    return float(text.replace("\N{MINUS SIGN}", "-"))
