"""A close of a month of Service Requests in the product's journey store; told which deliveries stand, and in which store."""

import argparse
from pathlib import Path

import duckdb

from bench.peers.arguments import tell
from tocsin.deliveries.ledger import Basis, Delivery
from tocsin.deliveries.store import Store
from tocsin.engines import engine_named
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.reports.closing import Close, close_journeys
from tocsin.vocabulary.calendar import Period, parse_instant

MONTH = Period(2026, 9)
AS_AT = parse_instant("2026-10-20T00:00:00Z")
# What the engine may hold; the process holds more beside it (docs/performance.md).
MEMORY = "1500MB"


def delivered(number: int, store: Store, name: str) -> Delivery:
    """A delivery of the audit trail, as the ledger would tell of it."""
    path = store.accepted(name)
    rows, first, last = duckdb.execute(f"SELECT count(*), min(observed_at), max(observed_at) FROM '{path}'").fetchall()[0]
    return Delivery(
        delivery_no=number, delivery_id=name, file_name=name, digest="", feed="audit_trail", shape="drawn", sender="DSP",
        covers_start_at=first, covers_end_at=last, submission="final", received_at=number, status="accepted", lines=rows, accepted=rows,
        refused=0, duplicates=0, blank=0, passed_over=0, first_at=first, last_at=last, contract_version=1, contract_digest="", reason="",
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", type=Path, required=True, help="where the deliveries are")
    parser.add_argument("--out", type=Path, required=True, help="where the journeys are, or are to be")
    parser.add_argument("--deliveries", nargs="+", required=True)
    asked = parser.parse_args()
    store = Store(asked.store)
    basis = Basis(tuple(delivered(number, store, name) for number, name in enumerate(asked.deliveries, start=1)), "", store)
    (asked.out / "reference").mkdir(parents=True, exist_ok=True)
    told: list[str] = []
    with engine_named("duckdb", {"threads": 2, "memory_limit": MEMORY, "temp_directory": asked.out}).kept() as engine:
        close = Close(MONTH, AS_AT, basis, engine, asked.out, asked.out / "reference")
        closed = close_journeys(close, [SERVICE_REQUESTS], told.append)[SERVICE_REQUESTS.name]
    rows = sum(delivery.accepted for delivery in basis.deliveries)
    tell({"rows": rows, "journeys": closed.rows, "version": closed.version, "files": list(closed.relation.paths), "said": told})


if __name__ == "__main__":
    main()
