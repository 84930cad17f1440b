"""Journeys of Service Requests from the bench's accepted rows, on the engine at an address ("duckdb", or Spark Connect's)."""

import argparse
import time
from pathlib import Path

from bench.generate import Dataset
from bench.ours.accepted_requests import parameters, session_of
from bench.peers.arguments import tell
from tocsin.engines import engine_named
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measuring.picks import hold_picks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("address")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    journey = SERVICE_REQUESTS
    engine = engine_named("duckdb", {"threads": 2}) if asked.address == "duckdb" else engine_named("spark", {"url": asked.address})
    with session_of(engine, Dataset(asked.data).accepted) as session:
        began = time.monotonic()
        hold_picks(session, journey.picks, parameters())
        order = ", ".join(journey.sorted_by or (journey.day, *journey.splits))
        sql = f"SELECT * FROM ({journey.sql}) AS happenings ORDER BY {order}"
        written = session.write_parquet(sql, asked.out / "journeys.parquet", parameters(), journey.grouped)
    tell({"journeys": written, "wall_s": time.monotonic() - began})


if __name__ == "__main__":
    main()
