"""From whole lines to pieces for the contract: delimited text, with the true line number of every row."""

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from tocsin.deliveries.unpacking import Limits, text_blocks
from tocsin.engines.line_ends import ends_and_quotes
from tocsin.engines.pieces import Lines, Rows
from tocsin.engines.row_writer import RAW_SHOWN, RowWriter, whole_lines
from tocsin.feeds.shape import Shape
from tocsin.vocabulary.errors import RefusedDelivery

# A quoted field may hold line ends, but a quotation mark that nothing closes must not swallow the rest of the file.
LINES_IN_A_ROW = 100
ROWS_IN_A_PIECE = 100_000


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
            count, has_quotes = ends_and_quotes(block)
            if has_quotes:
                yield from self._taken_apart(block, lines)
            else:
                yield Lines(self.line, block, count, len(lines))
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
        ahead = deque(whole_lines(block))
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
                    ahead.extend(whole_lines(block))
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
