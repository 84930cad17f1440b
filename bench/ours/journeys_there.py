"""Journeys of Service Requests from the bench's accepted rows, on the engine at an address ("duckdb", or Spark Connect's)."""

import argparse
import time
from datetime import timedelta
from pathlib import Path

from bench.generate import Dataset
from bench.peers.arguments import tell
from bench.population import DAY_MS, FIRST_DAY
from tocsin.engines import Relation, engine_named
from tocsin.feeds import all_feeds
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measuring.buckets import in_bucket
from tocsin.measuring.picks import hold_picks
from tocsin.vocabulary.calendar import instant

DAYS = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("address")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    journey, start_at = SERVICE_REQUESTS, instant(FIRST_DAY)
    files = tuple(str(path.absolute()) for path in Dataset(asked.data).accepted)
    engine = engine_named("duckdb", {"threads": 2}) if asked.address == "duckdb" else engine_named("spark", {"url": asked.address})
    at = in_bucket(start_at, start_at + DAYS * DAY_MS * 1000, instant(FIRST_DAY + timedelta(days=30)))
    with engine.session() as session:
        for feed in all_feeds().values():
            if feed.name in journey.reads:
                columns = (("line", "BIGINT"), *((one.name, one.stored_as) for one in feed.columns), ("delivery_no", "BIGINT"))
                session.add(Relation(feed.name, columns, files if feed.name == "audit_trail" else ()))
        for relation, facts in journey.dated(FIRST_DAY.date(), None):
            session.add_rows(relation, facts)
        began = time.monotonic()
        order = ", ".join(journey.sorted_by or (journey.day, *journey.splits))
        sql = f"SELECT * FROM ({journey.sql}) AS happenings ORDER BY {order}"
        hold_picks(session, journey.picks, at)
        written = session.write_parquet(sql, asked.out / "journeys.parquet", at)
    tell({"journeys": written, "wall_s": time.monotonic() - began})


if __name__ == "__main__":
    main()
