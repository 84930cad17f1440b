"""The section of restatements: each month told otherwise with what came and went, and why where it was no delivery."""

from dataclasses import replace

from frozen_run import made_up_run
from tocsin.reports.blocks import Block, Heading, Note, Prose, Shown, Table
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_restated import NO_RESTATEMENTS, RestatedMonth, Restatements
from tocsin.reports.sections import restatements

RUN = made_up_run()
(JULY,) = RUN.restated.months


def run_of(*months: RestatedMonth, **told: object) -> FrozenRun:
    return replace(RUN, restated=replace(RUN.restated, months=months, **told))  # type: ignore[arg-type]  # fields by name


def rows(blocks: list[Block], caption: str) -> list[tuple[object, ...]]:
    (found,) = [block for block in blocks if isinstance(block, Table) and block.caption == caption]
    return [tuple(cell.text if isinstance(cell, Shown) else cell for cell in row) for row in found.rows]


def test_figures_stand_as_they_were_and_as_they_are():
    found = rows(restatements.build(RUN), "2021-07: figures told otherwise")
    assert found == [
        ("CPM 1, %", "all", "99.02", "98.76", "\N{MINUS SIGN}0.26", "10,204", "Met, now below target", "Audit trail"),
        ("Pre-Payment: Volume", "2.2 Top Up Device", "1403", "1419", "+16", "1,403, now 1,419", "No level set", "Audit trail"),
    ]


def test_few_deliveries_are_named_on_the_page():
    found = rows(restatements.build(RUN), "2021-07: deliveries that came or stand no more")
    assert [(row[0], row[1], row[-1]) for row in found] == [
        ("Came", "audit_trail-7001", "audit_trail-6001"),
        ("Gone", "audit_trail-6001", "audit_trail-7001"),
    ]


def test_many_are_summed_up_by_sender_on_the_page_and_named_in_the_workbook():
    came, gone = JULY.deliveries
    many = replace(JULY, deliveries=(*[came] * 12, gone), delivery_count=13)
    blocks = [block for block in restatements.build(run_of(many)) if isinstance(block, Table) and "deliveries" in block.caption]
    assert [(block.only_in, len(block.rows)) for block in blocks] == [("page", 1), ("workbook", 13)]
    assert blocks[0].rows[0] == ("Audit trail", "CSPN", 12, 12, 1, "2021-09-16 07:30:00")


def test_the_reason_says_what_came_what_did_not_matter_and_what_else_differs():
    blocks = restatements.build(run_of(replace(JULY, because=("Software version: 1.0.0, now 1.1.0.",))))
    why = [block.text for block in blocks if isinstance(block, Prose)][-1]
    assert why.endswith(
        "Deliveries that make the difference and that its figures may rest on: 2 (came: 1, stand no more: 1). "
        "Further deliveries that came or went, on which none of the figures told otherwise rests: 3. Software version: 1.0.0, now 1.1.0."
    )
    unexplained = replace(JULY, deliveries=(), delivery_count=0, others=0)
    assert (
        "other parameters moved the figures"
        in [block.text for block in restatements.build(run_of(unexplained)) if isinstance(block, Prose)][-1]
    )


def test_a_month_closed_again_with_nothing_told_otherwise_takes_one_line():
    same = replace(JULY, figures=(), figure_count=0, status_count=0, deliveries=(), delivery_count=0)
    blocks = restatements.build(run_of(same))
    assert [block.caption for block in blocks if isinstance(block, Table)] == ["Months told otherwise"]
    assert [block.text for block in blocks if isinstance(block, Heading)] == ["2021-07: closed again"]
    assert [block.text for block in blocks if isinstance(block, Prose)][-1].endswith("No figure is told otherwise.")


def test_what_is_left_off_names_the_command_that_lists_it():
    notes = [block.text for block in restatements.build(run_of(replace(JULY, figure_count=5_000))) if isinstance(block, Note)]
    assert notes == [
        f"4,998 further figures are told otherwise: tocsin compare 2021-07 --from {JULY.old_run} --to {JULY.new_run} lists every one."
    ]


def test_no_restatement_an_unreadable_run_and_an_older_run_say_so():
    assert "No month is restated" in next(block.text for block in restatements.build(run_of()) if isinstance(block, Note))
    damaged = [block.text for block in restatements.build(run_of(unreadable=("2021-07-x",))) if isinstance(block, Note)]
    assert damaged[0] == "Not compared, since it cannot be read: 2021-07-x. Ask tocsin doctor."
    older = replace(RUN, restated=NO_RESTATEMENTS)
    assert [block.text for block in restatements.build(older) if isinstance(block, Note)] == [NO_RESTATEMENTS.why]
    first = replace(RUN, restated=Restatements(since=1))
    assert "No run of the month before is known" in next(block.text for block in restatements.build(first) if isinstance(block, Prose))
