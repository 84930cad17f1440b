"""The thirteen months of a Code Performance Measure as a run freezes them: each month's own run, its level in force then (domain.md 12)."""

from dataclasses import dataclass
from decimal import Decimal

# A month before the period that was never closed, or not yet known at the run's as-at: a hole of its own kind.
NO_RUN = "no_run"


@dataclass(frozen=True)
class TrendLine:
    """One measure in one month ("2021-09"), the twelve before the run's own and it, oldest first.

    `value` in percent, `target` and `minimum` are that month's run's own; None where it has none. `status` is that of the figure, or
    NO_RUN. `shown` are its words. `is_complete` is of the month's run, `is_alike` that the measure was defined as it is now; `why`
    says what keeps a month from standing beside the others, empty where nothing does. `change` is the difference to the month
    before in points with its sign, empty where either has no value or was defined otherwise.
    """

    measure: str
    month: str
    run_id: str
    status: str
    shown: str
    value: Decimal | None = None
    target: Decimal | None = None
    minimum: Decimal | None = None
    is_complete: bool = True
    is_alike: bool = True
    why: str = ""
    change: str = ""
