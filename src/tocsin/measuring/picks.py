"""A pick: the few rows of a feed that several journeys ask for, found once a close and not once by each of them (docs/decisions/0017)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tocsin.engines import Session


@dataclass(frozen=True)
class Pick:
    """Rows of feeds, by one SQL text in the kernel's words, readable under `name` wherever a journey names it among its `picks`.

    `feeds` names what the text reads, `of` the picks that it reads beside them. It may ask for :start_at and :end_at and for nothing else
    of a close: what was known when is the journey's question, and a bucket has no pick of its own.
    """

    name: str
    feeds: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    sql: str
    of: tuple["Pick", ...] = ()


# All that the text of a pick may ask for.
PARAMETERS = ("start_at", "end_at")


def in_turn(picks: Sequence[Pick]) -> tuple[Pick, ...]:
    """Picks and those they read, each once and after those it reads itself."""
    return tuple(dict.fromkeys(one for pick in picks for one in (*in_turn(pick.of), pick)))


def hold_picks(session: Session, picks: Sequence[Pick], parameters: Mapping[str, int]) -> None:
    """Make picks readable in a session that has their feeds: for few rows, such as those that came late."""
    for pick in in_turn(picks):
        session.hold(pick.name, pick.sql, parameters)
