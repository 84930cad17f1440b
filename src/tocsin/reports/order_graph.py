"""The graph of Communications Hubs ordered, delivered and returned: three bars for each Service Provider and region."""

from typing import Any

from tocsin.reports.blocks import Cell, Chart, Graph, Shown, Table
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.graph_style import CONFIG, INK, QUIET, STACK, WIDTH
from tocsin.reports.wording import month_words, number

# Columns of the table that are drawn, by their titles.
DRAWN = ("Hubs ordered", "Hubs delivered", "Hubs returned")


def order_graph(run: FrozenRun, twin: Table) -> Graph | None:
    """Bars out of the whole numbers of `twin`, whose first two columns name a row; None where none of it holds any."""
    titles = [column.title for column in twin.columns]
    rows = [
        (f"{row[0]}, {row[1]}" if row[0] != "All" else str(row[1]), {title: row[titles.index(title)] for title in DRAWN})
        for row in twin.rows
    ]
    values = [
        {"row": name, "kind": title, "hubs": cell, "label": number(cell)}
        for name, cells in rows
        for title, cell in cells.items()
        if isinstance(cell, int)
    ]
    if not any(value["hubs"] for value in values):
        return None
    told = "; ".join(f"{name}: {', '.join(_words(title, cell) for title, cell in cells.items())}" for name, cells in rows)
    caption = f"Communications Hubs ordered, delivered and returned, {month_words(run.period)}, by Service Provider and CSP Region"
    chart = Chart(
        "bar", caption, titles[0], DRAWN, "Service Provider and CSP Region", "Communications Hubs", colours=STACK, also_along=titles[1]
    )
    return Graph("hub_orders", caption, f"Bars of Communications Hubs. {told}.", _spec(values, [name for name, _ in rows]), twin, (chart,))


def _words(title: str, cell: Cell) -> str:
    told = number(cell) if isinstance(cell, int) else cell.text if isinstance(cell, Shown) else str(cell)
    return f"{title.removeprefix('Hubs ')} {told}"


def _spec(values: list[dict[str, Any]], order: list[str]) -> dict[str, Any]:
    place = {
        "y": {
            "field": "row", "type": "nominal", "sort": order, "title": None,
            "axis": {"labelLimit": 200, "ticks": False, "domain": False, "labelPadding": 6},
        },
        "yOffset": {"field": "kind", "type": "nominal", "sort": list(DRAWN)},
        "x": {
            "field": "hubs", "type": "quantitative", "title": "Communications Hubs",
            "axis": {"format": ",d", "tickMinStep": 1, "tickCount": 5, "grid": False},
        },
    }  # fmt: skip
    colour = {
        "field": "kind", "type": "nominal", "scale": {"domain": list(DRAWN), "range": list(STACK[: len(DRAWN)])},
        "legend": {"title": None, "orient": "top", "symbolType": "square"},
    }  # fmt: skip
    bars = {"mark": {"type": "bar", "stroke": QUIET, "strokeWidth": 0.5}, "encoding": {**place, "color": colour}}
    words = {
        "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 9, "color": INK},
        "encoding": {**place, "text": {"field": "label", "type": "nominal"}},
    }
    return {"data": {"values": values}, "width": WIDTH - 170, "height": {"step": 13}, "layer": [bars, words], "config": CONFIG}
