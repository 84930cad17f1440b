"""The host's time zone reaches no answer."""

import json
import os
import subprocess
import sys

import pytest

PROGRAM = """
import json, sys
from tocsin.engines import Relation, engine_named
with engine_named("duckdb").session() as session:
    session.add_rows(Relation("t", (("happened_at", "BIGINT"),)), [(1630454399999999,), (1630454400000000,), (1635642000000000,)])
    answers = session.rows("SELECT happened_at, day_of(happened_at) AS d FROM t ORDER BY happened_at")
    # Not of the core; only to see that the session itself stands in UTC.
    zone = session.rows("SELECT current_setting('TimeZone') AS z, CAST(TIMESTAMPTZ '2021-08-31 23:30:00+00' AS VARCHAR) AS s")
print(json.dumps([answers, zone]))
"""


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo", "Europe/London"])
def test_answers_are_the_same_in_every_zone(zone: str) -> None:
    run = subprocess.run([sys.executable, "-c", PROGRAM], env={**os.environ, "TZ": zone}, capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == [
        [[1630454399999999, 18870], [1630454400000000, 18871], [1635642000000000, 18931]],
        [["UTC", "2021-08-31 23:30:00+00"]],
    ]
