"""The bench of clusters finds the journeys of every place equal, and says so when they are not."""

from pathlib import Path

import duckdb
import pytest
from bench.cluster import Bench
from bench.generate import generate


def test_journeys_of_two_places_are_compared(sail_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, bench = generate(20_000, folder=tmp_path / "data"), Bench(tmp_path)
    bench.journeys("desk", data, "duckdb")
    bench.journeys("sail 2", data, sail_url)
    assert [(step.where, step.rows) for step in bench.steps] == [("desk", data.told["rows"]), ("sail 2", data.told["rows"])]
    assert all(step.desk_s > 0 for step in bench.steps) and bench.steps[1].executors_s > 0
    assert capsys.readouterr().out.count("journeys, equal") == 2
    first = tmp_path / "journeys" / "desk" / "journeys.parquet"
    duckdb.execute(f"COPY (FROM read_parquet('{first}') OFFSET 1) TO '{tmp_path / 'one-less.parquet'}'")
    (tmp_path / "one-less.parquet").replace(first)
    with pytest.raises(SystemExit):
        bench.journeys("sail 2", data, sail_url)
    assert "NOT EQUAL" in capsys.readouterr().out
