"""Compile the kernels ahead, so that the first large file of a machine need not wait: `python -m tocsin.engines.compiled`."""

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from tocsin.engines.compiled.kernels import groups, keys, lines, numbers, objects, rows, words

# Of what numbers columns are that are put in another order: into the same, but lines into wider ones.
GATHERED = [(kind, kind) for kind in (np.int8, np.int16, np.int32, np.int64)] + [(np.int32, np.int64)]


def compiled() -> int:
    """Run every kernel once on nothing, with the arrays that the reader hands it; gives how many there are."""
    text, none = np.zeros(256, np.uint8), np.empty(0, np.int32)
    sizes, odd, whole = np.empty((0, 2), np.int32), np.empty(0, np.bool_), np.empty(0, np.int64)
    read_only = np.frombuffer(b" ", np.uint8)
    clock, literals = np.empty((0, 4), np.int64), np.empty((0, 3), np.int64)
    table = (np.full(2, -1, np.int32), np.empty((1, 4), np.uint64), text, np.zeros(2, np.int64))
    letters, told, places = np.frombuffer(b"", np.uint8), np.frombuffer(b"", np.int64), np.empty(0, np.uint32)
    keys_met = (read_only, none, np.zeros((2, 16), np.uint64), none, none, none, np.full(1, 2, np.int64))
    runs: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
        (lines.cut, (text, 0, 44, none, sizes, none, np.empty((0, 3), np.int32))),
        (objects.cut_objects, (text, 0, 0, *keys_met, sizes, sizes, none, none, none, np.empty((0, 3), np.int32), none, odd)),
        (lines.line_ends, (np.frombuffer(bytes(8), np.uint64),)),
        *((kernel, (read_only, 0)) for kernel in (lines.is_plain, lines.ends_and_quotes)),
        (lines.foreign_lines, (text, none, sizes, odd)),
        (lines.column, (none, sizes, 0, none, none)),
        (lines.emptied, (text, none, none, read_only)),
        (lines.edged, (text, none, none, odd)),
        (lines.segmented, (text, none, none, 47, 0, none, none, odd)),
        (keys.keys, (text, none, none, whole, odd)),
        (keys.joined, (text, sizes, sizes, read_only, text, none, none, odd)),
        (words.numbered, (text, none, none, 0, *table, none, odd)),
        (words.placed, (table[1], 0, table[0])),
        *((words.looked_up, (values, odd, none, values, odd)) for values in (none, whole, np.empty(0, np.int8))),
        (groups.grouped, (told, told, none, np.empty((1, 0), np.int64), 0, places)),
        (groups.gathered, (groups.LEAST, places, told, told, letters, 0, np.empty((1, 0), np.int64))),
        (groups.picked, (np.empty((1, 0), np.int64), whole, np.empty((1, 0), np.int64))),
        (groups.merged, (groups.LEAST, places, told, whole)),
        *((groups.worded, (groups.LEAST, places, cells, letters, 0, table[1], text, whole)) for cells in (none, told)),
        (numbers.wholes, (text, none, none, 1, 0, 1, whole, odd)),
        (numbers.required, (whole, odd)),
        (numbers.stamps, (text, none, none, np.zeros(7, np.int64), literals, 0, 0, 90, clock, 0, 1, whole, odd)),
        *((rows.gathered, (np.empty(0, of), whole, np.empty(0, to))) for of, to in GATHERED),
        (numbers.decimals, (whole, text, 0, none, none)),
    ]
    for kernel, arrays in runs:
        kernel(*arrays)
    return len(runs)


if __name__ == "__main__":
    begun = time.perf_counter()
    sys.stdout.write(f"{compiled()} kernels ready after {time.perf_counter() - begun:.1f} s\n")
