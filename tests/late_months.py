"""Months whose rows come and go: deliveries that are added, superseded and taken back, closed again and again in one journey store."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from journey_months import AS_ATS, PERIOD, Month
from journey_rows import write_accepted
from tocsin.deliveries.ledger import Basis, Delivery
from tocsin.deliveries.store import Store
from tocsin.engines import Engine
from tocsin.feeds import all_feeds
from tocsin.journeys import all_journeys
from tocsin.reports.closing import Close, close_journeys, work_out


def rows_in(paths: Sequence[str]) -> list[tuple[Any, ...]]:
    """The rows of journey files in an order of their own."""
    return sorted(duckdb.sql(f"FROM read_parquet({list(paths)}, hive_partitioning = false)").fetchall(), key=repr) if paths else []


@dataclass
class LateMonth:
    """A journey store below `root` and the deliveries that stand; every one is made of accepted rows, without a file of its own."""

    root: Path
    engine: Engine
    journeys: tuple[str, ...] = ("service_requests",)
    as_at: int = AS_ATS[-1]
    standing: dict[str, Delivery] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    _number: int = 0

    @property
    def store(self) -> Store:
        return Store(self.root / "store")

    def deliver(self, feed: str, rows: Sequence[dict[str, Any]]) -> str:
        """Rows of a feed come in one delivery; gives its name."""
        self._number += 1
        name = f"{feed}-{self._number}"
        mine = [{**row, "delivery_no": self._number, "line": line} for line, row in enumerate(rows, start=2)]
        (path := self.store.accepted(name)).parent.mkdir(parents=True)
        write_accepted(path, all_feeds()[feed], mine)
        self.standing[name] = replace(DELIVERY, delivery_no=self._number, delivery_id=name, feed=feed, accepted=len(mine))
        self.rows[name] = mine
        return name

    def supersede(self, name: str, rows: Sequence[dict[str, Any]]) -> str:
        """Another delivery takes the place of one."""
        feed = self.standing.pop(name).feed or ""
        return self.deliver(feed, rows)

    def close(self) -> list[str]:
        """Close the period in the store; what was told of it."""
        told: list[str] = []
        self.tables = close_journeys(self._close(self.store.root), [all_journeys()[name] for name in self.journeys], told.append)
        self.said = told
        return told

    def kept(self, journey: str) -> list[tuple[Any, ...]]:
        """The rows of the journey store."""
        table = self.tables[journey]
        found = rows_in(table.relation.paths)
        assert len(found) == table.rows
        return [row[: len(table.journey.columns)] for row in found]

    def whole(self, journey: str) -> list[tuple[Any, ...]]:
        """The rows as they come of everything that stands, beside the store."""
        with TemporaryDirectory(dir=self.root) as aside:
            parts = work_out(self._close(Path(aside)), all_journeys()[journey], Path(aside), closed=self.tables)
            return rows_in([str(part) for part in parts])

    def assert_equal(self) -> None:
        for journey in self.journeys:
            assert self.kept(journey) == self.whole(journey), self.said

    def _close(self, store: Path) -> Close:
        (reference := self.root / "reference").mkdir(exist_ok=True)
        return Close(PERIOD, self.as_at, Basis(tuple(self.standing.values()), "", self.store), self.engine, store, reference)


DELIVERY = Delivery(
    delivery_no=0, delivery_id="", file_name="", digest="", feed=None, shape="drawn", sender="DSP", covers_start_at=None,
    covers_end_at=None, submission="final", received_at=0, status="accepted", lines=0, accepted=0, refused=0, duplicates=0, blank=0,
    passed_over=0, first_at=None, last_at=None, contract_version=1, contract_digest="drawn", reason="",
)  # fmt: skip


def begun(root: Path, engine: Engine, month: Month, chance: random.Random, deliveries: int) -> tuple[LateMonth, list[dict[str, Any]]]:
    """A month of which most came in some deliveries, and the rows that did not come yet."""
    made = LateMonth(root, engine, as_at=AS_ATS[0])
    trail = chance.sample(month.trail, len(month.trail))
    late = [trail.pop() for _ in range(len(trail) // 4)]
    for number in range(deliveries):
        made.deliver("audit_trail", trail[number::deliveries])
    made.deliver("device_inventory", month.inventory[::2])
    made.deliver("party_list", month.parties)
    return made, late


def step(made: LateMonth, month: Month, late: list[dict[str, Any]], chance: random.Random, most: int) -> str:
    """One thing that happens between two closes; says which."""
    trails = [name for name, one in made.standing.items() if one.feed == "audit_trail"]
    what = chance.choice(("late", "late", "superseded", "superseded", "copied", "time", "inventory", "back", "parties", "gone"))
    some = [late.pop() for _ in range(min(len(late), chance.randint(1, most)))]
    name = chance.choice(trails)
    if what == "late":
        made.deliver("audit_trail", some)
    elif what == "superseded":
        # A final that lacks rows of its initial and has others.
        before = made.rows[name]
        lacking = set(chance.sample(range(len(before)), min(len(before), chance.randint(0, most))))
        made.supersede(name, [row for place, row in enumerate(before) if place not in lacking] + some)
    elif what == "copied":
        # Rows that are there already, some told otherwise: of late copies, no request may come twice.
        there = chance.sample(made.rows[name], min(len(made.rows[name]), most))
        made.deliver(
            "audit_trail", [{**row, "observed_at": row["observed_at"] + chance.choice((0, 0, 1, 86_400_000_000))} for row in there]
        )
    elif what == "time":
        made.as_at = min((at for at in AS_ATS if at > made.as_at), default=made.as_at)
    elif what == "back":
        made.as_at = AS_ATS[0]
    elif what == "inventory":
        made.deliver("device_inventory", month.inventory[chance.randint(0, 5) :: chance.randint(6, 12)])
    elif what == "parties":
        made.deliver("party_list", month.parties[:1])
    elif len(trails) > 1:
        del made.standing[name]
        late += made.rows[name][:most]
    return what
