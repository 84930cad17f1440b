"""Communications Hubs ordered, delivered and returned, by CSP and region (domain.md 10.1)."""

from tocsin.reports.blocks import Block, Cell, Column, Note, Prose, Table, shown
from tocsin.reports.figure_book import FigureBook
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.order_graph import order_graph
from tocsin.reports.section import Section
from tocsin.reports.wording import SOURCES, value_title

_AREA = "hub_ordering"
_COLUMNS = (
    ("orders", "Orders", "whole"), ("ordered", "Hubs ordered", "whole"), ("delivered", "Hubs delivered", "whole"),
    ("due_in_time", "Promised and in time, %", "figure"), ("returned", "Hubs returned", "whole"),
    ("returned_faulty", "With a fault", "whole"), ("returned_sound", "Without one", "whole"),
)  # fmt: skip
# What the trail tells of the same: the Service Requests by which Users report a return.
_PROCESS = "comms_hub_ordering_and_returns"
_RETURNS = (("returned_faulty", "8.14.3"), ("returned_sound", "8.14.4"))


def build(run: FrozenRun) -> list[Block]:
    book = run.book
    if all(figure.status == "no_data" for figure in book.of(_AREA)):
        return [Note("No data: no record of Communications Hub orders, deliveries and returns was received for the period.")]
    source = next((figure.source for figure in book.of(_AREA)), "")
    rows: list[tuple[Cell, ...]] = []
    for where in ((), *(figure.breakdown for figure in book.split(_AREA, ("service_provider", "region")) if figure.indicator == "orders")):
        named = tuple(value_title(run, *one) for one in where) or ("All", "All regions")
        found = [book.at(_AREA, indicator, where) for indicator, _, _ in _COLUMNS]
        rows.append((*named, *(shown(figure) if figure is not None else "no figure" for figure in found)))
    columns = (Column("Service Provider", share=2), Column("CSP Region"), *(Column(title, kind) for _, title, kind in _COLUMNS))
    table = Table("Communications Hubs ordered, delivered and returned", columns, tuple(rows), "No record of the period was told.")
    return [
        Prose(
            "Orders count where they were placed in the period, deliveries and returns where they took place in it, and a promise where it "
            f"fell due in it: a hub delivered after the promised day is not in time. Source: {SOURCES.get(source, source)}."
        ),
        order_graph(run, table) or table,
        _both(run, book),
    ]


def _both(run: FrozenRun, book: FigureBook) -> Table:
    """Returns by the CSPs' records and by the Service Requests of the Users."""
    rows: list[tuple[Cell, ...]] = []
    for indicator, srv in _RETURNS:
        told, asked = book.whole(_AREA, indicator), book.at(_PROCESS, "volume", (("srv", srv),))
        trail = book.whole(_PROCESS, "volume")
        if told is None or trail is None:
            continue
        # Where the trail is there, an SRV without a figure was not asked for at all.
        seen = shown(asked) if asked is not None else 0 if trail.value is not None else shown(trail)
        is_known = told.value is not None and (asked.value is not None if asked is not None else trail.value is not None)
        apart = (told.counted or 0) - ((asked.counted if asked is not None else 0) or 0) if is_known else "n/a"
        rows.append((value_title(run, "srv", srv), shown(told), seen, apart))
    columns = (
        Column("Returned by", share=3), Column(SOURCES["provider_feed"], "whole"), Column(SOURCES["toc_proxy"], "whole"),
        Column("Difference", "whole"),
    )  # fmt: skip
    return Table("Returns, both sources", columns, tuple(rows), "Only one source tells of returns.")


HUB_ORDERING = Section(
    name="hub_ordering", title="Communications Hub ordering and returns", order=55, build=build, sheet="Hub orders", starts_page=False
)
