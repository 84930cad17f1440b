"""J2 in plain DuckDB SQL: requests and answers grouped, joined, counted and ranked."""

import duckdb

from bench.peers.arguments import read, tell


def main() -> None:
    asked = read()
    engine = duckdb.connect()
    engine.execute("SET threads = 2")
    engine.execute(f"SET temp_directory = '{asked.out}'")
    files = [str(path) for path in asked.files]
    engine.execute(f"""COPY (
        WITH events AS (SELECT * FROM read_parquet({files}) WHERE ts < delivered_on + INTERVAL 1 DAY),
        requests AS (
            SELECT request_id, epoch_us(min(ts)) AS asked_at, any_value(srv) AS srv, any_value(party) AS party,
                   any_value(device_type) AS device_type, any_value(region) AS region
            FROM events WHERE kind = 'request' GROUP BY request_id),
        responses AS (
            SELECT request_id, epoch_us(min(ts)) AS answered_at, arg_min(code, ts) AS code
            FROM events WHERE kind = 'response' GROUP BY request_id),
        happenings AS (
            SELECT requests.*, answered_at IS NOT NULL AS has_response, answered_at - asked_at AS span,
                   coalesce(answered_at >= asked_at AND code = 'I0', false) AS is_success
            FROM requests LEFT JOIN responses USING (request_id))
        SELECT srv, party, device_type, region, asked_at // 86400000000 AS day, count(*) AS volume,
               count(*) FILTER (WHERE has_response) AS responded, count(*) FILTER (WHERE is_success) AS success,
               count(*) FILTER (WHERE is_success AND span <= target_us) AS in_target,
               quantile_disc(span, 0.5) FILTER (WHERE is_success) AS p50,
               quantile_disc(span, 0.95) FILTER (WHERE is_success) AS p95,
               quantile_disc(span, 0.99) FILTER (WHERE is_success) AS p99
        FROM happenings JOIN read_csv('{asked.targets}', types = {{'srv': 'VARCHAR', 'target_us': 'BIGINT'}}) USING (srv)
        GROUP BY ALL) TO '{asked.out}/answer.parquet' (FORMAT parquet)""")
    tell({"answer": str(asked.out / "answer.parquet")})


if __name__ == "__main__":
    main()
