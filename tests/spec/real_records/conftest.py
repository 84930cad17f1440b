"""A real source, taken in by its Shapes alone and made into journeys: once for each source, for all its tests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tocsin.deliveries.intake import Receipt, take_in
from tocsin.deliveries.ledger import Basis, Ledger
from tocsin.deliveries.store import Store
from tocsin.engines import Engine, Relation
from tocsin.feeds import all_feeds
from tocsin.feeds.shape_file import load_shapes
from tocsin.journeys import all_journeys
from tocsin.measuring.buckets import in_bucket
from tocsin.measuring.journey import DELIVERIES
from tocsin.measuring.picks import hold_picks
from tocsin.vocabulary.calendar import moment, parse_instant
from twin.real_records import Clock

SHAPES = Path(__file__).resolve().parents[3] / "examples" / "real-records" / "shapes"
RECEIVED_AT = parse_instant("2026-11-01T00:00:00Z")


@dataclass(frozen=True)
class TakenIn:
    """What the product made of one source: receipts, what stands, and a place to ask for its journeys."""

    receipts: dict[str, Receipt]
    basis: Basis
    engine: Engine
    folder: Path

    def journeys(self, name: str, start: str, end: str) -> Relation:
        """The journeys that began between two instants, as a close of that stretch would, by the dated tables of its last day."""
        journey = all_journeys()[name]
        path = self.folder / f"{name}.parquet"
        start_at, end_at = parse_instant(start), parse_instant(end)
        at = in_bucket(start_at, end_at, RECEIVED_AT)
        with self.engine.session() as session:
            for feed in all_feeds().values():
                if feed.name in journey.reads:
                    session.add(self.basis.relation(feed))
            for relation, rows in journey.dated(moment(end_at - 1).date(), None):
                session.add_rows(relation, rows)
            if DELIVERIES.name in journey.reads:
                names = [name for name, _ in DELIVERIES.columns]
                session.add_rows(DELIVERIES, [tuple(getattr(one, name) for name in names) for one in self.basis.deliveries])
            hold_picks(session, journey.picks, at)
            session.write_parquet(journey.sql, path, at)
        return Relation(journey.name, journey.columns, (str(path),))

    def rows(self, sql: str, *relations: Relation) -> list[tuple[Any, ...]]:
        """Kernel SQL over the accepted rows of every feed and over journeys."""
        with self.engine.session() as session:
            for feed in all_feeds().values():
                session.add(self.basis.relation(feed))
            for relation in relations:
                session.add(relation)
            return session.rows(sql)

    def clocks(self, start: str, end: str) -> list[dict[str, Any]]:
        """The incident clocks as dicts."""
        journeys = self.journeys("incident_clocks", start, end)
        names = [name for name, _ in journeys.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows(f"SELECT {', '.join(names)} FROM incident_clocks", journeys)]


HOUR_US = 3_600_000_000
# domain.md 3.2, assumed: how long an incident of each category may take to be resolved.
RESOLVE_WITHIN_US = {1: 4 * HOUR_US, 2: 24 * HOUR_US, 3: 72 * HOUR_US, 4: 120 * HOUR_US}


@pytest.fixture(scope="session")
def same_clocks() -> Callable[[list[dict[str, Any]], list[Clock]], None]:
    """Holds every episode of every incident to the independent one: category, both clocks, pauses, resolved in time."""

    def compare(found: list[dict[str, Any]], expected: list[Clock]) -> None:
        rows = {(row["clock"], row["incident_id"], row["episode"]): row for row in found}
        assert len(rows) == len(found) == 2 * len(expected)
        for clock in expected:
            row = rows["resolution", clock.incident, clock.episode]
            assert rows["initial_response", clock.incident, clock.episode]["ended_at"] == clock.responded_at, clock
            assert (row["category"], row["submitted_at"], row["reported_met"]) == (clock.category, clock.submitted_at, clock.is_met), clock
            assert (row["ended_at"], row["state"]) == (clock.resolved_at, "open" if clock.resolved_at is None else "resolved"), clock
            if clock.resolved_at is not None:
                assert (row["paused_us"], row["span_us"]) == (clock.paused_us, clock.span_us), clock
                assert row["is_met"] == (clock.span_us <= RESOLVE_WITHIN_US[clock.category]), clock

    return compare


@pytest.fixture(scope="module")
def take(shared: Path, embedded: Engine, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Sequence[str]], TakenIn]:
    def taken(names: Sequence[str]) -> TakenIn:
        folder = tmp_path_factory.mktemp("store")
        store = Store(folder / "store")
        receipts = take_in(store, [shared / "realdata" / name for name in names], load_shapes(SHAPES), RECEIVED_AT)
        assert [receipt.status for receipt in receipts] == ["accepted"] * len(names)
        ledger = Ledger(store)
        basis = ledger.basis(RECEIVED_AT)
        ledger.close()
        return TakenIn(dict(zip(names, receipts, strict=True)), basis, embedded, folder)

    return taken
