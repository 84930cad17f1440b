"""Pieces of text to blocks of rows beyond doubt, and the lines that are left to the statement. Each thread has its Reader."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.engines.compiled.block import Block, Words
from tocsin.engines.compiled.cut_lines import STRETCH, CutLines
from tocsin.engines.compiled.cut_objects import CutObjects
from tocsin.engines.compiled.kernels.lines import edged
from tocsin.engines.compiled.plan import Condition, Part, Plan
from tocsin.engines.compiled.typed import Typed
from tocsin.engines.json_rows import JsonRows

Rows = NDArray[np.int64]


@dataclass
class Taken:
    """What became of a piece: its rows (None where there are none), the doubtful lines by number, lines of which no row is made."""

    block: Block | None = None
    doubtful: list[tuple[int, bytes]] = field(default_factory=list)
    passed_over: int = 0
    lines: int = 0


class Reader:
    """Reads the pieces of one delivery, one after another; `objects` of JSON lines, else None."""

    def __init__(self, plan: Plan, words: Words, objects: JsonRows | None = None) -> None:
        self.plan = plan
        self.cut = CutLines(plan) if objects is None else CutObjects(plan, objects)
        self.typed = Typed(plan, words, self.cut)
        # What every row made of a line has the same of is worked out once a line.
        first, *others = (part.treatments for part in plan.parts)
        self.shared = {name for name, how in first.items() if all(other[name] == how for other in others)}
        self.is_simple = len(plan.parts) == 1 and not plan.parts[0].conditions

    def read(self, first_line: int, content: bytes) -> Taken:
        """Read whole lines, the first of which has that number. Raises NotReadHere."""
        taken, blocks = Taken(), []
        for lines in _stretches(np.frombuffer(content, np.uint8), content):
            self.cut.take(lines)
            number = first_line + taken.lines
            block, passed_over = self._block(number)
            blocks.append(block)
            taken.doubtful += [(number + line, raw) for line, raw in self.cut.doubtful()]
            taken.passed_over += passed_over
            taken.lines += self.cut.lines
        taken.block = joined(blocks)
        return taken

    def _block(self, first_line: int) -> tuple[Block, int]:
        cut, typed = self.cut, self.typed
        typed.begin()
        if self.is_simple:
            columns = typed.part(self.plan.parts[0], None)
            kept = np.flatnonzero(~cut.is_odd) if cut.is_odd.any() else None
            lines = cut.of[: cut.rows].astype(np.int64) + first_line
            if kept is not None:
                lines, columns = lines[kept], {name: values[kept] for name, values in columns.items()}
            return Block(lines, np.ones(len(lines), np.int8), columns), 0
        return self._unfolded(first_line)

    def _unfolded(self, first_line: int) -> tuple[Block, int]:
        cut, typed, plan = self.cut, self.typed, self.plan
        holds = np.stack([self._holds(part) for part in plan.parts])
        whole = typed.columns(plan.parts[0], self.shared, None)
        made: list[tuple[Rows, dict[str, NDArray[Any]]]] = []
        for part, is_made in zip(plan.parts, holds, strict=True):
            rows = np.flatnonzero(is_made)
            columns = typed.columns(part, set(part.treatments) - self.shared, rows) | {name: whole[name][rows] for name in self.shared}
            typed.keyed(part, columns, rows)
            made.append((rows, columns))
        # A doubt about one row of a line is a doubt about the line: known only now that every part was looked at.
        kept = [~cut.is_odd[rows] for rows, _ in made]
        row = np.concatenate([rows[keep] for (rows, _), keep in zip(made, kept, strict=True)])
        part_no = np.concatenate([np.full(int(keep.sum()), no, np.int8) for no, keep in enumerate(kept, 1)])
        order = np.argsort(row * np.int64(len(made)) + (part_no - 1), kind="stable")
        columns = {
            name: np.concatenate([columns[name][keep] for (_, columns), keep in zip(made, kept, strict=True)])[order]
            for name in plan.parts[0].treatments
        }
        passed_over = int((~holds.any(axis=0) & ~cut.is_odd).sum())
        return Block(cut.of[row[order]].astype(np.int64) + first_line, part_no[order], columns), passed_over

    def _holds(self, part: Part) -> NDArray[np.bool_]:
        held = np.ones(self.cut.rows, np.bool_)
        for condition in part.conditions:
            held &= self._is_met(condition)
        return held

    def _is_met(self, condition: Condition) -> NDArray[np.bool_]:
        if condition.is_empty is None:
            return self.typed.is_one_of(condition.place, condition.words)
        starts, stops = self.cut.cells(condition.place)
        # A cell of blanks is empty too: what stands at the edges decides.
        edged(self.cut.text, starts, stops, self.cut.is_odd)
        is_empty: NDArray[np.bool_] = starts == stops
        return is_empty if condition.is_empty else ~is_empty


def joined(blocks: list[Block]) -> Block | None:
    """Blocks one after another as one."""
    blocks = [block for block in blocks if len(block)]
    if len(blocks) < 2:
        return blocks[0] if blocks else None
    columns = {name: np.concatenate([block.columns[name] for block in blocks]) for name in blocks[0].columns}
    return Block(np.concatenate([block.lines for block in blocks]), np.concatenate([block.parts for block in blocks]), columns)


def _stretches(text: NDArray[np.uint8], content: bytes) -> Iterator[NDArray[np.uint8]]:
    start = 0
    while start < len(content):
        end = content.rfind(b"\n", start, start + STRETCH) + 1 or content.index(b"\n", start) + 1
        yield text[start:end]
        start = end
