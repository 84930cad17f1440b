"""From JSON objects, one a line, to pieces for the contract."""

import json
from collections.abc import Iterator
from pathlib import Path

from tocsin.deliveries.header import require
from tocsin.deliveries.unpacking import Limits, text_blocks
from tocsin.engines.pieces import Rows
from tocsin.engines.row_writer import RowWriter, whole_lines
from tocsin.feeds.shape import Shape
from tocsin.vocabulary.errors import RefusedDelivery

# Numbers stay the text that was sent: a float would change 0.1 and long identifiers.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)
# What most values are: their text is the cell.
_PLAIN = frozenset({str, type(None)})


class JsonLines:
    """A file of JSON objects, one a line. Its columns are those the Shape asks for; a key that a line lacks is an empty cell."""

    def __init__(self, path: Path, shape: Shape, code: str, limits: Limits) -> None:
        self.columns = shape.columns_read()
        self.code, self.limits, self.shape = code, limits, shape
        self.blocks = text_blocks(path, shape.encoding, limits)
        self.seen: set[str] = set()

    def pieces(self) -> Iterator[Rows]:
        """Every line of the file, once. Raises RefusedDelivery at the end for a key that no line has."""
        line, is_empty = 1, True
        for block in self.blocks:
            written = RowWriter(len(self.columns))
            for text in whole_lines(block):
                self._row(written, line, text.removesuffix("\n"))
                line += 1
                is_empty = False
            yield written.piece()
        if is_empty:
            raise RefusedDelivery("JSON lines were expected, found an empty file. Ask the sender.")
        if self.seen:
            require(self.shape, tuple(sorted(self.seen)))

    def _row(self, written: RowWriter, line: int, text: str) -> None:
        check = f"{self.code}-STRUCT-JSON"
        if len(text) > self.limits.max_line_bytes:
            reason = f"line of {len(text)} characters; at most {self.limits.max_line_bytes} may be"
            written.refusal(line, text, f"{self.code}-STRUCT-WIDE", reason)
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
        if _PLAIN.issuperset(map(type, values)):
            self.seen |= found.keys()
            written.row(line, text, [value or "" for value in values])
            return
        nested = [name for name in self.columns if isinstance(found.get(name), dict | list)]
        if nested:
            written.refusal(line, text, check, f'"{nested[0]}" holds a list or an object; expected a single value')
            return
        self.seen |= found.keys()
        written.row(line, text, [_json_text(found.get(name)) for name in self.columns])


def _json_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
