"""The page of what changed: ranked as frozen, each change with its place, its parts, its way back and its actions."""

from dataclasses import replace
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from frozen_changes import CELLS, MINUS, WHOLE
from frozen_run import HOSTILE, made_up_run
from tocsin.reports.blocks import Block, Graph, Heading, Link, Note, Prose, Shown, Status, Table
from tocsin.reports.document import document_of
from tocsin.reports.frozen import FrozenRun, from_json, to_json
from tocsin.reports.frozen_changes import NO_CHANGE_LINES, ChangeLines
from tocsin.reports.html_page import html_of
from tocsin.reports.sections import all_sections
from tocsin.reports.sections.changes import CHANGES
from tocsin.reports.typst_pdf import pdf_of
from tocsin.reports.workbook import workbook_of


def tables(blocks: list[Block]) -> dict[str, Table]:
    drawn = [block.twin for block in blocks if isinstance(block, Graph)]
    return {table.caption: table for table in (*drawn, *(block for block in blocks if isinstance(block, Table)))}


def words(table: Table) -> list[list[str]]:
    return [[cell.text if isinstance(cell, Shown | Link) else cell.words if isinstance(cell, Status) else str(cell) for cell in row]
            for row in table.rows]  # fmt: skip


@pytest.fixture(scope="module")
def made_up() -> FrozenRun:
    return made_up_run()


@pytest.fixture(scope="module")
def blocks(made_up: FrozenRun) -> list[Block]:
    return CHANGES.build(made_up)


def test_it_comes_before_every_figure() -> None:
    names = [section.name for section in all_sections()]
    assert names.index("cover") < names.index("changes") == names.index("cpm_summary") - 1


def test_it_begins_with_how_many_of_what(blocks: list[Block]) -> None:
    first = blocks[0]
    assert isinstance(first, Prose)
    assert first.text.startswith(
        "Compared with July 2021 (run 2021-07-20210823T160000-77aa). 6 to look at, what is severest first, and within a kind what touched"
        " most events: 1 below minimum, 1 missing, 1 incomplete, 1 fell, 1 slower, 1 rose. 2 of them were told the month before as well."
        " 7 figures moved by less than is told as a change."
    )


def test_each_change_stands_in_one_row(blocks: list[Block]) -> None:
    rows = words(tables(blocks)["What changed, ranked"])
    assert rows[0][1:] == ["Below minimum", "98.00", "96.01", f"{MINUS}1.99", "%, points", "5 events short of target",
                           "since 2021-06, 3 months in a row", "A2 open"]  # fmt: skip
    assert rows[1][:7] == ["Audit trail of DSP", "Missing", "0 of 31", "1 of 31", "+1", "files", "1 file"]
    assert rows[2][3:7] == ["n/a", "n/a", "%", "215 figures without a value (incomplete: 29 of 31 files)"]
    assert rows[3][0] == "Pre-Payment: Success rate"
    assert rows[3][7:] == ["since 2021-06, 3 months in a row; compared with 2021-05", "A1 overdue"]
    assert rows[4][4:6] == ["+12.2", "s"]


def test_each_leads_to_its_place_in_the_report(made_up: FrozenRun, blocks: list[Block]) -> None:
    """Every link finds a section of the report, and in it a heading of that name."""
    built = {section.name: section.build(made_up) for section in all_sections()}
    links = [cell for row in tables(blocks)["What changed, ranked"].rows for cell in row if isinstance(cell, Link)]
    assert len(links) == 6
    for link in links:
        assert link.section in built, link
        if link.at:
            assert link.at in {block.text for block in built[link.section] if isinstance(block, Heading)}


def test_a_divided_change_is_told_with_all_its_parts(blocks: list[Block]) -> None:
    rows = words(tables(blocks)["Pre-Payment: Success rate: by Service Request Variant × Party code × Device type × CSP Region"])
    assert [row[0] for row in rows] == [
        "2.2 Top Up Device, P004211, ESME, North",
        "1.5 Update Meter Balance, P731900, any device type, any CSP Region",
        "4.3 Retrieve Change Of Mode / Tariff Triggered Billing Data Log (Payment Based Debt Payments), any party code, GPF, SMETS1 (new)",
        "All other cells (37)",
        "All together",
    ]
    assert rows[0][1:] == ["1000", "900", "98.00", "77.78", f"{MINUS}1.500", "+0.010", f"{MINUS}1.490"]
    assert rows[2][3] == "n/a"
    by_one = words(tables(blocks)["Pre-Payment: Success rate: by one column at a time"])
    assert [row[:2] for row in by_one] == [["CSP Region", "North"], ["CSP Region", "All others (3)"]]
    told = next(block.text for block in blocks if isinstance(block, Prose) and block.text.startswith("From 98.00 %"))
    assert told == (
        f"From 98.00 % (11,760 of 12,000) in May 2021 to 96.01 % (10,395 of 10,827): {MINUS}1.990 points, of which {MINUS}1.900 by the "
        f"rates of cells and {MINUS}0.090 by how the volume lies over them. Of 2 Service Request Variants all parties are rolled up."
    )


def test_the_made_up_cells_add_up() -> None:
    """So that this page is no model of a table that does not."""
    for name in ("counted_before", "met_before", "counted", "met"):
        assert sum(getattr(cell, name) for cell in CELLS) == getattr(WHOLE, name)


def test_a_change_that_could_not_be_divided_says_why(blocks: list[Block]) -> None:
    assert Note("The change cannot be divided: the tallies are gone.") in blocks


def test_every_change_has_its_key_and_its_way_back(blocks: list[Block]) -> None:
    rows = words(tables(blocks)["Keys of the changes, and the commands that lead to the lines behind them"])
    assert rows[3][1:] == ["prepayment.success_rate:fell", "tocsin trace prepayment.success_rate --month 2021-08"]
    assert rows[1][2] == "tocsin slots 2021-08"


def test_actions_are_told_open_and_closed(blocks: list[Block]) -> None:
    is_open, closed = (words(tables(blocks)[name]) for name in ("Actions that are open", "Actions closed since the month before"))
    assert [(row[0], row[5]) for row in is_open] == [("A1", "Overdue"), ("A2", "Open")]
    assert is_open[0][2] == HOSTILE and is_open[0][6] == f"2021-09-10: {HOSTILE}"
    # The change it was recorded against is not told any more.
    assert closed[0][1] == "cpm_9:below_level (told in 2021-05)"


def test_an_action_stands_under_its_change(blocks: list[Block]) -> None:
    place = blocks.index(Heading("Pre-Payment: Success rate: fell", level=3))
    note = blocks[place + 1]
    assert (
        isinstance(note, Note) and note.text.startswith("Action A1, ") and note.text.endswith(f", due 31 August 2021, overdue: {HOSTILE}")
    )


def test_words_of_actions_are_words_in_every_format(made_up: FrozenRun) -> None:
    document = document_of(made_up, [CHANGES])
    page = html_of(document)
    assert "<script>alert(1)</script>" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert pdf_of(document).startswith(b"%PDF")
    book = CalamineWorkbook.from_filelike(BytesIO(workbook_of(document)))
    cells = [cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
    # An apostrophe before it, so that no spreadsheet takes it for a formula.
    assert f"'{HOSTILE}" in cells and HOSTILE not in cells


def test_a_first_month_says_so(made_up: FrozenRun) -> None:
    why = "No run of 2021-07 was known, so nothing can be compared with the month before."
    built = CHANGES.build(replace(made_up, changes=ChangeLines(why=why)))
    assert [column.title for column in tables(built)["What changed, ranked"].columns] == ["What", "Kind", "Now, 2021-08", "In", "Touches"]
    assert Note(f"{why} What is below its level, missing or incomplete is told all the same.") in built
    assert not [block for block in built if isinstance(block, Heading) and block.text != "Actions"]


def test_a_run_of_before_there_were_changes_reads(made_up: FrozenRun) -> None:
    text = to_json(made_up)
    start = text.index(' "changes": {')
    older = text[:start] + text[text.index("\n },\n", start) + len("\n },\n") :].lstrip("\n")
    read = from_json(older)
    assert read.changes == NO_CHANGE_LINES
    assert from_json(text) == made_up


def test_the_graph_draws_what_its_table_prints(blocks: list[Block]) -> None:
    (graph,) = (block for block in blocks if isinstance(block, Graph))
    bars, _, ends = graph.spec["layer"]
    printed = {f"Region {row[1]}": row[6:] for row in words(graph.twin)}
    drawn = {(value["row"], value["effect"]): value["points"] for value in bars["data"]["values"]}
    assert drawn == {
        (row, effect): float(text.replace(MINUS, "-"))
        for row, cells in printed.items()
        for effect, text in zip(("By its rate", "By its volume"), cells[:2], strict=True)
    }
    assert {end["row"]: end["label"] for end in ends["data"]["values"]} == {row: cells[2] for row, cells in printed.items()}
    assert graph.alt.endswith(f"Region North {MINUS}1.900; Region All others (3) {MINUS}0.090.")
    # The workbook's own chart takes its numbers from the same table.
    titles = {column.title for column in graph.twin.columns}
    assert titles >= {graph.drawn_as[0].along, graph.drawn_as[0].also_along, *graph.drawn_as[0].series}
