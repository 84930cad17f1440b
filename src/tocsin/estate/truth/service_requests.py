"""The truth of Service Requests, counted while they are drawn: what the product must find in the rows that reach it (domain.md 6)."""

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tocsin.estate.block import Array, Block, Truth
from tocsin.estate.faults.kinds import COPY_AFTER_US, ROW_FAULTS
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.requests.draw import Drawn
from tocsin.estate.truth.cube import Counts, Packing
from tocsin.estate.truth.figures import TrueFigure, days_of, figures_of
from tocsin.estate.truth.flows import with_flow
from tocsin.estate.truth.happenings import OUTCOMES, SET_ASIDE, happenings
from tocsin.estate.truth.limits import limits_on
from tocsin.estate.truth.splits import RUNG_US, TIMING, Splits
from tocsin.estate.truth.whereabouts import DEVICE_TYPES, REGIONS, UNLISTED_USER, Registers, registers_told
from tocsin.estate.truth.wide import NEVER, Ranks, read_columns, seen, widen
from tocsin.estate.truth.withdrawn import withdrawals
from tocsin.vocabulary.holes import UNKNOWN
from tocsin.vocabulary.instants import DAY_US

# The trail's key for a row told twice in one file: the later one falls away (docs/feeds/audit_trail.md).
_KEY = ("request", "time_point", "message_class", "command_variant", "told_us", "instruction_no", "sender", "file_day")


class RequestTruth:
    """Counts of a whole simulation. `add` block after block; `close` writes figures, cube and oddities. Memory is flat in the month."""

    def __init__(self, plan: Plan, population: Population, registers: Registers | None = None):
        self.plan = plan
        self.registers = registers or registers_told(plan, population)
        self.users = Ranks.of(population.users["eui"])
        self.limits = limits_on(self.on)
        self.splits = Splits.of(self.registers.party_names, self.on)
        self.cube = Counts(Packing(self.splits.cube_sizes))
        self.ladders = {split: Counts(Packing(sizes)) for split, sizes in self.splits.rung_sizes.items()}
        self.oddities: dict[str, int] = {}

    @property
    def on(self) -> date:
        return self.plan.period.first_on

    def add(self, drawn: Drawn, rows: Block, delivered: Truth) -> None:
        """Count what begins in the period, of one block of requests with all their rows.

        `rows` are addressed (`told_us`, `sender`, `file_day`) and carry `fault`; `delivered` says which of them reach the ledger.
        """
        found = self.found(drawn.requests, rows, delivered)
        if len(found):
            self._count(found)

    def found(self, requests: Block, rows: Block, delivered: Truth) -> Block:
        """The happenings of the period, with all that figures are split by."""
        came = seen(told_once(with_copies(read_columns(rows, delivered))))
        wide = with_flow(widen(came, self.users, self.on), self.on)
        period = (self.plan.period.start_at, self.plan.period.end_at)
        parts = happenings(wide, withdrawals(wide, self.limits), self.plan.until_at, self.limits, period)
        return parts.put(**self.registers.locate(parts, requests["device"][parts["request"]], self.on))

    def close(self, truth: Path) -> None:
        """Write figures.csv, days.csv, oddities.csv and service_requests.parquet into the folder."""
        cube, ladders = self.cube.counted(), {split: counts.counted() for split, counts in self.ladders.items()}
        write_figures(truth / "figures.csv", figures_of(self.splits, cube, ladders))
        days = [(process, self.first_day + day, *numbers) for process, day, *numbers in days_of(self.splits, cube)]
        write_rows(truth / "days.csv", ("process", "day", "volume", "counted", "success"), days)
        write_rows(truth / "oddities.csv", ("name", "count"), sorted(self.oddities.items()))
        pq.write_table(self._cube_table(cube), truth / "service_requests.parquet")

    @property
    def first_day(self) -> int:
        """UTC day number that is day 0 of the cube."""
        return self.plan.period.start_at // DAY_US

    def _count(self, found: Block) -> None:
        self._remark(found)
        is_kept = found["set_aside"] == 0
        day = found["began_at"] // DAY_US - self.first_day
        keys = self.cube.packing.pack(found.put(day=day, timing=timing_of(found)).columns, len(found))
        self.cube.add(keys[is_kept])
        is_timed = is_kept & (found["outcome"] == OUTCOMES.index("success")) & (found["round_trip_us"] != NEVER)
        columns = {name: found[name] for name in ("srv", "party", "device_type", "region", "round_trip_us")}
        timed = Block(columns).take(np.flatnonzero(is_timed))
        timed = timed.put(process=self.splits.process_of[timed["srv"]], rung=timed["round_trip_us"] // RUNG_US)
        for counts in self.ladders.values():
            counts.add(counts.packing.pack(timed.columns, len(timed)))

    def _remark(self, found: Block) -> None:
        """What is set aside or odd, told by reason; nothing odd is silent."""
        party = np.array([name == UNKNOWN or name.startswith(UNLISTED_USER) for name in self.registers.party_names])
        marks: Iterable[tuple[str, Array]] = (
            *((reason, found["set_aside"] == place) for place, reason in enumerate(SET_ASIDE) if reason),
            ("repeated", found["repeats"] > 0),
            ("withdrew", found["withdrew"] > 0),
            ("skewed", found["skewed"] > 0),
            ("unknown_party", party[found["party"]]),
            ("unknown_device", found["device_type"] == DEVICE_TYPES.index(UNKNOWN)),
            ("unknown_region", found["region"] == REGIONS.index(UNKNOWN)),
        )
        for name, mask in marks:
            if count := int(np.count_nonzero(mask)):
                self.oddities[f"service_requests.{name}"] = self.oddities.get(f"service_requests.{name}", 0) + count

    def _cube_table(self, cube: Block) -> pa.Table:
        """The cube with its words; parties in clear, for the truth is nobody's report."""

        def column(name: str, numbers: Array) -> Any:
            words = self.splits.words.get(name)
            return pa.array(numbers) if words is None else pa.DictionaryArray.from_arrays(numbers.astype(np.int32), pa.array(words))

        return pa.table({name: column(name, numbers) for name, numbers in cube.columns.items()})


def with_copies(rows: Block) -> Block:
    """The rows, and beside each that was copied a second one some seconds later in the same file."""
    copied = np.flatnonzero(rows["fault"] == ROW_FAULTS.index("copied"))
    if not len(copied):
        return rows
    again = rows.take(copied)
    return Block.together([rows, again.put(told_us=again["told_us"] + COPY_AFTER_US)])


def told_once(rows: Block) -> Block:
    """The rows without those that a file tells a second time: the earlier line is kept."""
    mixed = rows["told_us"] * 127 + rows["message_class"]
    mixed = (mixed * 127 + rows["time_point"]) * 1_000_003 + rows["request"]
    in_order = np.sort(mixed)
    if not (in_order[1:] == in_order[:-1]).any():
        return rows
    order = np.argsort(mixed, kind="stable")
    alike = mixed[order[1:]] == mixed[order[:-1]]
    suspects = np.unique(np.concatenate([order[1:][alike], order[:-1][alike]]))
    keys = np.stack([rows[name][suspects].astype(np.int64) for name in _KEY], axis=1)
    _, first = np.unique(keys, axis=0, return_index=True)
    stays = np.ones(len(rows), bool)
    stays[suspects] = False
    stays[suspects[first]] = True
    return rows.take(np.flatnonzero(stays))


def timing_of(parts: Block) -> Array:
    """Place in TIMING: whether there is a round trip, a target, and the one within the other."""
    has_target, is_timed = parts["target_us"] != NEVER, parts["round_trip_us"] != NEVER
    names = ("neither", "target", "round_trip", "late", "within")
    places = [TIMING.index(name) for name in names]
    in_time = parts["round_trip_us"] <= parts["target_us"]
    found: Array = np.select([~is_timed & ~has_target, ~is_timed, ~has_target, ~in_time], places[:4], places[4])
    return found


def write_figures(path: Path, figures: Iterable[TrueFigure]) -> None:
    """A CSV with a figure a line; an empty cell where a figure has no such number."""
    header = ("name", "counted", "met", "value_decisecond", "is_telling")
    rows = ((one.name, one.counted, one.met, one.decisecond, "true" if one.is_telling else "") for one in figures)
    write_rows(path, header, rows)


def write_rows(path: Path, header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
