"""Alerts: the measure by both sources, the funnel of stages, throughput by quarter-hour, times of the legs, losses (CR1418, CR1438)."""

from collections.abc import Sequence

from tocsin.measuring.figures import Figure
from tocsin.reports.alert_graphs import NOT_PROVIDED, funnel_graph, throughput_graph
from tocsin.reports.blocks import Block, Cell, Column, Heading, Note, Prose, Table, briefly, counted, met, shown
from tocsin.reports.blocks import marks as marks_of
from tocsin.reports.figure_book import FigureBook
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.section import Section
from tocsin.reports.wording import column_title, value_title, with_unit
from tocsin.vocabulary.alerts import ALERT_STAGES

SOURCES = {"provider_feed": "Service Provider feed", "toc_proxy": "TOC proxy"}
MEASURES = ("cpm_3", "cpm_3_at_dsp", "cpm_3_reported")
# What the two areas count alike: (title, of all stages, as the DSP alone sees it).
PAIRS = (
    ("Alerts", "raised", "at_dsp_raised"),
    ("Passed to the User, %", "forwarded", "at_dsp_forwarded"),
    ("Passed on late", "late", "at_dsp_late"),
    ("Held back in storms", "consolidated", "at_dsp_consolidated"),
    ("Lost inside the DSP", "lost_inside_dsp", "at_dsp_lost"),
)
ALONE = (
    ("Lost before the DSP", "lost_before_dsp"),
    ("Not passed on yet", "still_open"),
    ("Stood for by an alert passed on, itself among them", "stood_for"),
    ("Timed by proxy: the Communications Hub Function's stamp is not provided", "by_proxy"),
    ("Power outage alerts (AD1)", "power_outages"),
    ("Of these after a firmware activation", "false_outages"),
)
LEGS = {
    "wan": "WAN: provider's receipt to passed to the DSP",
    "dsp": "DSP: its receipt to passed to the User",
    "delivery": "Delivery: Communications Hub Function to the User",
    "confirm": "Confirmation: passed to the User to its receipt",
    "provider_to_dsp": "Passed to the DSP, and received by it",
    "inside_dsp": "Received by the DSP, and passed on by it",
}
TIMES = ("timed", "time_p50", "time_p90", "time_p95", "time_p99", "time_max")
NONE_TOLD = "none told"


def build(run: FrozenRun) -> list[Block]:
    book = run.book
    whole = book.whole("alerts", "raised")
    if whole is None or whole.status == "no_data":
        return [Note("No data: no alert records of this period were received.")]
    return [
        Prose(
            "Each alert is followed by its key from sender to sender. It belongs to the month in which the Communications Hub Function "
            "received it, or to that of the first stage known. One that is held back as part of a storm is no loss: another stands for it."
        ),
        _measures(run, book),
        Heading("Stages"),
        _funnel(run, book),
        _became(book),
        _provided(run, book),
        Heading("Throughput by quarter-hour"),
        throughput_graph(run, run.alerts.slices) if run.alerts.slices else Note("No data: the DSP tells no quarter-hour of this period."),
        Heading("Times of the legs"),
        _legs(run, book, ("leg", "measured")),
        _legs(run, book, ("leg", "region")),
        Heading("Losses, after neighbouring quarter-hours were reconciled"),
        _losses(run, book),
    ]


def _measures(run: FrozenRun, book: FigureBook) -> Table:
    sources = {measure.name: measure.source for measure in run.measures}
    rows: list[tuple[Cell, ...]] = []
    found = [(name, figure) for name in MEASURES if (figure := book.whole(name)) is not None]
    titles = {
        "cpm_3": "Each alert, stages b to f",
        "cpm_3_at_dsp": "Each alert, the DSP's stages alone",
        "cpm_3_reported": "Levels as reported",
    }
    for name, figure in found:
        source = SOURCES.get(sources.get(name, ""), "not told")
        rows.append((titles[name], source, shown(figure), counted(figure), met(figure), marks_of(figure)))
    both = dict(found)
    if {"cpm_3", "cpm_3_at_dsp"} <= both.keys():
        first, other = both["cpm_3"], both["cpm_3_at_dsp"]
        rows.append(("Difference of the first two", "both", "in counts", *_differences(first, other), "none"))
    columns = (
        Column("CPM 3 by", share=3), Column("Source", share=2), Column("Result, %", "figure"), Column("Counted", "whole"),
        Column("Met", "whole"), Column("Marks", share=2),
    )  # fmt: skip
    return Table("CPM 3 by each source", columns, tuple(rows), "No measure of alerts was made.")


def _differences(first: Figure, other: Figure) -> tuple[Cell, Cell]:
    pairs = ((first.counted, other.counted), (first.met, other.met))
    counts, is_met = (mine - theirs if mine is not None and theirs is not None else "no data" for mine, theirs in pairs)
    return counts, is_met


def _funnel(run: FrozenRun, book: FigureBook) -> Block:
    reached = [(stage, figure) for stage in ALERT_STAGES if (figure := book.whole("alerts", f"reached_{stage}")) is not None]
    regions = sorted({figure.breakdown[0][1] for figure in book.split("alerts", ("region",))})
    rows: list[tuple[Cell, ...]] = []
    for stage, figure in reached:
        cells = [_reached(book, stage, region) for region in regions]
        rows.append((f"{stage}: {ALERT_STAGES[stage]}", shown(figure), *cells))
    columns = (
        Column("Stage", share=3), Column("All", "figure"), *(Column(value_title(run, "region", region), "figure") for region in regions)
    )  # fmt: skip
    table = Table("Alerts known to have passed each stage, by CSP Region", columns, tuple(rows), "No stage was told.")
    return funnel_graph(run, reached, table) if any(figure.value is not None for _, figure in reached) else table


def _reached(book: FigureBook, stage: str, region: str) -> Cell:
    """How many of a region passed a stage; a stage that no sender tells of that region is not provided, and not a nought."""
    figure = book.at("alerts", f"reached_{stage}", (("region", region),))
    if figure is None:
        return "no figure"
    is_told = any(
        dict(told.breakdown)["stage"] == stage and dict(told.breakdown)["region"] == region
        for told in book.split("alert_throughput", ("sender", "stage", "region"))
    )
    return briefly(figure) if figure.counted or is_told else NOT_PROVIDED


def _became(book: FigureBook) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for title, every, at_dsp in PAIRS:
        first, other = book.whole("alerts", every), book.whole("alerts_at_dsp", at_dsp)
        if first is not None and other is not None:
            difference: Cell = "no data"
            if first.counted is not None and other.counted is not None:
                difference = first.counted - other.counted
            rows.append((title, shown(first), shown(other), difference))
    for title, name in ALONE:
        figure = book.whole("alerts", name)
        if figure is not None:
            rows.append((title, shown(figure), "not available from this source", "none"))
    columns = (
        Column("What became of them", share=4), Column("Service Provider feed", "figure", share=2), Column("TOC proxy", "figure", share=2),
        Column("Difference in counts", "whole"),
    )  # fmt: skip
    return Table("What became of the alerts, by each source", columns, tuple(rows), "No alert of the period was told.")


def _provided(run: FrozenRun, book: FigureBook) -> Table:
    """Who told how many alerts of which stage; what a sender cannot tell is not provided, and never a nought."""
    told = {dict(figure.breakdown)["sender"]: None for figure in book.split("alert_throughput", ("sender", "stage"))}
    provided = {(line.sender, line.stage): line.is_provided for line in run.alerts.stages}
    senders = sorted({*told, *(sender for sender, _ in provided)})

    def cell(sender: str, stage: str) -> Cell:
        figure = book.at("alert_throughput", "told", (("sender", sender), ("stage", stage)))
        if figure is not None and figure.counted:
            return briefly(figure)
        return NONE_TOLD if provided.get((sender, stage), True) else NOT_PROVIDED

    rows = tuple((sender, *(cell(sender, stage) for stage in ALERT_STAGES)) for sender in senders)
    columns = (Column("Sender", share=2), *(Column(f"Stage {stage}", "figure") for stage in ALERT_STAGES))
    return Table("Alerts told by sender and stage (Service Provider feed)", columns, rows, "No sender told of any stage.")


def _legs(run: FrozenRun, book: FigureBook, split: tuple[str, str]) -> Table:
    words = {"stamped": "Stamped", "proxy": "By proxy"}
    by: dict[tuple[str, str], dict[str, Figure]] = {}
    for figure in book.split("alert_legs", split):
        leg, value = (value for _, value in figure.breakdown)
        by.setdefault((leg, value), {})[figure.indicator] = figure
    order = list(LEGS)
    rows: list[tuple[Cell, ...]] = [
        (LEGS[leg], words.get(value) or value_title(run, split[1], value), *_cells(found, TIMES))
        for (leg, value), found in sorted(by.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))
    ]
    titles = ("Alerts", "p50, s", "p90, s", "p95, s", "p99, s", "Longest, s")
    second = "Measured" if split[1] == "measured" else column_title(split[1])
    columns = (Column("Leg", share=3), Column(second), *(Column(title, "figure") for title in titles))
    caption = f"Times of the legs by {second.lower() if second == 'Measured' else second} (Service Provider feed)"
    return Table(caption, columns, tuple(rows), "No leg has both its stamps.")


def _losses(run: FrozenRun, book: FigureBook) -> Table:
    by: dict[tuple[str, str], dict[str, Figure]] = {}
    for split in (("leg",), ("leg", "service_provider")):
        for figure in book.split("alert_losses", split):
            leg, *values = (value for _, value in figure.breakdown)
            by.setdefault((leg, values[0] if values else ""), {})[figure.indicator] = figure
    rows: list[tuple[Cell, ...]] = []
    for (leg, provider), found in sorted(by.items(), key=lambda item: (list(LEGS).index(item[0][0]), item[0][1])):
        share = found["lost_share"]
        out, lost = counted(share), met(share)
        told = _cells({**found}, ("arrived", "consolidated", "open", "skewed"))
        rows.append((LEGS[leg], value_title(run, "service_provider", provider) if provider else "all", out, *told, lost, shown(share)))
    titles = ("Set out", "Arrived", "Held back", "Waiting", "In a neighbour", "Lost")
    columns = (
        Column("Leg", share=3), Column("Service Provider", share=2), *(Column(title, "whole") for title in titles),
        Column(with_unit("Lost", "percent"), "figure"),
    )  # fmt: skip
    return Table("Alerts lost between two ends (Service Provider feed)", columns, tuple(rows), "No two ends of a leg were both told.", 60)


def _cells(found: dict[str, Figure], names: Sequence[str]) -> tuple[Cell, ...]:
    return tuple(briefly(found[name]) if name in found else "no figure" for name in names)


ALERTS = Section(name="alerts", title="Alerts", order=45, build=build)
