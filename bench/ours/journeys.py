"""The journey store of the product, built from accepted rows: what J2 and J4 read. It is the step that a close of the month pays once."""

from datetime import timedelta

import duckdb

from bench.peers.arguments import read, tell
from bench.population import DAY_MS, FIRST_DAY
from tocsin.engines import Relation, engine_named
from tocsin.feeds import all_feeds
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.vocabulary.calendar import instant

# As reports/closing.py: so many rows a bucket, so that memory is bounded whatever the length of the month.
ROWS_A_BUCKET = 20_000_000
DAYS = 2


def main() -> None:
    asked = read()
    journey = SERVICE_REQUESTS
    files = tuple(str(path) for path in asked.files)
    rows = duckdb.execute(f"SELECT count(*) FROM read_parquet({list(files)})").fetchall()[0][0]
    buckets = max(1, -(-rows // ROWS_A_BUCKET))
    start_at = instant(FIRST_DAY)
    at = {
        "start_at": start_at,
        "end_at": start_at + DAYS * DAY_MS * 1000,
        # Long after: whoever has not answered by now never will.
        "as_at": instant(FIRST_DAY + timedelta(days=30)),
        "buckets": buckets,
    }
    written = 0
    with engine_named("duckdb", {"threads": 2, "memory_limit": "4GB", "temp_directory": str(asked.out)}).session() as session:
        for feed in all_feeds().values():
            if feed.name in journey.reads:
                columns = (("line", "BIGINT"), *((one.name, one.stored_as) for one in feed.columns), ("delivery_no", "BIGINT"))
                session.add(Relation(feed.name, columns, files if feed.name == "audit_trail" else ()))
        for relation, facts in journey.dated(FIRST_DAY.date(), None):
            session.add_rows(relation, facts)
        order = ", ".join(journey.sorted_by or (journey.day, *journey.splits))
        for bucket in range(buckets):
            sql = f"SELECT * FROM ({journey.sql}) AS happenings ORDER BY {order}"
            written += session.write_parquet(sql, asked.out / f"journeys-{bucket:04d}.parquet", {**at, "bucket": bucket})
    tell({"journeys": written, "bytes": sum(path.stat().st_size for path in asked.out.glob("journeys-*.parquet"))})


if __name__ == "__main__":
    main()
