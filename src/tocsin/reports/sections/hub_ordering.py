"""Communications Hubs ordered, delivered and returned, by CSP and region (domain.md 10.1)."""

from tocsin.reports.blocks import Block, Cell, Column, Note, Prose, Table, shown
from tocsin.reports.figure_book import FigureBook
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.section import Section
from tocsin.reports.wording import SOURCES, value_title

_AREA = "hub_ordering"
_COLUMNS = (
    ("orders", "Orders", "whole"), ("ordered", "Hubs ordered", "whole"), ("delivered", "Hubs delivered", "whole"),
    ("due_in_time", "Promised and in time, %", "figure"), ("returned", "Hubs returned", "whole"),
    ("returned_faulty", "With a fault", "whole"),
)  # fmt: skip


def build(run: FrozenRun) -> list[Block]:
    book = FigureBook(run.figures)
    if all(figure.status == "no_data" for figure in book.of(_AREA)):
        return [Note("No data: no record of Communications Hub orders, deliveries and returns was received for the period.")]
    source = next((figure.source for figure in book.of(_AREA)), "")
    rows: list[tuple[Cell, ...]] = []
    for where in ((), *(figure.breakdown for figure in book.split(_AREA, ("service_provider", "region")) if figure.indicator == "orders")):
        named = tuple(value_title(run, *one) for one in where) or ("All", "All regions")
        found = [book.at(_AREA, indicator, where) for indicator, _, _ in _COLUMNS]
        rows.append((*named, *(shown(figure) if figure is not None else "no figure" for figure in found)))
    columns = (Column("Service Provider", share=2), Column("CSP Region"), *(Column(title, kind) for _, title, kind in _COLUMNS))
    return [
        Prose(
            "Orders count where they were placed in the period, deliveries and returns where they took place in it, and a promise where it "
            f"fell due in it: a hub delivered after the promised day is not in time. Source: {SOURCES.get(source, source)}."
        ),
        Table("Communications Hubs ordered, delivered and returned", columns, tuple(rows), "No record of the period was told."),
    ]


HUB_ORDERING = Section(
    name="hub_ordering", title="Communications Hub ordering and returns", order=55, build=build, sheet="Hub orders", starts_page=False
)
