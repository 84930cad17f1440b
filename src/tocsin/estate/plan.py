"""The plan of a simulation: which month, scale, seed, until when, with which faults. The same plan gives the same bytes."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tocsin.estate.faults.profile import FaultProfile
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import DAY_US

# Days drawn before the month, so that future-dated and late requests of earlier days fall into it, and after it, so that the answers
# to its last requests come: a Target Response Time may be 48 hours (domain.md 4.1).
RUN_IN_DAYS = RUN_OUT_DAYS = 2

# By then every file that ever comes has come: three Working Weeks after the month.
SETTLED_AFTER_DAYS = 21


@dataclass(frozen=True)
class Plan:
    """What is asked of a simulation. `scale` 1 is the whole network; `until_at`: nothing that would be sent later is written.

    `slices_from`: quarter-hour files are written from this day on only, for a month of them is forty thousand; None: all of them.
    `only_on`: this day alone is drawn, of the audit trail and the alerts, with nothing before or after it (tocsin.estate.one_day).
    `months_before`, `is_followed`: of the months simulated into the same workspace (tocsin.estate.months), how many are before this one,
    and whether one is after it. Towards these no day is drawn but the month's own: no two months fill one slot.
    """

    period: Period
    scale: Fraction
    seed: int
    until_at: int
    faults: FaultProfile
    slices_from: date | None = None
    months_before: int = 0
    is_followed: bool = False
    only_on: date | None = None

    def __post_init__(self) -> None:
        if not 0 < self.scale <= 1:
            raise BadDeclaration(
                f"scale: a share of the network above 0 and up to 1 was expected, such as 0.0005; found {float(self.scale):g}."
            )
        if self.seed < 0:
            raise BadDeclaration(f"seed: a whole number from 0 was expected, found {self.seed}.")
        if self.until_at <= self.days_start_at:
            raise BadDeclaration(f"until: an instant inside {self.period.label} or after it was expected: nothing would have come by then.")

    @property
    def days_start_at(self) -> int:
        return self.days[0] * DAY_US

    @property
    def days(self) -> range:
        """UTC day numbers that are drawn, run-in and run-out included."""
        if self.only_on is not None:
            only = (self.only_on - date(1970, 1, 1)).days
            return range(only, only + 1)
        first, last = self.period.start_at // DAY_US, (self.period.end_at - 1) // DAY_US
        return range(first - (0 if self.months_before else RUN_IN_DAYS), last + 1 + (0 if self.is_followed else RUN_OUT_DAYS))

    def is_a_neighbours(self, day: int) -> bool:
        """Whether a UTC day number is of a month before or after this one that is simulated too: that month's files tell of it."""
        if self.only_on is not None:
            return day not in self.days
        return (bool(self.months_before) and day < self.days.start) or (self.is_followed and day >= self.days.stop)

    @staticmethod
    def settled_at(period: Period) -> int:
        """The instant until which a month is simulated where nothing else is said."""
        return period.end_at + SETTLED_AFTER_DAYS * DAY_US
