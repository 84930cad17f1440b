"""Deliveries taken back: a wrong file stays where it is, with its rows, and stands no more from the instant at which somebody said why.

What was said is a table of the ledger that is only added to, so that what stood at an earlier instant is still what stood then.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Literal

import sqlalchemy as sa

Said = Literal["withdrawn", "restored"]
TABLE = "withdrawals"


@dataclass(frozen=True)
class Withdrawal:
    """One word about a delivery: that it is withdrawn, or that it stands again. `at` is µs UTC; `account` was signed in on the machine."""

    word_no: int
    delivery_no: int
    said: Said
    at: int
    by: str
    account: str
    reason: str


_NUMBERS = {"word_no", "delivery_no", "at"}


def withdrawals_table(tables: sa.MetaData) -> sa.Table:
    """The words beside the ledger's deliveries. A ledger of before has none until the first is said: reading one changes nothing of it."""
    return sa.Table(
        TABLE,
        tables,
        *(
            sa.Column(
                part.name,
                sa.BigInteger if part.name in _NUMBERS else sa.Text,
                *([sa.ForeignKey("deliveries.delivery_no")] if part.name == "delivery_no" else []),
                primary_key=part.name == "word_no",
                autoincrement=False,
                nullable=False,
            )
            for part in fields(Withdrawal)
        ),
    )


def withdrawn_by(words: Collection[Withdrawal], as_at: int | None = None) -> dict[int, Withdrawal]:
    """The words in force at an instant (of all that was said, where none is given), by the number of the delivery that stands no more."""
    last: dict[int, Withdrawal] = {}
    for word in words:
        if as_at is None or word.at <= as_at:
            last[word.delivery_no] = word
    return {number: word for number, word in last.items() if word.said == "withdrawn"}
