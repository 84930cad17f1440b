"""What a frozen run still waits for: by feed and sender, with when it is due and which measures, processes and areas rest on it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WaitLine:
    """Of one feed and one sender: how many files are owed, how many of them are missing and how many are not due yet.

    `overdue_at` is when the longest missing was due, `next_due_at` when the next that is still to come is; None where there is none.
    `subjects` are the measures, Business Processes and areas that rest on the feed. `is_after`: it is owed of the days after the
    period, in which answers to its last requests may come; no figure is incomplete for want of it, and yet figures may move by it.
    """

    feed: str
    sender: str
    owed: int
    missing: int
    to_come: int
    overdue_at: int | None
    next_due_at: int | None
    subjects: tuple[str, ...]
    is_after: bool = False
