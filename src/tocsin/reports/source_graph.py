"""The graph of two sources: what Service Providers report and what was observed, on one line a CSP Region."""

from typing import Any

from tocsin.reports.blocks import DOTS_ALONE, Cell, Chart, Graph, Shown, Table
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.graph_style import BLUE, CONFIG, ORANGE
from tocsin.reports.wording import month_words

_WIDTH = 420
# Shape and colour of each source; they differ in grey by their shapes.
_DOTS = {"Reported": ("square", ORANGE), "Observed": ("circle", BLUE)}


def source_graph(run: FrozenRun, name: str, title: str, twin: Table, levels: tuple[str, str]) -> Graph | None:
    """Dots of the levels in two columns of `twin` (`levels`: their titles, reported and observed), a line a row; None without any pair.

    A level that is incomplete has no dot: the table says why.
    """
    titles = [column.title for column in twin.columns]
    places = {word: titles.index(level) for word, level in zip(_DOTS, levels, strict=True)}
    rows = [(str(row[0]), {word: row[place] for word, place in places.items()}) for row in twin.rows]
    if not any(all(_is_level(cell) for cell in cells.values()) for _, cells in rows):
        return None
    told = "; ".join(f"{row}: {', '.join(f'{word.lower()} {_words(cell)}' for word, cell in cells.items())}" for row, cells in rows)
    values: list[dict[str, Any]] = [
        {"row": row, "source": word, "level": float(cell.text)}
        for row, cells in rows
        for word, cell in cells.items()
        if isinstance(cell, Shown) and cell.is_number
    ]
    caption = f"{title}, by {titles[0]}, {month_words(run.period)}: reported and observed"
    floor = max(0, int(min(value["level"] for value in values)) - 1)
    chart = Chart(
        "line", caption, titles[0], levels, titles[0], "Level, %", "0.00", colours=tuple(colour for _, colour in _DOTS.values()),
        dashes=(DOTS_ALONE, DOTS_ALONE), least=floor,
    )  # fmt: skip
    return Graph(
        name,
        caption,
        f"Dots of two levels in percent, one line each. {told}.",
        _spec(values, [row for row, _ in rows], floor),
        twin,
        (chart,),
    )


def _is_level(cell: Cell) -> bool:
    return isinstance(cell, Shown) and cell.is_number


def _words(cell: Cell) -> str:
    return f"{cell.text} %" if isinstance(cell, Shown) and cell.is_number else cell.text if isinstance(cell, Shown) else str(cell)


def _spec(values: list[dict[str, Any]], order: list[str], floor: int) -> dict[str, Any]:
    row = {
        "field": "row", "type": "nominal", "sort": order, "scale": {"domain": order}, "title": None,
        "axis": {"labelLimit": 190, "grid": False, "ticks": False},
    }  # fmt: skip
    # Dots may stand on a cut axis: their distance is what is to be seen.
    level = {
        "field": "level",
        "type": "quantitative",
        "title": "Level, %",
        "axis": {"tickCount": 6},
        "scale": {"domain": [floor, 100], "nice": False},
    }
    words, looks = list(_DOTS), list(_DOTS.values())
    legend = {"title": None, "orient": "top"}
    span = {
        "mark": {"type": "rule", "color": "#9AA5B1"},
        "encoding": {"y": row, "x": {**level, "aggregate": "min"}, "x2": {"field": "level", "aggregate": "max"}},
    }
    dots = {
        "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
        "encoding": {
            "y": row,
            "x": level,
            "shape": {
                "field": "source",
                "type": "nominal",
                "scale": {"domain": words, "range": [shape for shape, _ in looks]},
                "legend": legend,
            },
            "color": {
                "field": "source",
                "type": "nominal",
                "scale": {"domain": words, "range": [colour for _, colour in looks]},
                "legend": legend,
            },
        },
    }
    return {"data": {"values": values}, "width": _WIDTH, "height": {"step": 24}, "layer": [span, dots], "config": CONFIG}
