"""The audit trail as files: rows come block by block, and leave as one file for each sender and day, posted when the day is closed."""

import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from tocsin.estate.block import Block
from tocsin.estate.faults.rhythm import due_at, ready_at
from tocsin.estate.outbox import Outbox, Posting
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.senders.layouts import LAYOUTS, TrailLayout
from tocsin.estate.senders.rhythm import FEED, FINAL_AFTER_US, TRAIL_SENDERS, TWICE, day_on, sends, sent_twice, slot_start
from tocsin.estate.senders.spoiling import NAMED_BY
from tocsin.estate.senders.text import euis, joined
from tocsin.estate.senders.trail_lines import cell, lines
from tocsin.estate.senders.trail_rows import folded, written_rows
from tocsin.estate.senders.trail_table import table
from tocsin.estate.senders.writers import GzipText, ParquetRows, Sheet, Writer

# A small sender's rows wait until there are so many: every block written costs as much again as thousands of rows.
ROWS_AT_ONCE = 50_000
# Files of so many days after the last closed one are open; rows of later days wait, since every open file holds its packer's memory.
DAYS_OPEN = 3


@dataclass
class _Open:
    """A file being written, the rows it makes, and its spoilt lines by fault."""

    path: Path
    writer: Writer
    rows: int = 0
    spoilt: Counter[str] = field(default_factory=Counter)
    waiting: list[Block] = field(default_factory=list)


class TrailFiles:
    """All senders' files of the audit trail. `formats` is "csv" (each sender's own layout) or "parquet" (one layout for all)."""

    def __init__(self, plan: Plan, population: Population, outbox: Outbox, aside: Path, formats: str = "csv") -> None:
        self.plan, self.outbox, self.aside, self.formats = plan, outbox, aside, formats
        self.users = euis(population.users["eui"])
        self.closed, self.blocks = plan.days.start - 2, 0
        self.open: dict[tuple[int, int], _Open] = {}
        self.carried: dict[int, list[Block]] = {}

    def append(self, rows: Block) -> None:
        """Rows that `addressed` has made, of any file day not yet closed."""
        if not len(rows):
            return
        if int(rows["file_day"].min()) <= self.closed:
            raise ValueError(f"rows of days after {day_on(self.closed)} were expected, found some of {day_on(int(rows['file_day'].min()))}")
        # Requests are numbered by block: made their own in all blocks, for rows of several are written together.
        self.blocks += 1
        rows = rows.put(request=rows["request"] + (self.blocks << 32))
        key = rows["file_day"].astype(np.int64) * len(TRAIL_SENDERS) + rows["sender"]
        key -= key.min()
        order = np.argsort(key.astype(np.int16) if key.max() < 1 << 15 else key, kind="stable")
        ends = np.flatnonzero(np.diff(key[order])) + 1
        for places in np.split(order, ends):
            day = int(rows["file_day"][places[0]])
            if day > self.closed + DAYS_OPEN:
                self.carried.setdefault(day, []).append(rows.take(places))
            else:
                self._write(rows.take(places))

    def close_through(self, day: int) -> None:
        """Finish and post the files of all days up to and with this one. A day without rows has a file too where its sender owes one."""
        while self.closed < day:
            self.closed += 1
            for waiting in self.carried.pop(self.closed + DAYS_OPEN, ()):
                self._write(waiting)
            for place in range(len(TRAIL_SENDERS)):
                if self.closed in self.plan.days and sends(self.plan, place, self.closed):
                    self._of(place, self.closed)
                if (place, self.closed) in self.open:
                    self._post(place, self.closed, self.open.pop((place, self.closed)))

    def close(self) -> None:
        """Finish and post all there is."""
        days = [self.plan.days.stop - 1, *self.carried, *(day for _, day in self.open)]
        self.close_through(max(days))

    def _of(self, place: int, day: int) -> _Open:
        if (place, day) not in self.open:
            layout = LAYOUTS[TRAIL_SENDERS[place]]
            path = self.aside / f"trail-{place}-{day}"
            self.open[place, day] = _Open(path, ParquetRows(path) if self.formats == "parquet" else begun(path, layout))
        return self.open[place, day]

    def _write(self, rows: Block) -> None:
        """Rows of one sender and file day."""
        place, day = int(rows["sender"][0]), int(rows["file_day"][0])
        if not sends(self.plan, place, day):
            return
        file = self._of(place, day)
        file.waiting.append(rows)
        if sum(len(block) for block in file.waiting) >= ROWS_AT_ONCE:
            self._write_out(place, file)

    def _write_out(self, place: int, file: _Open) -> None:
        """All rows of a file that wait."""
        if not file.waiting:
            return
        rows, layout = Block.together(file.waiting), LAYOUTS[TRAIL_SENDERS[place]]
        file.waiting = []
        made, spoilt = written_rows(rows, "parquet" if self.formats == "parquet" else layout.kind)
        file.rows += len(made)
        file.spoilt += spoilt
        file.writer.write(table(made, self.users) if self.formats == "parquet" else written(made, layout, self.users))

    def _post(self, place: int, day: int, file: _Open) -> None:
        sender, start = TRAIL_SENDERS[place], slot_start(place, day)
        self._write_out(place, file)
        if not file.rows and self.formats != "parquet" and LAYOUTS[sender].kind == "objects":
            # JSON lines without a line would be an empty file, and that is refused: a blank line says that nothing happened.
            file.writer.write(b"\n")
        file.writer.close()
        is_twice = sender == TWICE and day == sent_twice(self.plan)
        ready = ready_at(FEED, sender, start)
        if is_twice:
            again = file.path.with_suffix(".initial")
            shutil.copyfile(file.path, again)
            self._posting(place, day, file, "initial", again, ready=ready)
        self._posting(place, day, file, "final", file.path, ready=ready + is_twice * FINAL_AFTER_US)

    def _posting(self, place: int, day: int, file: _Open, submission: str, body: Path, *, ready: int) -> None:
        sender, start = TRAIL_SENDERS[place], slot_start(place, day)
        self.outbox.post(
            Posting(
                feed=FEED,
                sender=sender,
                name=file_name(sender, day, submission, self.formats),
                start_at=start,
                end_at=slot_start(place, day + 1),
                submission=submission,
                body=body,
                rows=file.rows,
                spoilt=_told_of(file.spoilt, submission),
                named_as={} if submission == "initial" else NAMED_BY,
                ready_at=ready,
                due_at=due_at(FEED, start),
            )
        )


def _told_of(spoilt: Counter[str], submission: str) -> dict[str, int]:
    """Spoilt lines by fault. Of an initial only what is refused or dropped: a report rests on the final with the same rows."""
    return {fault: lines for fault, lines in sorted(spoilt.items()) if submission == "final" or fault not in {"copied", "belated"}}


def begun(path: Path, layout: TrailLayout) -> Writer:
    """A sender's file with its header, ready for rows."""
    header = list(layout.fields) if layout.has_header else []
    if layout.kind == "sheet":
        sheet = Sheet(path)
        sheet.write([header])
        return sheet
    text = GzipText(path, layout.encoding)
    if header and layout.kind != "objects":
        text.write(f"{layout.delimiter.join(header)}\n".encode())
    return text


def written(rows: Block, layout: TrailLayout, users: pa.Array) -> memoryview | list[tuple[str | None, ...]]:
    """Rows of `written_rows` in the form in which the sender's writer takes them."""
    if layout.kind == "sheet":
        return list(zip(*(cell(rows, what, layout, users).to_pylist() for what in layout.fields.values()), strict=True))
    return joined(lines(folded(rows) if layout.kind == "unfolded" else rows, layout, users))


def file_name(sender: str, day: int, submission: str, formats: str) -> str:
    """What a sender calls the file of a day."""
    name = f"{day_on(day):{LAYOUTS[sender].name}}".replace("{submission}", submission)
    if formats != "parquet":
        return name
    ending = f"_{submission}" if sender == TWICE else ""
    return f"{sender}_TRAIL_{day_on(day):%Y%m%d}{ending}.parquet"
