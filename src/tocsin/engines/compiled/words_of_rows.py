"""What rows are by columns of few different words: each row's words as one whole number, that sorts as the words do."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tocsin.engines.compiled.arrow_arrays import number_array
from tocsin.engines.packing import WORDS, NotPacked


class WordsOfRows:
    """Rows by columns of text, whole numbers or truths, that are added a table at a time; a hole is a word too, before all others."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._found: dict[str, dict[Any, int]] = {name: {} for name in names}
        self._rows: list[dict[str, NDArray[Any]]] = []
        self._ordered: dict[str, list[Any]] = {}
        self._weights: dict[str, int] = {}

    def add(self, rows: Any) -> None:
        """The rows of an Arrow table. Raises NotPacked for a column of too many words."""
        self._rows.append(
            {name: np.concatenate([self._numbered(name, cells) for cells in rows.column(name).chunks]) for name in self.names}
        )

    def _numbered(self, name: str, cells: Any) -> NDArray[Any]:
        coded = cells if pa.types.is_dictionary(cells.type) else cells.dictionary_encode()
        found = self._found[name]
        words = coded.dictionary.to_pylist()
        # One more place, of the hole.
        told = [*words, None] if coded.null_count else words
        numbers = [found.setdefault(word, len(found)) for word in told]
        if len(found) > WORDS:
            raise NotPacked(f"{name} has more than {WORDS:,} different words")
        indices = coded.indices.fill_null(len(words)) if coded.null_count else coded.indices
        row_numbers: NDArray[Any] = np.array(numbers, np.uint8 if len(found) <= 256 else np.uint16)[indices.to_numpy()]
        return row_numbers

    def tuples(self) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
        """The different tuples of words in ascending order, each row's place among them, and how many rows stand at each; once only.

        Raises NotPacked where there could be more tuples than numbers.
        """
        self._weigh()
        keys = np.concatenate([self._keys(rows) for rows in self._take()])
        coded = number_array(keys).dictionary_encode()
        found = coded.dictionary.to_numpy()
        order = np.argsort(found)
        ranks = np.empty(len(found), np.int64)
        ranks[order] = np.arange(len(found))
        indices = coded.indices.to_numpy()
        return found[order], ranks[indices], np.bincount(indices, minlength=len(found))[order]

    def words(self, tuples: NDArray[np.uint64], name: str) -> tuple[NDArray[np.int32], list[Any]]:
        """The words of one column that these tuples have, and which of them is each tuple's; a negative number for a hole."""
        ordered = self._ordered[name]
        ranks = (tuples // np.uint64(self._weights[name])) % np.uint64(len(ordered))
        used, numbers = np.unique(ranks, return_inverse=True)
        told = [ordered[rank] for rank in used.tolist()]
        if told and told[0] is None:
            return (numbers - 1).astype(np.int32), told[1:]
        return numbers.astype(np.int32), told

    def _weigh(self) -> None:
        weight = 1
        for name in reversed(self.names):
            self._ordered[name] = sorted(self._found[name], key=lambda word: (word is not None, word))
            self._weights[name] = weight
            weight *= max(1, len(self._ordered[name]))
        if weight >= 1 << 63:
            raise NotPacked(f"rows could have {weight:,} different tuples of words")

    def _take(self) -> list[dict[str, NDArray[Any]]]:
        rows, self._rows = self._rows, []
        return rows

    def _keys(self, rows: dict[str, NDArray[Any]]) -> NDArray[np.uint64]:
        keys = np.zeros(len(rows[self.names[0]]), np.uint64)
        for name in self.names:
            if len(self._ordered[name]) > 1:
                weighed = np.empty(len(self._ordered[name]), np.uint64)
                found = self._found[name]
                for rank, word in enumerate(self._ordered[name]):
                    weighed[found[word]] = rank * self._weights[name]
                keys += weighed[rows[name]]
        return keys
