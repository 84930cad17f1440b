"""Arrow's arrays out of buffers: pa.array looks for pandas first, which takes longer to load than a million rows take to read."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def number_array(values: NDArray[Any], filled: NDArray[np.bool_] | None = None) -> pa.Array:
    """Numbers as they are; those not `filled` are NULL."""
    buffers = [None if filled is None else bit_buffer(filled), pa.py_buffer(np.ascontiguousarray(values))]
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), buffers)


def bit_buffer(truths: NDArray[np.bool_]) -> pa.Buffer:
    """A bit for each truth, as Arrow wants them."""
    return pa.py_buffer(np.packbits(truths, bitorder="little"))


def text_array(words: Sequence[str]) -> pa.Array:
    """Texts."""
    encoded = [word.encode() for word in words]
    ends = np.fromiter(accumulate(map(len, encoded), initial=0), np.int32, len(encoded) + 1)
    return pa.Array.from_buffers(pa.string(), len(encoded), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))])


def word_array(numbers: NDArray[Any], words: Sequence[str]) -> pa.Array:
    """Texts by the numbers of their words; NULL where that is negative."""
    return pa.DictionaryArray.from_arrays(number_array(numbers, numbers >= 0), text_array(words))
