"""Rows already taken apart, written as a piece for the contract; and text as its whole lines."""

import csv
import io

from tocsin.engines.pieces import Rows

RAW_SHOWN = 2000


class RowWriter:
    """Collects rows that are already taken apart as a Rows piece; of their lines so many characters are kept as they came."""

    def __init__(self, width: int, raw_shown: int = RAW_SHOWN) -> None:
        self.width, self.raw_shown, self.count, self.text = width, raw_shown, 0, io.StringIO()
        self.writer = csv.writer(self.text, lineterminator="\n")

    def row(self, line: int, raw: str, cells: list[str]) -> None:
        padded = cells if len(cells) == self.width else (cells + [""] * self.width)[: self.width]
        self.writer.writerow((line, raw[: self.raw_shown], len(cells), "", "", *padded))
        self.count += 1

    def refusal(self, line: int, raw: str, check_id: str, reason: str) -> None:
        self.writer.writerow((line, raw[: self.raw_shown], self.width, check_id, reason, *[""] * self.width))
        self.count += 1

    def piece(self) -> Rows:
        return Rows(self.text.getvalue().encode(), self.count)


def whole_lines(block: bytes) -> list[str]:
    """The lines of a block that ends with a line end, each with its own."""
    # Not str.splitlines: it also splits at form feeds and at Unicode's own line ends.
    return [line + "\n" for line in block.decode().split("\n")[:-1]]
