"""Feeds and deadlines: what each sender owed, when, and what became of it; initial and final; agreed silences (domain.md 9 and 12)."""

from collections import Counter
from collections.abc import Sequence

from tocsin.reports.blocks import Block, Cell, Column, Heading, Prose, Status, Table
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_received import SlotLine
from tocsin.reports.section import Section
from tocsin.reports.wording import instant_figures, spoken, value_title
from tocsin.vocabulary.instants import span_words

_PAGE_ROWS = 30
_STATES = ("on_time", "late", "missing", "not_due_yet", "not_expected")
_NOBODY = "The workspace says of no sender that a delivery was expected."
Owner = tuple[str, str]


def build(run: FrozenRun) -> list[Block]:
    return [
        Prose(
            "A slot is the piece a delivery should fill: one sender, one feed, one stretch of time. It is on time where accepted files "
            "that cover all of it were received before it was due. Late, missing, not due yet and not expected are four different "
            "things, and a feed that came with nothing in it is a fifth: that is told by its figures."
        ),
        _by_feed(run),
        Heading("By sender"),
        _by_sender(run),
        _submissions(run),
        Heading("Slot by slot"),
        _unfilled(
            run, run.slots, "Slots late, missing, not due yet or not expected", "Every delivery that was owed came on time, and no other."
        ),
        _unfilled(
            run,
            run.later_slots,
            "Slots of the days after the period",
            "Nothing owed for those days, in which late answers may come, is told to be late or missing.",
        ),
        _silences(run),
    ]


def _by_feed(run: FrozenRun) -> Table:
    """Every feed of which something was owed or came, when it is due, and how its slots stand."""
    counts = Counter((slot.feed, slot.state) for slot in run.slots)
    known = {line.feed: line for line in run.feeds}
    rows: list[tuple[Cell, ...]] = []
    for feed in dict.fromkeys(slot.feed for slot in run.slots):
        line = known.get(feed)
        owed = sum(counts[feed, state] for state in _STATES if state != "not_expected")
        due = f"{line.every}, {line.due}" if line else "not told in this run"
        known_as: Cell = Status(line.status) if line else "not told"
        rows.append((line.title if line else spoken(feed), due, known_as, owed, *(counts[feed, state] for state in _STATES)))
    columns = (
        Column("Feed", share=2), Column("Owed", share=3), Column("Rule known as", "status"), Column("Slots", "whole"), *_state_columns(),
    )  # fmt: skip
    return Table("Slots by feed", columns, tuple(rows), _NOBODY)


def _by_sender(run: FrozenRun) -> Table:
    slots: dict[Owner, list[SlotLine]] = {}
    for slot in run.slots:
        slots.setdefault((slot.feed, slot.sender), []).append(slot)
    rows: list[tuple[Cell, ...]] = []
    for (feed, sender), own in slots.items():
        states = Counter(slot.state for slot in own)
        owed = sum(count for state, count in states.items() if state != "not_expected")
        counts = (states[state] for state in _STATES)
        rows.append((spoken(feed), value_title(run, "service_provider", sender), owed, *counts, _worst(own)))
    columns = (
        Column("Feed", share=3), Column("Sender", share=2), Column("Slots", "whole"), *_state_columns(), Column("Latest by", share=2),
    )  # fmt: skip
    return Table("Slots by feed and sender", columns, tuple(rows), _NOBODY)


def _state_columns() -> tuple[Column, ...]:
    return tuple(Column(Status(state).words, "whole") for state in _STATES)


def _worst(slots: Sequence[SlotLine]) -> str:
    """How long after it was due the latest of the late slots was filled."""
    late = [slot for slot in slots if slot.state == "late"]
    spans = [slot.filled_at - slot.due_at for slot in late if slot.filled_at is not None and slot.due_at is not None]
    if not late:
        return "none late"
    return span_words(max(spans)) if spans else "not told"


def _submissions(run: FrozenRun) -> Table:
    """Of the feeds that come twice: how many initials and finals stand, and how many another took the place of."""
    stand = Counter((line.feed, line.sender, line.submission) for line in run.deliveries)
    gone = Counter((line.feed, line.sender, line.submission) for line in run.superseded)
    # A feed that has only finals is one of which no submission is told apart.
    twice = {feed for feed, _, submission in (*stand, *gone) if submission == "initial"}
    owners = sorted({(feed, sender) for feed, sender, _ in (*stand, *gone) if feed in twice})
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (spoken(feed), value_title(run, "service_provider", sender),
         *(counts[feed, sender, submission] for submission in ("initial", "final") for counts in (stand, gone)))
        for feed, sender in owners
    )  # fmt: skip
    columns = (
        Column("Feed", share=3), Column("Sender", share=2), Column("Initials that stand", "whole"), Column("Initials replaced", "whole"),
        Column("Finals that stand", "whole"), Column("Finals replaced", "whole"),
    )  # fmt: skip
    return Table("Initial and final submissions", columns, rows, "No feed came as an initial and a final.", _PAGE_ROWS)


def _unfilled(run: FrozenRun, slots: Sequence[SlotLine], title: str, when_none: str) -> Table:
    rows = tuple(
        (spoken(slot.feed), value_title(run, "service_provider", slot.sender), slot.covers,
         "no due date" if slot.due_at is None else instant_figures(slot.due_at), Status(slot.state), _late_by(slot))
        for slot in sorted((slot for slot in slots if slot.state != "on_time"), key=_worst_first)
    )  # fmt: skip
    columns = (
        Column("Feed", share=2), Column("Sender", share=2), Column("Covers", share=2), Column("Due before, UTC", share=2),
        Column("State", "status"), Column("Late by", share=2),
    )  # fmt: skip
    return Table(title, columns, rows, when_none, _PAGE_ROWS)


def _worst_first(slot: SlotLine) -> tuple[int, int, str, str, str]:
    """What is missing before what came late, and of that the latest first: a page may not have room for all."""
    late_us = slot.filled_at - slot.due_at if slot.filled_at is not None and slot.due_at is not None else 0
    order = ("missing", "late", "not_due_yet", "not_expected")
    return order.index(slot.state) if slot.state in order else len(order), -late_us, slot.feed, slot.sender, slot.covers


def _late_by(slot: SlotLine) -> str:
    if slot.state != "late":
        return "not filled" if slot.state in {"missing", "not_due_yet"} else "not owed"
    return _worst([slot])


def _silences(run: FrozenRun) -> Table:
    rows = tuple((spoken(line.feed), value_title(run, "service_provider", line.sender), line.covers) for line in run.silences)
    columns = Column("Feed", share=2), Column("Sender", share=2), Column("Nothing is owed for", share=4)
    return Table("Agreed silences", columns, rows, "Whoever owes a feed owes it for the whole period.", _PAGE_ROWS)


FEEDS_AND_DEADLINES = Section(name="feeds_and_deadlines", title="Feeds and deadlines", order=61, build=build, sheet="Feeds")
