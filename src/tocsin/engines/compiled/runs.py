"""Sorted stretches of a delivery's rows, set down as they come, so that memory is bounded whatever the size of the file."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.engines.compiled.block import EMPTY, NO_WORD, Block
from tocsin.engines.compiled.kernels.rows import gathered
from tocsin.feeds.feed import BAND_SHIFT, Feed

# Rows of one run: their columns, some 20 MB, are sorted within the processor's larger caches.
RUN_ROWS = 1 << 19
# Every so many rows of a run a stamp is kept at hand, to find a place in it without a look at the rest.
SAMPLED = 512
LINE, PART = "line", "part"
# The band of a row's key and its stamp in one number, as a column of its own: the band's bits stand above those of any stamp.
BANDED = "band and stamp"
_STAMP_BITS = (1 << BAND_SHIFT) - 1


class Spill:
    """One file that columns of numbers are set down in and taken from, by any thread. It lies in the caller's folder and goes with it."""

    def __init__(self, path: Path) -> None:
        self.path, self.size = path, 0
        self._placing = Lock()

    @contextmanager
    def opened(self) -> Iterator[int]:
        """The file's descriptor, for as long as a run is written or a stretch of rows is read."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def put(self, descriptor: int, values: NDArray[Any]) -> int:
        """Set values down; tells at which byte they begin."""
        with self._placing:
            begins, self.size = self.size, self.size + values.nbytes
        rest, at = np.ascontiguousarray(values).view(np.uint8).data, begins
        while rest:
            written = os.pwrite(descriptor, rest, at)
            rest, at = rest[written:], at + written
        return begins


@dataclass(frozen=True)
class Run:
    """Rows in order of their stamp; those of one stamp stand as they came.

    A column is held, or is at a byte of the spill, or (None) is empty in every row.
    """

    rows: int
    stamp: str
    held: dict[str, NDArray[Any] | None]
    spilled: dict[str, tuple[int, np.dtype[Any]]] = field(default_factory=dict)
    samples: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    def read(self, descriptor: int, name: str, start: int, stop: int) -> NDArray[Any] | None:
        """Rows `start` to `stop` of a column; None where it is empty in all rows of the run."""
        if name not in self.spilled:
            values = self.held[name]
            return None if values is None else values[start:stop]
        at, kind = self.spilled[name]
        made = np.empty(stop - start, kind)
        rest, at = made.view(np.uint8).data, at + start * kind.itemsize
        while rest:
            read = os.preadv(descriptor, [rest], at)
            if not read:
                raise OSError(f"rows that were set down are gone: {self.rows} were expected in a run, found its file cut short.")
            rest, at = rest[read:], at + read
        return made

    def place(self, descriptor: int, stamp: int) -> int:
        """How many rows are stamped before `stamp`."""
        after = int(np.searchsorted(self.samples, stamp))
        if after == 0:
            return 0
        start = (after - 1) * SAMPLED
        near = self.read(descriptor, self.stamp, start, min(start + SAMPLED, self.rows))
        assert near is not None, "a run has stamps: they are required of every row"
        return start + int(np.searchsorted(near, stamp))


def banded(block: Block, feed: Feed) -> Block:
    """The rows with the column BANDED, where those of the feed lie in bands. Stamps before 2000 are refused: none is negative."""
    if feed.banded_by is None:
        return block
    numbers = (block.columns[feed.banded_by] & ~_STAMP_BITS) | block.columns[feed.sorted_by[0]]
    return Block(block.lines, block.parts, {**block.columns, BANDED: numbers})


def make_run(blocks: Sequence[Block], stamp: str) -> Run:
    """The rows of some blocks as one run, each column in the narrowest numbers that hold it."""
    ordered = sorted(blocks, key=lambda block: int(block.lines[0]))
    order = stamp_order(np.concatenate([block.columns[stamp] for block in ordered]))
    columns: dict[str, NDArray[Any] | None] = {LINE: _lines([block.lines for block in ordered])}
    columns[PART] = np.concatenate([block.parts for block in ordered]) if any(block.parts.max() > 1 for block in ordered) else None
    columns |= {name: _narrow([block.columns[name] for block in ordered]) for name in ordered[0].columns}
    held = {name: None if values is None else in_order(values, order) for name, values in columns.items()}
    sorted_stamps = held[stamp]
    assert sorted_stamps is not None, "a row without its leading stamp is refused, so it is in no block"
    return Run(len(order), stamp, held, samples=sorted_stamps[::SAMPLED].copy())


def in_order(values: NDArray[Any], order: NDArray[np.int64], kind: np.dtype[Any] | None = None) -> NDArray[Any]:
    """A column in that order of places, perhaps in wider numbers."""
    made = np.empty(len(order), kind or values.dtype)
    gathered(values, order, made)
    return made


def spill_run(run: Run, spill: Spill) -> Run:
    """The same run with its columns set down."""
    with spill.opened() as descriptor:
        places = {name: (spill.put(descriptor, values), values.dtype) for name, values in run.held.items() if values is not None}
    return Run(run.rows, run.stamp, {name: None for name, values in run.held.items() if values is None}, places, run.samples)


def stamp_order(stamps: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places of stamps in their order, equal ones as they stand."""
    count = len(stamps)
    places = np.arange(count, dtype=np.int64)
    if count < 2 or bool((stamps[1:] >= stamps[:-1]).all()):
        return places
    if int(stamps.max()) > _STAMP_BITS and int(stamps.min()) >= 0:
        stamps = _close_up(stamps)
    first = int(stamps.min())
    bits = (count - 1).bit_length()
    if (int(stamps.max()) - first).bit_length() + bits > 63:
        return np.argsort(stamps, kind="stable")
    # Stamp and place in one number: numpy sorts numbers four times as fast as it sorts places by them.
    packed = ((stamps - first) << bits) | places
    packed.sort()
    return packed & ((1 << bits) - 1)


def _close_up(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Bands and stamps (BANDED) in the same order, the band's bits just above those in which the stamps differ."""
    stamps = numbers & _STAMP_BITS
    stamps -= stamps.min()
    return (numbers >> BAND_SHIFT << int(stamps.max()).bit_length()) | stamps


def joined(slices: Sequence[tuple[NDArray[Any] | None, int]], *, is_word: bool) -> NDArray[Any] | None:
    """A column of several runs, each with its count of rows, one after another; None where it is empty in all."""
    if all(values is None for values, _ in slices):
        return None
    filler: tuple[int, type] = (NO_WORD, np.int8) if is_word else (EMPTY, np.int64)
    made = [np.full(count, *filler) if values is None else values for values, count in slices if count]
    return made[0] if len(made) == 1 else np.concatenate(made)


def crowded(run: Run, least: int) -> Iterator[tuple[int, int]]:
    """Stamps that so many rows of a run or more share, as the samples tell it: the stamp, and about how many rows."""
    places = np.flatnonzero(np.concatenate([[True], run.samples[1:] != run.samples[:-1], [True]]))
    for begins, ends in pairwise(places.tolist()):
        if (ends - begins) * SAMPLED >= least:
            yield int(run.samples[begins]), (ends - begins) * SAMPLED


def _lines(parts: Sequence[NDArray[np.int64]]) -> NDArray[Any]:
    most = max(int(part[-1]) for part in parts)
    return np.concatenate(parts, dtype=np.int32 if most < 1 << 31 else np.int64, casting="unsafe")


def _narrow(parts: Sequence[NDArray[Any]]) -> NDArray[Any] | None:
    """The values in the narrowest kind of number that holds them; None where all are empty."""
    if parts[0].dtype == np.int64:
        is_empty = all(part[0] == EMPTY and bool((part == EMPTY).all()) for part in parts)
        return None if is_empty else np.concatenate(parts)
    most = max(int(part.max()) for part in parts)
    if most == NO_WORD:
        return None
    return np.concatenate(parts, dtype=np.int8 if most < 1 << 7 else np.int16 if most < 1 << 15 else np.int32, casting="unsafe")
