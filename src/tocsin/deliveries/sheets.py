"""Rows of an XLSX workbook: cells as the text a delimited file would carry, with the sheet's own row numbers."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine

from tocsin.deliveries.lines import ROWS_IN_A_PIECE
from tocsin.deliveries.unpacking import Limits
from tocsin.engines.pieces import Rows
from tocsin.engines.row_writer import RowWriter
from tocsin.feeds.shape import Shape
from tocsin.vocabulary.errors import RefusedDelivery


class Sheet:
    """One sheet: its column names at once, its rows in pieces."""

    def __init__(self, path: Path, shape: Shape, limits: Limits) -> None:
        _within(path, limits)
        try:
            book = python_calamine.CalamineWorkbook.from_path(str(path))
        except (python_calamine.CalamineError, OSError) as wrong:
            raise RefusedDelivery(
                f"an XLSX workbook was expected, found something that cannot be read as one ({wrong}). Ask the sender."
            ) from wrong
        names = book.sheet_names
        name = shape.sheet or (names[0] if names else "")
        if name not in names:
            raise RefusedDelivery(f'sheet "{name}" is missing (found: {", ".join(names)}). Correct `sheet` in {shape.where}.')
        # With its empty first rows and columns, so that row numbers are those the sender sees.
        self.rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        self.delimiter, self.first = shape.delimiter, 0
        if not shape.header:
            self.columns = shape.positions
            return
        while self.first < len(self.rows) and not any(text(cell) for cell in self.rows[self.first]):
            self.first += 1
        if self.first == len(self.rows):
            raise RefusedDelivery(f'a header row was expected, found the sheet "{name}" empty. Ask the sender.')
        self.columns = _without_empty_end([text(cell).strip() for cell in self.rows[self.first]], 0)
        self.first += 1

    def pieces(self) -> Iterator[Rows]:
        """Every row below the header, once."""
        width = len(self.columns)
        for start in range(self.first, len(self.rows), ROWS_IN_A_PIECE):
            written = RowWriter(width)
            for place in range(start, min(start + ROWS_IN_A_PIECE, len(self.rows))):
                cells = [text(cell) for cell in self.rows[place]]
                # A sheet has no short rows: a row without any text is a blank line, an empty cell at the end is an empty cell.
                kept = list(_without_empty_end(cells, width)) if any(cells) else [""]
                written.row(place + 1, self.delimiter.join(kept), kept)
            yield written.piece()


def text(cell: object) -> str:
    """The text of a cell. A date has no zone: the Shape says which. Whole numbers lose the ".0" a sheet stores them with."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat()
    if isinstance(cell, date):
        return f"{cell.isoformat()}T00:00:00"
    if isinstance(cell, time | timedelta):
        return str(cell)
    return str(cell)


def _without_empty_end(cells: list[str], least: int) -> tuple[str, ...]:
    end = len(cells)
    while end > least and not cells[end - 1]:
        end -= 1
    return (*cells[:end], *[""] * (least - end))


def _within(path: Path, limits: Limits) -> None:
    """A workbook is a zip: its own table tells what it unpacks to, before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except zipfile.BadZipFile as wrong:
        raise RefusedDelivery(f"an XLSX workbook was expected, found a file that is no workbook ({wrong}). Ask the sender.") from wrong
    size = path.stat().st_size
    if unpacked > limits.max_unpacked_bytes or (unpacked > limits.ratio_from_bytes and unpacked > size * limits.max_ratio):
        raise RefusedDelivery(
            f"the workbook of {size} bytes unpacks to {unpacked}; at most {limits.max_unpacked_bytes} and {limits.max_ratio} times its size"
            " may be. That is no delivery but a zip bomb; ask the sender."
        )
