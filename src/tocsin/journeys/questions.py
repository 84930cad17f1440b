"""Ladders of questions: asked from the top, the first that is answered yes decides. Read by a service manager and run by an engine."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A sentence for a reader, the predicate that asks it of an engine, and what a yes means. Unknown is not yes."""

    sentence: str
    predicate: str
    answer: str


def decided_sql(ladder: Sequence[Question], otherwise: str) -> str:
    """The CASE that walks down a ladder; `otherwise` is what it means when every answer is no."""
    rungs = "\n".join(f"      WHEN {question.predicate} THEN '{question.answer}'" for question in ladder)
    return f"CASE\n{rungs}\n      ELSE '{otherwise}'\n    END"
