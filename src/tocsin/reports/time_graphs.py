"""How long the answers of a Business Process took: spans on bands of time, for all and for each CSP Region, under each target."""

from collections.abc import Mapping, Sequence
from typing import Any

from tocsin.reports.blocks import Cell, Chart, Column, Graph, Table
from tocsin.reports.frozen import FrozenRun, ProcessText
from tocsin.reports.frozen_rhythm import BandsLine
from tocsin.reports.graph_style import BLUE, CONFIG, INK, QUIET, WIDTH
from tocsin.reports.wording import is_incomplete, month_words, number, value_title
from tocsin.vocabulary.instants import DAY_US, MINUTE_US, SECOND_US

# From dark to light, so that they differ in grey; the shortest target first. An outline keeps the lightest apart from the paper.
COLOURS = (BLUE, "#9CC9E3", "#DCE6EC", "#FFFFFF")
_ACROSS = 4
_SMALL_WIDTH, _GAP = 112, 16
_MILLISECOND_US, _HOUR_US = 1_000, 60 * MINUTE_US
# The words of the edges that a narrow panel has room for.
_FEW = ("1 s", "30 s", "24 h")
# Rules so few bands apart have no room for a name between them.
_NEAR = 2

Lines = Mapping[int | None, BandsLine]


def times_graph(run: FrozenRun, process: ProcessText) -> Graph | None:
    """Bars of the spans in each band, stacked by the Target Response Time that applied, small ones by CSP Region below.

    Of successful answers only, as the percentiles are. None for a run or a process without spans.
    """
    by_region: dict[str, dict[int | None, BandsLine]] = {}
    for line in run.rhythm.bands:
        if line.process == process.name:
            by_region.setdefault(line.region, {})[line.target_us] = line
    whole = by_region.pop("", {})
    if not whole:
        return None
    # Alerts are not asked for: theirs is the time to the User, not a round trip.
    is_alert = any(figure.indicator == "delivery_p50" for figure in run.book.of(process.name))
    what = "time to the User" if is_alert else "Round Trip Time of successful answers"
    regions = {value_title(run, "region", region): lines for region, lines in sorted(by_region.items(), key=_region_order)}
    keys = [_key(target) for target in whole]
    # While owed files are not in no share is told, as no figure tells one: the answers received are drawn as they came.
    is_whole = not is_incomplete(run, f"{process.name}.within_target")
    rates = [f"{line.rate} % within {span_words(target)}" for target, line in whole.items() if target is not None and line.rate]
    within = "; ".join(rates) if is_whole else "incomplete, owed files are not in"
    caption = f"{process.title}: {what}, {month_words(run.period)}{f'; {within}' if within else ''}"
    twin = _twin(f"{process.title}: {what} in bands", run, whole, regions)
    chart = Chart(
        kind="column",
        title=f"{process.title}: {what}",
        along=twin.columns[0].title,
        series=tuple(keys),
        along_title="Time, at least",
        value_title="Number",
        is_stacked=True,
        colours=COLOURS,
    )
    spec = _spec(run, whole, regions, "Time to the User" if is_alert else "Round Trip Time")
    return Graph(f"{process.name}_times", caption, _alt(process, what, run, whole, regions), spec, twin, (chart,))


def _region_order(item: tuple[str, Any]) -> tuple[bool, str]:
    # Words of this code, such as UNKNOWN, stand after the regions.
    return item[0].isupper(), item[0]


def span_words(span_us: int) -> str:
    """A span in whole units as it is spoken of: "30 s", "24 h", "5 days"; a fraction of a second is the only part of a unit."""
    for size, unit in ((DAY_US, "days"), (_HOUR_US, "h"), (MINUTE_US, "min"), (SECOND_US, "s")):
        times, rest = divmod(span_us, size)
        # A day is spoken of as 24 hours: a Target Response Time of 24 h is not one of the next day.
        if times and not rest and (size != DAY_US or times > 1):
            return f"{times} {unit}"
    whole, rest = divmod(span_us, SECOND_US)
    return f"{whole}.{rest:06d}".rstrip("0") + " s"


def _edge(milliseconds: int) -> str:
    return span_words(milliseconds * _MILLISECOND_US)


def _key(target: int | None) -> str:
    return "No target" if target is None else f"Target {span_words(target)}"


def _alt(process: ProcessText, what: str, run: FrozenRun, whole: Lines, regions: Mapping[str, Lines]) -> str:
    edges = run.rhythm.edges_ms
    is_whole = not is_incomplete(run, f"{process.name}.within_target")
    words = [f"Bars of {process.title}, {what}, on bands of time from under {_edge(edges[0])} to {_edge(edges[-1])} and more."]
    for target, line in whole.items():
        place = max(range(len(line.spans)), key=lambda n: (line.spans[n], -n))
        within = f", {number(line.within)} or {line.rate} % within it" if line.rate and is_whole else ""
        fullest = f"the fullest band is {_band(edges, place)} with {number(line.spans[place])}"
        words.append(f"{_key(target)}: {number(sum(line.spans))} in all{within}; {fullest}.")
    told = (f"{title} {number(sum(sum(line.spans) for line in lines.values()))}" for title, lines in regions.items())
    words.append(f"By CSP Region, as shares: {', '.join(told)}.")
    return " ".join(words)


def _band(edges: Sequence[int], place: int) -> str:
    if place == 0:
        return f"under {_edge(edges[0])}"
    if place == len(edges):
        return f"{_edge(edges[-1])} and more"
    return f"{_edge(edges[place - 1])} to {_edge(edges[place])}"


def _twin(title: str, run: FrozenRun, whole: Lines, regions: Mapping[str, Lines]) -> Table:
    edges = run.rhythm.edges_ms
    every = [[line.spans for line in whole.values()], *([line.spans for line in lines.values()] for lines in regions.values())]
    counts = [[sum(spans[place] for spans in group) for group in every] for place in range(len(edges) + 1)]
    told = [place for place, numbers in enumerate(counts) if any(numbers)]
    rows: list[tuple[Cell, ...]] = []
    # Bands before the first and after the last answer are left off; an empty one between them stays.
    for place in range(told[0], told[-1] + 1):
        rows.append((_band(edges, place), *(line.spans[place] for line in whole.values()), *counts[place][1:]))
    columns = (
        Column("Time, under the upper edge", share=2), *(Column(_key(target), "whole") for target in whole),
        *(Column(title, "whole") for title in regions),
    )  # fmt: skip
    return Table(title, columns, tuple(rows), "No answer was timed.")


def _spec(run: FrozenRun, whole: Lines, regions: Mapping[str, Lines], along: str) -> dict[str, Any]:
    edges = run.rhythm.edges_ms
    keys = [_key(target) for target in whole]
    legend = {"title": None, "orient": "top", "symbolType": "square", "symbolStrokeColor": QUIET, "symbolStrokeWidth": 0.6}
    colour = {
        "field": "key",
        "type": "nominal",
        "scale": {"domain": keys, "range": list(COLOURS[: len(keys)])},
        "legend": legend if len(keys) > 1 else None,
    }
    counts = {"field": "low", "type": "quantitative", "title": "Number", "axis": {"format": ",d", "tickMinStep": 1}}
    place = _along(edges, along)
    main = {
        "width": WIDTH,
        "height": 130,
        "layer": [_bars(_values(whole, is_share=False), place, counts, colour), *_rules(whole, edges, place, is_named=True)],
    }
    if len(regions) < 2:
        return {**main, "config": CONFIG}
    most = max(_height(lines) for lines in regions.values())
    place = _along(edges, None, _FEW)
    panels = []
    for n, (title, lines) in enumerate(regions.items()):
        count = number(sum(sum(line.spans) for line in lines.values()))
        shares = {
            "field": "low",
            "type": "quantitative",
            "title": None if n % _ACROSS else "Share, %",
            "scale": {"domain": [0, most], "nice": True},
            "axis": {"tickCount": 3},
        }
        head = {"text": f"{title}, {count}", "anchor": "start", "fontSize": 11, "fontWeight": 600, "offset": 5}
        layers = [_bars(_values(lines, is_share=True), place, shares, colour), *_rules(lines, edges, place, is_named=False)]
        panels.append({"width": _SMALL_WIDTH, "height": 70, "title": head, "layer": layers})
    small = {"concat": panels, "columns": _ACROSS, "spacing": {"row": 14, "column": _GAP}}
    return {"vconcat": [main, small], "spacing": 16, "config": CONFIG}


def _height(lines: Lines) -> float:
    """The highest bar of a region in percent, of all targets together."""
    columns = zip(*(line.shares for line in lines.values()), strict=True)
    return max(sum(float(share) for share in column if share) for column in columns)


def _values(lines: Lines, *, is_share: bool) -> list[dict[str, Any]]:
    """A bar a band and target. A drawing needs a binary number for its height; the counts are in the table."""
    values: list[dict[str, Any]] = []
    stacked: dict[int, float] = {}
    for target, line in lines.items():
        for place, (count, share) in enumerate(zip(line.spans, line.shares, strict=True)):
            if count:
                low = stacked.get(place, 0)
                stacked[place] = low + (float(share) if is_share else count)
                values.append({"from": place + 0.06, "to": place + 0.94, "key": _key(target), "low": low, "high": stacked[place]})
    return values


def _along(edges: Sequence[int], title: str | None, few: Sequence[str] = ()) -> dict[str, Any]:
    """The axis of time: each band as wide as the other, its edges named; a narrow panel names a few."""
    words = ["0", *(_edge(edge) for edge in edges), ""]
    places = [n for n, word in enumerate(words) if word in few or not few]
    # The unit stands where it changes: "0.5 s", 1, 2 … "1 min", 2, 5.
    shown = [word if few or not n or word.split()[-1:] != words[n - 1].split()[-1:] else word.split()[0] for n, word in enumerate(words)]
    axis = {
        "values": places, "tickCount": len(places), "labelExpr": f"{shown}[datum.value]", "grid": False, "title": title, "labelAngle": 0,
        "labelOverlap": False, "labelFontSize": 9 if few else 10,
    }  # fmt: skip
    return {"type": "quantitative", "scale": {"domain": [0, len(edges) + 1], "nice": False}, "axis": axis}


def _bars(values: list[dict[str, Any]], place: Mapping[str, Any], height: Mapping[str, Any], colour: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "data": {"values": values},
        "mark": {"type": "rect", "stroke": QUIET, "strokeWidth": 0.4},
        "encoding": {
            "x": {"field": "from", **place},
            "x2": {"field": "to"},
            "y": dict(height),
            "y2": {"field": "high"},
            "color": dict(colour),
        },
    }


def _rules(lines: Lines, edges: Sequence[int], place: Mapping[str, Any], *, is_named: bool) -> list[dict[str, Any]]:
    """A rule at each target that is an edge, named where there is room; one that is not is told in words alone."""
    places = {edge * _MILLISECOND_US: place for place, edge in enumerate(edges, start=1)}
    layers: list[dict[str, Any]] = []
    before = 0
    for target in lines:
        along = places.get(target or 0)
        if along is None:
            continue
        at = {"data": {"values": [{"at": along}]}, "encoding": {"x": {"field": "at", **place}}}
        layers.append({**at, "mark": {"type": "rule", "color": INK, "strokeDash": [4, 2], "strokeWidth": 1.2}})
        if is_named:
            # A name stands to the left of its rule, unless another rule is as near.
            side = {"align": "right", "dx": -4} if along - before > _NEAR else {"align": "left", "dx": 4}
            text = {"type": "text", "text": _key(target), "y": 1, "baseline": "top", "fontSize": 10, "color": INK, **side}
            layers.append({**at, "mark": text})
        before = along
    return layers
