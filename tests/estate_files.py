"""A simulated feed in a folder, taken in by the product: for tests that compare what stands with the truth."""

import csv
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

from tocsin.deliveries.intake import take_in
from tocsin.deliveries.ledger import Ledger
from tocsin.deliveries.store import Store
from tocsin.estate.faults.fates import Fates
from tocsin.estate.faults.profile import fault_profile
from tocsin.estate.outbox import Outbox
from tocsin.estate.plan import Plan
from tocsin.feeds.shape_file import load_shape
from tocsin.vocabulary.calendar import Period, parse_instant

SHAPES = Path(__file__).resolve().parents[1] / "src" / "tocsin" / "estate" / "senders" / "shapes"
# After all that is ever sent.
TAKEN_IN_AT = parse_instant("2030-01-01T00:00:00Z")


def small_plan(label: str = "2021-09", faults: str = "none", seed: int = 7, until: str | None = None, **others: Any) -> Plan:
    """A plan of about a thousand devices."""
    period = Period.parse(label)
    until_at = Plan.settled_at(period) if until is None else parse_instant(until)
    return Plan(period, Fraction(1, 20_000), seed, until_at, fault_profile(faults), **others)


@dataclass
class PostedFiles:
    """`incoming` and `truth` below `root`, as a simulation leaves them; `accepted` takes all of it in."""

    root: Path
    plan: Plan

    def __post_init__(self) -> None:
        for folder in ("incoming", "aside", "truth", "store"):
            (self.root / folder).mkdir(parents=True)
        self.outbox = Outbox(self.plan, Fates(self.plan), self.root / "incoming")

    @property
    def aside(self) -> Path:
        return self.root / "aside"

    def close(self, *truths: Any) -> None:
        """Write the truth of each feed and of the post."""
        for truth in truths:
            truth.write(self.root / "truth")
        self.outbox.close(self.root / "truth")

    def files(self) -> list[Path]:
        """Every file in the order of arrival."""
        return [self.root / "incoming" / row["file"] for row in self.truth("arrivals")]

    def truth(self, name: str) -> list[dict[str, str]]:
        with (self.root / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def take_in(self, *feeds: str) -> "TakenIn":
        store = Store(self.root / "store")
        shapes = [shape for path in sorted(SHAPES.glob("*.toml")) if (shape := load_shape(path)).feed in feeds]
        receipts = take_in(store, self.files(), shapes, TAKEN_IN_AT)
        return TakenIn(store, receipts)


@dataclass
class TakenIn:
    """What became of the files: receipts in order, and the rows that stand."""

    store: Store
    receipts: list[Any]

    def findings(self) -> set[str]:
        """Check ids of every finding of every delivery."""
        return {finding.check_id for receipt in self.receipts for finding in receipt.findings}

    def rows_made(self) -> dict[str, tuple[str, int]]:
        """Of every file, by its place below incoming/: what became of it, and the rows it made (refused and repeated ones too)."""
        return {
            f"{receipt.file.parent.name}/{receipt.file.name}": (
                receipt.delivery.status,
                receipt.delivery.accepted + receipt.delivery.refused + receipt.delivery.duplicates,
            )
            for receipt in self.receipts
        }

    def statuses(self) -> set[str]:
        return {receipt.delivery.status for receipt in self.receipts}

    def standing(self, feed: str, sql: str) -> list[tuple[Any, ...]]:
        """Rows that an SQL over `rows` gives: the accepted rows of the deliveries that stand, with `sender`."""
        found = Ledger(self.store).basis(TAKEN_IN_AT + 1, [feed]).deliveries
        parts = [f"SELECT *, '{d.sender}' AS sender FROM read_parquet('{self.store.accepted(d.delivery_id)}')" for d in found if d.accepted]
        return duckdb.sql(f"WITH rows AS ({' UNION ALL BY NAME '.join(parts)}) {sql}").fetchall() if parts else []

    def standing_accepted(self, feed: str) -> int:
        return sum(d.accepted for d in Ledger(self.store).basis(TAKEN_IN_AT + 1, [feed]).deliveries)
