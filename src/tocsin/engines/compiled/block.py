"""What the compiled reader hands to the shelving: the rows of a stretch of lines, column by column, as whole numbers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.engines.pieces import NotReadHere

# An empty cell of an identifier, an instant or a whole number: no such number is a value (identifiers are 63 bits, stamps lie after 2000,
# and a line with a whole number of more than 18 digits is not read here).
EMPTY = -(2**63)
# An empty cell of a text or code (in place of its word's number) or of a flag (in place of 0 or 1).
NO_WORD = -1
# A column of more words than this is one of identifiers kept as text: numbers for its words would cost more than the words.
WORDS_UP_TO = 200_000


@dataclass(frozen=True)
class Block:
    """Rows that no check speaks against, in order of line and part.

    `lines` int64 and `parts` int8 (1 and on) say which row it is. `columns` holds every column that the Shape fills, under the feed's
    names: identifier, instant and whole as int64 (EMPTY), text and code as int32, the number of a word (NO_WORD), flag as int8 (NO_WORD).
    """

    lines: NDArray[np.int64]
    parts: NDArray[np.int8]
    columns: dict[str, NDArray[Any]]

    def __len__(self) -> int:
        return len(self.lines)


class TooManyWords(NotReadHere):
    """A column has more words than WORDS_UP_TO."""


@dataclass
class Words:
    """The words of the text and code columns of a delivery, by number; shared by its blocks, so final only when all of them are made."""

    of: dict[str, list[str]] = field(default_factory=dict)
    _numbers: dict[str, dict[str, int]] = field(default_factory=dict)
    _adding: Lock = field(default_factory=Lock)

    def __getitem__(self, column: str) -> list[str]:
        return self.of[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def numbered(self, column: str, words: list[str]) -> NDArray[np.int32]:
        """The numbers of some words, new ones added. Safe from any thread. Raises TooManyWords."""
        with self._adding:
            known, numbers = self.of.setdefault(column, []), self._numbers.setdefault(column, {})
            made = np.empty(len(words), np.int32)
            for place, word in enumerate(words):
                number = numbers.setdefault(word, len(known))
                if number == len(known):
                    known.append(word)
                made[place] = number
            if len(known) > WORDS_UP_TO:
                raise TooManyWords(column)
            return made
