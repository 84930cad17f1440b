"""A report read back: what its PDF, HTML and XLSX hold, table by table, beside what its blocks say. None of the renderers' own code."""

import io
import re
from collections.abc import Iterator
from typing import Any

from lxml import html as parser
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from tocsin.reports.blocks import Cell, Graph, Link, Shown, Status, Table
from tocsin.reports.document import Document
from tocsin.reports.typefaces import drawable

# A number as a report prints it: digits, thousands set apart, at most one point.
NUMBER = re.compile(r"[-+\u2212]?[0-9][0-9,]*(\.[0-9]+)?")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def tables_of(document: Document, medium: str = "") -> Iterator[tuple[str, Table]]:
    """Every table of the report (of its page, its workbook) with its section's name, a graph's table of numbers included."""
    for section, blocks in document.sections:
        for block in blocks:
            table = block.twin if isinstance(block, Graph) else block
            if isinstance(table, Table) and (not medium or table.only_in in {"", medium}):
                yield section.name, table


def words_of(cell: Cell) -> str:
    """What a reader sees of a cell."""
    match cell:
        case Status():
            return cell.words
        case Shown() | Link():
            return cell.text
        case int():
            return f"{cell:,}"
        case str():
            return cell


def squeezed(text: str) -> str:
    """Text without white space and places to break: a page may break a line where it likes."""
    return re.sub(r"[\s\u200b]", "", text)


def misprints_of_html(document: Document, page: str) -> Iterator[str]:
    """Where the page does not say what the blocks say."""
    found = list(parser.fromstring(page).iter("table"))
    expected = list(tables_of(document, "page"))
    if len(found) != len(expected):
        yield f"{len(found)} tables, expected {len(expected)}"
    for element, (_, table) in zip(found, expected, strict=False):
        if plain(element.findtext("caption") or "") != plain(table.caption):
            yield f"{table.caption}: another caption"
        told = [[plain(cell.text_content()) for cell in row] for row in element.find("tbody")]
        said = [[plain(words_of(cell)) for cell in row] for row in table.printed] or [[plain(table.empty)]]
        yield from (f"{table.caption}: {one} for {other}" for one, other in zip(told, said, strict=False) if one != other)
        if len(told) != len(said):
            yield f"{table.caption}: {len(told)} rows for {len(said)}"


def plain(text: str) -> str:
    return " ".join(text.split())


def misprints_of_xlsx(document: Document, workbook: bytes) -> Iterator[str]:
    """Where the workbook does not hold what the blocks say: every row, numbers as numbers, text as text that no spreadsheet runs."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
    at = 0
    for _, table in tables_of(document, "workbook"):
        # Under the caption: the headings and the rows, or why there are none. A sheet or its contents may bear the same words.
        while at < len(rows) and not is_table_at(rows, at, table):
            at += 1
        if at == len(rows):
            yield f"{table.caption}: not in the workbook"
            return
        at += 2
        for row in table.rows:
            told, said = list(rows[at][: len(row)]), [held(cell) for cell in row]
            at += 1
            if told != said:
                yield f"{table.caption}: {told} for {said}"


def is_table_at(rows: list[list[Any]], at: int, table: Table) -> bool:
    if not rows[at] or rows[at][0] != held(table.caption) or at + 1 == len(rows):
        return False
    below = rows[at + 1]
    if not table.rows:
        return bool(below[0] == held(table.empty))
    # A heading that stands twice has its place behind it, for a native table wants them unlike.
    said = [held(column.title) for column in table.columns]
    return all(str(one).startswith(str(other)) for one, other in zip(below, said, strict=False))


def held(cell: Cell) -> str | float:
    """What a cell of the workbook holds."""
    words = words_of(cell)
    is_number = isinstance(cell, int) or (isinstance(cell, Shown) and NUMBER.fullmatch(words) is not None)
    if is_number and len(re.sub(r"[^0-9]", "", words).lstrip("0")) <= 15:
        return float(words.replace(",", "").replace("\u2212", "-").lstrip("+"))
    return f"'{words}" if words.startswith(FORMULA) else words


def misprints_of_pdf(document: Document, pdf: bytes) -> Iterator[str]:
    """Where the pages do not say what the blocks say: every printed row stands whole, after the one before it."""
    text = squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))
    at = 0
    for _, table in tables_of(document, "page"):
        for words in (table.caption, *("".join(map(words_of, row)) for row in table.printed)):
            said = squeezed(drawable(words))
            place = text.find(said, at)
            if place < 0:
                yield f"{table.caption}: {said}"
            else:
                at = place + len(said)


def numbers_of(document: Document) -> Iterator[tuple[str, Table, tuple[Cell, ...], int, str]]:
    """Every number in a cell of the report: section, table, row, column, and the number as printed."""
    for section, table in tables_of(document):
        for row in table.rows:
            for column, cell in enumerate(row):
                if isinstance(cell, int) or (isinstance(cell, Shown) and cell.is_number):
                    yield section, table, row, column, words_of(cell)
