"""The graph of installs: each day's Communications Hubs as one bar, stacked by what became of them as at the run."""

from collections.abc import Mapping, Sequence
from typing import Any

from tocsin.reports.blocks import Chart, Graph, Table
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.graph_style import CONFIG, QUIET, STACK, WIDTH
from tocsin.reports.wording import day_on, month_words, number
from tocsin.vocabulary.comms_hubs import INSTALL_STATES

# In the order in which they are stacked, from the axis on.
COLOURS = dict(zip(("commissioned", "pending_90", "left", "replaced"), STACK, strict=True))

# Day by its date to the number of hubs in each state.
Days = Mapping[str, Mapping[str, int]]


def install_graph(run: FrozenRun, days: Days, twin: Table) -> Graph:
    """Bars of a day each; a day without any hub is a gap, since the twin table says that none was told."""
    totals = {state: sum(day.get(state, 0) for day in days.values()) for state in INSTALL_STATES}
    told = ", ".join(f"{title.lower()} {number(totals[state])}" for state, title in INSTALL_STATES.items())
    most = max(days, key=lambda on: (sum(days[on].values()), on))
    alt = (
        f"Stacked bars of Communications Hubs by day of first update in {month_words(run.period)}, by state as at the run: {told}. "
        f"Most on {most}: {number(sum(days[most].values()))}."
    )
    caption = f"Communications Hubs by day of their first update and state as at the run, {month_words(run.period)}"
    order = [day_on(day).isoformat() for day in run.period.days()]
    titles = [column.title for column in twin.columns]
    parts = tuple(title for title in INSTALL_STATES.values() if title in titles)
    chart = Chart("column", caption, titles[0], parts, titles[0], "Communications Hubs", is_stacked=True, colours=STACK)
    return Graph("installs_daily", caption, alt, _spec(days, sorted({*order, *days})), twin, (chart,) if parts else ())


def _spec(days: Days, order: Sequence[str]) -> dict[str, Any]:
    titles = list(INSTALL_STATES.values())
    values = [
        {"day": on, "state": title, "place": place, "hubs": days[on][state]}
        for on in order if on in days
        for place, (state, title) in enumerate(INSTALL_STATES.items()) if days[on].get(state)
    ]  # fmt: skip
    label = {"labelExpr": "toNumber(slice(datum.value, 8))", "labelAngle": 0, "title": "Day of the month", "grid": False}
    scale = {"domain": list(order), "paddingInner": 0.18, "paddingOuter": 0.1}
    return {
        "data": {"values": values},
        "width": WIDTH,
        "height": 160,
        "mark": {"type": "bar", "stroke": QUIET, "strokeWidth": 0.5},
        "encoding": {
            "x": {"field": "day", "type": "ordinal", "sort": list(order), "scale": scale, "axis": label},
            "y": {"field": "hubs", "type": "quantitative", "title": "Communications Hubs", "axis": {"format": ",d", "tickMinStep": 1}},
            "color": {
                "field": "state",
                "type": "nominal",
                "scale": {"domain": titles, "range": [COLOURS[state] for state in INSTALL_STATES]},
                "legend": {"title": None, "orient": "top", "columns": 2, "labelLimit": 0, "symbolType": "square"},
            },
            "order": {"field": "place", "type": "quantitative"},
        },
        "config": CONFIG,
    }
