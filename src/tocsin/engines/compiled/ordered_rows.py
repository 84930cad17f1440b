"""Rows in their final order: taken out of every run, equal stamps by line, repeats of an earlier row left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.engines.compiled.runs import BANDED, LINE, PART, Run, Spill, in_order, joined, stamp_order

# An odd number with ones and noughts well mixed (2**64 divided by the golden ratio): multiplied by it, near numbers come to lie far apart.
_SPREADS = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Piece:
    """Rows `start` to `stop` of a run."""

    run: Run
    start: int
    stop: int


@dataclass(frozen=True)
class OrderedRows:
    """The rows kept, column by column (None where empty in every row), and the lines of those that repeat an earlier one."""

    rows: int
    columns: dict[str, NDArray[Any] | None]
    repeats: NDArray[np.int64]


def ordered_rows(pieces: Sequence[Piece], spill: Spill, stamp: str, key: Sequence[str], words: frozenset[str]) -> OrderedRows:
    """The rows of all pieces, which together hold every row of each stamp in them; `key` tells the columns that make two rows one."""
    columns: dict[str, NDArray[Any] | None] = {}
    with spill.opened() as descriptor:
        for name in [*pieces[0].run.held, *pieces[0].run.spilled]:
            slices = [(one.run.read(descriptor, name, one.start, one.stop), one.stop - one.start) for one in pieces]
            columns[name] = joined(slices, is_word=name in words)
    stamps, lines, parts = columns[stamp], columns[LINE], columns[PART]
    assert stamps is not None and lines is not None, "every row has its stamp and its line"
    order = stamp_order(stamps)
    ordered = in_order(stamps, order)
    same = ordered[1:] == ordered[:-1]
    repeats = np.empty(0, np.int64)
    if bool(same.any()):
        order = _order_by_line(order, same, lines, parts)
        gone = _repeats(order, same, [values for name in dict.fromkeys((stamp, *key)) if (values := columns[name]) is not None])
        repeats, order = lines[order[gone]].astype(np.int64), np.delete(order, gone)
    # Lines are kept in half as many bytes, and stored in 64 bits.
    kinds = {LINE: np.dtype(np.int64)}
    kept = {
        name: None if values is None else in_order(values, order, kinds.get(name))
        for name, values in columns.items()
        if name not in (PART, BANDED)
    }
    return OrderedRows(len(order), kept, repeats)


def _order_by_line(
    order: NDArray[np.int64], same: NDArray[np.bool_], lines: NDArray[np.int64], parts: NDArray[Any] | None
) -> NDArray[np.int64]:
    """The same order, with rows that share a stamp by line and part.

    They stand so already but where runs overlap: threads set them down across one another, and the statement's rows are of anywhere.
    """
    placed = lines[order]
    before = placed[1:] < placed[:-1]
    if parts is not None:
        before |= (placed[1:] == placed[:-1]) & (parts[order[1:]] < parts[order[:-1]])
    wrong = np.flatnonzero(same & before)
    if not len(wrong):
        return order
    group = np.concatenate([[0], np.cumsum(~same)])
    is_wrong = np.zeros(int(group[-1]) + 1, np.bool_)
    is_wrong[group[wrong]] = True
    places = np.flatnonzero(is_wrong[group])
    rows = order[places]
    by: list[NDArray[Any]] = [lines[rows], group[places]]
    order[places] = rows[np.lexsort(by if parts is None else [parts[rows], *by])]
    return order


def _repeats(order: NDArray[np.int64], same: NDArray[np.bool_], key: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
    """Places in `order` of the rows whose key an earlier row has, ascending. The stamp is part of the key: only rows that share it can."""
    shared = _sharing(same)
    rows = order[shared]
    mixed = np.zeros(len(rows), np.uint64)
    for values in key:
        mixed ^= values[rows].astype(np.int64).view(np.uint64)
        mixed *= _SPREADS
        mixed ^= mixed >> np.uint64(32)
    by = np.argsort(mixed)
    twice = mixed[by[1:]] == mixed[by[:-1]]
    if not bool(twice.any()):
        return np.empty(0, np.int64)
    # Equal numbers make suspects; whether they are repeats is said by the whole key.
    suspects = shared[np.sort(by[_sharing(twice)])]
    cells = [values[order[suspects]] for values in key]
    # In order of the key, and of the place within it, since lexsort keeps equal ones as they stand.
    by = np.lexsort(cells)
    equal = np.ones(len(suspects) - 1, np.bool_)
    for cell in cells:
        equal &= cell[by[1:]] == cell[by[:-1]]
    return np.sort(suspects[by[1:][equal]])


def _sharing(same: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Places of the rows whose neighbour before or after is the same."""
    shared = np.zeros(len(same) + 1, np.bool_)
    shared[1:] = same
    shared[:-1] |= same
    return np.flatnonzero(shared)
