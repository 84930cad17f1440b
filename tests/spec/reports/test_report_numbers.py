"""Every number of the report is a figure, a line of the run or a sum named in the tests: read back out of its PDF, HTML and XLSX."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from dyed_run import dyed
from report_reading import misprints_of_html, misprints_of_pdf, misprints_of_xlsx, numbers_of, tables_of
from report_sources import misplaced, unexplained
from tocsin.reports.blocks import Shown, Table
from tocsin.reports.document import Document, document_of
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.typst_pdf import pdf_of
from tocsin.reports.workbook import workbook_of


def test_the_page_says_what_the_blocks_say(document: Document, html: str) -> None:
    assert list(misprints_of_html(document, html)) == []


def test_the_workbook_holds_what_the_blocks_say(document: Document, xlsx: bytes) -> None:
    assert list(misprints_of_xlsx(document, xlsx)) == []


def test_the_pdf_says_what_the_blocks_say(document: Document, pdf: bytes) -> None:
    assert list(misprints_of_pdf(document, pdf)) == []


def test_every_number_is_a_figure_or_a_line_of_the_run(run: FrozenRun) -> None:
    other, dye = dyed(run)
    document = document_of(other)
    assert len(list(numbers_of(document))) > 500
    assert list(unexplained(other, dye, document)) == []
    assert list(misplaced(other, dye, document)) == []


def with_tables(document: Document, change: str) -> Document:
    """The document with one thing wrong in each of its tables of CPM details."""

    def spoilt(table: Table) -> Table:
        match change:
            case "a digit":
                cell = Shown("98.9966", "percent", True)
                rows = tuple(tuple(cell if one == Shown("98.9996", "percent", True) else one for one in row) for row in table.rows)
            case "two rows":
                rows = tuple(reversed(table.rows))
            case _:
                rows = table.rows[1:]
        return replace(table, rows=rows)

    return Document(
        document.run,
        tuple(
            (section, tuple(spoilt(block) if isinstance(block, Table) and section.name == "cpm_detail" else block for block in blocks))
            for section, blocks in document.sections
        ),
    )


@pytest.mark.parametrize("change", ["a digit", "two rows", "a row left off"])
def test_a_wrong_report_is_found(document: Document, html: str, xlsx: bytes, pdf: bytes, change: str) -> None:
    """The reports at hand against a document that says otherwise: each reader must see it."""
    other = with_tables(document, change)
    assert list(misprints_of_html(other, html))
    if change != "a row left off":
        # The readers of PDF and XLSX look for what should be there.
        assert list(misprints_of_xlsx(other, xlsx))
        assert list(misprints_of_pdf(other, pdf))
    else:
        assert list(misprints_of_xlsx(document, workbook_of(other)))
        assert list(misprints_of_pdf(document, pdf_of(other)))


def without(run: FrozenRun, column: str, value: str) -> Iterator[str]:
    """What is found of a run one of whose figures says another part than its number is of."""
    other, dye = dyed(run)
    moved = tuple(
        replace(figure, breakdown=tuple((name, value if name == column else old) for name, old in figure.breakdown))
        for figure in other.figures
    )
    return misplaced(other, dye, document_of(replace(other, figures=moved)))


def test_a_figure_in_the_wrong_row_is_found(run: FrozenRun) -> None:
    assert list(without(run, "party_code", "P000000"))


def test_a_number_of_nobody_is_found(run: FrozenRun) -> None:
    other, dye = dyed(run)
    figures = tuple(replace(figure, shown="77.777") if figure.name == "cpm_1" else figure for figure in other.figures)
    found = list(unexplained(other, dye, document_of(replace(other, figures=figures))))
    assert found and all("77.777" in one for one in found)


def test_every_section_with_numbers_is_looked_at(document: Document) -> None:
    assert len({section for section, _ in tables_of(document)}) >= 12
