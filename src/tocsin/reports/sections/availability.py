"""Availability of the DCC's services: the Target Availability Period and the whole month, and what was down (CPM 6; domain.md 2.6)."""

from tocsin.measuring.figures import Figure
from tocsin.reports.availability_graph import Bridge, availability_graph
from tocsin.reports.blocks import Block, Cell, Column, Heading, Note, Prose, Table, counted, met, shown
from tocsin.reports.figure_book import FigureBook
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.section import Section
from tocsin.reports.wording import SOURCES, value_title

_AREA = "availability_minutes"
_MINUTES = (("maintenance", "Compliant maintenance, min"), ("down", "Down, min"))
_RECORDS = (
    ("outages", "Records"), ("failovers", "Failovers"), ("no_incident", "Without an Incident"), ("not_compliant", "Not compliant"),
    ("untimely", "Outside the nights for it"),
)  # fmt: skip


def build(run: FrozenRun) -> list[Block]:
    book = run.book
    if all(figure.status == "no_data" for figure in book.of(_AREA)):
        return [Note("No data: no list of outages and Planned Maintenance was received for the period.")]
    services = list(dict.fromkeys(figure.breakdown for figure in book.of(_AREA) if figure.breakdown))
    source = next((figure.source for figure in book.of(_AREA)), "")
    return [
        Prose(
            "Minutes are complete minutes of each stretch; outages at the same time are one. CPM 6 is of the Target Availability Period: "
            "the month without Planned Maintenance arranged in compliance with H8.2 and H8.3. The Performance Measurement Methodology "
            f"divides by the whole month instead, and the two are kept apart. The month is read in {run.period.zone}. "
            f"Source: {SOURCES.get(source, source)}."
        ),
        _shares(run, book, services),
        *_bridge(run, book, services),
        _records(run, book, services),
        Prose(
            "Maintenance that was not arranged in compliance counts as down time. Maintenance told as compliant, and outside the nights "
            "for it, is remarked on here and is not judged: the limits are recalled, not read."
        ),
    ]


def _shares(run: FrozenRun, book: FigureBook, services: list[tuple[tuple[str, str], ...]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for service in services:
        of_tap, of_month = (book.at(_AREA, indicator, service) for indicator in ("of_tap", "of_month"))
        if of_tap is not None and of_month is not None:
            minutes = (_count(book.at(_AREA, name, service)) for name, _ in _MINUTES)
            rows.append(
                (value_title(run, *service[0]), counted(of_tap), met(of_tap), shown(of_tap), counted(of_month), shown(of_month), *minutes)
            )
    columns = (
        Column("Service", share=2), Column("Target Availability Period, min", "whole"), Column("Available in it, min", "whole"),
        Column("Available, %", "figure"), Column("Whole month, min", "whole"), Column("Of the month, %", "figure"),
        *(Column(title, "whole") for _, title in _MINUTES),
    )  # fmt: skip
    return Table("Availability by service", columns, tuple(rows), "No service was told of.")


def _bridge(run: FrozenRun, book: FigureBook, services: list[tuple[tuple[str, str], ...]]) -> list[Block]:
    """From the minutes of the month to those available, step by step, for each service of which every step is a number."""
    bridges = [bridge for service in services if (bridge := _steps(run, book, service)) is not None]
    columns = (
        Column("Service", share=2), Column("Whole month, min", "whole"), Column("less compliant maintenance, min", "whole"),
        Column("is the Target Availability Period, min", "whole"), Column("less down in it, min", "whole"),
        Column("is available, min", "whole"),
    )  # fmt: skip
    rows = tuple((one.service, one.month, one.maintenance, one.tap, one.down, one.available) for one in bridges)
    table = Table("From the month to the available minutes", columns, rows, "No service has the minutes of every step.")
    about = Prose(
        "Each step takes complete minutes: what was arranged in compliance leaves the Target Availability Period, and what was down in it, "
        "unplanned or by maintenance not arranged in compliance, is not available. A stretch of less than a minute takes none."
    )
    graph = availability_graph(run, bridges, table)
    return [Heading("From the month to what was available"), about, graph or table]


def _steps(run: FrozenRun, book: FigureBook, service: tuple[tuple[str, str], ...]) -> Bridge | None:
    of_tap = book.at(_AREA, "of_tap", service)
    month, tap = _whole(book.at(_AREA, "of_month", service)), _whole(of_tap)
    maintenance, down = (_whole(book.at(_AREA, name, service)) for name, _ in _MINUTES)
    if of_tap is None or of_tap.met is None or month is None or tap is None or maintenance is None or down is None:
        return None
    return Bridge(value_title(run, *service[0]), month, maintenance, tap, down, of_tap.met)


def _whole(figure: Figure | None) -> int | None:
    return figure.counted if figure is not None and figure.value is not None else None


def _records(run: FrozenRun, book: FigureBook, services: list[tuple[tuple[str, str], ...]]) -> Table:
    rows = tuple((value_title(run, *service[0]), *(_count(book.at(_AREA, name, service)) for name, _ in _RECORDS)) for service in services)
    columns = (Column("Service", share=2), *(Column(title, "whole") for _, title in _RECORDS))
    return Table("Records of outages and maintenance", columns, rows, "No service was told of.")


def _count(figure: Figure | None) -> Cell:
    return shown(figure) if figure is not None else "no figure"


AVAILABILITY = Section(
    name="availability", title="Availability of services", order=35, build=build, sheet="Availability", starts_page=False
)
