"""J1 by the product's own intake: packed raw file kept by digest, contract, refused rows with every reason, ledger."""

from collections import Counter
from datetime import UTC
from pathlib import Path

import duckdb

from bench.peers.arguments import SINCE_MS, read, received_at, tell
from tocsin.deliveries.contract import Means
from tocsin.deliveries.intake import take_in
from tocsin.deliveries.store import Store
from tocsin.feeds.shape_file import load_shapes
from tocsin.vocabulary.calendar import instant

SHAPES = Path(__file__).parents[1] / "shapes"
# What the peers call each reason, by the product's check id.
REASONS = {
    "AT-STRUCT-WIDE": "wide",
    "AT-STRUCT-LONG": "long",
    "AT-STRUCT-SHORT": "short",
    "AT-EMPTY:request_id": "empty request_id",
    "AT-EMPTY:observed_at": "empty observed_at",
    "AT-TYPE:observed_at": "type observed_at",
    "AT-FUTURE:observed_at": "future",
    "AT-UNKNOWN:srv": "unknown srv",
    "AT-UNKNOWN:device_type": "unknown device_type",
    "AT-UNKNOWN:region": "unknown region",
    "AT-UNKNOWN:response_code": "unknown code",
}


def main() -> None:
    asked = read()
    store = Store(asked.out / "store")
    total: Counter[str] = Counter()
    for path in asked.files:
        came = received_at(path).replace(tzinfo=UTC)
        receipt = take_in(store, [path], load_shapes(SHAPES), instant(came), means=Means(threads=2))[0]
        delivery = receipt.delivery
        if delivery.status != "accepted":
            raise SystemExit(delivery.reason)
        total.update({"accepted": delivery.accepted, "duplicates": delivery.duplicates})
        for finding in receipt.findings:
            total[REASONS.get(finding.check_id, finding.check_id)] += finding.count
        accepted = store.accepted(delivery.delivery_id)
        total["stamps"] += duckdb.execute(f"SELECT sum(observed_at // 1000 - {SINCE_MS})::BIGINT FROM '{accepted}'").fetchall()[0][0]
    tell(dict(total))


if __name__ == "__main__":
    main()
