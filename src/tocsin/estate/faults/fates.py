"""What becomes of every file and row on its way: dealt out of a drawn order, so that even a tiny month shows every kind of fault.

All of it is a pure function of the plan and what is asked, in whatever order it is asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tocsin.estate.block import Array
from tocsin.estate.chance import chance
from tocsin.estate.faults.kinds import COPY_AFTER_US, FILE_FATES, HARMLESS, NEVER_WHOLE, ROW_FAULTS, is_harmless
from tocsin.estate.faults.profile import OF
from tocsin.estate.faults.rhythm import day_number, day_of, due_at, ready_at
from tocsin.estate.plan import Plan
from tocsin.feeds import all_feeds
from tocsin.vocabulary.instants import DAY_US, MINUTE_US, QUARTER_HOUR_US
from tocsin.vocabulary.service_providers import senders

__all__ = ["COPY_AFTER_US", "FILE_FATES", "HARMLESS", "ROW_FAULTS", "Copy", "Fates", "is_harmless"]

# The sender whose daily files show every kind of the profile, however short the month: it is in every simulation.
SHOWS_ALL = "DSP"
# Told by how a slot of the month stands, so they befall no other.
OF_THE_MONTH = ("late", "missing")
# No fault: the slot is of another simulated month, whose file fills it.
A_NEIGHBOURS = "a_neighbours"


@dataclass(frozen=True)
class Copy:
    """One arrival of a file: when, and what was done to its bytes ("", cut, spoilt, or other_bytes with the same rows)."""

    arrives_at: int
    damage: str = ""

    @property
    def is_whole(self) -> bool:
        return self.damage in {"", "other_bytes"}


@dataclass(frozen=True)
class Fates:
    """The fates of a plan's files and rows."""

    plan: Plan
    _dealt: dict[tuple[str, str], Mapping[int, str]] = field(default_factory=dict, compare=False, repr=False)

    def fate(self, feed: str, sender: str, start_at: int | None) -> str:
        """What befalls the files of a slot: one of FILE_FATES, or A_NEIGHBOURS. Registers, sent when there is an occasion, come on time."""
        every = all_feeds()[feed].every
        if start_at is None or every == "occasion":
            return "on_time"
        # A month has one slot of each sender, so a monthly feed is dealt over its senders.
        whose, number = sender, day_number(start_at)
        if every != "month" and self.plan.is_a_neighbours(number if every == "day" else start_at // DAY_US):
            return A_NEIGHBOURS
        if every == "month":
            whose, number = "", ([*senders(), sender]).index(sender)
        elif every == "quarter_hour":
            number = start_at // QUARTER_HOUR_US
        if (feed, whose) not in self._dealt:
            self._dealt[feed, whose] = self._deal(feed, whose, every)
        return self._dealt[feed, whose].get(number, "on_time")

    def copies(self, feed: str, sender: str, start_at: int | None, ready: int, due: int | None) -> tuple[Copy, ...]:
        """Every arrival of a file that is ready and due at these instants, in order; none is a file that never comes."""
        random = chance(self.plan.seed, "arrival", feed, sender, -1 if start_at is None else start_at // MINUTE_US)
        # The local-time sender and the quarter-hours have little time; drawn first, so that the fate does not move the hour.
        hurried = start_at is not None and (bool(start_at % DAY_US) or all_feeds()[feed].every == "quarter_hour")
        first = ready + int(random.integers(0, (4 if hurried else 30) * 60)) * MINUTE_US // 60
        later = int(random.integers(60, 18 * 60)) * MINUTE_US
        again = first + int(random.integers(6 * 60, 36 * 60)) * MINUTE_US
        match self.fate(feed, sender, start_at):
            case "missing" | "a_neighbours":
                return ()
            case "late":
                return (Copy(max(first, due or 0) + later),)
            case "cut" | "spoilt" as damage:
                return (Copy(first, damage),)
            case "cut_then_whole" | "spoilt_then_whole" as fate:
                return Copy(first, fate.removesuffix("_then_whole")), Copy(again)
            case "doubled":
                return Copy(first), Copy(again)
            case "sent_again":
                return Copy(first), Copy(again, "other_bytes")
        return (Copy(first),)

    def stands(self, feed: str, sender: str, start_at: int | None, submission: str = "final") -> bool:
        """Whether a whole copy of a slot's file has arrived by `until_at`, the file being ready when `rhythm` says."""
        if start_at is None:
            return True
        copies = self.copies(feed, sender, start_at, ready_at(feed, sender, start_at, submission), due_at(feed, start_at))
        return any(copy.is_whole and copy.arrives_at <= self.plan.until_at for copy in copies)

    def row_faults(self, random: np.random.Generator, rows: int, day: int | None = None) -> Array:
        """Row faults by number (int8) of so many rows. On days of its own, told by the UTC day number, each kind occurs at least twice."""
        faults = np.zeros(rows, np.int8)
        counts = [self._count(random, self.plan.faults.rows.get(kind, 0), rows, OF["rows"]) for kind in ROW_FAULTS]
        if day is not None:
            counts = [max(count, 2) if day in self._days_of(kind) else count for kind, count in zip(ROW_FAULTS, counts, strict=True)]
        struck = np.repeat(np.arange(len(ROW_FAULTS), dtype=np.int8), counts)[:rows]
        faults[random.choice(rows, len(struck), replace=False)] = struck
        return faults

    def _days_of(self, kind: str) -> Sequence[int]:
        """Two days of the month on which a kind of row fault occurs at any scale; none for a kind the profile has not."""
        if not self.plan.faults.rows.get(kind, 0):
            return ()
        drawn = chance(self.plan.seed, "row faults of the month", kind).choice(np.array(self.plan.period.days()), 2, replace=False)
        return [int(day) for day in drawn]

    def _deal(self, feed: str, whose: str, every: str) -> Mapping[int, str]:
        """Slot number to kind. A drawn order of the slots is dealt out kind by kind, those that need a slot of the month first."""
        slots, of_month = self._slots(every)
        random = chance(self.plan.seed, "fates", feed, whose)
        due = all_feeds()[feed].due
        rates = {kind: self.plan.faults.files.get(kind, 0) for kind in FILE_FATES}
        if due.hours_after is None and (every == "day" or due.working_day is None):
            # A day's file that is due on a Working Day after the month cannot be late and still be there on that day; one due never, ever.
            rates["late"] = 0
        counts = {kind: self._count(random, rate, len(slots), OF["files"]) for kind, rate in rates.items() if rate}
        if every == "day" and whose == SHOWS_ALL:
            counts = {kind: max(1, count) for kind, count in counts.items()}
        lost = 0
        for kind in NEVER_WHOLE:
            if kind in counts:
                counts[kind] = min(counts[kind], len(slots) // 4 - lost)
                lost += counts[kind]
        order = [slots[place] for place in random.permutation(len(slots))]
        dealt: dict[int, str] = {}
        for kind in sorted(counts, key=lambda kind: (kind not in OF_THE_MONTH, kind)):
            # The first of each kind falls into the month, so that its report has it to tell.
            fit = [slot for slot in order if slot not in dealt and slot in of_month]
            others = [slot for slot in order if slot not in dealt and (slot in of_month or kind not in OF_THE_MONTH)]
            chosen = dict.fromkeys(fit[:1] + others)
            dealt |= dict.fromkeys(list(chosen)[: counts[kind]], kind)
        return dealt

    def _slots(self, every: str) -> tuple[Sequence[int], range | Sequence[int]]:
        """The numbers of all slots of a feed, and those of them that are of the month."""
        if every == "month":
            whole = range(len(senders()))
            return whole, whole
        period, days = self.plan.period, self.plan.days
        if every == "day":
            return days, range(day_number(period.start_at), day_number(period.end_at))
        first = days.start if self.plan.slices_from is None else max(days.start, day_of(self.plan.slices_from))
        a_day = DAY_US // QUARTER_HOUR_US
        return range(first * a_day, days.stop * a_day), range(period.start_at // QUARTER_HOUR_US, period.end_at // QUARTER_HOUR_US)

    @staticmethod
    def _count(random: np.random.Generator, rate: int, of: int, base: int) -> int:
        """How many of so many, rounded up or down by chance, so that small numbers are right on the whole."""
        return (rate * of + int(random.integers(0, base))) // base
