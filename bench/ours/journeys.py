"""The journeys of the product out of accepted rows, and the reporting store packed from them, which J2 reads: what a close pays once."""

import resource
from collections.abc import Sequence
from pathlib import Path

import duckdb

from bench.ours.accepted_requests import DAYS, START_AT, parameters, session_of
from bench.peers.arguments import read, tell
from tocsin.engines import engine_named
from tocsin.engines.tables import paths, replace_days
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measuring.picks import hold_picks
from tocsin.reports.journey_tables import ROWS_A_BUCKET, JourneyTable, ordered
from tocsin.reports.reporting_store import keep_for_reporting, reporting_table_of
from tocsin.vocabulary.instants import DAY_US


def main() -> None:
    asked = read()
    journey = SERVICE_REQUESTS
    rows = duckdb.execute(f"SELECT count(*) FROM read_parquet({[str(path) for path in asked.files]})").fetchall()[0][0]
    buckets = max(1, -(-rows // ROWS_A_BUCKET))
    written, parts = 0, []
    engine = engine_named("duckdb", {"threads": 2, "memory_limit": "2GB", "temp_directory": str(asked.out)})
    with session_of(engine, asked.files) as session:
        hold_picks(session, journey.picks, parameters())
        for bucket in range(buckets):
            sql = f"SELECT * FROM ({journey.sql}) AS happenings{ordered(journey)}"
            part = asked.out / f"journeys-{bucket:04d}.parquet"
            written += session.write_parquet(sql, part, parameters(bucket, buckets), journey.grouped)
            parts.append(part)
    worked_out_s = _cpu_s()
    # From here on as reports/closing.py does it: the rows into the journey table, a file a day, and out of these the reporting store.
    table, days = asked.out / "store" / "journeys" / journey.name / "bench", [START_AT // DAY_US + day for day in range(DAYS)]
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
