"""Commentary that was asked for of Service Providers: told beside a run and never in its file."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AskedLine:
    """One request for commentary (CR1430 [C], [D]): of whom, on what, when (µs UTC), by when it is due, and how it stands.

    `state` is on_time, late, missing or not_due_yet; `answered_at` is 0 and `answer` empty while there is none.
    """

    name: str
    month: str
    of: str
    on: str
    question: str
    asked_by: str
    asked_at: int
    due_at: int
    state: str
    answered_at: int = 0
    answer: str = ""
