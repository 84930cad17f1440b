"""J2 from the product's reporting store: counters in one scan, percentiles by place, in the kernel's words."""

from bench.peers.arguments import read, tell
from tocsin.engines import Relation, engine_named
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measuring.ladder import exact_percentiles_sql
from tocsin.reports.reporting_store import reporting_columns

BY = ("srv", "sec_party", "device_type", "region", "day")
# The peers' words for the same thing: a happening is a request; an answer stamped before its request is an answer and no success.
SUCCESS = "outcome = 'success' AND set_aside = ''"
SQL = f"""
WITH counted AS (
  SELECT {", ".join(BY)},
    count(*) AS volume,
    count_where(round_trip_us IS NOT NULL) AS responded,
    count_where({SUCCESS}) AS success,
    count_where({SUCCESS} AND round_trip_us <= target_response_us) AS in_target
  FROM service_requests
  WHERE set_aside <> 'no_request'
  GROUP BY {", ".join(BY)}
),
ranked AS ({exact_percentiles_sql(SERVICE_REQUESTS, BY, (500, 950, 990))})
SELECT counted.srv AS srv, counted.sec_party AS party, counted.device_type AS device_type, counted.region AS region, counted.day AS day,
  volume, responded, success, in_target, p500 AS p50, p950 AS p95, p990 AS p99
FROM counted LEFT JOIN ranked ON {" AND ".join(f"counted.{column} = ranked.{column}" for column in BY)}
"""


def main() -> None:
    asked = read()
    with engine_named("duckdb", {"threads": 2, "temp_directory": str(asked.out)}).session() as session:
        session.add(Relation(SERVICE_REQUESTS.name, reporting_columns(SERVICE_REQUESTS), tuple(str(path) for path in asked.files)))
        rows = session.write_parquet(SQL, asked.out / "answer.parquet")
    tell({"answer": str(asked.out / "answer.parquet"), "rows": rows})


if __name__ == "__main__":
    main()
