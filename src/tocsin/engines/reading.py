"""The contract at work: received lines, a piece at a time, become accepted and refused rows in Parquet (DuckDB; docs/decisions).

Memory is bounded by the piece and by `memory_limit`: each piece is typed and set down as Parquet, and one last statement finds
the duplicates and sorts, spilling when it must. A file of one small piece is held in memory instead: most files are such.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING, Any

import duckdb
import structlog

from tocsin.engines import volume
from tocsin.engines.cell_sql import named, quoted
from tocsin.engines.json_rows import Objects
from tocsin.engines.parquet_cells import as_text, parquet_columns
from tocsin.engines.pieces import FIRST_LINES, Counts, Lines, NotReadHere, Rows, gathered
from tocsin.engines.row_sql import RowSql
from tocsin.engines.settling import settle
from tocsin.engines.tidiness import is_tidy
from tocsin.engines.turns import Turns, by_turns
from tocsin.vocabulary.errors import EngineUnavailable

if TYPE_CHECKING:
    # Only with the extra `volume` is it there.
    from tocsin.engines.compiled.road import Road

log = structlog.get_logger()

Piece = Lines | Objects | Rows

# A piece of so many bytes is typed in memory; a longer one, or one of several, is set down as Parquet.
SMALL = 1 << 20
# Kernels are loaded in 0.7 CPU s, which is what some 300,000 rows gain by them; once they are, a small file takes 8 ms in place of the
# 20 to 60 in which its statements are planned.
WORTH_LOADING, WORTH_LOADED = 30 << 20, 16 << 10
# JSON lines cost twenty times as much to take apart otherwise.
OBJECTS_WORTH_LOADING = 8 << 20
# A dictionary is for columns of few words; one of every stamp and key is thrown away when the piece is whole, at a tenth of its cost.
SET_DOWN = "FORMAT parquet, DICTIONARY_SIZE_LIMIT 2000"
NOT_TOLD = "CAST(NULL AS VARCHAR) AS told_check, CAST(NULL AS VARCHAR) AS told_reason"


class Reading:
    """One delivery on its way through the contract. Make it with `Readings.reading`."""

    def __init__(self, sql: RowSql, folder: Path, connection: duckdb.DuckDBPyConnection, readings: "Readings") -> None:
        self.sql, self.folder, self.connection, self.threads = sql, folder, connection, readings.threads
        self.turn, self.engine_threads, self.was_read = readings.turns.next(), readings.engine_threads, readings.was_read
        self.counts = Counts()
        self.odd_clocks: dict[tuple[str, int], list[int]] = {}
        self.odd_clock_counts: dict[tuple[str, int], int] = {}
        # How many stand in the folder, or in the table: what the statement was asked about.
        self.pieces = 0
        self.road: Road | None = None
        # Whether the one piece there is stands in the table `pieces` of the connection.
        self.is_held = False
        self.counting = Lock()
        self.cursors: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()

    def take(self, pieces: Iterable[Piece], progress: Callable[[int], None] = lambda count: None, compiled: bool | None = False) -> None:
        """Type and check every piece, `threads` at a time; `progress` hears the number of lines done.

        `compiled` says whether lines beyond doubt may be read in compiled code (None: where that is installed and worth its while). Then it
        may turn out that they may not be after all: NotReadHere; the Reading is of no use any more, and another is to be made without.
        """
        coming = iter(pieces)
        first = list(_until(WORTH_LOADING, coming))
        self.road = self._road(first, compiled)
        if self.road is None and len(first) == 1 and len(first[0].content) <= SMALL:
            self.pieces, self.is_held = 1, True
            # To plan for so few lines costs more than it saves: a fifth of a month's intake, and of 1 MB a tenth still.
            self.connection.execute("PRAGMA disable_optimizer")
            progress(self._take(1, first[0], self.connection))
            return
        for _ in range(self.threads):
            self.cursors.put(self.connection.cursor())
        # Side by side the pieces keep every thread busy; a second one in a piece's statement would only get in the way (a twentieth).
        self.connection.execute("SET GLOBAL threads = 1")
        try:
            all_pieces: Iterator[Piece] = chain(first, coming)
            if self.road is None:
                all_pieces = gathered(piece.rows() if isinstance(piece, Objects) else piece for piece in all_pieces)
            self._take_side_by_side(all_pieces, progress)
        finally:
            self.connection.execute(f"SET GLOBAL threads = {self.engine_threads}")
        self.was_read()

    def _take_side_by_side(self, pieces: Iterable[Piece], progress: Callable[[int], None]) -> None:
        by_turns(self.turn, self.threads, self._take_by_turns, pieces, progress)
        if self.road is not None and (told := self.road.rest()) is not None:
            self._take_doubtful(*told, self.connection)

    def _road(self, first: Sequence[Piece], compiled: bool | None) -> "Road | None":
        """The compiled road, where it is wished for and there is one for this delivery."""
        size = sum(len(piece.content) for piece in first)
        objects = first[0].by if first and isinstance(first[0], Objects) else None
        worth_loading = WORTH_LOADING if objects is None else OBJECTS_WORTH_LOADING
        is_small = (compiled is None or size <= SMALL) and size < (WORTH_LOADED if volume.is_loaded() else worth_loading)
        # Rows that come taken apart, as from a sheet, are the statement's.
        if not volume.is_asked(compiled) or is_small or not first or isinstance(first[0], Rows):
            return None
        from tocsin.engines.compiled.road import Road

        try:
            return Road(self.sql, self.folder, self.threads, objects)
        except NotReadHere as why:
            log.info("delivery read by the statement alone", feed=self.sql.feed.name, shape=self.sql.shape.name, why=str(why))
            return None

    def take_parquet(self, path: Path) -> None:
        """The rows of a Parquet file, whose columns have been found flat (`parquet_columns`)."""
        self.pieces += 1
        cells = ", ".join(as_text(name, kind) for name, kind in parquet_columns(path))
        source = quoted(str(path))
        lines = f"(SELECT file_row_number + 1 AS line, CAST(NULL AS VARCHAR) AS raw, [{cells}] AS cells, {len(self.sql.columns)} AS width,"
        lines += f" {NOT_TOLD} FROM read_parquet({source}, file_row_number = true))"
        counted = self.connection.execute(f"SELECT count(*) FROM read_parquet({source})").fetchall()[0][0]
        self._contract(self.connection, self.pieces, lines, int(counted), is_tidy=False, blanked=0)

    def _take_by_turns(self, piece: Piece) -> int:
        cursor = self.cursors.get()
        try:
            if self.road is None:
                return self._take(self._number(), piece, cursor)
            if isinstance(piece, Rows):
                self.road.count_rows(piece)
                return self._take(self._number(), piece, cursor)
            if (told := self.road.take(piece, cursor, self.counts)) is not None:
                self._take_doubtful(*told, cursor)
            return piece.count
        finally:
            self.cursors.put(cursor)

    def _number(self) -> int:
        with self.counting:
            self.pieces += 1
            return self.pieces

    def _take_doubtful(self, rows: Rows, blanked: int, cursor: duckdb.DuckDBPyConnection) -> None:
        """Lines that the compiled road left to the statement; `blanked` of them stand empty because their row is told apart."""
        self._take(self._number(), rows, cursor, blanked)

    def _take(self, number: int, piece: Piece, cursor: duckdb.DuckDBPyConnection, blanked: int = 0) -> int:
        if isinstance(piece, Objects):
            piece = piece.rows()
        file = self.folder / f"piece-{number:06d}.txt"
        try:
            file.write_bytes(piece.content)
            if isinstance(piece, Lines):
                tidy = is_tidy(piece.content, self.sql.shape.delimiter.encode())
                self._contract(cursor, number, self._split(file, piece), piece.count, is_tidy=tidy, blanked=piece.blanked)
            else:
                self._contract(cursor, number, self._cells(file), piece.count, is_tidy=False, blanked=blanked)
        finally:
            file.unlink(missing_ok=True)
        return piece.count

    def _split(self, file: Path, piece: Lines) -> str:
        """A whole line is one cell to the reader, so that no line can be cut, dropped or joined before it has its number."""
        options = "header = false, auto_detect = false, delim = '', quote = '', escape = '', comment = '', new_line = '\\n'"
        source = f"read_csv({quoted(str(file))}, {options}, parallel = false, columns = {{'raw': 'VARCHAR'}})"
        numbered = f"SELECT {piece.first_line - 1} + row_number() OVER () AS line, coalesce(raw, '') AS raw FROM {source}"
        split = f"SELECT line, raw, string_split(raw, {quoted(self.sql.shape.delimiter)}) AS cells FROM ({numbered})"
        return f"(SELECT line, raw, cells, len(cells) AS width, {NOT_TOLD} FROM ({split}))"

    def _cells(self, file: Path) -> str:
        cells = [f"c{place}" for place in range(1, len(self.sql.columns) + 1)]
        columns = {"line": "BIGINT", "raw": "VARCHAR", "width": "BIGINT"} | dict.fromkeys(("told_check", "told_reason", *cells), "VARCHAR")
        declared = ", ".join(f"{quoted(name)}: {quoted(kind)}" for name, kind in columns.items())
        options = "header = false, auto_detect = false, delim = ',', quote = '\"', escape = '\"', comment = '', new_line = '\\n'"
        limits = "max_line_size = 20000000, parallel = false"
        source = f"read_csv({quoted(str(file))}, {options}, {limits}, columns = {{{declared}}})"
        return f"(SELECT line, coalesce(raw, '') AS raw, [{', '.join(cells)}] AS cells, width, told_check, told_reason FROM {source})"

    def _contract(self, cursor: duckdb.DuckDBPyConnection, number: int, lines: str, count: int, *, is_tidy: bool, blanked: int) -> None:
        """The statement on one piece; its rows are set down, refused ones with their line, and its counts added."""
        sql = self.sql
        columns = [column.name for column in sql.mapped]
        clocks = [named("o:" + name) for name in sql.zoned]
        refused_only = [f"CASE WHEN refused THEN {name} END AS {name}" for name in ("raw", "cells", "width", "told_check", "told_reason")]
        is_blank = "(told_check IS NULL AND width = 1 AND raw = '')"
        made = f"SELECT *, {is_blank} AS blank, ({sql.is_refused}) AS refused FROM ({sql.made(lines, is_tidy)})"
        key = f"hash({', '.join(name for name in sql.feed.key if name in columns)}) AS key_hash"
        kept = ", ".join(["line", "part", *columns, *clocks, key, "blank", "refused", *refused_only])
        if self.is_held:
            cursor.execute(f"CREATE TEMP TABLE pieces AS SELECT {kept} FROM ({made})")
            source = "pieces"
        else:
            # Straight to Parquet, without a table between: a sixth of the whole cost (docs/decisions).
            staged = quoted(str(self.folder / f"staged-{number:06d}.parquet"))
            cursor.execute(f"COPY (SELECT {kept} FROM ({made})) TO {staged} ({SET_DOWN})")
            source = f"read_parquet({staged})"
        makes_one_row = len(sql.parts) == 1 and sql.parts[0][0] == "TRUE"
        tally = [f"count(*) FILTER (WHERE {rule})" for rule in ("NOT blank", "blank", "refused AND NOT blank")]
        tally.append("count(*)" if makes_one_row else "count(DISTINCT line)")
        oddities = [(name, oddity) for name in sql.zoned for oddity in (1, 2)]
        for name, oddity in oddities:
            where = f"FILTER (WHERE {named('o:' + name)} = {oddity} AND NOT refused)"
            tally += [f"count(*) {where}", f"min(line, {FIRST_LINES}) {where}"]
        rows, blank, refused, seen, *odd = cursor.execute(f"SELECT {', '.join(tally)} FROM {source}").fetchall()[0]
        if makes_one_row and seen != count:
            raise EngineUnavailable(f"duckdb read {seen} of {count} lines (piece {number}). Nothing was taken in; report this.")
        with self.counting:
            for clock, found, first_lines in zip(oddities, odd[::2], odd[1::2], strict=True):
                if found:
                    self.odd_clock_counts[clock] = self.odd_clock_counts.get(clock, 0) + found
                    self.odd_clocks.setdefault(clock, []).extend(first_lines)
            counts = self.counts
            counts.lines += count - blanked
            counts.blank += blank - blanked
            counts.passed_over += count - seen
            counts.rows += rows
            counts.refused += refused

    def finish(self, accepted: Path, refused: Path, delivery_no: int, known: Mapping[str, Set[str]]) -> Counts:
        """Write both Parquet files: accepted rows without duplicates, sorted by the feed's rule, and refused rows by line.

        Raises NotReadHere as `take` does.
        """
        if self.road is not None:
            return self.road.finish(self, accepted, refused, delivery_no, known)
        return settle(self, accepted, refused, delivery_no, known)


def _until(size: int, coming: Iterator[Piece]) -> Iterator[Piece]:
    """The next pieces, until they have that many bytes."""
    while size > 0 and (piece := next(coming, None)) is not None:
        size -= len(piece.content)
        yield piece


@dataclass(frozen=True)
class Readings:
    """One database for a stretch of deliveries, a Reading after another: to start one takes longer than to read most files."""

    connection: duckdb.DuckDBPyConnection
    threads: int
    # Where the pieces of all deliveries are read.
    turns: Turns
    # For each statement between pieces; with several deliveries at a time a second would only get in the way of the others.
    engine_threads: int
    was_read: Callable[[], None] = lambda: None

    def heard(self, was_read: Callable[[], None]) -> "Readings":
        """The same, heard of when no line of a delivery is left to read: its rows are yet to be put in order and written."""
        return replace(self, was_read=was_read)

    def beside(self) -> "Readings":
        """The same for several deliveries at a time."""
        return replace(self, engine_threads=1)

    @contextmanager
    def reading(self, sql: RowSql, folder: Path) -> Iterator[Reading]:
        """A Reading whose pieces stand in `folder` (an empty one, for the caller to remove).

        Raises EngineUnavailable for whatever DuckDB gives up on.
        """
        # Tables and types of a Reading are temporary ones: only its own connection sees them, and they go with it.
        connection = self.connection.cursor()
        try:
            yield Reading(sql, folder, connection, self)
        except duckdb.Error as error:
            raise EngineUnavailable(f"duckdb gave up while reading a delivery: {error}") from error
        finally:
            connection.close()


@contextmanager
def readings(spill: Path, threads: int = 2, memory_limit: str = "1GB") -> Iterator[Readings]:
    """The database of a stretch of deliveries. It spills into `spill`, which need not be there and is gone afterwards."""
    settings: Sequence[tuple[str, Any]] = (
        ("TimeZone", "UTC"),
        ("threads", threads),
        ("memory_limit", memory_limit),
        ("temp_directory", str(spill)),
        ("autoinstall_known_extensions", "false"),
        ("autoload_known_extensions", "false"),
        ("python_enable_replacements", "false"),
    )
    connection = duckdb.connect(":memory:")
    try:
        for name, value in settings:
            # Of the whole database: each Reading has a connection of its own.
            connection.execute(f"SET GLOBAL {name} = {quoted(str(value))}")
        with ThreadPoolExecutor(threads) as pool:
            yield Readings(connection, threads, Turns(pool), threads)
    except duckdb.Error as error:
        raise EngineUnavailable(f"duckdb gave up while reading deliveries: {error}") from error
    finally:
        connection.close()
        shutil.rmtree(spill, ignore_errors=True)
