"""The end of the contract for rows read in blocks: sorted, repeats left out, written, findings counted (docs/decisions/0012)."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tocsin.engines.compiled.arrow_rows import AcceptedFile, statement_blocks
from tocsin.engines.compiled.block import EMPTY, Block, Words
from tocsin.engines.compiled.ordered_rows import OrderedRows, Piece, ordered_rows
from tocsin.engines.compiled.runs import BANDED, LINE, RUN_ROWS, Run, Spill, banded, crowded, make_run, spill_run
from tocsin.engines.pieces import FIRST_LINES, Counts, Finding, NotReadHere
from tocsin.engines.row_sql import RowSql
from tocsin.engines.settling import Staged, add_up, dated_by, expected_words, oddities, outside, refusals, repeated, see_pieces, unknown
from tocsin.engines.stored import write_no_rows
from tocsin.feeds.feed import BAND_BITS, BAND_SHIFT, Feed, Kind

# About so many rows are put in order at once, and as many more as share the last stamp of them.
STRETCH_ROWS = 4 * 122_880
# All rows of a stamp (of one band, where there are bands) are in memory at once: with more of them than this (a sender that tells days, not
# times) the statement does it.
CROWD_UP_TO = 3_000_000


@dataclass
class Seen:
    """How many accepted rows show something, and the first lines that do."""

    count: int = 0
    lines: list[int] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)

    def add(self, lines: NDArray[np.int64]) -> None:
        self.count += len(lines)
        first = np.sort(np.partition(lines, FIRST_LINES)[:FIRST_LINES]) if len(lines) > FIRST_LINES else np.sort(lines)
        self.lines = sorted([*self.lines, *first.tolist()])[:FIRST_LINES]


class Shelving:
    """The accepted rows of one delivery on their way to their file; `folder` is the delivery's own and is removed by the caller."""

    def __init__(self, sql: RowSql, words: Words, folder: Path) -> None:
        self.sql, self.words = sql, words
        # The number that rows are in order of.
        self.stamp = sql.feed.sorted_by[0] if sql.feed.banded_by is None else BANDED
        self.spill = Spill(folder / "rows.spill")
        self.runs: list[Run] = []
        self.waiting: list[Block] = []
        self.crowds: dict[int, int] = {}
        self._adding = Lock()
        self.duplicates = Seen()
        self.outside = Seen()
        self.strange: dict[str, NDArray[np.bool_]] = {}
        self.unknown: dict[str, Seen] = {}
        self.dated: list[int] = []

    @staticmethod
    def serves(feed: Feed) -> bool:
        """Feeds in order of one required stamp that is part of their key: rows that repeat one another then stand side by side."""
        if len(feed.sorted_by) != 1 or feed.sorted_by[0] not in feed.key:
            return False
        first = feed.column(feed.sorted_by[0])
        return first.kind is Kind.INSTANT and not first.may_be_empty

    def add(self, block: Block) -> None:
        """Take rows in, from any thread and in any order of blocks. Raises NotReadHere."""
        if not len(block):
            return
        block = banded(block, self.sql.feed)
        with self._adding:
            self.waiting.append(block)
            if sum(map(len, self.waiting)) < RUN_ROWS:
                return
            taken, self.waiting = self.waiting, []
        run = spill_run(make_run(taken, self.stamp), self.spill)
        with self._adding:
            self.runs.append(run)
            for stamp, rows in crowded(run, RUN_ROWS // 8):
                self.crowds[stamp] = self.crowds.get(stamp, 0) + rows
                if self.crowds[stamp] > CROWD_UP_TO:
                    raise NotReadHere(f"{self.crowds[stamp]} rows of one stamp")

    def finish(self, reading: Staged, accepted: Path, refused: Path, delivery_no: int, known: Mapping[str, Set[str]]) -> Counts:
        """Write both Parquet files, as `settle` does; the rows that the statement made (`reading`) are joined in. Raises NotReadHere."""
        sql, counts = self.sql, reading.counts
        if reading.pieces:
            see_pieces(reading)
            for block in statement_blocks(reading, self.words):
                self.add(block)
        if self.waiting:
            self.runs.append(make_run(self.waiting, self.stamp))
            self.waiting = []
        for name, expected in expected_words(sql, known).items():
            strange = np.array([word not in expected for word in self.words.of.get(name, [])] + [False])
            if strange.any():
                self.strange[name], self.unknown[name] = strange, Seen()
        self._write(accepted, delivery_no, counts)
        counts.duplicates = self.duplicates.count
        add_up(counts)
        if self.dated:
            counts.first_at, counts.last_at = min(self.dated), max(self.dated)
        counts.findings += [*self._findings(), *refusals(reading, refused), *oddities(reading)]
        counts.findings.sort(key=lambda finding: finding.check_id)
        return counts

    def _write(self, accepted: Path, delivery_no: int, counts: Counts) -> None:
        feed = self.sql.feed
        if not self.runs:
            write_no_rows(feed.stored_columns, accepted)
            return
        file = AcceptedFile(accepted, feed, self.words, delivery_no, sum(run.rows for run in self.runs))
        try:
            for ordered, table in self._stretches(file):
                file.write(ordered, table)
                counts.accepted += ordered.rows
                self._look_at(ordered)
        finally:
            file.close()

    def _stretches(self, file: AcceptedFile) -> Iterator[tuple[OrderedRows, pa.Table]]:
        """The delivery in its order, and as its file has it; the next rows are made while one is written."""
        key = [name for name in self.sql.feed.key if name in {column.name for column in self.sql.mapped}]
        words = frozenset(column.name for column in self.sql.mapped if column.stored_as != "BIGINT")
        coming: deque[Future[tuple[OrderedRows, pa.Table]]] = deque()

        def made(pieces: Sequence[Piece]) -> tuple[OrderedRows, pa.Table]:
            ordered = ordered_rows(pieces, self.spill, self.stamp, key, words)
            return ordered, file.table(ordered)

        with ThreadPoolExecutor(1) as pool:
            for pieces in self._cuts():
                coming.append(pool.submit(made, pieces))
                if len(coming) > 1:
                    yield coming.popleft().result()
            while coming:
                yield coming.popleft().result()

    def _cuts(self) -> Iterator[Sequence[Piece]]:
        """Where the stretches begin and end in each run: between stamps, so that rows of one stamp are never parted."""
        samples = np.sort(np.concatenate([run.samples for run in self.runs]))
        rows = sum(run.rows for run in self.runs)
        stretches = max(1, round(rows / STRETCH_ROWS))
        cuts = np.unique(samples[np.arange(1, stretches) * len(samples) // stretches])
        if self.stamp == BANDED and stretches <= 1 << BAND_BITS:
            # Between bands, so that none is written in two: of a band there is no more than of a stretch.
            cuts = np.unique(cuts >> BAND_SHIFT << BAND_SHIFT)
        with self.spill.opened() as descriptor:
            places = [[0, *(run.place(descriptor, int(cut)) for cut in cuts), run.rows] for run in self.runs]
        for cut in range(len(cuts) + 1):
            pieces = [Piece(run, at[cut], at[cut + 1]) for run, at in zip(self.runs, places, strict=True) if at[cut + 1] > at[cut]]
            if pieces:
                yield pieces

    def _look_at(self, ordered: OrderedRows) -> None:
        """Count what is remarked on in the rows."""
        columns = {name: values for name, values in ordered.columns.items() if values is not None}
        lines = columns[LINE]
        self.duplicates.add(ordered.repeats)
        if (name := dated_by(self.sql)) in columns and len(stamps := columns[name][columns[name] != EMPTY]):
            self.dated += [int(stamps.min()), int(stamps.max())]
        if self.sql.covers is not None and (name := self.sql.feed.stamped_within) in columns:
            start_at, end_at = self.sql.covers
            stamps = columns[name]
            self.outside.add(lines[((stamps < start_at) | (stamps >= end_at)) & (stamps != EMPTY)])
        for name, strange in self.strange.items():
            if name in columns and (hits := strange[columns[name]]).any():
                self.unknown[name].add(lines[hits])
                self.unknown[name].numbers.update(np.unique(columns[name][hits]).tolist())

    def _findings(self) -> Iterator[Finding]:
        feed = self.sql.feed
        if self.duplicates.count:
            yield repeated(feed, self.duplicates.count, tuple(self.duplicates.lines))
        if self.outside.count:
            yield outside(feed, self.outside.count, tuple(self.outside.lines))
        for name, seen in self.unknown.items():
            if seen.count:
                yield unknown(feed, name, [self.words[name][number] for number in seen.numbers], seen.count, tuple(seen.lines))
