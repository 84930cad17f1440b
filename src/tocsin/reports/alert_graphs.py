"""Graphs of alerts: how many reach each stage, and how many the DSP receives and passes on in each quarter-hour."""

from collections.abc import Sequence
from typing import Any

from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import Chart, Column, Graph, Table
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_alerts import SliceLine
from tocsin.reports.graph_style import BLUE, CONFIG, GREEN, ORANGE, STACK, WIDTH, bars_spec
from tocsin.reports.wording import instant_figures, month_words, number
from tocsin.vocabulary.alerts import ALERT_STAGES
from tocsin.vocabulary.instants import DAY_US, QUARTER_HOUR_US

# What a table says where no sender can tell a stage of a region.
NOT_PROVIDED = "not provided"
_FUNNEL_WIDTH = 250
# A printed page has room for one day of quarter-hours.
_PAGE_ROWS = 96
_A_DAY = DAY_US // QUARTER_HOUR_US


def funnel_graph(run: FrozenRun, reached: Sequence[tuple[str, Figure]], twin: Table) -> Graph:
    """A bar a stage, a to g, of the alerts known to have passed it. `reached`: stage and its figure, as in the rows of `twin`.

    A stage that is not provided of every CSP Region is drawn light, and the regions are named: fewer were told, not fewer passed.
    """
    untold = [[column.title for column, cell in zip(twin.columns, row, strict=True) if cell == NOT_PROVIDED] for row in twin.rows]
    told = "; ".join(
        f"stage {stage}, {ALERT_STAGES[stage]}: {figure.shown}{f' (not provided of {_listed(regions)})' if regions else ''}"
        for (stage, figure), regions in zip(reached, untold, strict=True)
    )
    values = [
        {
            "stage": f"{stage}  {ALERT_STAGES[stage]}",
            "alerts": figure.counted,
            "colour": BLUE if not regions else STACK[1],
            "label": f"{number(figure.counted)}{f'; not provided: {_listed(regions)}' if regions else ''}",
        }
        for (stage, figure), regions in zip(reached, untold, strict=True)
        if figure.value is not None and figure.counted is not None
    ]
    spec = bars_spec(values, "stage", "alerts", "Alerts", width=_FUNNEL_WIDTH)
    key = ". Light: not provided of every CSP Region" if any(untold) else ""
    caption = f"Alerts known to have passed each stage, {month_words(run.period)}"
    chart = Chart("bar", caption, twin.columns[0].title, (twin.columns[1].title,), "Stage", "Alerts", colours=(BLUE,))
    return Graph("alert_funnel", caption + key, f"Bars of alerts by stage. {told}.", spec, twin, (chart,))


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)


def throughput_graph(run: FrozenRun, lines: Sequence[SliceLine]) -> Graph:
    """Lines of alerts received and passed on by the DSP, and bars of those held back, for each quarter-hour told."""
    busiest = max(lines, key=lambda line: (line.received, -line.slice_at))
    alt = (
        f"Lines by quarter-hour of alerts that the DSP received and passed to Users in {month_words(run.period)}: {number(len(lines))} "
        f"quarter-hours; most received {number(busiest.received)}, in that of {instant_figures(busiest.slice_at)} UTC, when "
        f"{number(busiest.forwarded)} were passed on and {number(busiest.held_back)} held back."
    )
    caption = f"Alerts at the DSP by quarter-hour, {month_words(run.period)}: received, passed on, held back"
    twin = _twin(lines)
    received, held_back, passed_on = (column.title for column in twin.columns[1:])
    chart = Chart(
        "line", caption, twin.columns[0].title, (received, passed_on, held_back), "Quarter-hour, UTC", "Alerts",
        colours=(BLUE, GREEN, ORANGE), dashes=("solid", "dash", "round_dot"),
    )  # fmt: skip
    return Graph("alert_throughput", caption, alt, _throughput_spec(run, lines), twin, (chart,))


def _throughput_spec(run: FrozenRun, lines: Sequence[SliceLine]) -> dict[str, Any]:
    start_at = run.period.start_at
    kinds = {"Received": BLUE, "Passed on": GREEN, "Held back": ORANGE}
    first, last = ((line.slice_at - start_at) // QUARTER_HOUR_US for line in (lines[0], lines[-1]))
    told = {(line.slice_at - start_at) // QUARTER_HOUR_US: (line.received, line.forwarded, line.held_back) for line in lines}
    # A quarter-hour that was not told breaks the line: a hole is not drawn over.
    values = [
        {"place": place, "kind": kind, "alerts": alerts}
        for place in range(first, last + 1)
        for kind, alerts in zip(kinds, told.get(place, (None, None, None)), strict=True)
    ]
    # Within two days the hours are told, else the days of the month.
    is_short = last - first <= 2 * _A_DAY
    step = 12 if is_short else 2 * _A_DAY
    label = "format(floor(datum.value % 96 / 4), '02d') + ':00'" if is_short else "floor(datum.value / 96) + 1"
    axis = {
        "values": list(range(first - first % step, last + 1, step)),
        "labelExpr": label,
        "title": "Hour of the day, UTC" if is_short else "Day of the month",
        "grid": False,
    }
    return {
        "data": {"values": values},
        "width": WIDTH,
        "height": 160,
        "mark": {"type": "line", "strokeWidth": 1},
        "encoding": {
            "x": {"field": "place", "type": "quantitative", "scale": {"domain": [first, last], "nice": False}, "axis": axis},
            "y": {"field": "alerts", "type": "quantitative", "title": "Alerts", "axis": {"format": ",d", "tickMinStep": 1}},
            "color": {
                "field": "kind",
                "type": "nominal",
                "scale": {"domain": list(kinds), "range": list(kinds.values())},
                "legend": {"title": None, "orient": "top"},
            },
            "strokeDash": {
                "field": "kind",
                "type": "nominal",
                "scale": {"domain": list(kinds), "range": [[1, 0], [4, 2], [1, 2]]},
                "legend": {"title": None, "orient": "top"},
            },
        },
        "config": CONFIG,
    }


def _twin(lines: Sequence[SliceLine]) -> Table:
    columns = (
        Column("Quarter-hour, UTC", "code", share=2),
        *(Column(title, "whole") for title in ("Received", "Held back", "Passed on")),
    )
    rows = tuple((instant_figures(line.slice_at), line.received, line.held_back, line.forwarded) for line in lines)
    return Table("Alerts at the DSP by quarter-hour", columns, rows, "No quarter-hour was told.", _PAGE_ROWS)
