"""Who owes what: counts by sender and feed, the longest missing first."""

from tocsin.deliveries.owing import owing
from tocsin.deliveries.slots import Slot, SlotState, State


def state(owner: tuple[str, str], said: State, due_at: int | None, *, filled_at: int | None = None, final: int | None = None) -> SlotState:
    feed, sender = owner
    return SlotState(Slot(feed, sender, 0, 100, due_at, final), said, filled_at, ())


TRAIL, REPORT = ("audit_trail", "DSP"), ("provider_reports", "CSPN")


def test_every_state_is_counted_and_what_nobody_owed_is_not() -> None:
    (line,) = owing(
        [
            state(TRAIL, "on_time", 200, filled_at=150),
            state(TRAIL, "late", 200, filled_at=260),
            state(TRAIL, "late", 300, filled_at=310),
            state(TRAIL, "missing", 500),
            state(TRAIL, "missing", 400),
            state(TRAIL, "not_due_yet", 900),
            state(TRAIL, "not_due_yet", 800),
            state(TRAIL, "not_expected", None, filled_at=150),
        ]
    )
    assert (line.owed, line.on_time, line.late, line.missing, line.to_come) == (7, 1, 2, 2, 2)
    assert (line.worst_late_us, line.missing_since, line.next_due_at, line.is_settled) == (60, 400, 800, False)


def test_the_longest_missing_comes_first_then_what_is_due_next_then_what_is_settled() -> None:
    lines = owing(
        [
            state(("incidents", "DSP"), "on_time", 100, filled_at=50),
            state(("inventory", "DSP"), "not_due_yet", 700),
            state(TRAIL, "missing", 500),
            state(REPORT, "missing", 400, final=900),
        ]
    )
    assert [(line.feed, line.is_settled) for line in lines] == [
        ("provider_reports", False), ("audit_trail", False), ("inventory", False), ("incidents", True),
    ]  # fmt: skip
    assert lines[0].final_due_at == 900
