"""The graph of availability: what took the minutes of the month from each service, one stretch after the other (domain.md 2.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.reports.blocks import Chart, Graph, Table
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.graph_style import CONFIG, INK, ORANGE, PURPLE, QUIET
from tocsin.reports.wording import month_words, number

_MAINTENANCE, _DOWN, _ALL = "Planned Maintenance", "Down", "All that was lost"
_COLOURS = {_MAINTENANCE: PURPLE, _DOWN: ORANGE, _ALL: QUIET}
# A label after the longest bar would be cut without some room.
_ROOM = 1.12


@dataclass(frozen=True)
class Bridge:
    """The minutes of one service: of the month, of compliant maintenance, of the Target Availability Period, down in it, available."""

    service: str
    month: int
    maintenance: int
    tap: int
    down: int
    available: int


def availability_graph(run: FrozenRun, bridges: Sequence[Bridge], twin: Table) -> Graph | None:
    """Bars that start where the one before ends, from nothing lost to all that was; None where no service lost a minute.

    They begin at zero minutes lost and not at the whole month: of 43,200 minutes a dozen would not be seen.
    """
    if not any(one.maintenance or one.down for one in bridges):
        return None
    told = (
        f"{one.service}: of {number(one.month)} minutes, {number(one.maintenance)} of compliant maintenance and then {number(one.down)} "
        f"down, {number(one.available)} available"
        for one in bridges
    )
    alt = f"Bars of minutes lost in {month_words(run.period)}, one after the other for each service. {'; '.join(told)}."
    caption = f"What took minutes of {month_words(run.period)} from each service: maintenance first, then what was down beside it"
    drawn = Chart(
        kind="bar",
        title="Minutes lost by service",
        along=twin.columns[0].title,
        series=(twin.columns[2].title, twin.columns[4].title),
        along_title="Service",
        value_title="Minutes",
        colours=(PURPLE, ORANGE),
        is_stacked=True,
    )
    return Graph("availability_bridge", caption, alt, _spec(bridges), twin, (drawn,))


def _spec(bridges: Sequence[Bridge]) -> dict[str, Any]:
    values = [
        {"service": one.service, "step": step, "from": start, "to": end, "label": number(end - start)}
        for one in bridges
        for step, start, end in (
            (_MAINTENANCE, 0, one.maintenance),
            (_DOWN, one.maintenance, one.maintenance + one.down),
            (_ALL, 0, one.maintenance + one.down),
        )
    ]
    most = max(one.maintenance + one.down for one in bridges)
    steps = list(_COLOURS)
    step = {"field": "step", "type": "nominal", "sort": steps, "title": None, "axis": {"grid": False, "ticks": False, "labelLimit": 190}}
    lost = {
        "field": "from",
        "type": "quantitative",
        "title": "Minutes lost",
        "scale": {"domain": [0, most * _ROOM], "nice": False},
        "axis": {"format": ",d", "tickMinStep": 1, "tickCount": 6},
    }
    bar = {
        "mark": {"type": "bar", "height": {"band": 0.62}},
        "encoding": {
            "y": step,
            "x": lost,
            "x2": {"field": "to"},
            "color": {"field": "step", "type": "nominal", "scale": {"domain": steps, "range": list(_COLOURS.values())}, "legend": None},
        },
    }
    label = {
        "mark": {"type": "text", "align": "left", "dx": 4, "color": INK, "fontSize": 11},
        "encoding": {"y": step, "x": {**lost, "field": "to"}, "text": {"field": "label", "type": "nominal"}},
    }
    services = [one.service for one in bridges]
    return {
        "data": {"values": values},
        "facet": {"row": {"field": "service", "type": "nominal", "sort": services, "title": None,
                          "header": {"labelOrient": "top", "labelAnchor": "start", "labelFontWeight": 600, "labelColor": INK}}},
        "spec": {"width": 430, "height": {"step": 22}, "layer": [bar, label]},
        "config": CONFIG,
    }  # fmt: skip
