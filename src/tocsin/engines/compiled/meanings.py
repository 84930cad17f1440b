"""What the words of a dictionary stand for in one column of the feed, asked once of each and then looked up."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.engines.compiled.block import EMPTY, NO_WORD, Words
from tocsin.engines.compiled.dictionary import Dictionary
from tocsin.engines.compiled.kernels.words import looked_up
from tocsin.engines.compiled.word_rule import DOUBT, WordRule
from tocsin.feeds.feed import Kind

_SMALL = {Kind.TEXT: np.int32, Kind.CODE: np.int32, Kind.FLAG: np.int8}


def array_kind(kind: Kind) -> type[Any]:
    """The numbers of which a column of a kind is made in a block."""
    return _SMALL.get(kind, np.int64)


class Meanings:
    """The values of a rule, by the number that a dictionary gives a word."""

    def __init__(self, rule: WordRule, words: Words) -> None:
        self.rule, self.words = rule, words
        self.values: NDArray[Any] = np.empty(0, array_kind(rule.column.kind))
        self.is_wrong = np.empty(0, np.bool_)

    @cached_property
    def constant(self) -> tuple[int, bool]:
        """The value of a rule that asks for no cell, and whether it has none."""
        values, is_wrong = self._asked([""])
        return int(values[0]), bool(is_wrong[0])

    def of(self, dictionary: Dictionary, numbers: NDArray[np.int32], odd: NDArray[np.bool_]) -> NDArray[Any]:
        """The values of words; marks those that have none."""
        if len(dictionary) > len(self.values):
            values, is_wrong = self._asked(dictionary.since(len(self.values)))
            self.values, self.is_wrong = np.concatenate([self.values, values]), np.concatenate([self.is_wrong, is_wrong])
        made = np.empty(len(numbers), self.values.dtype)
        looked_up(self.values, self.is_wrong, numbers, made, odd)
        return made

    def _asked(self, words: list[str]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        found = [self.rule(word) for word in words]
        kind = array_kind(self.rule.column.kind)
        made = np.full(len(found), NO_WORD if kind is not np.int64 else EMPTY, kind)
        # Words of the feed are told apart from flags and numbers by being text.
        texts = [(place, value) for place, value in enumerate(found) if isinstance(value, str)]
        if texts:
            made[[place for place, _ in texts]] = self.words.numbered(self.rule.column.name, [text for _, text in texts])
        for place, value in enumerate(found):
            if isinstance(value, int):
                made[place] = value
        return made, np.array([value is DOUBT for value in found], np.bool_)
