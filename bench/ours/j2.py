"""J2 from the product's reporting store: counters and percentiles by place in one scan, in the kernel's words."""

from bench.peers.arguments import read, tell
from tocsin.engines import Relation, engine_named
from tocsin.journeys.service_requests import SERVICE_REQUESTS

BY = ("srv", "sec_party", "device_type", "region", "day")
# The peers' words for the same thing: a happening is a request; an answer stamped before its request is an answer and no success.
SUCCESS = "outcome = 'success' AND set_aside = ''"
SQL = f"""
WITH timed AS (
  SELECT {", ".join(BY)}, round_trip_us, target_response_us, CASE WHEN {SUCCESS} THEN round_trip_us END AS span
  FROM service_requests
  WHERE set_aside <> 'no_request'
)
SELECT srv, sec_party AS party, device_type, region, day,
  count(*) AS volume,
  count(round_trip_us) AS responded,
  count(span) AS success,
  count_where(span <= target_response_us) AS in_target,
  nearest_rank(span, 500) AS p50, nearest_rank(span, 950) AS p95, nearest_rank(span, 990) AS p99
FROM timed
GROUP BY {", ".join(BY)}
"""


def main() -> None:
    asked = read()
    with engine_named("duckdb", {"threads": 2, "temp_directory": str(asked.out)}).session() as session:
        session.add(Relation(SERVICE_REQUESTS.name, SERVICE_REQUESTS.reporting_columns, tuple(str(path) for path in asked.files)))
        rows = session.write_parquet(SQL, asked.out / "answer.parquet")
    tell({"answer": str(asked.out / "answer.parquet"), "rows": rows})


if __name__ == "__main__":
    main()
