"""Open files that take rows block by block, whose bytes depend on the rows alone."""

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from tocsin.estate.senders.table_file import open_book
from tocsin.estate.senders.trail_table import DICTIONARIES, SCHEMA

# The first level of deflate: nearly as small as the ninth for such text, at a fifth of the time.
LEVEL = 1


class Writer(Protocol):
    """A file being written."""

    def write(self, made: Any) -> None:
        """Take one block more, in the writer's own form."""

    def close(self) -> None:
        """Finish the file."""


class GzipText:
    """Lines of text (octets of UTF-8), encoded and packed. The header of the gzip tells no time and no name."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.opened, self.packer, self.encoding = path.open("wb"), zlib.compressobj(LEVEL, wbits=31), encoding

    def write(self, made: bytes | memoryview) -> None:
        if self.encoding != "utf-8":
            made = bytes(made).decode().encode(self.encoding)
            # Only the first block begins with the byte order mark.
            self.encoding = {"utf-16": "utf-16-le"}.get(self.encoding, self.encoding)
        self.opened.write(self.packer.compress(made))

    def close(self) -> None:
        self.opened.write(self.packer.flush())
        self.opened.close()


class ParquetRows:
    """Tables in the trail's SCHEMA, a row group a block."""

    def __init__(self, path: Path) -> None:
        options: dict[str, Any] = {"compression": "lz4", "use_dictionary": DICTIONARIES, "store_schema": False, "write_statistics": False}
        self.writer = pq.ParquetWriter(path, SCHEMA, **options)

    def write(self, made: pa.Table) -> None:
        if len(made):
            self.writer.write_table(made)

    def close(self) -> None:
        self.writer.close()


class Sheet:
    """Rows of text cells as the one sheet of a workbook, for senders whose files are small."""

    def __init__(self, path: Path) -> None:
        self.book = open_book(path)
        self.sheet, self.place = self.book.add_worksheet("SAT"), 0

    def write(self, made: Sequence[Sequence[str | None]]) -> None:
        for row in made:
            for column, text in enumerate(row):
                if text:
                    self.sheet.write_string(self.place, column, text)
            self.place += 1

    def close(self) -> None:
        self.book.close()
