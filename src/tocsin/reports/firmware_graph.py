"""The funnel of device firmware: how many attempts came to each stage, the widest first."""

from collections.abc import Sequence

from tocsin.reports.blocks import Chart, Graph, Table
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.graph_style import BLUE, STACK, WIDTH, bars_spec
from tocsin.reports.wording import month_words, number

# The two parts of the way, told apart in grey too: the image to the device, and its activation there.
PARTS = {"upload": ("Upload", BLUE), "activation": ("Activation", STACK[2])}

# Stage in words, which part it belongs to, how many.
Stages = Sequence[tuple[str, str, int]]


def funnel_graph(run: FrozenRun, stages: Stages, twin: Table) -> Graph:
    """Bars of a stage each, from the request on. A stage that nobody tells is not among them: the table says so."""
    told = ", ".join(f"{title} {number(count)}" for title, _, count in stages)
    alt = f"Bars of device firmware attempts by stage, {month_words(run.period)}: {told}."
    caption = f"Device firmware, attempts by stage, {month_words(run.period)}"
    values = [
        {"stage": title, "part": PARTS[part][0], "colour": PARTS[part][1], "attempts": count, "label": number(count)}
        for title, part, count in stages
    ]
    spec = bars_spec(values, "stage", "attempts", "Attempts", width=WIDTH - 200)
    colours = {"domain": [title for title, _ in PARTS.values()], "range": [colour for _, colour in PARTS.values()]}
    spec["layer"][0]["encoding"]["color"] = {
        "field": "part", "type": "nominal", "scale": colours, "legend": {"title": None, "orient": "top", "symbolType": "square"},
    }  # fmt: skip
    chart = Chart("bar", caption, twin.columns[0].title, (twin.columns[1].title,), "Stage", "Attempts", colours=(BLUE,))
    return Graph("firmware_funnel", caption, alt, spec, twin, (chart,))
