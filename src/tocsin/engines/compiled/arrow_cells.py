"""Cells of Arrow's arrays as the kernels of groups want them: whole numbers of 64 bits, words by their numbers, which cells are filled."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tocsin.engines.compiled.arrow_arrays import number_array
from tocsin.engines.compiled.block import TooManyWords
from tocsin.engines.compiled.dictionary import Dictionary

_WHOLE = {pa.from_numpy_dtype(kind): kind for kind in map(np.dtype, ("i1", "i2", "i4", "i8", "u1", "u2", "u4"))}
# A kernel looks at eight bytes at a time, up to so many behind a word.
_MARGIN = 16
# Arrow's memory is not to be written to; kernels are compiled for arrays like that, so all are.
NO_BITS = np.frombuffer(b"", np.uint8)
NO_NUMBERS = np.frombuffer(b"", np.int64)


class NotGroupedHere(Exception):
    """Rows that the compiled grouping does not take; the message says why. DuckDB groups them."""


def validity_of(cells: pa.Array) -> tuple[NDArray[np.uint8], int]:
    """The bits of cells that are filled and where the first cell's is; no bits where all are."""
    if not cells.null_count:
        return NO_BITS, 0
    held = cells.indices if pa.types.is_dictionary(cells.type) else cells
    return np.frombuffer(held.buffers()[0], np.uint8), held.offset


def numbers_of(cells: pa.Array, hole: int | None = None) -> NDArray[np.int64]:
    """Whole numbers, truths as 0 and 1, words of a dictionary by their place in it. What stands for a cell that is not filled is `hole`,
    or anything where that is None. Raises NotGroupedHere.
    """
    if pa.types.is_dictionary(cells.type):
        cells = cells.indices
    if pa.types.is_boolean(cells.type):
        cells = cells.cast(pa.int8())
    if cells.type not in _WHOLE:
        raise NotGroupedHere(f"numbers of type {cells.type}")
    kind = _WHOLE[cells.type]
    numbers = np.frombuffer(cells.buffers()[1], kind, len(cells), cells.offset * kind.itemsize).astype(np.int64, copy=False)
    if hole is not None and cells.null_count:
        bits, offset = validity_of(cells)
        is_filled = np.unpackbits(bits, count=offset + len(cells), bitorder="little")[offset:]
        numbers = np.where(is_filled, numbers, hole)
    numbers.flags.writeable = False
    return numbers


class Words:
    """The words of a column, numbered as they come."""

    def __init__(self) -> None:
        self._dictionary = Dictionary()

    @property
    def table(self) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
        """Each word's length and place, and the letters, as the kernels read them."""
        return self._dictionary.words, self._dictionary.letters

    def numbered(self, cells: pa.Array) -> NDArray[np.int32]:
        """The number of each cell's word; any for a cell that is not filled. Raises NotGroupedHere for words too long or too many."""
        if cells.type != pa.string():
            cells = cells.cast(pa.string())
        _, ends, letters = cells.buffers()
        bounds = np.frombuffer(ends, np.int32, len(cells) + 1, 4 * cells.offset)
        first, last = int(bounds[0]), int(bounds[-1])
        text = np.zeros(last - first + _MARGIN, np.uint8)
        if last > first:
            text[: last - first] = np.frombuffer(letters, np.uint8, last - first, first)
        bounds = bounds - np.int32(first)
        is_odd = np.zeros(len(cells), np.bool_)
        try:
            numbers = self._dictionary.numbered(text, bounds[:-1], bounds[1:], is_odd)
        except TooManyWords as error:
            raise NotGroupedHere("too many different words") from error
        if is_odd.any():
            raise NotGroupedHere("a word too long")
        return numbers

    def array(self, numbers: NDArray[np.int64]) -> Any:
        """Words by their numbers; NULL where that is below 0."""
        return pa.DictionaryArray.from_arrays(number_array(numbers.astype(np.int32), numbers >= 0), self._array())

    def _array(self) -> pa.Array:
        """All words, as UTF-8 as they came."""
        words = self._dictionary.words[: len(self._dictionary), 2:4].astype(np.int64)
        letters = self._dictionary.letters
        told = b"".join(letters[place : place + length].tobytes() for length, place in words.tolist())
        ends = np.concatenate([[0], np.cumsum(words[:, 0])]).astype(np.int32)
        return pa.Array.from_buffers(pa.string(), len(words), [None, pa.py_buffer(ends), pa.py_buffer(told)])
