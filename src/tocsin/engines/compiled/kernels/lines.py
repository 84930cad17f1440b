"""Where the cells of a stretch of lines begin and end."""

import numpy as np
from numba.cpython.unsafe.numbers import trailing_zeros

from tocsin.engines.compiled.kernels.compiling import kernel
from tocsin.engines.compiled.kernels.masks import equal, foreign, ones
from tocsin.engines.compiled.kernels.octets import EACH, zeros

NEWLINE = np.uint64(10)
LINE_END, QUOTE, RETURN, NUL = np.uint8(10), np.uint8(34), np.uint8(13), np.uint8(0)


@kernel
def cut(text, until, delimiter, begins, ends, lines, odd):
    """Cut whole lines into cells: text[:until] ends with a line end, and 64 bytes of 0 follow.

    Of the row-th line of as many cells as `ends` is wide: begins[row] where it begins, ends[row, cell] where each cell ends, lines[row]
    which line it is (from 0). Of every other line, of one that is blank and of one with a byte of 0x80 or more: odd[nth] = which line it
    is, its begin and end. Gives how many rows, odd lines and lines there are; the odd ones may be more than `odd` holds: then give more.
    """
    width = ends.shape[1]
    row = odd_count = line = begin = cell = 0
    strange = np.uint64(0)
    for at in range(0, until, 64):
        # The last of the 64 bytes that are looked at together: there bounds can be held.
        strange |= np.uint64(text[np.uint64(at + 63)] >> np.uint8(7))
        mask = equal(text, np.uint64(at), np.uint8(delimiter)) | equal(text, np.uint64(at), LINE_END)
        strange |= foreign(text, np.uint64(at))
        while mask:
            end = at + np.int64(trailing_zeros(mask))
            mask &= mask - np.uint64(1)
            if text[np.uint64(end)] != NEWLINE:
                if cell < width - 1:
                    ends[row, cell] = end
                cell += 1
                continue
            if cell == width - 1 and end > begin:
                ends[row, cell] = end
                begins[row], lines[row] = begin, line
                row += 1
            else:
                if odd_count < odd.shape[0]:
                    odd[odd_count, 0], odd[odd_count, 1], odd[odd_count, 2] = line, begin, end
                odd_count += 1
            line, begin, cell = line + 1, end + 1, 0
    return row, odd_count, line, strange != 0


@kernel
def line_ends(words):
    """How many line ends there are in a text, eight bytes of which are a number of `words` (uint64)."""
    count, line_end = np.uint64(0), EACH * NEWLINE
    # A byte of `found` counts those at its place: it would overflow after 255.
    for first in range(0, words.shape[0], 255):
        found = np.uint64(0)
        for at in range(first, min(first + 255, words.shape[0])):
            found += zeros(words[np.uint64(at)] ^ line_end) >> np.uint64(7)
        while found:
            count += found & np.uint64(255)
            found >>= np.uint64(8)
    return count


@kernel
def is_plain(text, until):
    """Whether no byte of text[:until] (64 at a time) is 0, a carriage return, or 0x80 or more."""
    strange = np.uint64(0)
    for at in range(0, until, 64):
        strange |= np.uint64(text[np.uint64(at + 63)] >> np.uint8(7))
        strange |= foreign(text, np.uint64(at)) | equal(text, np.uint64(at), NUL) | equal(text, np.uint64(at), RETURN)
    return strange == 0


@kernel
def ends_and_quotes(text, until):
    """How many line ends there are in text[:until] (64 bytes at a time), and whether a quotation mark is."""
    count, quotes = np.uint64(0), np.uint64(0)
    for at in range(0, until, 64):
        quotes |= np.uint64(text[np.uint64(at + 63)] == QUOTE)
        quotes |= equal(text, np.uint64(at), QUOTE)
        count += ones(equal(text, np.uint64(at), LINE_END))
    return count, quotes != 0


@kernel
def foreign_lines(text, begins, ends, is_odd):
    """Mark the lines in which a byte of 0x80 or more stands: blanks and letters of other alphabets have rules of their own."""
    last = ends.shape[1] - 1
    for row in range(begins.shape[0]):
        seen = np.uint8(0)
        for at in range(begins[row], ends[row, last]):
            seen |= text[np.uint64(at)]
        if seen >= 0x80:
            is_odd[row] = True


@kernel
def column(begins, ends, cell, starts, stops):
    """Where the cells of one column begin and end."""
    for row in range(begins.shape[0]):
        starts[row] = begins[row] if cell == 0 else ends[row, cell - 1] + 1
        stops[row] = ends[row, cell]


@kernel
def emptied(text, starts, stops, word):
    """A cell that holds the null word becomes empty: it ends where it begins."""
    for row in range(starts.shape[0]):
        if stops[row] - starts[row] != word.shape[0]:
            continue
        is_same = True
        for place in range(word.shape[0]):
            is_same &= text[np.uint64(starts[row] + place)] == word[place]
        if is_same:
            stops[row] = starts[row]


@kernel
def edged(text, starts, stops, is_odd):
    """Mark the cells whose first or last byte is no plain character: blanks around a cell are no part of it."""
    for row in range(starts.shape[0]):
        if stops[row] > starts[row]:
            first, last = text[np.uint64(starts[row])], text[np.uint64(stops[row] - 1)]
            if first <= 32 or first >= 127 or last <= 32 or last >= 127:
                is_odd[row] = True


@kernel
def segmented(text, starts, stops, parting, nth, begins, ends, is_odd):
    """Where the nth segment of each cell begins and ends (-1: the last), the cell being parted by a byte.

    An empty cell has an empty one. Odd: a cell without it, and one in which a segment up to it is empty.
    """
    for row in range(starts.shape[0]):
        start, stop = starts[row], stops[row]
        begins[row], ends[row] = start, start
        if start == stop:
            continue
        passed, begin, at, is_found = 0, start, start, False
        while at < stop:
            if text[np.uint64(at)] == parting:
                if passed == nth:
                    is_found = True
                    break
                if nth >= 0 and at == begin:
                    break
                passed, begin = passed + 1, at + 1
            at += 1
        is_found |= nth < 0 and passed > 0
        if is_found and at > begin:
            begins[row], ends[row] = begin, at
        else:
            is_odd[row] = True
