"""Rows to the numbers of their groups, and what rows tell gathered into one number a group. See `groups.py`, which keeps the arrays."""

import numpy as np

from tocsin.engines.compiled.kernels.compiling import kernel
from tocsin.engines.compiled.kernels.words import MIX

LEAST, GREATEST, SUM = 0, 1, 2
# What a group holds of which no row has told anything: of no value that is taken in.
HIGHEST = np.int64(2**63 - 1)
LOWEST = np.int64(-(2**63))
NO_WORD = -1


@kernel
def grouped(firsts, seconds, slots, keys, count, groups):
    """The number of each row's group, counted on from `count`; gives how many groups there are now.

    firsts, seconds: the keys of each row, the latter empty where there is one key; slots: the number of a group or -1, a power of two of
    them and more than the groups; keys[0], keys[1]: those of each group, with room for as many more as there are rows.
    """
    few = np.uint64(slots.shape[0] - 1)
    has_second = seconds.shape[0] > 0
    second = np.int64(0)
    for row in range(firsts.shape[0]):
        first = firsts[row]
        if has_second:
            second = seconds[row]
        mixed = (np.uint64(first) ^ (np.uint64(second) * MIX)) * MIX
        slot = (mixed ^ (mixed >> np.uint64(32))) & few
        while True:
            group = slots[slot]
            if group < 0:
                group = count
                slots[slot] = group
                keys[0, np.uint64(group)] = first
                if has_second:
                    keys[1, np.uint64(group)] = second
                count += 1
                break
            at = np.uint64(group)
            if keys[0, at] == first and (not has_second or keys[1, at] == second):
                break
            slot = (slot + np.uint64(1)) & few
        groups[row] = group
    return count


@kernel
def gathered(how, groups, places, values, bits, offset, held):
    """Each row's value into what its group holds; False where a number is not to be told from what holds nothing, or has no room.

    how: LEAST, GREATEST or SUM; places: which of the rows of `held` a value belongs to, of none where that is another number; empty where
    `held` has one row. bits: Arrow's, of which the row's own begins at `offset`; empty where each row has a value.
    """
    has_places, has_bits = places.shape[0] > 0, bits.shape[0] > 0
    none = HIGHEST if how == LEAST else LOWEST
    for row in range(groups.shape[0]):
        if has_bits:
            bit = np.uint64(row + offset)
            if not (bits[bit >> np.uint64(3)] >> np.uint8(bit & np.uint64(7))) & 1:
                continue
        place = np.uint64(0)
        if has_places:
            # Below 0 is a very large number.
            place = np.uint64(places[row])
            if place >= np.uint64(held.shape[0]):
                continue
        group, value = groups[row], values[row]
        if value == none:
            return False
        before = held[place, group]
        if how == LEAST:
            if value < before:
                held[place, group] = value
        elif how == GREATEST:
            if value > before:
                held[place, group] = value
        elif before == none:
            held[place, group] = value
        else:
            total = before + value
            # Two numbers of one sign and a sum of the other.
            if ((before ^ total) & (value ^ total)) < 0 or total == none:
                return False
            held[place, group] = total
    return True


@kernel
def merged(how, groups, values, held):
    """What groups held in parts into what they hold altogether; False as above."""
    none = HIGHEST if how == LEAST else LOWEST
    for row in range(groups.shape[0]):
        value = values[row]
        if value == none:
            continue
        group = groups[row]
        before = held[group]
        if how == LEAST:
            if value < before:
                held[group] = value
        elif how == GREATEST:
            if value > before:
                held[group] = value
        elif before == none:
            held[group] = value
        else:
            total = before + value
            if ((before ^ total) & (value ^ total)) < 0 or total == none:
                return False
            held[group] = total
    return True


@kernel
def is_before(words, letters, one, other):
    """Whether a word stands before another by its bytes, and a shorter one before one that it begins."""
    length, far = words[one, 2], words[other, 2]
    for at in range(min(length, far)):
        letter, opposite = letters[words[one, 3] + np.uint64(at)], letters[words[other, 3] + np.uint64(at)]
        if letter != opposite:
            return letter < opposite
    return length < far


@kernel
def worded(how, groups, numbers, bits, offset, words, letters, held):
    """Each row's word, by its number, into what its group holds: LEAST or GREATEST by bytes; a number below 0 is of no word."""
    has_bits = bits.shape[0] > 0
    for row in range(groups.shape[0]):
        if has_bits:
            bit = np.uint64(row + offset)
            if not (bits[bit >> np.uint64(3)] >> np.uint8(bit & np.uint64(7))) & 1:
                continue
        number, group = np.int64(numbers[row]), groups[row]
        before = held[group]
        # Nearly all rows of a group have one word.
        if number == before or number < 0:
            continue
        if before < 0 or is_before(words, letters, number, before) == (how == LEAST):
            held[group] = number


@kernel
def picked(table, columns, made):
    """The columns of a table at these places."""
    for row in range(table.shape[0]):
        for place in range(columns.shape[0]):
            made[row, place] = table[row, np.uint64(columns[place])]
