"""Every given_…/ folder taken the whole road: files received, a month closed as at each instant, the figures worked by hand beside it.

`covers.toml` names the CR, clause or fact sheet section; `[received]` when each file of `when/` came, in that order; `[runs]` the instant
of each close and the file of `then/` that holds its figures. `then/oddities.csv` is what the last run set aside or remarked on.
"""

import csv
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from desk_road import new_desk
from tocsin.reports.frozen import from_json

HERE = Path(__file__).resolve().parent
SCENARIOS = sorted(path.parent for path in HERE.glob("given_*/covers.toml"))
MOST_ROWS = 20


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_text(figure: dict[str, Any], columns: list[str]) -> dict[str, str]:
    return {column: "" if figure[column] is None else str(figure[column]) for column in columns}


@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda folder: folder.name)
def test_scenario(folder: Path, tmp_path: Path) -> None:
    told = tomllib.loads((folder / "covers.toml").read_text(encoding="utf-8"))
    desk = new_desk(tmp_path / "workspace", told.get("settings", ""))
    for shape in sorted((folder / "when" / "shapes").glob("*.toml")):
        shutil.copy(shape, desk.root / "shapes")
    for name, received_at in told["received"].items():
        (row,) = desk.take_in(folder / "when" / name, received_at=received_at)
        assert (row["result"], row["refused"]) == ("accepted", 0)
    for name, as_at in told["runs"].items():
        run_id = desk.close(told["month"], as_at)
        figures = desk.figures(told["month"], "--run", run_id)
        expected = rows_of(folder / "then" / name)
        assert [as_text(figures[row["name"]], list(row)) for row in expected] == expected, f"then/{name}"
    if (folder / "then" / "oddities.csv").is_file():
        frozen = from_json((desk.root / "runs" / told["month"] / run_id / "run.json").read_text(encoding="utf-8"))
        found = [{"name": line.name, "count": str(line.count)} for line in frozen.oddities]
        assert found == rows_of(folder / "then" / "oddities.csv")


@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda folder: folder.name)
def test_scenario_is_told_whole(folder: Path) -> None:
    """Small enough to be worked by hand; every file is received, every expectation is looked at, and it says what it covers."""
    told = tomllib.loads((folder / "covers.toml").read_text(encoding="utf-8"))
    assert told["covers"] and set(told) <= {"covers", "month", "settings", "received", "runs"}
    assert set(told["received"]) == {path.name for path in (folder / "when").glob("*.csv")}
    assert {*told["runs"], "oddities.csv"} >= {path.name for path in (folder / "then").iterdir()} >= set(told["runs"])
    for path in folder.rglob("*.csv"):
        assert len(rows_of(path)) <= MOST_ROWS, path.name


def test_the_scenarios_are_there() -> None:
    assert len(SCENARIOS) >= 14
