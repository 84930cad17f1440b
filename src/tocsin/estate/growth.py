"""How the network grew: meters, messages and alerts of a month, through the published figures (domain.md section 14)."""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from tocsin.estate.own_tables import own_table
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.table_file import STATUSES

QUANTITIES = ("smets1_meters", "smets2_meters", "messages", "device_alerts", "dcc_alerts")


@dataclass(frozen=True)
class Volume:
    """What the whole network had in one month: meters at its end, messages and alerts in it, meters joined in it.

    `status`: verified where the month itself was published, inferred between published months, assumed after the last.
    """

    smets1_meters: int
    smets2_meters: int
    messages: int
    device_alerts: int
    dcc_alerts: int
    installs: int
    status: str


@dataclass(frozen=True)
class Anchor:
    """A published figure: the month counted from year 0, and the whole number told for it."""

    month: int
    value: int


def volume_of(period: Period) -> Volume:
    """What the network had in a month, unscaled. Raises BadDeclaration before the first published month."""
    first = own_table("growth")[0].cells["month"]
    month = _month(period)
    if period.label < first:
        raise BadDeclaration(f"month: the estate begins in {first}, the first with published figures; found {period.label}.")
    smets1, smets2 = joined_in(period)
    return Volume(**{name: _at(name, month) for name in QUANTITIES}, installs=smets1 + smets2, status=_status(period))


def joined_in(period: Period) -> tuple[int, int]:
    """SMETS1 meters enrolled and SMETS2 meters installed in a month, unscaled; for the first month, as many as in the next."""
    month = max(_month(period), _anchors("smets2_meters")[0].month + 1)
    smets1, smets2 = (max(0, _at(name, month) - _at(name, month - 1)) for name in QUANTITIES[:2])
    return smets1, smets2


def published() -> tuple[tuple[str, str, int, str, str], ...]:
    """Every published figure as (month, quantity, value, status, source), for a person to judge a simulation by."""
    return tuple(
        (row.cells["month"], name, row.whole(name), row.cells["status"], row.cells["source"])
        for row in own_table("growth")
        for name in QUANTITIES
        if row.cells[name]
    )


def _at(quantity: str, month: int) -> int:
    """A straight line between published months, in whole numbers; after the last, the growth between the last two goes on.

    Straight lines fit what was published apart from the anchors: 6.3 bn messages in 2021, 10 bn until January 2022.
    """
    anchors = _anchors(quantity)
    if len(anchors) == 1:
        # Alerts were published once: in proportion to the messages of that month (inferred).
        told = anchors[0]
        return told.value * _at("messages", month) // _at("messages", told.month)
    before, after = next((pair for pair in pairwise(anchors) if month <= pair[1].month), anchors[-2:])
    return before.value + (after.value - before.value) * (month - before.month) // (after.month - before.month)


def _status(period: Period) -> str:
    told = [
        row for row in own_table("growth") if row.cells["month"] == period.label and row.cells["messages"] and row.cells["smets2_meters"]
    ]
    if told:
        return told[0].one_of("status", STATUSES)
    last = max(row.cells["month"] for row in own_table("growth") if row.cells["status"] != "assumed")
    return "inferred" if period.label < last else "assumed"


@cache
def _anchors(quantity: str) -> tuple[Anchor, ...]:
    return tuple(
        Anchor(_month(Period.parse(row.cells["month"])), row.whole(quantity)) for row in own_table("growth") if row.cells[quantity]
    )


def _month(period: Period) -> int:
    return period.year * 12 + period.month - 1
