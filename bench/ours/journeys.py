"""The journeys of the product out of accepted rows, and the reporting store packed from them, which J2 reads: what a close pays once."""

import resource
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import duckdb

from bench.peers.arguments import read, tell
from bench.population import DAY_MS, FIRST_DAY
from tocsin.engines import Relation, engine_named
from tocsin.engines.tables import paths, replace_days
from tocsin.feeds import all_feeds
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measuring.buckets import in_bucket
from tocsin.measuring.picks import hold_picks
from tocsin.reports.journey_tables import ROWS_A_BUCKET, JourneyTable, ordered
from tocsin.reports.reporting_store import keep_for_reporting, reporting_table_of
from tocsin.vocabulary.calendar import instant
from tocsin.vocabulary.instants import DAY_US

DAYS = 2


def main() -> None:
    asked = read()
    journey = SERVICE_REQUESTS
    files = tuple(str(path) for path in asked.files)
    rows = duckdb.execute(f"SELECT count(*) FROM read_parquet({list(files)})").fetchall()[0][0]
    buckets = max(1, -(-rows // ROWS_A_BUCKET))
    start_at = instant(FIRST_DAY)
    # Long after: whoever has not answered by now never will.
    end_at, as_at = start_at + DAYS * DAY_MS * 1000, instant(FIRST_DAY + timedelta(days=30))
    written, parts = 0, []
    with engine_named("duckdb", {"threads": 2, "memory_limit": "2GB", "temp_directory": str(asked.out)}).session() as session:
        for feed in all_feeds().values():
            if feed.name in journey.reads:
                columns = (("line", "BIGINT"), *((one.name, one.stored_as) for one in feed.columns), ("delivery_no", "BIGINT"))
                session.add(Relation(feed.name, columns, files if feed.name == "audit_trail" else ()))
        for relation, facts in journey.dated(FIRST_DAY.date(), None):
            session.add_rows(relation, facts)
        hold_picks(session, journey.picks, in_bucket(start_at, end_at, as_at))
        for bucket in range(buckets):
            sql = f"SELECT * FROM ({journey.sql}) AS happenings{ordered(journey)}"
            part = asked.out / f"journeys-{bucket:04d}.parquet"
            written += session.write_parquet(sql, part, in_bucket(start_at, end_at, as_at, bucket, buckets))
            parts.append(part)
    worked_out_s = _cpu_s()
    # From here on as reports/closing.py does it: the rows into the journey table, a file a day, and out of these the reporting store.
    table, days = asked.out / "store" / "journeys" / journey.name / "bench", [start_at // DAY_US + day for day in range(DAYS)]
    closed = JourneyTable(journey, table, replace_days(table, parts, days), written)
    stored_s = _cpu_s()
    keep_for_reporting(closed, days, asked.out)
    tell(
        {
            "journeys": written,
            "bytes": _bytes(paths(reporting_table_of(table))),
            "way_back_bytes": _bytes(paths(table)),
            "buckets": buckets,
            "worked_out_cpu_s": worked_out_s,
            "stored_cpu_s": stored_s - worked_out_s,
            "packed_cpu_s": _cpu_s() - stored_s,
        }
    )


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _bytes(files: Sequence[str]) -> int:
    return sum(Path(file).stat().st_size for file in files)


if __name__ == "__main__":
    main()
