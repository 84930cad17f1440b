"""When a month was complete, and when it would have been: by hand over a few slots."""

from tocsin.deliveries.slots import Slot, SlotState, State
from tocsin.reports.completion import Completion, completion, if_sent_by

WAITS_UNTIL = 500


def state(sender: str, filled_at: int | None, said: State = "late", feed: str = "provider_reports") -> SlotState:
    return SlotState(Slot(feed, sender, 0, 100, 200), said, filled_at, ())


def test_a_month_is_complete_with_its_last_owed_file() -> None:
    found = completion([state("DSP", 150, "on_time"), state("CSPN", 900), state("CSPCS", 900)], WAITS_UNTIL)
    assert found == Completion(900, 3, 3, (("provider_reports", "CSPCS"), ("provider_reports", "CSPN")), WAITS_UNTIL)


def test_it_is_not_complete_while_answers_may_still_come() -> None:
    assert completion([state("DSP", 150, "on_time")], WAITS_UNTIL).complete_at == WAITS_UNTIL
    assert completion([], WAITS_UNTIL) == Completion(WAITS_UNTIL, 0, 0, (), WAITS_UNTIL)


def test_a_missing_file_is_named_and_there_is_no_date() -> None:
    found = completion([state("DSP", 150), state("CSPN", None, "missing"), state("CSPN", None, "not_due_yet")], WAITS_UNTIL)
    assert (found.complete_at, found.owed, found.filled, found.last) == (None, 3, 1, (("provider_reports", "CSPN"),))


def test_what_nobody_owed_keeps_nothing_waiting() -> None:
    assert completion([state("DSP", 150), state("S1SP-2", 9_999, "not_expected")], WAITS_UNTIL).complete_at == WAITS_UNTIL


def test_had_all_sent_by_an_instant_only_what_came_later_moves() -> None:
    slots = [state("DSP", 150), state("CSPN", 900), state("CSPCS", None, "missing")]
    assert if_sent_by(slots, 700, WAITS_UNTIL) == Completion(
        700, 3, 3, (("provider_reports", "CSPCS"), ("provider_reports", "CSPN")), WAITS_UNTIL
    )
    # However early the files, the last answers must be waited for.
    assert if_sent_by(slots, 300, WAITS_UNTIL).complete_at == WAITS_UNTIL
    # What came before the instant asked for stays when it came.
    assert if_sent_by([state("DSP", 150), state("CSPN", 900)], 5_000, WAITS_UNTIL).complete_at == 900
