"""The compiled road of a delivery: rows beyond doubt to the shelving, doubtful lines to the statement (docs/decisions/0012)."""

from collections.abc import Mapping, Set
from pathlib import Path
from queue import SimpleQueue
from threading import Lock

import duckdb
import numpy as np

from tocsin.engines.compiled.block import Block, Words
from tocsin.engines.compiled.checks import Checks
from tocsin.engines.compiled.plan import planned
from tocsin.engines.compiled.reader import Reader, Taken
from tocsin.engines.compiled.shelving import Shelving
from tocsin.engines.json_rows import JsonRows, Objects
from tocsin.engines.pieces import Counts, Lines, NotReadHere, Rows
from tocsin.engines.row_sql import RowSql
from tocsin.engines.row_writer import RowWriter
from tocsin.engines.settling import Staged

# So many doubtful lines are told to the statement at a time: to plan it costs as much as to read a thousand of them.
TOLD_AT = 50_000
BYTES_TOLD_AT = 8 << 20
# Of a file with more of them little is gained, and the shelving would have to hold them: by the lines read, and in all.
DOUBTFUL_FREELY, ONE_IN, DOUBTFUL_UP_TO = 20_000, 20, 1_000_000


class Road:
    """Reads the pieces of one delivery from several threads; `objects`: of JSON lines. Raises NotReadHere for one that is not read so."""

    def __init__(self, sql: RowSql, folder: Path, threads: int, objects: JsonRows | None = None) -> None:
        if not Shelving.serves(sql.feed):
            raise NotReadHere(f"feed {sql.feed.name}")
        plan, self.words = planned(sql), Words()
        self.objects, self.sql, self.checks, self.shelving = objects, sql, Checks(sql, self.words), Shelving(sql, self.words, folder)
        self.readers: SimpleQueue[Reader] = SimpleQueue()
        for _ in range(threads):
            self.readers.put(Reader(plan, self.words, objects))
        self.adding = Lock()
        self.lines = self.doubtful = self.bytes_waiting = self.blanked = 0
        self.waiting: list[tuple[int, bytes]] = []

    def take(self, piece: Lines | Objects, cursor: duckdb.DuckDBPyConnection, counts: Counts) -> tuple[Rows, int] | None:
        """Read a piece; gives doubtful lines, once there are many, and how many of them stand empty for a row told apart."""
        reader = self.readers.get()
        try:
            taken = reader.read(piece.first_line, piece.content)
        finally:
            self.readers.put(reader)
        if taken.block is not None:
            failing = self.checks.failing(taken.block, cursor)
            if len(failing):
                taken = _without(taken, set(failing.tolist()), piece)
        rows = 0
        if taken.block is not None:
            rows = len(taken.block)
            self.shelving.add(taken.block)
        with self.adding:
            counts.lines += taken.lines - len(taken.doubtful)
            counts.passed_over += taken.passed_over
            counts.rows += rows
            self.lines += taken.lines
            self.waiting += taken.doubtful
            self.bytes_waiting += sum(len(raw) for _, raw in taken.doubtful)
            self.blanked += piece.blanked if isinstance(piece, Lines) else 0
            self._count_doubtful(len(taken.doubtful))
            return self._told() if len(self.waiting) >= TOLD_AT or self.bytes_waiting >= BYTES_TOLD_AT else None

    def count_rows(self, piece: Rows) -> None:
        """Rows that came taken apart are the statement's too."""
        with self.adding:
            self.lines += piece.count
            self._count_doubtful(piece.count)

    def _count_doubtful(self, lines: int) -> None:
        self.doubtful += lines
        if self.doubtful > min(DOUBTFUL_FREELY + self.lines // ONE_IN, DOUBTFUL_UP_TO):
            raise NotReadHere(f"{self.doubtful} doubtful lines of {self.lines}")

    def rest(self) -> tuple[Rows, int] | None:
        """The doubtful lines that are left, as `take` gives them. Raises NotReadHere where a key is lacking in all JSON lines."""
        with self.adding:
            told = self._told() if self.waiting else None
        if self.objects is not None and not self.objects.seen.issuperset(self.objects.columns):
            # The delivery is refused with all the keys there are, and only those that the Shape asks for are known here.
            raise NotReadHere("a key that no line has")
        return told

    def _told(self) -> tuple[Rows, int]:
        waiting, blanked = self.waiting, self.blanked
        self.waiting, self.bytes_waiting, self.blanked = [], 0, 0
        if self.objects is not None:
            return self.objects.rows((line, raw.decode()) for line, raw in waiting), blanked
        width, delimiter = len(self.sql.columns), self.sql.shape.delimiter
        # The whole line: it is what a refused row shows.
        written = RowWriter(width, raw_shown=max(len(raw) for _, raw in waiting))
        for line, raw in waiting:
            text = raw.decode()
            written.row(line, text, text.split(delimiter))
        return written.piece(), blanked

    def finish(self, reading: Staged, accepted: Path, refused: Path, delivery_no: int, known: Mapping[str, Set[str]]) -> Counts:
        """Write both Parquet files. Raises NotReadHere."""
        return self.shelving.finish(reading, accepted, refused, delivery_no, known)


def _without(taken: Taken, failing: set[int], piece: Lines | Objects) -> Taken:
    """The rows of some lines are left to the statement after all."""
    assert taken.block is not None
    raws = piece.content.split(b"\n")
    block = taken.block
    keep = ~np.isin(block.lines, np.fromiter(failing, np.int64))
    kept = Block(block.lines[keep], block.parts[keep], {name: values[keep] for name, values in block.columns.items()})
    doubtful = [*taken.doubtful, *((line, raws[line - piece.first_line]) for line in failing)]
    return Taken(kept, sorted(doubtful), taken.passed_over, taken.lines)
