"""Who owes what, as one page for a browser: what is missing first, then what is to come, then what is settled, by sender and feed."""

from collections.abc import Sequence
from itertools import chain

from tocsin import __version__
from tocsin.deliveries.owing import Owes
from tocsin.deliveries.slots import SlotState
from tocsin.feeds import all_feeds
from tocsin.reports.blocks import Block, Cell, Column, Heading, Note, Status, Table
from tocsin.reports.page import Page, Part
from tocsin.reports.wording import instant_figures, instant_words, month_words, number
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.instants import MINUTE_US

# A month of quarter-hours that never came is thousands of slots: the page names the first, and `tocsin slots` all of them.
MOST_SLOTS = 200
_AGREED = "as agreed"


def owed_page(period: Period, lines: Sequence[Owes], states: Sequence[SlotState], at: int) -> Page:
    """The page of a month as known at an instant (µs UTC); `lines` are those of `owing`, `states` the slots they were made of."""
    missing, to_come = sum(line.missing for line in lines), sum(line.to_come for line in lines)
    heading, under = "What is owed", month_words(period)
    lead = f"As at {instant_words(at)}: {number(missing)} files missing, {number(to_come)} still to come, of {number(_owed(lines))}."
    return Page(
        heading=heading,
        under=under,
        title=f"{heading}, {under}",
        description=f"{heading} for {under}: {lead}",
        lead=lead,
        parts=(
            Part("by_sender", "By sender and feed", tuple(_by_sender(lines))),
            Part("missing", "Files missing", tuple(_slots(states, "missing", "No file that is due is missing."))),
            Part("to_come", "Files still to come", tuple(_slots(states, "not_due_yet", "Nothing is still to come."))),
        ),
        footer=f"tocsin {__version__}. What was sent and refused counts as missing.",
        code_version=__version__,
        state=Status("missing" if missing else "not_due_yet" if to_come else "complete"),
        main="what is owed",
    )


def _owed(lines: Sequence[Owes]) -> int:
    return sum(line.owed for line in lines)


def _by_sender(lines: Sequence[Owes]) -> list[Block]:
    """A table for each sender, those with missing files first, as the lines come."""
    senders = dict.fromkeys(line.sender for line in lines)
    columns = (
        Column("Feed", share=3), Column("State", "status"), Column("Owed", "whole"), Column("On time", "whole"), Column("Late", "whole"),
        Column("Missing", "whole"), Column("To come", "whole"), Column("Latest came late by, h", "whole"), Column("Missing since, UTC"),
        Column("Next due, UTC"), Column("Final due, UTC"),
    )  # fmt: skip
    if not senders:
        return [Note("Nobody is expected to send anything for this month: name who owes what in workspace.toml.")]
    tables = [
        (Heading(sender), Table(f"What {sender} owes", columns, tuple(_row(line) for line in lines if line.sender == sender), "Nothing."))
        for sender in senders
    ]
    return list(chain.from_iterable(tables))


def _row(line: Owes) -> tuple[Cell, ...]:
    state = Status("missing" if line.missing else "not_due_yet" if line.to_come else "late" if line.late else "on_time")
    late: Cell = "none" if line.worst_late_us is None else line.worst_late_us // (60 * MINUTE_US)
    return (
        all_feeds()[line.feed].title, state, line.owed, line.on_time, line.late, line.missing, line.to_come, late,
        *("none" if instant is None else instant_figures(instant) for instant in (line.missing_since, line.next_due_at, line.final_due_at)),
    )  # fmt: skip


def _slots(states: Sequence[SlotState], state: str, empty: str) -> list[Block]:
    found = sorted((one for one in states if one.state == state), key=lambda one: (one.slot.due_at or 0, one.slot.sender, one.slot.feed))
    rows = tuple(
        (one.slot.sender, all_feeds()[one.slot.feed].title, instant_figures(one.slot.start_at), instant_figures(one.slot.end_at),
         _AGREED if one.slot.due_at is None else instant_figures(one.slot.due_at))
        for one in found[:MOST_SLOTS]
    )  # fmt: skip
    columns = (Column("Sender"), Column("Feed", share=3), Column("From, UTC"), Column("Until, UTC"), Column("Due before, UTC"))
    more = [Note(f"{number(len(found) - MOST_SLOTS)} more: tocsin slots lists every one.")] if len(found) > MOST_SLOTS else []
    return [Table("The files, by when they are due", columns, rows, empty), *more]
