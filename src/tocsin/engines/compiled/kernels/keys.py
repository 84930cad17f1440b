"""Identifiers to their 63-bit keys, equal to feeds.feed.identifier_key."""

import numpy as np

from tocsin.engines.compiled.block import EMPTY
from tocsin.engines.compiled.kernels.compiling import kernel
from tocsin.engines.compiled.kernels.md5 import LANES, begun, digested
from tocsin.engines.compiled.kernels.octets import eight, kept, upper

# Two stretches of 64 bytes, less the mark that ends the text and its length: more than any identifier of the field (68 bytes).
LONGEST = 119
ONE_STRETCH = 55
END_MARK = np.uint64(0x80)
# Where the two words of the state stand that a key is made of.
C, D = 2 * LANES, 3 * LANES


@kernel
def put(octets, words, place, lane):
    """Eight bytes as two words."""
    words[place * LANES + lane], words[(place + 1) * LANES + lane] = np.uint32(octets), np.uint32(octets >> np.uint64(32))


@kernel
def written(text, start, length, words, lane):
    """A text in capitals, its end mark and its length as the 32 words of a lane."""
    whole, place = length >> 3, 0
    for nth in range(whole):
        put(upper(eight(text, start + 8 * nth)), words, place, lane)
        place += 2
    rest = length & 7
    put(upper(kept(eight(text, start + 8 * whole), rest)) | (END_MARK << np.uint64(8 * rest)), words, place, lane)
    last = 14 if length <= ONE_STRETCH else 30
    for between in range(place + 2, last):
        words[between * LANES + lane] = 0
    words[last * LANES + lane], words[(last + 1) * LANES + lane] = np.uint32(8 * length), 0


@kernel
def keys(text, starts, stops, made, is_odd):
    """The key of each cell, EMPTY of an empty one. Odd: blanks at an edge, and more than LONGEST bytes. 128 bytes follow the last cell."""
    words, state = np.zeros(32 * LANES, np.uint32), np.zeros(4 * LANES, np.uint32)
    short = np.zeros(4 * LANES, np.uint32)
    count = starts.shape[0]
    for first in range(0, count, LANES):
        longest = 0
        many = min(LANES, count - first)
        for lane in range(many):
            start, length = starts[first + lane], stops[first + lane] - starts[first + lane]
            if length > 0:
                begin, end = text[np.uint64(start)], text[np.uint64(start + length - 1)]
                if length > LONGEST or begin <= 32 or begin >= 127 or end <= 32 or end >= 127:
                    is_odd[first + lane] = True
                    length = 0
            longest = max(longest, length)
            written(text, start, length, words, lane)
        begun(state)
        digested(words, np.int64(0), state)
        if longest > ONE_STRETCH:
            short[:] = state
            digested(words, np.int64(16), state)
            for lane in range(many):
                if stops[first + lane] - starts[first + lane] <= ONE_STRETCH:
                    state[C + lane], state[D + lane] = short[C + lane], short[D + lane]
        for lane in range(many):
            upper_half = (np.uint64(state[D + lane]) << np.uint64(32)) | np.uint64(state[C + lane])
            is_empty = stops[first + lane] == starts[first + lane]
            made[first + lane] = EMPTY if is_empty else np.int64(upper_half >> np.uint64(1))


@kernel
def joined(text, starts, stops, separator, scratch, begins, ends, is_odd):
    """The cells starts[piece, row] to stops[piece, row] one after another in `scratch`, parted by the separator.

    One empty piece makes the whole empty. Odd: blanks at a piece's edge, and a whole of more than LONGEST bytes, for which `scratch` has
    room in each row.
    """
    pieces, count = starts.shape
    for row in range(count):
        begin = end = row * LONGEST
        is_whole, length = True, (pieces - 1) * separator.shape[0]
        for piece in range(pieces):
            start, stop = starts[piece, row], stops[piece, row]
            length += stop - start
            if stop == start:
                is_whole = False
            else:
                first, last = text[np.uint64(start)], text[np.uint64(stop - 1)]
                if first <= 32 or first >= 127 or last <= 32 or last >= 127:
                    is_odd[row] = True
        if is_whole and length > LONGEST:
            is_odd[row] = True
        if is_whole and not is_odd[row]:
            for piece in range(pieces):
                if piece > 0:
                    for byte in separator:
                        scratch[np.uint64(end)] = byte
                        end += 1
                for at in range(starts[piece, row], stops[piece, row]):
                    scratch[np.uint64(end)] = text[np.uint64(at)]
                    end += 1
        begins[row], ends[row] = begin, end
