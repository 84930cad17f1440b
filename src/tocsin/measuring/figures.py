"""Figures: the only place that divides (architecture section 4, rule 1). Judged unrounded, shown to two places."""

from dataclasses import dataclass
from decimal import Decimal

STATUSES = ("met", "below_target", "below_minimum", "no_events", "no_data", "incomplete", "stated")


@dataclass(frozen=True)
class Figure:
    """One published number with its status.

    `name` is stable and unique in a run: subject[.indicator][/column=value…], e.g. "cpm_1", "cpm_5/resolver_group=DSP",
    "prepayment.success_rate/srv=2.2", "prepayment.round_trip_p95/region=north". `counted` and `met` are the whole numbers it was
    made from. `value` is None where the status is a hole (no_events, no_data, incomplete). `unit` is percent, count, seconds.
    `status` is "stated" where no service level applies. `marks` are words printed beside it: "small_numbers", "assumed_level",
    "provisional", "suppressed". `predicate` and `journey` are what `trace` asks again.
    """

    name: str
    subject: str
    indicator: str
    breakdown: tuple[tuple[str, str], ...]
    unit: str
    counted: int | None
    met: int | None
    value: Decimal | None
    shown: str
    status: str
    target: Decimal | None
    minimum: Decimal | None
    marks: tuple[str, ...]
    journey: str
    predicate: str
