"""Lines that are JSON objects, taken apart one by one; and what keys they have."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from tocsin.engines.pieces import Rows
from tocsin.engines.row_writer import RowWriter, whole_lines

# Numbers stay the text that was sent: a float would change 0.1 and long identifiers.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)
# What most values are: their text is the cell.
_PLAIN = frozenset({str, type(None)})


@dataclass(frozen=True)
class JsonRows:
    """Takes lines of one delivery apart to the cells of `columns`; of at most `longest` characters. `code` is the feed's, for check ids.

    A key that a line lacks is an empty cell. `seen` are the keys of the objects met so far, by whichever road they were read: the compiled
    one tells only those of `columns`.
    """

    columns: tuple[str, ...]
    code: str
    longest: int
    seen: set[str] = field(default_factory=set)

    def rows(self, lines: Iterable[tuple[int, str]]) -> Rows:
        """Lines by their numbers, as a piece."""
        written = RowWriter(len(self.columns))
        for line, text in lines:
            self._row(written, line, text)
        return written.piece()

    def _row(self, written: RowWriter, line: int, text: str) -> None:
        check = f"{self.code}-STRUCT-JSON"
        if len(text) > self.longest:
            written.refusal(line, text, f"{self.code}-STRUCT-WIDE", f"line of {len(text)} characters; at most {self.longest} may be")
            return
        if not text.strip():
            # Told as a row of one empty cell, as a blank line of delimited text is.
            written.writer.writerow((line, "", 1, "", "", *[""] * written.width))
            written.count += 1
            return
        try:
            # `loads` alone knows a byte order mark for what it is, and makes a decoder of its own for every line.
            found = _DECODER.decode(text) if not text.startswith("\ufeff") else json.loads(text)
        except (ValueError, RecursionError) as wrong:
            written.refusal(line, text, check, f"expected a JSON object, found text that is none: {wrong}")
            return
        if not isinstance(found, dict):
            written.refusal(line, text, check, f"expected a JSON object, found a {type(found).__name__}")
            return
        values = list(map(found.get, self.columns))
        if "\\u" in text and not _is_text("".join([*found, *(value for value in values if isinstance(value, str))])):
            written.refusal(line, text, check, "expected a JSON object, found one with half a character (a lone surrogate)")
            return
        if _PLAIN.issuperset(map(type, values)):
            self.seen.update(found)
            written.row(line, text, [value or "" for value in values])
            return
        nested = [name for name in self.columns if isinstance(found.get(name), dict | list)]
        if nested:
            written.refusal(line, text, check, f'"{nested[0]}" holds a list or an object; expected a single value')
            return
        self.seen.update(found)
        written.row(line, text, [_json_text(found.get(name)) for name in self.columns])


@dataclass(frozen=True)
class Objects:
    """Whole lines, each of which is to be a JSON object, and what takes them apart."""

    first_line: int
    content: bytes
    count: int
    by: JsonRows

    def rows(self) -> Rows:
        """The same lines taken apart one by one."""
        return self.by.rows((line, text.removesuffix("\n")) for line, text in enumerate(whole_lines(self.content), self.first_line))


def _is_text(text: str) -> bool:
    """Whether a text can be written: JSON's escapes may name half of a character that takes two of them."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _json_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
