"""Texts to the numbers of their words, by a table that grows with the words met. See `dictionary.py`, which keeps it."""

import numpy as np

from tocsin.engines.compiled.kernels.compiling import kernel
from tocsin.engines.compiled.kernels.octets import eight, kept

LONGEST_WORD = 255
MIX = np.uint64(0x9E3779B97F4A7C15)


@kernel
def mixed(first, second, length):
    """Where in the table a word is looked for first."""
    seed = (first ^ (second * MIX) ^ np.uint64(length)) * MIX
    return seed ^ (seed >> np.uint64(29))


@kernel
def numbered(text, starts, stops, since, slots, words, letters, used, made, is_odd):
    """The number of each cell's word from the row `since` on; gives the row reached, less than there are where a table is full.

    slots: the number of a word or -1, a power of two of them; words[number] = its first 8 bytes, next 8 (of a longer word mixed with its
    last 8: ids of one maker begin alike), length, place in `letters`; used = how many words and letters there are. Odd: a word of more
    than LONGEST_WORD bytes.
    """
    few = np.uint64(slots.shape[0] - 1)
    for row in range(since, starts.shape[0]):
        start, length = starts[row], stops[row] - starts[row]
        if length > LONGEST_WORD:
            is_odd[row] = True
            length = 0
        first, second = kept(eight(text, start), length), np.uint64(0)
        if length > 16:
            second = eight(text, start + 8) ^ (eight(text, start + length - 8) * MIX)
        elif length > 8:
            second = kept(eight(text, start + 8), length - 8)
        slot = mixed(first, second, length) & few
        while True:
            number = slots[slot]
            if number < 0:
                if used[0] >= words.shape[0] or used[1] + length + 16 > letters.shape[0]:
                    return row
                number = used[0]
                words[number, 0], words[number, 1] = first, second
                words[number, 2], words[number, 3] = np.uint64(length), np.uint64(used[1])
                for at in range(length):
                    letters[np.uint64(used[1] + at)] = text[np.uint64(start + at)]
                slots[slot] = number
                used[0] += 1
                used[1] += length
                break
            if words[number, 0] == first and words[number, 1] == second and words[number, 2] == np.uint64(length):
                is_same, place = True, np.int64(words[number, 3])
                # What was mixed tells but almost surely, so a long word is looked at whole; its last eight bytes overlap those before.
                for at in range(8, length - 8 if length > 16 else 0, 8):
                    is_same &= eight(letters, place + at) == eight(text, start + at)
                if length > 16:
                    is_same &= eight(letters, place + length - 8) == eight(text, start + length - 8)
                if is_same:
                    break
            slot = (slot + np.uint64(1)) & few
        made[row] = number
    return starts.shape[0]


@kernel
def placed(words, count, slots):
    """Put the words into an empty table of more slots."""
    few = np.uint64(slots.shape[0] - 1)
    for number in range(count):
        slot = mixed(words[number, 0], words[number, 1], words[number, 2]) & few
        while slots[slot] >= 0:
            slot = (slot + np.uint64(1)) & few
        slots[slot] = number


@kernel
def looked_up(values, is_wrong, numbers, made, is_odd):
    """What each word's value is, and odd where the word has none."""
    for row in range(numbers.shape[0]):
        number = np.uint64(numbers[row])
        made[row] = values[number]
        is_odd[row] |= is_wrong[number]
