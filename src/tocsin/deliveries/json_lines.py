"""From JSON objects, one a line, to pieces for the contract."""

from collections.abc import Iterator
from pathlib import Path

from tocsin.deliveries.header import require
from tocsin.deliveries.unpacking import Limits, text_blocks
from tocsin.engines.json_rows import JsonRows, Objects
from tocsin.engines.line_ends import line_count
from tocsin.feeds.shape import Shape
from tocsin.vocabulary.errors import RefusedDelivery


class JsonLines:
    """A file of JSON objects, one a line. Its columns are those the Shape asks for; a key that a line lacks is an empty cell."""

    def __init__(self, path: Path, shape: Shape, code: str, limits: Limits) -> None:
        self.shape, self.columns = shape, shape.columns_read()
        self.blocks = text_blocks(path, shape.encoding, limits)
        self.by = JsonRows(self.columns, code, limits.max_line_bytes)

    def pieces(self) -> Iterator[Objects]:
        """Every line of the file, once. Raises RefusedDelivery at the end of a file without lines."""
        line = 1
        for block in self.blocks:
            count = line_count(block)
            yield Objects(line, block, count, self.by)
            line += count
        if line == 1:
            raise RefusedDelivery("JSON lines were expected, found an empty file. Ask the sender.")

    def require_keys(self) -> None:
        """Asked when every piece was taken: raises RefusedDelivery for a key that no line has."""
        if self.by.seen:
            require(self.shape, tuple(sorted(self.by.seen)))
