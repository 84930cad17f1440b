"""Whole numbers and stamps out of the digits of their cells."""

import numpy as np

from tocsin.engines.compiled.block import EMPTY
from tocsin.engines.compiled.kernels.compiling import kernel

MOST_DIGITS = 18
SECOND_US, DAY_US = 1_000_000, 86_400_000_000
# How a stamp may end after its seconds (`stamps`, parameter `ending`).
AS_IT_IS, WITH_OFFSET, OFFSET_OR_LOCAL, LOCAL = 0, 1, 2, 3
# Whether a fraction of a second stands there: never, perhaps (ISO), always (%f).
NO_FRACTION, ISO_FRACTION, MICROSECONDS = 0, 1, 2
_BEFORE_MONTH = np.array([0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365], np.int64)


@kernel
def whole(text, start, stop):
    """The number of a sign, if any, and 1 to MOST_DIGITS digits; EMPTY of anything else."""
    at, is_minus = start, False
    if at < stop and (text[np.uint64(at)] == 45 or text[np.uint64(at)] == 43):
        is_minus = text[np.uint64(at)] == 45
        at += 1
    if at >= stop or stop - at > MOST_DIGITS:
        return EMPTY
    number, wrong = np.int64(0), False
    while at < stop:
        digit = np.int64(text[np.uint64(at)]) - 48
        wrong |= digit < 0 or digit > 9
        number = 10 * number + digit
        at += 1
    if wrong:
        return EMPTY
    return -number if is_minus else number


@kernel
def wholes(text, starts, stops, unit, least, most, made, is_odd):
    """The whole numbers of the cells, times `unit`; EMPTY of empty cells. Odd: no whole number, and a product beyond least or most."""
    for row in range(starts.shape[0]):
        made[row] = EMPTY
        if stops[row] > starts[row]:
            number = whole(text, starts[row], stops[row])
            if number == EMPTY or number > most // unit or number < -((-least) // unit):
                is_odd[row] = True
            else:
                made[row] = number * unit


@kernel
def required(made, is_odd):
    """Odd: a cell that may not be empty and is."""
    for row in range(made.shape[0]):
        is_odd[row] |= made[row] == EMPTY


@kernel
def pair(text, at):
    """The number of two digits; at least 1,000 where one is none."""
    tens, ones = np.int64(text[np.uint64(at)]) - 48, np.int64(text[np.uint64(at + 1)]) - 48
    is_wrong = (tens < 0) | (tens > 9) | (ones < 0) | (ones > 9)
    return 10 * tens + ones + (5000 if is_wrong else 0)


@kernel
def day_number(year, month, day):
    """Days since 1970 of a day from 2000 on; -1 where the calendar has none."""
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    if month < 1 or month > 12 or day < 1 or year < 2000 or year > 9999:
        return np.int64(-1)
    if day > _BEFORE_MONTH[month] - _BEFORE_MONTH[month - 1] + (is_leap and month == 2):
        return np.int64(-1)
    before = year - 1
    passed = 365 * before + before // 4 - before // 100 + before // 400 - 719_162
    return np.int64(passed + _BEFORE_MONTH[month - 1] + (is_leap and month > 2) + day - 1)


@kernel
def stamps(text, starts, stops, places, literals, fraction, ending, utc, clock, least, most, made, is_odd):
    """The instants of the cells in microseconds; EMPTY of empty cells.

    places: where year, month, day, hour, minute and second begin, and how long a cell is up to its fraction; literals[nth]: a place, and
    the two bytes of which one stands there; `utc` is a byte that says UTC beside "Z". clock[nth], of a local stamp: from which on which
    offset holds, and between which stamps a clock change is near (newest first). Odd: any other form, no such day or time, near a clock
    change, before `least` or after `most`.
    """
    known_date, known_day = np.int64(-1), np.int64(0)
    head = places[6]
    for row in range(starts.shape[0]):
        start, stop = starts[row], stops[row]
        made[row] = EMPTY
        if stop == start:
            continue
        if stop - start < head:
            is_odd[row] = True
            continue
        is_wrong = False
        for nth in range(literals.shape[0]):
            byte = text[np.uint64(start + literals[nth, 0])]
            is_wrong |= (byte != literals[nth, 1]) & (byte != literals[nth, 2])
        year = 100 * pair(text, start + places[0]) + pair(text, start + places[0] + 2)
        month, day = pair(text, start + places[1]), pair(text, start + places[2])
        hour, minute, second = pair(text, start + places[3]), pair(text, start + places[4]), pair(text, start + places[5])
        date = (year * 10_000 + month) * 10_000 + day
        if date != known_date:
            known_date, known_day = date, day_number(year, month, day)
        is_wrong |= (known_day < 0) | (hour > 23) | (minute > 59) | (second > 59)
        at, part = start + head, np.int64(0)
        if fraction != NO_FRACTION:
            has_point = at < stop and (text[np.uint64(at)] == 46 or (fraction == ISO_FRACTION and text[np.uint64(at)] == 44))
            if has_point:
                at += 1
                digits, unit = 0, 100_000
                while at < stop:
                    digit = np.int64(text[np.uint64(at)]) - 48
                    if digit < 0 or digit > 9:
                        break
                    part += digit * unit
                    unit //= 10
                    digits += 1
                    at += 1
                is_wrong |= digits == 0 or digits > (9 if fraction == ISO_FRACTION else 6)
            else:
                is_wrong |= fraction == MICROSECONDS
        stamp = known_day * DAY_US + (hour * 3600 + minute * 60 + second) * SECOND_US + part
        is_local = ending == LOCAL
        if ending in (WITH_OFFSET, OFFSET_OR_LOCAL):
            if at == stop:
                is_local = ending == OFFSET_OR_LOCAL
                is_wrong |= not is_local
            elif text[np.uint64(at)] == 90 or text[np.uint64(at)] == utc:
                at += 1
            elif stop - at == 6 and text[np.uint64(at + 3)] == 58 and (text[np.uint64(at)] == 43 or text[np.uint64(at)] == 45):
                # Clocks are at most fourteen hours from UTC; whatever says more is left to the statement.
                hours, minutes = pair(text, at + 1), pair(text, at + 4)
                is_wrong |= (hours > 14) | (minutes > 59)
                offset = (hours * 3600 + minutes * 60) * SECOND_US
                stamp += offset if text[np.uint64(at)] == 45 else -offset
                at = stop
        is_wrong |= at != stop
        if is_local and clock.shape[0] > 0:
            for nth in range(clock.shape[0]):
                is_wrong |= (stamp >= clock[nth, 2]) & (stamp < clock[nth, 3])
                if stamp >= clock[nth, 0]:
                    stamp -= clock[nth, 1]
                    break
        if is_wrong or stamp < least or stamp > most:
            is_odd[row] = True
        else:
            made[row] = stamp


@kernel
def decimals(numbers, text, base, starts, stops):
    """Write whole numbers from 0 on as decimal digits into `text`, 20 bytes each from `base` on; an EMPTY one gives an empty cell."""
    for row in range(numbers.shape[0]):
        start, at = base + 20 * row, base + 20 * row + 20
        rest = numbers[row]
        starts[row], stops[row] = at, at
        while rest > 0 and at > start:
            at -= 1
            text[np.uint64(at)] = np.uint8(48 + rest % 10)
            rest //= 10
        starts[row] = at
