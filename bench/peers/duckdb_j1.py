"""J1 in plain DuckDB: text in, a first reason for each refused row, one row for each key, sorted Parquet out."""

from collections import Counter
from datetime import timedelta

import duckdb

from bench.peers.arguments import COLUMNS, LINE_BYTES, SINCE_MS, read, received_at, tell


def main() -> None:
    asked = read()
    engine = duckdb.connect()
    engine.execute("SET threads = 2")
    engine.execute("SET TimeZone = 'UTC'")
    engine.execute(f"SET temp_directory = '{asked.out}'")
    total: Counter[str] = Counter()
    for path in asked.files:
        latest = received_at(path) + timedelta(days=1)
        texts = ", ".join(f"'{name}': 'VARCHAR'" for name in COLUMNS)
        engine.execute(f"""CREATE OR REPLACE TEMP TABLE typed AS
            SELECT *, CASE
                WHEN request_id IS NULL THEN 'empty request_id'
                WHEN observed_at IS NULL THEN 'empty observed_at'
                WHEN stamp IS NULL THEN 'type observed_at'
                WHEN stamp > TIMESTAMP '{latest}' THEN 'future'
                WHEN srv IS NULL THEN 'empty srv' END AS reason
            FROM (SELECT * REPLACE (trim(request_id) AS request_id), try_strptime(observed_at, '%Y-%m-%dT%H:%M:%S.%gZ') AS stamp
                  FROM read_csv('{path}', header = true, columns = {{{texts}}}, auto_detect = false, delim = ',', quote = '"',
                                max_line_size = {LINE_BYTES}, store_rejects = true,
                                rejects_table = 'odd', rejects_scan = 'odd_scan', rejects_limit = 0))""")
        engine.execute(f"""COPY (SELECT DISTINCT ON (request_id, point, stamp)
                request_id, point, stamp, srv, user_id, device_type, device_id, region, code
            FROM typed WHERE reason IS NULL ORDER BY stamp) TO '{asked.out}/{path.name}.parquet'
            (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)""")
        engine.execute(f"COPY (SELECT * FROM typed WHERE reason IS NOT NULL) TO '{asked.out}/{path.name}.refused.parquet'")
        # A line with two surplus cells stands in the reject table twice.
        engine.execute("""CREATE OR REPLACE TEMP TABLE malformed AS SELECT line, any_value(csv_line) AS raw,
            CASE WHEN bool_or(error_type = 'LINE SIZE OVER MAXIMUM') THEN 'wide' WHEN bool_or(error_type = 'TOO MANY COLUMNS') THEN 'long'
                ELSE 'short' END AS reason FROM odd GROUP BY line""")
        engine.execute(f"COPY malformed TO '{asked.out}/{path.name}.malformed.parquet'")
        total.update(dict(engine.execute("SELECT reason, count(*) FROM malformed GROUP BY 1").fetchall()))
        total.update(dict(engine.execute("SELECT reason, count(*) FROM typed WHERE reason IS NOT NULL GROUP BY 1").fetchall()))
        accepted, stamps = engine.execute(
            f"SELECT count(*), sum(epoch_ms(stamp) - {SINCE_MS})::BIGINT FROM '{asked.out}/{path.name}.parquet'"
        ).fetchall()[0]
        valid = engine.execute("SELECT count(*) FROM typed WHERE reason IS NULL").fetchall()[0][0]
        total.update({"accepted": accepted, "stamps": stamps, "duplicates": valid - accepted})
        # The words are checked on every valid row, repeated or not.
        for column, words in asked.known.items():
            unknown = f"SELECT count(*) FROM typed WHERE reason IS NULL AND {column} NOT IN {tuple(words)}"
            total[f"unknown {column}"] += engine.execute(unknown).fetchall()[0][0]
        engine.execute("DROP TABLE odd")
        engine.execute("DROP TABLE odd_scan")
    tell(dict(total))


if __name__ == "__main__":
    main()
