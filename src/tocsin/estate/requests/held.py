"""Flows with a time asked for: run by a DCC schedule, held by the DSP, held by the device, and called off again (domain.md 6.2)."""

import numpy as np

from tocsin.estate.block import Array, Truth, Whole
from tocsin.estate.requests.asked import HOUR_MS, Asked, Sheet, bits, is_luck_below, span
from tocsin.estate.requests.at_once import ending, one_step, put_acks, put_legs, two_steps
from tocsin.estate.requests.kinds import DEVICE_ANSWERS, KIND_OF_ANSWER, KIND_OF_RUN, answer, kind
from tocsin.estate.requests.oddities import NO_ODDITIES
from tocsin.estate.requests.spans import (
    DCC_FAIL,
    DEVICE_FAIL,
    SPEEDS,
    SUCCESS,
    TIMEOUT,
    USER_REJECT,
    behaviour,
    lognormal,
)

# How long ahead Users plan, in five minutes: hours to days (median ten hours), so that some of one month are of the next. Assumed.
AHEAD_MS = 300_000
AHEAD = lognormal(120, 120, 1024, 12, 20 * 24 * 12)

# Cancelled by sending it again for this time (duis.md 6.1: 3000-12-31).
CANCELLED_MS = 32_535_129_600_000

# Of 256 with at least so long to go: called off. Of 256 runs: those of which the way back is told besides the answer. Assumed.
CALLED_OFF, LONG_ENOUGH_MS, TRACED_RUNS = 16, 6 * HOUR_MS, 77

# The bits by which an answer comes late, set so that it does not.
NEVER_LATE = np.uint64(0xFF << 44)

REPORT = SPEEDS.index("report")


def scheduled(sheet: Sheet, asked: Asked) -> None:
    """Runs of DCC schedules: no request, an answer within the day; of one that got none, only the command is known."""
    end = ending(asked, asked.at, DEVICE_ANSWERS, span(asked, SPEEDS.index("scheduled")))
    told = np.flatnonzero(end.is_told)
    sheet.put(asked.place[told], end.at[told], KIND_OF_RUN[end.answer[told]], end.answer[told])
    returned = np.flatnonzero(end.is_by_device & is_luck_below(asked.luck, 36, 8, TRACED_RUNS))
    sheet.put(asked.place[returned], end.at[returned] - 100 - 2 * bits(asked.more, 44, 8)[returned], kind("run_returned"))
    silent = np.flatnonzero(~end.is_told)
    sheet.put(asked.place[silent], asked.at[silent] + 200 + 3 * bits(asked.luck, 56, 8)[silent], kind("command_0"))


def planned_for(asked: Asked, start: Whole) -> Whole:
    """The execution times asked for by requests received at `start`: on a whole five minutes, an hour ahead at the least."""
    ahead = AHEAD[bits(asked.more, 26, 10)]
    return np.asarray((start // AHEAD_MS + 1 + ahead) * AHEAD_MS)


def is_called_off(asked: Asked) -> Truth:
    """Those whose User calls them off: well received, and with time enough before their execution."""
    chosen = is_luck_below(asked.more, 52, 8, CALLED_OFF) & (asked.outcome == SUCCESS)
    return np.asarray(chosen & (asked.execution - asked.at >= LONG_ENOUGH_MS))


def called_off_at(asked: Asked) -> Whole:
    """When the cancellation is sent: an hour after the request at the earliest, two hours before the execution at the latest."""
    free = asked.execution - asked.at - 3 * HOUR_MS
    return np.asarray(asked.at + HOUR_MS + (free * bits(asked.luck, 28, 8) >> 8))


def held_by_dsp(sheet: Sheet, asked: Asked, withdrawn: Truth) -> None:
    """Received and acknowledged; at its time sent to the device and answered. Refused at once where the request was wrong."""
    sheet.put(asked.place, asked.at, kind("planned_1"))
    put_acks(sheet, asked, asked.at, below=256)
    rest = asked.take(np.flatnonzero(~withdrawn))
    start = np.where(rest.outcome == USER_REJECT, rest.at, rest.execution)
    end = ending(rest, start, DEVICE_ANSWERS, span(rest, rest.of_cell("speed")))
    put_legs(sheet, rest, start, end, command="command_1", odd=NO_ODDITIES)
    told = np.flatnonzero(end.is_told)
    sheet.put(rest.place[told], end.at[told], KIND_OF_ANSWER[end.answer[told]], end.answer[told])


def held_by_device(sheet: Sheet, asked: Asked, withdrawn: Truth) -> None:
    """Set up at once, in two steps unless DCC's own party signs (6.23); what the device did is reported after the execution time."""
    is_both = asked.of_cell("is_both")
    # A set-up that is not answered in time is never answered, so that it is plain that nothing is owed of it.
    asked.more[asked.outcome == TIMEOUT] |= NEVER_LATE
    two_steps(sheet, asked.take(np.flatnonzero(~is_both)), NO_ODDITIES, "planned_4", "planned_5")
    one_step(sheet, asked.take(np.flatnonzero(is_both)), NO_ODDITIES, "planned_1")
    owed = np.flatnonzero((asked.outcome == SUCCESS) & ~withdrawn)
    later = asked.take(owed)
    later.later[:] = behaviour().outcomes[REPORT, later.region, bits(later.luck, 52, 12) << 4 | bits(later.more, 52, 4)]
    # The DCC has nothing to refuse any more.
    later.later[later.later == USER_REJECT] = SUCCESS
    asked.later[owed] = later.later
    _put_reports(sheet, later)


def _put_reports(sheet: Sheet, asked: Asked) -> None:
    """One report for each instruction; some commands fail in one of them, some devices leave out the last, or say nothing at all."""
    reported_at = asked.execution + span(asked, REPORT)
    total = asked.of_cell("instructions").astype(np.int64)
    is_silent = (asked.later == TIMEOUT) & ((total == 1) | is_luck_below(asked.more, 0, 8, 128))
    told = np.where(is_silent | (asked.later == DCC_FAIL), 0, total - (asked.later == TIMEOUT))
    of = np.repeat(np.arange(len(asked)), told)
    number = np.arange(len(of)) - np.repeat(np.cumsum(told) - told, told) + 1
    failed = (asked.later[of] == DEVICE_FAIL) & (number == 1 + bits(asked.more, 8, 8)[of] % total[of])
    said = np.where(failed, answer("8F67", "failed"), answer("8F66", "ok"))
    sheet.put(asked.place[of], reported_at[of] + 350 * number, kind("report"), said, number * 16 + total[of])
    alerted = np.flatnonzero(asked.later == DCC_FAIL)
    sheet.put(asked.place[alerted], reported_at[alerted] + 60_000, kind("failure"), answer("E21"))


def cancellations(sheet: Sheet, asked: Asked) -> None:
    """The same request again, for the year 3000."""
    is_critical = asked.of_cell("is_critical")
    two_steps(sheet, asked.take(np.flatnonzero(is_critical)), NO_ODDITIES, "planned_4", "planned_5")
    one_step(sheet, asked.take(np.flatnonzero(~is_critical)), NO_ODDITIES, "planned_1")


def schedules(device: Array, srv: Array, at: Whole) -> Whole:
    """Numbers of DCC schedules: the same for a device and SRV on every day, another where two run at one instant."""
    number = (device.astype(np.int64) + 1) << 14 | srv.astype(np.int64) << 6
    key = number + ((at // 1000 % 86_400) << 43)
    ordered = np.sort(key)
    if (ordered[1:] == ordered[:-1]).any():
        order = np.argsort(key, kind="stable")
        is_again = np.concatenate([[False], ordered[1:] == ordered[:-1]])
        run = np.arange(len(key))
        first = np.maximum.accumulate(np.where(is_again, 0, run))
        number[order] += np.minimum(run - first, 63)
    return number
