"""From whole lines to pieces for the contract: delimited text and JSON lines, with the true line number of every row."""

import csv
import difflib
import io
import json
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

from tocsin.deliveries.unpacking import Limits, text_blocks
from tocsin.engines.pieces import Lines, Rows
from tocsin.feeds.shape import Shape
from tocsin.vocabulary.errors import RefusedDelivery

RAW_SHOWN = 2000
# A quoted field may hold line ends, but a quotation mark that nothing closes must not swallow the rest of the file.
LINES_IN_A_ROW = 100
ROWS_IN_A_PIECE = 100_000
# Blanks other than the space; with one of them, or so many spaces, cells are stripped one by one.
_RARE_BLANKS = b"\t\x0b\x0c\x1c\x1d\x1e\x1f"
_SPACES_LOOKED_AT = 5000


class RowWriter:
    """Collects rows that are already taken apart as a Rows piece."""

    def __init__(self, width: int) -> None:
        self.width, self.count, self.text = width, 0, io.StringIO()
        self.writer = csv.writer(self.text, lineterminator="\n")

    def row(self, line: int, raw: str, cells: list[str]) -> None:
        padded = cells if len(cells) == self.width else (cells + [""] * self.width)[: self.width]
        self.writer.writerow((line, raw[:RAW_SHOWN], len(cells), "", "", *padded))
        self.count += 1

    def refusal(self, line: int, raw: str, check_id: str, reason: str) -> None:
        self.writer.writerow((line, raw[:RAW_SHOWN], self.width, check_id, reason, *[""] * self.width))
        self.count += 1

    def piece(self) -> Rows:
        return Rows(self.text.getvalue().encode(), self.count)


class Delimited:
    """A delimited text file: its column names at once, its pieces one after another."""

    def __init__(self, path: Path, shape: Shape, code: str, limits: Limits) -> None:
        self.shape, self.code, self.limits = shape, code, limits
        self.blocks = text_blocks(path, shape.encoding, limits)
        self.line = 1
        self.waiting: deque[bytes] = deque()
        self.columns = self._header() if shape.header else shape.positions

    def _header(self) -> tuple[str, ...]:
        while (block := self._block()) is not None:
            for line in block.splitlines(keepends=True):
                block = block[len(line) :]
                self.line += 1
                if line.strip():
                    if block:
                        self.waiting.append(block)
                    if len(line) > self.limits.max_line_bytes:
                        raise RefusedDelivery(
                            f"line {self.line - 1}: a header line was expected, found one of {len(line)} bytes"
                            f" ({self.limits.max_line_bytes} may be). Ask the sender."
                        )
                    names = next(csv.reader([line.decode()], delimiter=self.shape.delimiter))
                    return tuple(name.strip() for name in names)
        raise RefusedDelivery("a header line was expected, found an empty file. Ask the sender; a file with a header alone says 'nothing'.")

    def _block(self) -> bytes | None:
        return self.waiting.popleft() if self.waiting else next(self.blocks, None)

    def pieces(self) -> Iterator[Lines | Rows]:
        """Every line of the file, once."""
        while (block := self._block()) is not None:
            block, told, lines = self._without_wide_lines(block)
            if lines:
                yield told.piece()
            if b'"' in block:
                yield from self._taken_apart(block, lines)
            else:
                count = block.count(b"\n")
                yield Lines(self.line, block, count, is_tidy(block, self.shape.delimiter.encode()), len(lines))
                self.line += count

    def _without_wide_lines(self, block: bytes) -> tuple[bytes, RowWriter, set[int]]:
        """Lines longer than may be, told apart as refused; in the block they stand empty, so that every other keeps its number."""
        told, limit, start, taken = RowWriter(len(self.columns)), self.limits.max_line_bytes, 0, 0
        kept: list[bytes] = []
        lines: set[int] = set()
        while len(block) - start > limit:
            end = block.rfind(b"\n", start, start + limit + 1)
            if end < 0:
                end = block.index(b"\n", start)
                line = self.line + block.count(b"\n", 0, start)
                shown = block[start : start + RAW_SHOWN].decode(errors="ignore")
                told.refusal(line, shown, f"{self.code}-STRUCT-WIDE", f"line of {end - start} bytes; at most {limit} may be")
                lines.add(line)
                kept.append(block[taken:start])
                taken = end
            start = end + 1
        return (b"".join([*kept, block[taken:]]) if kept else block), told, lines

    def _taken_apart(self, block: bytes, told: set[int]) -> Iterator[Rows]:
        """Rows of a block in which quotation marks occur, by Python's own reader, which tells where each row ends."""
        ahead = deque(_split(block))
        while ahead:
            written = RowWriter(len(self.columns))
            # A row begun here may end in a later block: then that block is taken apart as well.
            while ahead and written.count < ROWS_IN_A_PIECE:
                taken, cells, wrong = self._record(ahead)
                raw = "".join(taken).removesuffix("\n")
                if wrong:
                    written.refusal(self.line, raw, f"{self.code}-STRUCT-QUOTE", wrong)
                elif self.line not in told:
                    written.row(self.line, raw, cells or [""])
                self.line += len(taken)
            yield written.piece()

    def _record(self, ahead: deque[str]) -> tuple[list[str], list[str], str]:
        """The lines and cells of the next row; of one that cannot be taken apart its first line alone, and what is wrong."""
        taken: list[str] = []
        is_open = False

        def lines() -> Iterator[str]:
            nonlocal is_open
            while len(taken) < LINES_IN_A_ROW:
                if not ahead:
                    block = self._block()
                    if block is None:
                        break
                    ahead.extend(_split(block))
                taken.append(ahead.popleft())
                yield taken[-1]
            # The reader asks past the last line only while a quotation mark is open.
            is_open = True

        try:
            cells = next(csv.reader(lines(), delimiter=self.shape.delimiter))
            wrong = "a quotation mark opens a field and none closes it" if is_open else ""
        except csv.Error as error:
            cells, wrong = [], f"the line cannot be taken apart: {error}"
        if wrong:
            ahead.extendleft(reversed(taken[1:]))
            del taken[1:]
        return taken, cells, wrong


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
            for text in _split(block):
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
            # Numbers stay the text that was sent: a float would change 0.1 and long identifiers.
            found = json.loads(text, parse_int=str, parse_float=str)
        except (ValueError, RecursionError) as wrong:
            written.refusal(line, text, check, f"expected a JSON object, found text that is none: {wrong}")
            return
        if not isinstance(found, dict):
            written.refusal(line, text, check, f"expected a JSON object, found a {type(found).__name__}")
            return
        nested = [name for name in self.columns if isinstance(found.get(name), dict | list)]
        if nested:
            written.refusal(line, text, check, f'"{nested[0]}" holds a list or an object; expected a single value')
            return
        self.seen |= found.keys()
        written.row(line, text, [_json_text(found.get(name)) for name in self.columns])


def is_tidy(block: bytes, delimiter: bytes) -> bool:
    """Whether it is certain that no cell of whole lines has blanks around it. Looks at every space, unless there are many."""
    if not block.isascii() or any(blank in block for blank in _RARE_BLANKS if blank != delimiter[0]):
        return False
    edges = delimiter + b"\n"
    place = block.find(b" ")
    for _ in range(_SPACES_LOOKED_AT):
        if place < 0:
            return True
        if place == 0 or block[place - 1] in edges or block[place + 1] in edges:
            return False
        place = block.find(b" ", place + 1)
    return False


def _json_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def require(shape: Shape, columns: Sequence[str]) -> None:
    """Every column the Shape asks for is there, once. Raises RefusedDelivery naming column, those found, and the likeliest new name."""
    for name in shape.columns_read():
        if name not in columns:
            alike = difflib.get_close_matches(name, [found for found in columns if found not in shape.columns_read()], n=1)
            renamed = f' Was it renamed to "{alike[0]}"?' if alike else ""
            raise RefusedDelivery(
                f'column "{name}" is missing (found: {", ".join(columns)}).{renamed} Shape {shape.name} of feed {shape.feed} reads it:'
                f" if the sender's layout has changed, change or add a Shape ({shape.where}); otherwise ask for the file again."
            )
        if list(columns).count(name) > 1:
            raise RefusedDelivery(f'column "{name}" stands {list(columns).count(name)} times in the header; expected once. Ask the sender.')


def _split(block: bytes) -> list[str]:
    # Not str.splitlines: it also splits at form feeds and at Unicode's own line ends.
    return [line + "\n" for line in block.decode().split("\n")[:-1]]
