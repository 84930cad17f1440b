"""J3 in plain DuckDB SQL: how many alerts passed each stage in a quarter-hour, by sender, region and Service Provider."""

import time

import duckdb

from bench.happenings import SENDERS, STRETCHES
from bench.peers.arguments import read, tell


def main() -> None:
    asked = read()
    start_at, end_at = STRETCHES["alerts"]
    began, cpu_began = time.monotonic(), time.process_time()
    engine = duckdb.connect()
    engine.execute("SET threads = 2")
    engine.execute(f"SET temp_directory = '{asked.out}'")
    senders = " ".join(f"WHEN {number} THEN '{sender}'" for number, sender in SENDERS.items())
    engine.execute(f"""COPY (
        SELECT CASE delivery_no {senders} END AS sender, stage, region, service_provider,
               count(DISTINCT alert_key) AS alert_count, count(DISTINCT alert_key) FILTER (WHERE is_consolidated) AS consolidated_count
        FROM read_parquet({[str(path) for path in asked.files]})
        WHERE observed_at >= {start_at} AND observed_at < {end_at}
        GROUP BY ALL) TO '{asked.out}/answer.parquet' (FORMAT parquet)""")
    tell(
        {
            "answer": str(asked.out / "answer.parquet"),
            "cpu_s": time.process_time() - cpu_began,
            "wall_s": time.monotonic() - began,
        }
    )


if __name__ == "__main__":
    main()
