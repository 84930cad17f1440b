"""The funnel of device firmware: how many attempts came to each stage, the widest first."""

from collections.abc import Sequence
from typing import Any

from tocsin.reports.blocks import Graph, Table
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.graph_style import BLUE, CONFIG, GREEN, WIDTH
from tocsin.reports.wording import month_words, number

# The two parts of the way: the image to the device, and its activation there.
PARTS = {"upload": ("Upload", BLUE), "activation": ("Activation", GREEN)}

# Stage in words, which part it belongs to, how many.
Stages = Sequence[tuple[str, str, int]]


def funnel_graph(run: FrozenRun, stages: Stages, twin: Table) -> Graph:
    """Bars of a stage each, from the request on. A stage that nobody tells is not among them: the table says so."""
    told = ", ".join(f"{title} {number(count)}" for title, _, count in stages)
    alt = f"Bars of device firmware attempts by stage, {month_words(run.period)}: {told}."
    caption = f"Device firmware, attempts by stage, {month_words(run.period)}"
    return Graph("firmware_funnel", caption, alt, _spec(stages), twin)


def _spec(stages: Stages) -> dict[str, Any]:
    order = [title for title, _, _ in stages]
    values = [{"stage": title, "part": PARTS[part][0], "attempts": count} for title, part, count in stages]
    colours = {"domain": [title for title, _ in PARTS.values()], "range": [colour for _, colour in PARTS.values()]}
    return {
        "data": {"values": values},
        "width": WIDTH - 140,
        "height": {"step": 24},
        "mark": {"type": "bar"},
        "encoding": {
            "y": {"field": "stage", "type": "nominal", "sort": order, "title": None},
            "x": {"field": "attempts", "type": "quantitative", "title": "Attempts", "axis": {"format": ",d", "tickMinStep": 1}},
            "color": {"field": "part", "type": "nominal", "scale": colours, "legend": {"title": None, "orient": "top"}},
        },
        "config": CONFIG,
    }
