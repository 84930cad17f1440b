"""The graph of Incidents: met and missed of each category, a panel a clock."""

from typing import Any

from tocsin.reports.blocks import Chart, Graph, Table
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.graph_style import BLUE, CONFIG, INK, QUIET, STACK
from tocsin.reports.wording import month_words, number

_WIDTH = 190
# The columns of the twin: category, clock, and how many were counted, met and missed.
Row = tuple[str, str, int, int, int]


def incident_graph(run: FrozenRun, rows: list[Row], twin: Table) -> Graph:
    """Stacked bars of whole numbers; `rows` are those of `twin`, of which some hold anything."""
    told = "; ".join(f"{category}, {clock.lower()}: {number(met)} of {number(counted)} met" for category, clock, counted, met, _ in rows)
    caption = f"Incidents resolved in {month_words(run.period)}: within target and missed, by category and clock"
    category, clock, _, met, missed = (column.title for column in twin.columns)
    chart = Chart(
        "bar", caption, category, (met, missed), "Category and clock", "Incidents", is_stacked=True, colours=_COLOURS, also_along=clock
    )
    alt = f"Stacked bars of Incidents within target and missed. {told}."
    return Graph("incidents_by_category", caption, alt, _spec(rows), twin, (chart,))


_COLOURS = (BLUE, STACK[2])


def _spec(rows: list[Row]) -> dict[str, Any]:
    order = list(dict.fromkeys(row[0] for row in rows))
    most = max(row[2] for row in rows)
    clocks = list(dict.fromkeys(row[1] for row in rows))
    panels = [_panel([row for row in rows if row[1] == clock], clock, order, most, is_first=not n) for n, clock in enumerate(clocks)]
    return {"hconcat": panels, "spacing": 30, "config": CONFIG}


def _panel(rows: list[Row], clock: str, order: list[str], most: int, *, is_first: bool) -> dict[str, Any]:
    axis = {"labelLimit": 200, "ticks": False, "domain": False, "labelPadding": 6} if is_first else None
    category = {"field": "category", "type": "nominal", "sort": order, "scale": {"domain": order}, "title": None, "axis": axis}
    scale = {"domain": [0, most]}
    bars = [
        {"category": row[0], "is": word, "from": start, "to": end}
        for row in rows
        for word, start, end in (("Within target", 0, row[3]), ("Missed", row[3], row[2]))
        if end > start
    ]
    words = [{"category": row[0], "at": row[2], "label": f"{number(row[3])} of {number(row[2])}"} for row in rows]
    across = {
        "type": "quantitative",
        "scale": scale,
        "title": "Incidents",
        "axis": {"format": ",d", "tickMinStep": 1, "tickCount": 4, "grid": False},
    }
    colour = {"domain": ["Within target", "Missed"], "range": list(_COLOURS)}
    legend = {"title": None, "orient": "top", "symbolType": "square"}
    layers = [
        {
            "data": {"values": bars},
            "mark": {"type": "bar", "stroke": QUIET, "strokeWidth": 0.5},
            "encoding": {
                "y": category, "x": {"field": "from", **across}, "x2": {"field": "to"},
                "color": {"field": "is", "type": "nominal", "scale": colour, "legend": legend if is_first else None},
            },
        },
        {
            "data": {"values": words},
            "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 10, "color": INK},
            "encoding": {"y": category, "x": {"field": "at", **across}, "text": {"field": "label"}},
        },
    ]  # fmt: skip
    title = {"text": clock, "anchor": "start", "fontSize": 11, "fontWeight": 600, "offset": 6}
    return {"width": _WIDTH, "height": {"step": 22}, "title": title, "layer": layers}
