"""What the word in a cell stands for in a column of the feed: asked once of each word, and not of each row."""

import re
from dataclasses import dataclass

from tocsin.engines.cell_sql import WHOLE
from tocsin.feeds.feed import Column, Kind, identifier_key
from tocsin.feeds.shape import Shape, Source


class Doubt:
    """In place of the value of a word that has none: its line goes the statement's way, which tells what is wrong."""


DOUBT = Doubt()
Value = str | int | Doubt | None


@dataclass(frozen=True)
class WordRule:
    """One feed column out of one cell or a constant, as `cell_sql.Cells.text` and `value_sql` have it; only ASCII words are asked."""

    column: Column
    source: Source
    shape: Shape

    def __call__(self, word: str) -> Value:
        """The value of a word; None where the cell is empty and may be."""
        text = self._text(word)
        if text is None:
            return None if self.column.may_be_empty else DOUBT
        return self._value(text)

    def _text(self, word: str) -> str | None:
        source = self.source
        text: str | None = word.strip()
        if source.constant is not None:
            text = source.constant.strip() or None
        elif text in {"", *self.shape.nulls}:
            text = None
        if text is not None and text in source.values:
            text = source.values[text].strip() or None
        if text is not None and source.fold is not None:
            text = _folded(text, source.fold)
        return source.when_empty.strip() if text is None and source.when_empty is not None else text

    def _value(self, text: str) -> Value:
        kind, shape = self.column.kind, self.shape
        if kind is Kind.WHOLE:
            is_whole = re.fullmatch(WHOLE, text) is not None and len(text) <= 18
            return int(text) if is_whole else DOUBT
        if not text.isascii() and (kind in {Kind.FLAG, Kind.IDENTIFIER} or self.column.fold or self.source.fold):
            # Whose capital letters are whose is a question on which engines differ.
            return DOUBT
        if kind is Kind.FLAG:
            flags = {word.lower(): 0 for word in shape.false_words} | {word.lower(): 1 for word in shape.true_words}
            return flags.get(text.lower(), DOUBT)
        if kind is Kind.IDENTIFIER:
            return identifier_key(text)
        return _folded(text, self.column.fold) if self.column.fold is not None else text


def _folded(text: str, fold: str) -> str:
    return text.upper() if fold == "upper" else text.lower()
