"""The areas of a month beside its measures, at a glance: Business Processes, alerts, Incidents, firmware, installations."""

from collections.abc import Iterator

from tocsin.desk.web.served_page import brief_words, figure_link
from tocsin.measuring.figures import Figure
from tocsin.reports.alert_graphs import throughput_graph
from tocsin.reports.blocks import Block, Cell, Column, Heading, Link, Note, Prose, Status, Table
from tocsin.reports.figure_book import natural
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.wording import CLOCKS, SOURCES, UNITS, indicator_title, instant_figures, number, with_unit
from tocsin.vocabulary.alerts import ALERT_STAGES
from tocsin.vocabulary.instants import DAY_US

# What is told of firmware and of installations: subject, indicator, and what that counts in words.
_FIRMWARE = (
    ("firmware_uploads", "accepted", "Devices, upload: accepted by the DSP"),
    ("firmware_uploads", "at_device", "Devices, upload: image at the device"),
    ("firmware_uploads", "late", "Devices, upload: late"),
    ("firmware_uploads", "failed", "Devices, upload: failed"),
    ("firmware_activations", "requested", "Devices, activation: asked for"),
    ("firmware_activations", "activated", "Devices, activation: answered with success"),
    ("firmware_activations", "failed", "Devices, activation: failed"),
    ("firmware_activations", "no_answer", "Devices, activation: no answer"),
    ("hub_downloads", "attempts", "Communications Hubs: downloads attempted"),
    ("hub_downloads", "succeeded", "Communications Hubs: downloads succeeded"),
    ("hub_downloads", "failed", "Communications Hubs: downloads failed"),
    ("hub_versions", "changed", "Communications Hubs with another version by the inventory"),
)
_INSTALLS = (
    ("installs", "installed", "Communications Hubs first updated in the month"),
    ("installs", "commissioned", "Installed and commissioned"),
    ("installs", "left", "Installed and left"),
    ("installs", "awaiting", "Awaiting a decision inside 90 days"),
    ("installs", "replaced", "Replaced"),
    ("installs", "first_time_connectivity", "First-time connectivity"),
)
_STAGE = "reached_"


def processes(run: FrozenRun) -> Table:
    """Each Business Process: how much, how well, how fast."""
    rows: list[tuple[Cell, ...]] = []
    for process in run.processes:
        volume, success = (run.book.whole(process.name, indicator) for indicator in ("volume", "success_rate"))
        spans = (run.book.whole(process.name, indicator) for indicator in ("round_trip_p95", "delivery_p95"))
        time = next((figure for figure in spans if figure is not None), None)
        rows.append((process.title, *(_linked(run, figure) for figure in (volume, success, time))))
    columns = (
        Column("Business Process", share=4), Column("Volume", "figure"), Column("Success rate, %", "figure"),
        Column("Round Trip or delivery Time, p95, s", "figure"),
    )  # fmt: skip
    return Table("Business Processes, each figure leading to its page", columns, tuple(rows), "No Business Process was declared.")


def incidents(run: FrozenRun) -> Table:
    """What is open at the month's end, by category and clock."""
    told = [one for one in run.book.of("incidents") if [column for column, _ in one.breakdown] == ["clock", "category"]]
    by_place = {(one.indicator, one.breakdown): one for one in told}
    cells = sorted({one.breakdown for one in told if one.indicator == "open"}, key=lambda cell: [natural(value) for _, value in cell])
    rows: list[tuple[Cell, ...]] = []
    for cell in cells:
        (_, clock), (_, category) = cell
        linked = (_linked(run, by_place.get((indicator, cell))) for indicator in ("open", "open_breached"))
        rows.append((f"Category {category}" if category not in {"", "0"} else "No category", CLOCKS.get(clock, clock), *linked))
    columns = (Column("Category"), Column("Clock"), Column("Open at the end", "figure"), Column("Of them past target", "figure"))
    return Table("Incidents open at the month's end", columns, tuple(rows), "No Incidents are told in this run.")


def firmware_and_installs(run: FrozenRun) -> Iterator[Block]:
    """Devices and Communications Hubs: images on their way, hubs installed."""
    yield _facts(run, "Firmware of devices and Communications Hubs", _FIRMWARE)
    yield _facts(run, "Install & Commission, Install & Leave, by the audit trail", _INSTALLS)


def _facts(run: FrozenRun, caption: str, facts: tuple[tuple[str, str, str], ...]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for subject, indicator, words in facts:
        figure = run.book.whole(subject, indicator)
        if figure is not None:
            rows.append((with_unit(words, figure.unit), _linked(run, figure), _state(figure), SOURCES.get(figure.source, figure.source)))
    columns = (Column("What", share=4), Column("Of the month", "figure"), Column("State", "status"), Column("Source", share=2))
    return Table(caption, columns, tuple(rows), "Nothing of it is told in this run.")


def _state(figure: Figure) -> Cell:
    # No level applies to a count: what is there to say is whether it is whole.
    return "told in full" if figure.status == "stated" else Status(figure.status)


def alerts(run: FrozenRun) -> Iterator[Block]:
    """How many reached which stage, and which quarter-hour was the busiest."""
    told = run.book.totals("alerts")
    if told and all(figure.status == "no_data" for figure in told):
        yield Note("No data: no feed of alerts by stage was received for the month.")
        return
    rows = tuple((_alert_words(figure), _linked(run, figure)) for figure in told)
    yield Table("Alerts of the month", (Column("What", share=4), Column("Of the month", "figure")), rows, "No alerts are told in this run.")
    slices = run.alerts.slices
    if slices:
        busiest = max(slices, key=lambda line: (line.received, -line.slice_at))
        yield Prose(
            f"{number(len(slices))} quarter-hours of the month are told. The busiest began {instant_figures(busiest.slice_at)} UTC: "
            f"the DSP received {number(busiest.received)} alerts, passed {number(busiest.forwarded)} on and held back "
            f"{number(busiest.held_back)}."
        )
    else:
        yield Note("No quarter-hour of alerts is told in this run.")


def throughput(run: FrozenRun) -> Iterator[Block]:
    """The last day of which quarter-hours came: its drawing, and the same as a table."""
    slices = run.alerts.slices
    if slices:
        day = max(line.slice_at for line in slices) // DAY_US
        yield Heading("Quarter-hours of the last day told")
        yield throughput_graph(run, [line for line in slices if line.slice_at // DAY_US == day])
    else:
        yield Note("No quarter-hour of alerts is told in this run.")


def _alert_words(figure: Figure) -> str:
    stage = figure.indicator.removeprefix(_STAGE)
    if figure.indicator.startswith(_STAGE) and stage in ALERT_STAGES:
        return f"Known at stage {stage}: {ALERT_STAGES[stage]}"
    return with_unit(indicator_title(figure.indicator), figure.unit) if figure.unit in UNITS else indicator_title(figure.indicator)


def _linked(run: FrozenRun, figure: Figure | None) -> Link | str:
    return figure_link(run, figure, brief_words(figure)) if figure is not None else "n/a"
