"""The graphs of the describe page: Vega-Lite specifications of whole numbers that were drawn, each with its words and its table."""

from collections.abc import Mapping, Sequence
from typing import Any

from tocsin.estate.description import LAST_SECOND, OUTCOMES, Description
from tocsin.estate.growth import published, volume_of
from tocsin.reports.blocks import Cell, Column, Graph, Shown, Table
from tocsin.reports.graph_style import BLUE, GREEN, INK, ORANGE, PURPLE
from tocsin.reports.typefaces import FAMILY
from tocsin.reports.wording import VALUES, day_words, month_words, number, spoken
from tocsin.vocabulary.business_processes import TITLES
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.target_times import FLOWS

WIDTH = 560
REGIONS = ("north", "central", "south", "smets1")
_CONFIG: Mapping[str, Any] = {
    "font": FAMILY, "background": "white", "view": {"stroke": None},
    "axis": {"labelFontSize": 11, "titleFontSize": 11, "labelColor": INK, "titleColor": INK, "titleFontWeight": "normal",
             "gridColor": "#DDE1E6"},
    "legend": {"labelFontSize": 11, "titleFontSize": 11, "labelColor": INK, "titleColor": INK, "titleFontWeight": "normal",
               "labelLimit": 220},
}  # fmt: skip
_COLOURS = {"north": BLUE, "central": GREEN, "south": ORANGE, "smets1": PURPLE}


def per_cent(part: int, whole: int) -> str:
    """A share to a tenth of a per cent, in whole numbers, half up."""
    tenths = (2_000 * part + whole) // (2 * whole) if whole else 0
    return f"{tenths // 10}.{tenths % 10} %"


def growth_graph(told: Description) -> Graph:
    """Meters and messages of the whole network by month through the published figures, and where this month stands."""
    first, last = min(row[0] for row in published()), max(*(row[0] for row in published()), told.plan.period.label)
    period, curve = Period.parse(first), []
    while period.label <= last:
        volume = volume_of(period)
        curve.append({"month": f"{period.label}-01", "meters": volume.smets1_meters + volume.smets2_meters, "messages": volume.messages})
        period = period.next()
    points = [{"month": f"{month}-01", "messages": value} for month, name, value, *_ in published() if name == "messages"]
    mark = {"values": [{"month": f"{told.plan.period.label}-01"}]}

    def panel(quantity: str, title: str, anchors: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        y = {"field": quantity, "type": "quantitative", "title": title, "axis": {"format": "~s", "tickCount": 4}}
        x = {"field": "month", "type": "temporal", "scale": {"type": "utc"}, "title": None, "axis": {"format": "%b %Y", "tickCount": 8}}
        return {
            "width": WIDTH, "height": 110,
            "layer": [
                {"data": {"values": curve}, "mark": {"type": "line", "color": BLUE}, "encoding": {"x": x, "y": y}},
                {"data": {"values": list(anchors)}, "mark": {"type": "point", "color": INK, "filled": True, "size": 45},
                 "encoding": {"x": x, "y": y}},
                {"data": mark, "mark": {"type": "rule", "color": ORANGE, "strokeWidth": 2}, "encoding": {"x": x}},
            ],
        }  # fmt: skip

    rows = tuple((month, spoken(name), value, status, source) for month, name, value, status, source in published())
    columns = (Column("Month"), Column("Quantity"), Column("Whole network", "whole"), Column("Known as"), Column("Source", share=4))
    now = volume_of(told.plan.period)
    return Graph(
        "growth",
        "Meters and messages of the whole network by month. Dots: published; upright line: the month simulated",
        f"Two lines rising from {first} to {last}. In {month_words(told.plan.period)}: "
        f"{number(now.smets1_meters + now.smets2_meters)} meters, {number(now.messages)} messages.",
        {"vconcat": [panel("meters", "Meters", []), panel("messages", "Messages a month", points)], "config": _CONFIG},
        Table("Published figures", columns, rows, "No figure was published."),
    )


def hours_graph(told: Description) -> Graph:
    """Requests by hour of the day (UTC) and flow."""
    values = [{"hour": hour, "flow": spoken(flow), "count": count} for (flow, hour), count in sorted(told.by_hour.items())]
    flows = [flow for flow in FLOWS if any(name == flow for name, _ in told.by_hour)]
    by_hour = [[told.by_hour[flow, hour] for flow in flows] for hour in range(24)]
    rows: tuple[tuple[Cell, ...], ...] = tuple((f"{hour:02d}:00", *counts, sum(counts)) for hour, counts in enumerate(by_hour))
    columns = (Column("Hour"), *(Column(spoken(flow), "whole") for flow in flows), Column("All", "whole"))
    night = sum(map(sum, by_hour[:6]))
    spec = {
        "data": {"values": values}, "width": WIDTH, "height": 200, "mark": "bar",
        "encoding": {
            "x": {"field": "hour", "type": "ordinal", "title": "Hour of the day, UTC", "axis": {"labelAngle": 0}},
            "y": {"field": "count", "type": "quantitative", "title": "Service Requests", "axis": {"format": ",d"}},
            "color": {"field": "flow", "type": "nominal", "title": None, "sort": [spoken(flow) for flow in flows],
                      "scale": {"scheme": "tableau20"}},
        },
        "config": _CONFIG,
    }  # fmt: skip
    alt = f"Bars of requests by hour, stacked by flow. From midnight to 06:00: {per_cent(night, told.requests)} of all."
    return Graph("hours", "Service Requests by hour of the day and flow", alt, spec, Table("By hour", columns, rows, "Nothing was drawn."))


def days_graph(told: Description) -> Graph:
    """Requests by day."""
    days = sorted(told.by_day.items())
    values = [{"day": day_words(day), "count": count} for day, count in days]
    spec = {
        "data": {"values": values}, "width": WIDTH, "height": 140, "mark": {"type": "bar", "color": BLUE},
        "encoding": {
            "x": {"field": "day", "type": "ordinal", "sort": None, "title": None, "axis": {"labelAngle": -90}},
            "y": {"field": "count", "type": "quantitative", "title": "Service Requests", "axis": {"format": ",d"}},
        },
        "config": _CONFIG,
    }  # fmt: skip
    rows = tuple((day_words(day), count) for day, count in days)
    alt = f"Bars of requests by day, from {number(min(told.by_day.values()))} to {number(max(told.by_day.values()))}."
    table = Table("By day", (Column("Day"), Column("Service Requests", "whole")), rows, "Nothing was drawn.")
    return Graph("days", "Service Requests by day", alt, spec, table)


def mix_graph(told: Description) -> Graph:
    """Requests by the Business Process of their SRV."""
    mix = sorted(told.by_process().items(), key=lambda entry: -entry[1])
    names = {code: TITLES.get(code, "Other") for code, _ in mix}
    values = [{"process": names[code], "count": count, "shown": per_cent(count, told.requests)} for code, count in mix]
    y = {"field": "process", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 220}}
    x = {"field": "count", "type": "quantitative", "title": "Service Requests", "axis": {"format": ",d"}}
    spec = {
        "data": {"values": values}, "width": 400, "height": {"step": 24}, "config": _CONFIG,
        "layer": [
            {"mark": {"type": "bar", "color": BLUE}, "encoding": {"x": x, "y": y}},
            {"mark": {"type": "text", "align": "left", "dx": 4}, "encoding": {"x": x, "y": y, "text": {"field": "shown"}}},
        ],
    }  # fmt: skip
    srvs = tuple((srv or "none", count, per_cent(count, told.requests)) for srv, count in told.by_srv.most_common())
    table = Table("By Service Request Variant", (Column("SRV"), Column("Requests", "whole"), Column("Share")), srvs, "Nothing was drawn.")
    alt = f"Bars by Business Process: {', '.join(f'{names[code]} {per_cent(count, told.requests)}' for code, count in mix)}."
    return Graph("mix", "Service Requests by Business Process of their SRV", alt, spec, table)


def round_trip_graph(told: Description) -> Graph:
    """Round trips of answered On-Demand requests by region, as shares of each whole second."""
    values, rows = [], []
    for region in REGIONS:
        seconds = {second: count for (name, second), count in told.round_trips.items() if name == region}
        whole = sum(seconds.values())
        if whole:
            # A drawing needs a binary number to place a point; the numbers a person reads are in the table.
            values += [
                {"region": VALUES[region], "second": second, "share": 1000 * count / whole} for second, count in sorted(seconds.items())
            ]
            rows.append((VALUES[region], whole, *(_percentile(seconds, per_mille) for per_mille in (500, 900, 950, 990))))
    spec = {
        "data": {"values": values}, "width": WIDTH, "height": 200, "mark": {"type": "line", "interpolate": "step-after"},
        "encoding": {
            "x": {"field": "second", "type": "quantitative", "title": f"Round Trip Time, whole seconds ({LAST_SECOND}: that or more)"},
            "y": {"field": "share", "type": "quantitative", "title": "Of a thousand requests"},
            "color": {"field": "region", "type": "nominal", "title": None,
                      "scale": {"domain": [VALUES[name] for name in REGIONS], "range": [_COLOURS[name] for name in REGIONS]}},
        },
        "config": _CONFIG,
    }  # fmt: skip
    columns = (Column("Region"), Column("Answered", "whole"), *(Column(f"p{share}, s", "figure") for share in (50, 90, 95, 99)))
    said = "; ".join(f"{row[0]}: p50 {_text(row[2])}, p95 {_text(row[4])}" for row in rows)
    table = Table("Round trips of successful On-Demand requests", columns, tuple(rows), "Nothing was answered.")
    return Graph("round_trips", "Round Trip Time of successful On-Demand requests by region", f"Lines by region. {said}.", spec, table)


def outcomes_graph(told: Description) -> Graph:
    """How requests ended, by region."""
    regions = [name for name in (*REGIONS, "") if any(region == name for region, _ in told.by_outcome)]
    names = {region: VALUES.get(region, "No device") for region in regions}
    values = [
        {"region": names[region], "outcome": spoken(outcome), "order": place, "count": told.by_outcome[region, outcome]}
        for region in regions for place, outcome in enumerate(OUTCOMES)
    ]  # fmt: skip
    spec = {
        "data": {"values": values}, "width": 430, "height": {"step": 28}, "mark": "bar", "config": _CONFIG,
        "encoding": {
            "y": {"field": "region", "type": "nominal", "sort": None, "title": None},
            "x": {"field": "count", "type": "quantitative", "stack": "normalize", "title": "Share", "axis": {"format": "%"}},
            "color": {"field": "outcome", "type": "nominal", "title": None, "sort": [spoken(outcome) for outcome in OUTCOMES],
                      "scale": {"range": [GREEN, ORANGE, PURPLE, INK, BLUE, "#9AA5B1"]}},
            "order": {"field": "order"},
        },
    }  # fmt: skip
    rows = tuple(_outcome_row(told, region, names[region]) for region in regions)
    columns = (Column("Region"), *(Column(spoken(outcome), "whole") for outcome in OUTCOMES), Column("Success", "figure"))
    alt = f"Bars of outcomes by region. {'; '.join(f'{row[0]}: success {_text(row[-1])}' for row in rows)}."
    return Graph("outcomes", "How Service Requests ended, by region", alt, spec, Table("By outcome", columns, rows, "Nothing was drawn."))


def rows_graph(told: Description) -> Graph:
    """Audit rows a request left."""
    values = [{"rows": rows, "count": count} for rows, count in sorted(told.rows_each.items())]
    spec = {
        "data": {"values": values}, "width": WIDTH, "height": 120, "mark": {"type": "bar", "color": BLUE}, "config": _CONFIG,
        "encoding": {
            "x": {"field": "rows", "type": "ordinal", "title": "Audit rows", "axis": {"labelAngle": 0}},
            "y": {"field": "count", "type": "quantitative", "title": "Service Requests", "axis": {"format": ",d"}},
        },
    }  # fmt: skip
    hundredths = 100 * told.rows // max(told.requests, 1)
    table_rows = tuple((str(rows), count) for rows, count in sorted(told.rows_each.items()))
    table = Table("Audit rows", (Column("Rows"), Column("Service Requests", "whole")), table_rows, "Nothing was drawn.")
    alt = f"Bars of requests by audit rows left; {hundredths // 100}.{hundredths % 100:02d} rows a request."
    return Graph("rows", "Audit rows a Service Request left", alt, spec, table)


def devices_graph(told: Description) -> Graph:
    """Devices by type and region."""
    kinds = list(dict.fromkeys(kind for kind, _ in sorted(told.devices)))
    values = [
        {"type": kind, "region": VALUES.get(region, region), "count": count} for (kind, region), count in sorted(told.devices.items())
    ]
    spec = {
        "data": {"values": values}, "width": WIDTH, "height": 160, "mark": "bar", "config": _CONFIG,
        "encoding": {
            "x": {"field": "type", "type": "nominal", "title": None, "axis": {"labelAngle": 0}},
            "y": {"field": "count", "type": "quantitative", "title": "Devices", "axis": {"format": ",d"}},
            "color": {"field": "region", "type": "nominal", "title": None,
                      "scale": {"domain": [VALUES[name] for name in REGIONS], "range": [_COLOURS[name] for name in REGIONS]}},
        },
    }  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple((kind, *(told.devices[kind, region] for region in REGIONS)) for kind in kinds)
    whole = {kind: sum(told.devices[kind, region] for region in REGIONS) for kind in kinds}
    columns = (Column("Device type"), *(Column(VALUES[region], "whole") for region in REGIONS))
    alt = f"Bars of devices by type: {', '.join(f'{kind} {number(count)}' for kind, count in whole.items())}."
    return Graph("devices", "Devices by type and region", alt, spec, Table("Devices", columns, rows, "There is none."))


def _outcome_row(told: Description, region: str, name: str) -> tuple[Cell, ...]:
    counts = [told.by_outcome[region, outcome] for outcome in OUTCOMES]
    # Rejected and still open requests are no successes and no failures (domain.md 6.4).
    counted = sum(counts[:4])
    return (name, *counts, Shown(per_cent(counts[0], counted), "percent", True))


def _percentile(seconds: Mapping[int, int], per_mille: int) -> Cell:
    """Nearest rank, on whole seconds."""
    rank, reached = (per_mille * sum(seconds.values()) + 999) // 1000, 0
    for second, count in sorted(seconds.items()):
        reached += count
        if reached >= rank:
            return Shown(f"{second}{' or more' if second == LAST_SECOND else ''}", "seconds", True)
    return Shown("n/a", "seconds", False)


def _text(cell: Cell) -> str:
    return cell.text if isinstance(cell, Shown) else str(cell)
