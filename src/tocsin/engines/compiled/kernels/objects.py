"""Where the values of a stretch of JSON objects, one a line, begin and end. `cut_objects.py` keeps what was learnt of their keys."""

import numpy as np
from numba.cpython.unsafe.numbers import trailing_zeros

from tocsin.engines.compiled.kernels.compiling import kernel
from tocsin.engines.compiled.kernels.octets import EACH, HIGH, eight, kept

# How a key is written is what stands from the value before it, or from the beginning of its line, to its own value: `,"key":`. The numbers
# of such writings begin at FIRST; START stands for the beginning of a line, UNKNOWN for one that is too long to be kept, or one too many.
START, UNKNOWN, FIRST = 0, 1, 2
MOST_WRITTEN = 64
_QUOTES, _BACKSLASHES, _TOPS = (EACH * np.uint64(byte) for byte in (34, 92, 0xE0))
_TRUE, _FALSE, _NULL = (np.uint64(int.from_bytes(word, "little")) for word in (b"true", b"false", b"null"))


@kernel
def first_zero(word):
    """The high bit of the first byte that is 0, and perhaps those of later bytes."""
    return (word - EACH) & ~word & HIGH


@kernel
def text_end(text, at):
    """Where plain text ends: at a quotation mark, a backslash, a control character (a line end is one) or a byte of 0x80 or more."""
    while True:
        word = eight(text, at)
        found = first_zero(word ^ _QUOTES) | first_zero(word ^ _BACKSLASHES) | first_zero(word & _TOPS) | (word & HIGH)
        if found:
            return at + (np.int64(trailing_zeros(found)) >> 3)
        at += 8


@kernel
def past_blanks(text, at):
    """The first byte from `at` on that is neither a space nor a tab."""
    while text[np.uint64(at)] == 32 or text[np.uint64(at)] == 9:
        at += 1
    return at


@kernel
def past_digits(text, at):
    """The first byte from `at` on that is no digit."""
    while text[np.uint64(at)] >= 48 and text[np.uint64(at)] <= 57:
        at += 1
    return at


@kernel
def number_end(text, at):
    """Where a plain number ends, -1 where none stands: no needless 0 in front, perhaps a fraction, no exponent."""
    if text[np.uint64(at)] == 45:
        at += 1
    end = past_digits(text, at)
    if end == at or (text[np.uint64(at)] == 48 and end > at + 1):
        return np.int64(-1)
    if text[np.uint64(end)] == 46:
        at = end + 1
        end = past_digits(text, at)
        if end == at:
            return np.int64(-1)
    return np.int64(end)


@kernel
def value(text, at):
    """Where the value at a place begins and ends as a cell, and the byte behind it; -1 for that where it is none beyond doubt."""
    if text[np.uint64(at)] == 34:
        end = text_end(text, at + 1)
        return at + 1, end, end + 1 if text[np.uint64(end)] == 34 else np.int64(-1)
    word = eight(text, at)
    if kept(word, 4) == _NULL:
        return at, at, at + 4
    if kept(word, 4) == _TRUE:
        return at, at + 4, at + 4
    if kept(word, 5) == _FALSE:
        return at, at + 5, at + 5
    end = number_end(text, at)
    return at, end, end


@kernel
def is_written(text, at, written, sizes, nth):
    """Whether the nth writing of a key stands at a place."""
    nth = np.uint64(nth)
    differs = (eight(text, at) & written[nth, 1]) ^ written[nth, 0]
    differs |= (eight(text, at + 8) & written[nth, 3]) ^ written[nth, 2]
    for place in range(2, (sizes[nth] + 7) >> 3):
        differs |= (eight(text, at + 8 * place) & written[nth, np.uint64(2 * place + 1)]) ^ written[nth, np.uint64(2 * place)]
    return differs == 0


@kernel
def learnt(text, at, end, column, written, sizes, wanted, used):
    """The number of the writing that stands between two places, which is kept if it is new."""
    size = end - at
    eights = written.shape[1] // 2
    if size > 8 * eights:
        return UNKNOWN
    for nth in range(FIRST, used[0]):
        if sizes[nth] == size and is_written(text, at, written, sizes, nth):
            return nth
    nth = used[0]
    if nth >= written.shape[0]:
        return UNKNOWN
    for place in range(eights):
        mask = kept(~np.uint64(0), max(0, size - 8 * place))
        written[nth, 2 * place], written[nth, 2 * place + 1] = eight(text, at + 8 * place) & mask, mask
    sizes[nth], wanted[nth] = size, column
    used[0] += 1
    return nth


@kernel
def named(text, at, end, names, name_ends):
    """The column that a key is the name of, -1 of none."""
    begin = 0
    for column in range(name_ends.shape[0]):
        if name_ends[column] - begin == end - at:
            is_same = True
            for place in range(end - at):
                is_same &= names[np.uint64(begin + place)] == text[np.uint64(at + place)]
            if is_same:
                return column
        begin = name_ends[column]
    return -1


@kernel
def cut_objects(
    text, until, longest, names, name_ends, written, sizes, wanted, follows, used, starts, stops, begins, ends, lines, odd, met_on, seen
):
    """Find the values of the wanted keys: text[:until] ends with a line end, and 256 bytes of 0 follow.

    names and name_ends: the wanted keys, one behind the other. written, sizes, wanted, follows, used: how keys were written so far (eight
    bytes and their mask, by turns), which column each of them is, which came behind it last, and how many there are: they save looking
    again. Of the row-th line that is a flat object beyond doubt, not longer than `longest` nor shorter than there are columns:
    starts[column, row] and stops[column, row] of each value (one that is null or lacks is empty), begins[row], ends[row], lines[row] (from
    0). Of every other line: odd[nth] = which line it is, its begin and end. seen: the columns that some row has. Gives how many rows, odd
    lines and lines there are; the odd ones may be more than `odd` holds: then give more.
    """
    width = name_ends.shape[0]
    row = odd_count = line = begin = 0
    met_on[:] = -1
    while begin < until:
        at, former, met, is_plain = np.int64(begin), START, 0, False
        while True:
            nth = np.int64(follows[np.uint64(former)])
            if nth >= FIRST and is_written(text, at, written, sizes, nth):
                column = np.int64(wanted[np.uint64(nth)])
                at += np.int64(sizes[np.uint64(nth)])
            else:
                place = past_blanks(text, at)
                mark = text[np.uint64(place)]
                if former == START and mark == 123:
                    place = past_blanks(text, place + 1)
                    is_plain = text[np.uint64(place)] == 125
                elif former != START and mark == 125:
                    is_plain = True
                elif former != START and mark == 44:
                    place = past_blanks(text, place + 1)
                else:
                    break
                if is_plain:
                    at = past_blanks(text, place + 1)
                    is_plain = text[np.uint64(at)] == 10
                    break
                if text[np.uint64(place)] != 34:
                    break
                end = text_end(text, place + 1)
                colon = past_blanks(text, end + 1)
                if text[np.uint64(end)] != 34 or text[np.uint64(colon)] != 58:
                    break
                column = named(text, place + 1, end, names, name_ends)
                end = past_blanks(text, colon + 1)
                nth = learnt(text, at, end, column, written, sizes, wanted, used)
                follows[former] = nth
                at = end
            start, stop, behind = value(text, at)
            if behind < 0:
                break
            at, former = behind, nth
            if column >= 0:
                if met_on[np.uint64(column)] == line:
                    break
                met_on[np.uint64(column)] = line
                met += 1
                starts[np.uint64(column), np.uint64(row)], stops[np.uint64(column), np.uint64(row)] = start, stop
        if is_plain and at - begin <= longest and at - begin >= width:
            for column in range(width if met < width else 0):
                if met_on[column] != line:
                    starts[column, row] = stops[column, row] = begin
            for column in range(width):
                seen[column] |= met_on[column] == line
            begins[row], ends[row], lines[row] = begin, at, line
            row += 1
        else:
            at = np.int64(begin)
            while text[np.uint64(at)] != 10:
                at += 1
            if odd_count < odd.shape[0]:
                odd[odd_count, 0], odd[odd_count, 1], odd[odd_count, 2] = line, begin, at
            odd_count += 1
        line, begin = line + 1, at + 1
    return row, odd_count, line
