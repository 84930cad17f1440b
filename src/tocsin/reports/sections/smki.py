"""SMKI services: certificates and repository documents, or that nothing of them was supplied (CPM 7 and 8; domain.md 2.2)."""

from collections.abc import Callable

from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import Block, Cell, Column, Note, Prose, Table, counted, met, shown
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.section import Section
from tocsin.reports.wording import SOURCES, value_title

_AREA = "smki"
# Indicator, title of its column, how the column is set, what of the figure stands in it.
_COLUMNS: tuple[tuple[str, str, str, Callable[[Figure], Cell]], ...] = (
    ("volume", "Requests", "whole", shown),
    ("items", "Items", "whole", shown),
    ("within_target", "Within target, %", "figure", shown),
    ("within_target", "Counted", "whole", counted),
    ("within_target", "Met", "whole", met),
    ("response_p50", "Response p50, s", "figure", shown),
    ("response_p95", "Response p95, s", "figure", shown),
    ("response_p99", "Response p99, s", "figure", shown),
    ("unanswered", "Never answered", "whole", shown),
    ("excluded", "Agreed exceptions", "whole", shown),
)


def build(run: FrozenRun) -> list[Block]:
    book = run.book
    if all(figure.status == "no_data" for figure in book.of(_AREA)):
        return [Note("Not supplied: no list of SMKI requests was received for the period, so CPM 7 and CPM 8 have no observed figure.")]
    services = list(dict.fromkeys(figure.breakdown for figure in book.of(_AREA) if figure.breakdown))
    source = next((figure.source for figure in book.of(_AREA)), "")
    rows: list[tuple[Cell, ...]] = []
    for service in services:
        found = ((book.at(_AREA, indicator, service), told) for indicator, _, _, told in _COLUMNS)
        rows.append((value_title(run, *service[0]), *(told(figure) if figure is not None else "no figure" for figure, told in found)))
    columns = (Column("Service", share=2), *(Column(title, kind) for _, title, kind, _ in _COLUMNS))
    return [
        Prose(
            "A request belongs to the month in which it was received; response time is from its receipt to the sending of the response. "
            f"Source: {SOURCES.get(source, source)}."
        ),
        Table("SMKI requests by service", columns, tuple(rows), "No request was received in the period."),
    ]


SMKI = Section(name="smki", title="SMKI services", order=37, build=build, sheet="SMKI", starts_page=False)
