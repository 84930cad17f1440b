"""Feeds and deadlines: what each sender owed, how late the latest was, what is missing; and the deadlines and facts of the cover."""

from dataclasses import replace

from frozen_run import made_up_run
from tocsin.reports.blocks import Block, Link, Note, Status, Table
from tocsin.reports.deadlines import judged
from tocsin.reports.frozen_received import SilenceLine, SlotLine, SupersededLine
from tocsin.reports.sections import cover, feeds_and_deadlines
from tocsin.vocabulary.calendar import parse_instant
from tocsin.vocabulary.instants import DAY_US, MINUTE_US

RUN = made_up_run()
DUE = parse_instant("2021-08-04T00:00:00Z")


def slot(sender: str, state: str, day: int = 1, late_us: int | None = None, feed: str = "audit_trail") -> SlotLine:
    filled = DUE + late_us if late_us is not None else DUE - MINUTE_US if state == "on_time" else None
    return SlotLine(feed, sender, f"2021-08-{day:02d}", None if state == "not_expected" else DUE, state, filled)


SLOTS = (
    slot("DSP", "on_time"), slot("DSP", "late", 2, 95 * MINUTE_US), slot("DSP", "late", 3, 2 * DAY_US + 61 * MINUTE_US),
    slot("DSP", "missing", 4), slot("CSPN", "on_time"), slot("CSPN", "not_due_yet", 2), slot("CSPS", "not_expected"),
    slot("DSP", "late", 1, feed="incidents"),
)  # fmt: skip


def table(blocks: list[Block], caption: str) -> list[tuple[object, ...]]:
    (found,) = [block for block in blocks if isinstance(block, Table) and block.caption == caption]
    return [tuple(cell.words if isinstance(cell, Status) else cell for cell in row) for row in found.rows]


def test_each_sender_with_its_states_and_how_late_the_latest_was():
    rows = table(feeds_and_deadlines.build(replace(RUN, slots=SLOTS)), "Slots by feed and sender")
    assert rows == [
        ("Audit trail", "DSP", 4, 1, 2, 1, 0, 0, "2 days 1 hour"),
        ("Audit trail", "CSPN", 2, 1, 0, 0, 1, 0, "none late"),
        ("Audit trail", "CSPS", 0, 0, 0, 0, 0, 1, "none late"),
        ("Incidents", "DSP", 1, 0, 1, 0, 0, 0, "not told"),
    ]


def test_a_feed_with_its_rule_in_words_and_how_well_that_is_known():
    rows = table(feeds_and_deadlines.build(replace(RUN, slots=SLOTS)), "Slots by feed")
    assert rows[0] == ("Service Audit Trail", "every day, within 24 hours of the time it covers", "Assumed", 6, 2, 2, 1, 1, 1)
    bare = table(feeds_and_deadlines.build(replace(RUN, slots=SLOTS, feeds=())), "Slots by feed")
    assert bare[0][:3] == ("Audit trail", "not told in this run", "not told")


def test_the_missing_come_before_the_late_and_of_these_the_latest_first():
    rows = table(feeds_and_deadlines.build(replace(RUN, slots=SLOTS)), "Slots late, missing, not due yet or not expected")
    assert [(row[1], row[2], row[-2], row[-1]) for row in rows] == [
        ("DSP", "2021-08-04", "Missing", "not filled"),
        ("DSP", "2021-08-03", "Late", "2 days 1 hour"),
        ("DSP", "2021-08-02", "Late", "1 hour 35 minutes"),
        ("DSP", "2021-08-01", "Late", "not told"),
        ("CSPN", "2021-08-02", "Not due yet", "not filled"),
        ("CSPS", "2021-08-01", "Not expected", "not owed"),
    ]


def test_initials_and_finals_that_stand_and_that_were_replaced():
    gone = SupersededLine("incidents-0000", "incidents", "DCC", "old.csv", "2021-08", "initial", DUE, "incidents-0001")
    rows = table(feeds_and_deadlines.build(replace(RUN, superseded=(gone,))), "Initial and final submissions")
    assert ("Incidents", "DCC", 1, 1, 0, 0) in rows
    assert not [row for row in rows if row[0] == "Audit trail"], "a feed that knows no initial is none that comes twice"


def test_silences_stand_and_without_any_expectation_it_is_said():
    silent = replace(RUN, slots=(), silences=(SilenceLine("audit_trail", "DSP", "2021-08-12 to 2021-08-14"),))
    blocks = feeds_and_deadlines.build(silent)
    assert table(blocks, "Agreed silences") == [("Audit trail", "DSP", "2021-08-12 to 2021-08-14")]
    (owed,) = [block for block in blocks if isinstance(block, Table) and block.caption == "Slots by feed"]
    assert owed.empty == "The workspace says of no sender that a delivery was expected."


def facts(run) -> dict[object, object]:
    return {row[0]: row[1] for row in table(cover.build(run), "What this report is made of")}


def test_the_cover_tells_what_is_filled_and_names_what_is_not():
    assert facts(replace(RUN, slots=SLOTS))["Slots filled of those owed"] == "5 of 7, of 2 feeds; not filled: Audit trail 4 of 6"
    assert facts(replace(RUN, slots=SLOTS[:3]))["Slots filled of those owed"] == "3 of 3, of 1 feed: every one"
    assert facts(replace(RUN, slots=()))["Slots filled of those owed"] == "no delivery was expected of any sender"


def test_the_cover_leads_to_what_is_restated():
    assert facts(RUN)["Restated since readers were last told"] == Link("2021-07: 2 figures", "restatements")
    assert facts(replace(RUN, restated=replace(RUN.restated, months=())))["Restated since readers were last told"] == "no month"


def test_the_cover_says_how_the_run_stands_to_each_deadline():
    run = replace(RUN, deadlines=judged(RUN.deadlines, parse_instant("2021-09-20T00:00:00Z"), is_complete=False, before=None))
    rows = table(cover.build(run), "Dates by which the report is due")
    assert [(row[0], row[3], row[4]) for row in rows] == [
        ("Legal", "Missed", "no complete run in time"),
        ("Operative", "Not yet", "a complete run is awaited"),
    ]
    assert [row[3] for row in table(cover.build(RUN), "Dates by which the report is due")] == ["not judged", "not judged"]


def test_an_older_run_of_no_restatements_says_why():
    older = replace(RUN, restated=replace(RUN.restated, why="Made before."))
    assert facts(older)["Restated since readers were last told"] == "Made before."
    assert [block for block in cover.build(older) if isinstance(block, Note)]
