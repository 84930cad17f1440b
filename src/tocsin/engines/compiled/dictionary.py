"""The words of one column of the received file, numbered as they come; each thread has its own."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.engines.compiled.block import WORDS_UP_TO, TooManyWords
from tocsin.engines.compiled.kernels.words import numbered, placed

_AT_FIRST = 512


class Dictionary:
    """Words and their numbers, from 0."""

    def __init__(self) -> None:
        self.slots = np.full(4 * _AT_FIRST, -1, np.int32)
        self.words = np.empty((_AT_FIRST, 4), np.uint64)
        self.letters = np.zeros(32 * _AT_FIRST, np.uint8)
        self.used = np.zeros(2, np.int64)

    def __len__(self) -> int:
        return int(self.used[0])

    def numbered(self, text: NDArray[np.uint8], starts: NDArray[np.int32], stops: NDArray[np.int32], is_odd: NDArray[Any]) -> NDArray[Any]:
        """The number of each cell's word. Marks rows whose word is too long in `is_odd`. Raises TooManyWords."""
        made = np.empty(len(starts), np.int32)
        since = 0
        while (since := numbered(text, starts, stops, since, self.slots, self.words, self.letters, self.used, made, is_odd)) < len(starts):
            self._grow()
        return made

    def _grow(self) -> None:
        if len(self) > WORDS_UP_TO:
            raise TooManyWords
        self.words = np.concatenate([self.words, np.empty_like(self.words)])
        self.letters = np.concatenate([self.letters, np.zeros_like(self.letters)])
        self.slots = np.full(2 * len(self.slots), -1, np.int32)
        placed(self.words, len(self), self.slots)

    def since(self, number: int) -> list[str]:
        """The words from a number on."""
        told = self.words[number : len(self), 2:4].tolist()
        return [self.letters[place : place + length].tobytes().decode("ascii", "replace") for length, place in told]
