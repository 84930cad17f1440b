"""Firmware of devices and of Communications Hubs: stages, round trips, both sources (CR1421, CR1423, CR1440; domain.md 8)."""

from collections.abc import Sequence

from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import Block, Cell, Column, Heading, Note, Prose, Status, Table, briefly, counted, marks, met, shown
from tocsin.reports.figure_book import FigureBook
from tocsin.reports.firmware_graph import funnel_graph
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.section import Section
from tocsin.reports.wording import SOURCES, column_title, measure_label, number, value_title

_UPLOADS, _ACTIVATIONS, _HUBS = "firmware_uploads", "firmware_activations", "hub_downloads"
_NOT_AVAILABLE = "not available from this source"

# Stage of the funnel, its part, area and indicator.
_FUNNEL = (
    ("Devices named", "upload", _UPLOADS, "named"),
    ("F0 accepted", "upload", _UPLOADS, "accepted"),
    ("F1 sent on", "upload", _UPLOADS, "sent"),
    ("F2 at the hub", "upload", _UPLOADS, "at_hub"),
    ("F3 at the device", "upload", _UPLOADS, "at_device"),
    ("F4 asked for", "activation", _ACTIVATIONS, "requested"),
    ("F5 answered", "activation", _ACTIVATIONS, "activated"),
    ("F6 confirmed without an answer", "activation", _ACTIVATIONS, "confirmed"),
)
# Measure, and what is to be had of it from data that the TOC already holds.
_MEASURES = {"cpm_6a": "", "cpm_6b": "", "cpm_6c": "cpm_6c_observed"}

_CAPTIONS = {_UPLOADS: "Upload", _ACTIVATIONS: "Activation", _HUBS: "Downloads"}
_BY = ("generation", "service_provider", "region", "device_type", "model")
_UPLOAD_COLUMNS = ("accepted", "at_hub", "at_device", "late", "failed", "expired", "not_reportable", "not_told", "upload_time_p50",
                   "upload_time_p95")  # fmt: skip
_ACTIVATION_COLUMNS = ("requested", "activated", "confirmed", "failed", "no_answer", "activation_time_p50", "activation_time_p95")
_HUB_COLUMNS = ("attempts", "succeeded", "failed", "in_progress", "unfinished", "attempt_success")
_HEADINGS = {
    "accepted": "Accepted", "at_hub": "At the hub", "at_device": "At the device", "late": "Late", "failed": "Failed", "expired": "Expired",
    "not_reportable": "Not reportable", "not_told": "Not provided", "upload_time_p50": "Upload p50, s", "upload_time_p95": "Upload p95, s",
    "requested": "Asked for", "activated": "Answered", "confirmed": "Confirmed", "no_answer": "No answer",
    "activation_time_p50": "Activation p50, s", "activation_time_p95": "Activation p95, s", "attempts": "Attempts",
    "succeeded": "Succeeded", "in_progress": "In progress", "unfinished": "Unfinished", "attempt_success": "Success, %",
}  # fmt: skip


def build(run: FrozenRun) -> list[Block]:
    book = run.book
    if all(figure.status == "no_data" for area in (_UPLOADS, _HUBS) for figure in book.of(area)):
        return [Note("No data: no firmware tracking of devices or Communications Hubs was received for the period.")]
    return [
        Prose(
            "The unit is the target device, not the request: one 11.1 names many devices. An image has its target time from acceptance by "
            "the DSP; the month is final only when that has passed for its last day, and is restated where an answer comes late."
        ),
        _both_sources(book),
        *_by_inventory(book),
        *_devices(run, book),
        *_hubs(run, book),
    ]


def _both_sources(book: FigureBook) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, proxy_name in _MEASURES.items():
        told, proxy = book.whole(name), book.whole(proxy_name) if proxy_name else None
        if told is None:
            continue
        own: tuple[Cell, ...] = (briefly(told), counted(told), met(told), Status(told.status), marks(told))
        rows.append((measure_label(name), SOURCES["provider_feed"], *own))
        if proxy is None:
            rows.append((measure_label(name), SOURCES["toc_proxy"], _NOT_AVAILABLE, "none", "none", "none", "none"))
        else:
            other: tuple[Cell, ...] = (briefly(proxy), counted(proxy), met(proxy), Status(proxy.status), marks(proxy))
            rows.append((measure_label(name), SOURCES["toc_proxy"], *other))
    columns = (
        Column("Measure"), Column("Source", share=2), Column("Result, %", "figure"), Column("Counted", "whole"), Column("Met", "whole"),
        Column("Status", "status"), Column("Marks", share=2),
    )  # fmt: skip
    return Table("Firmware measures by source", columns, tuple(rows), "No measure of firmware was made.")


def _by_inventory(book: FigureBook) -> list[Block]:
    changed = book.whole("hub_versions", "changed")
    if changed is None or changed.counted is None:
        return []
    told = f"{number(changed.counted)} Communications Hubs have another firmware version by the inventory ({SOURCES['toc_proxy']})"
    return [Prose(f"{told}; which downloads were attempted, and which of them failed, it does not tell.")]


def _devices(run: FrozenRun, book: FigureBook) -> list[Block]:
    heading = Heading("Devices")
    if all(figure.status == "no_data" for figure in book.of(_UPLOADS)):
        return [heading, Note("No data: no firmware tracking of devices was received for the period.")]
    blocks: list[Block] = [
        heading,
        Prose(
            f"Source: {SOURCES['provider_feed']}. Devices that cannot report end at the Communications Hub; they are listed, and are no "
            "failures. Where nobody tells a stage it is not provided, which is not none."
        ),
        _funnel(run, book),
        _wholes(book),
    ]
    for by in _BY:
        blocks.append(_split(run, book, _UPLOADS, _UPLOAD_COLUMNS, by))
        blocks.append(_split(run, book, _ACTIVATIONS, _ACTIVATION_COLUMNS, by))
    blocks.append(_split(run, book, _UPLOADS, ("accepted", "at_device", "late", "failed", "expired"), "began_on"))
    blocks.append(_split(run, book, _ACTIVATIONS, ("requested", "activated", "confirmed", "failed"), "began_on"))
    return blocks


def _funnel(run: FrozenRun, book: FigureBook) -> Block:
    found = [(title, part, book.whole(area, indicator)) for title, part, area, indicator in _FUNNEL]
    rows = tuple((title, shown(figure), SOURCES.get(figure.source, figure.source)) for title, _, figure in found if figure is not None)
    columns = (Column("Stage", share=2), Column("Attempts", "figure"), Column("Source", share=2))
    table = Table("Attempts by stage", columns, rows, "No device was named in the month.")
    stages = [(title, part, figure.counted) for title, part, figure in found if figure is not None and figure.counted is not None]
    return funnel_graph(run, stages, table) if any(count for _, _, count in stages) else table


def _wholes(book: FigureBook) -> Table:
    wanted = (
        ("Refused by the DSP", _UPLOADS, "refused"), ("Named again before the upload was over", _UPLOADS, "superseded"),
        ("Not reportable: end at the Communications Hub", _UPLOADS, "not_reportable"), ("Delivery not provided", _UPLOADS, "not_told"),
        ("Stage F2 not provided", _UPLOADS, "hub_untold"), ("Delivery told by an alert", _UPLOADS, "told_by_alert"),
        ("Devices, each once", _UPLOADS, "devices"), ("Of them shown to run the version", _UPLOADS, "devices_on_target"),
        ("Upload, longest, s", _UPLOADS, "upload_time_max"), ("Activation, longest, s", _ACTIVATIONS, "activation_time_max"),
    )  # fmt: skip
    rows = tuple((title, shown(figure)) for title, area, name in wanted if (figure := book.whole(area, name)) is not None)
    return Table("Beside the stages", (Column("What", share=3), Column("How many", "figure")), rows, "Nothing was told.")


def _split(run: FrozenRun, book: FigureBook, area: str, indicators: Sequence[str], by: str) -> Table:
    found: dict[tuple[tuple[str, str], ...], dict[str, Figure]] = {}
    for figure in book.split(area, (by,)):
        found.setdefault(figure.breakdown, {})[figure.indicator] = figure
    rows = tuple((value_title(run, *breakdown[0]), *(_cell(of, indicator) for indicator in indicators)) for breakdown, of in found.items())
    first = "Day (UTC)" if by in {"began_on", "attempted_on"} else column_title(by)
    columns = (Column(first, share=2), *(Column(_HEADINGS[indicator], "figure") for indicator in indicators))
    return Table(f"{_CAPTIONS[area]} by {first}", columns, rows, "None was told in the month.", 60)


def _cell(of: dict[str, Figure], indicator: str) -> Cell:
    """A stage that nobody tells of such devices is not provided; none of it is another thing."""
    figure = of.get(indicator)
    if figure is None:
        return "no figure"
    untold = of.get({"at_hub": "hub_untold", "at_device": "not_told"}.get(indicator, ""))
    if not figure.counted and untold is not None and untold.counted:
        return "not provided"
    return briefly(figure)


def _hubs(run: FrozenRun, book: FigureBook) -> list[Block]:
    heading = Heading("Communications Hubs")
    if all(figure.status == "no_data" for figure in book.of(_HUBS)):
        return [heading, Note("No data: no Service Provider told of firmware downloads to Communications Hubs in the period.")]
    return [
        heading,
        Prose(f"Source: {SOURCES['provider_feed']}. Attempts by the latest told of each; CPM 6A counts each Communications Hub once."),
        *(_split(run, book, _HUBS, _HUB_COLUMNS, by) for by in ("service_provider", "region", "model", "attempted_on")),
    ]


FIRMWARE = Section(name="firmware", title="Firmware", order=53, build=build, sheet="Firmware")
