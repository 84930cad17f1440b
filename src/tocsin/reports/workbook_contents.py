"""The first sheet of a workbook, which says what it is and leads to every other, and the list of its tables by the names of formulas."""

from collections.abc import Iterator

from tocsin.reports.blocks import Cell, Column, Link, Table
from tocsin.reports.document import Document
from tocsin.reports.wording import instant_words
from tocsin.reports.workbook_layout import Layout, Sheet

# So much is told of what stands on a sheet.
_TOLD = 4


def facts(document: Document) -> Iterator[tuple[str, Cell]]:
    """What the workbook is of, and what is to be known before a number is taken out of it."""
    run = document.run
    yield "Performance Measurement Period", document.month
    yield "State", document.state
    for n, sentence in enumerate(_missing(document)):
        yield "What is missing" if n == 0 else "", sentence
    for n, sentence in enumerate(document.levels()):
        yield "Service Levels" if n == 0 else "", sentence
    yield "As at", instant_words(run.as_at)
    yield "Made at", instant_words(run.made_at)
    yield "Run", run.run_id
    yield "Software version", f"tocsin {run.code_version}"
    if run.simulated:
        yield "Simulated", f"{run.simulated}. Every record behind this workbook is made up; it says nothing of the real network."
    yield (
        "Numbers",
        (
            "A number is a number, with the places that the report prints; words in its place say why there is none. The sheet Figures has "
            "every figure, and under value all its digits, as text."
        ),
    )


def _missing(document: Document) -> tuple[str, ...]:
    run = document.run
    if not run.is_complete:
        return run.provisional_because or ("The run does not say why it is provisional.",)
    if not any(slot.state != "not_expected" for slot in run.slots):
        return ("Nothing is known to be missing, but no delivery was expected of any sender.",)
    return ("Nothing that was due.",)


def contents(layout: Layout, own: list[tuple[str, str, int, int]]) -> Table:
    """Every sheet as a line that leads to it. `own`: the workbook's own sheets with what is on them, tables and rows."""
    rows: list[tuple[Cell, ...]] = [
        (Link(f"{'    ' * sheet.is_part}{sheet.name}", sheet.name), _told(sheet), len(sheet.tables), sheet.row_count)
        for sheet in layout.sheets
    ]
    rows += [(Link(name, name), told, tables, count) for name, told, tables, count in own]
    columns = (Column("Sheet"), Column("What is on it", share=4), Column("Tables", "whole"), Column("Rows", "whole"))
    return Table("Contents", columns, tuple(rows), "The report was made without sections.")


def _told(sheet: Sheet) -> str:
    """Its headings, or of a sheet without any its tables."""
    words = list(dict.fromkeys(sheet.headings or [laid.table.caption for laid in sheet.tables]))
    # "Prepayment: by day" on the sheet of Prepayment is "by day".
    process = words[0].partition(": ")[0] + ": " if words else ""
    if len(words) > 1 and all(word.startswith(process) for word in words):
        words = [word.removeprefix(process) for word in words]
    if not words:
        return "Words, and no table." if not any(line.look == "link" for line in sheet.lines) else "What its sheets have in common."
    rest = len(words) - _TOLD
    told = "; ".join(words[:_TOLD])
    return told[:1].upper() + told[1:] + (f"; and {rest} more" if rest > 0 else "")


def tables_told(layout: Layout) -> Table:
    """Every native table: a link to it, its sheet, what a formula or a pivot calls it, and how large it is."""
    rows = tuple(
        (Link(laid.table.caption, sheet.name, str(laid.row - 1)), sheet.name, laid.name, len(laid.table.columns), len(laid.table.rows))
        for sheet in layout.sheets
        for laid in sheet.tables
    )
    columns = (
        Column("Table"), Column("Sheet"), Column("Name in formulas and pivots", "code"),
        Column("Columns", "whole"), Column("Rows", "whole"),
    )  # fmt: skip
    return Table("Every table of this workbook", columns, rows, "The report was made without tables.")


def leading(layout: Layout, own: tuple[str, ...]) -> Layout:
    """The places to which the lines of both lead: sheets by their names, and tables by their rows."""
    places = {(sheet.name, ""): (sheet.name, 0) for sheet in layout.sheets} | {(name, ""): (name, 0) for name in own}
    places |= {(sheet.name, str(laid.row - 1)): (sheet.name, laid.row - 1) for sheet in layout.sheets for laid in sheet.tables}
    return Layout(layout.sheets, places)
