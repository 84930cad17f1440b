"""A run made again: equal on either engine; what is not the run's any more is found, and nothing is changed."""

import json
import shutil
from pathlib import Path

import pytest

from desk_month import MONTH
from desk_road import Desk
from tocsin.vocabulary.errors import EngineUnavailable


def everything(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_a_run_comes_out_again_and_nothing_is_touched(month: Desk) -> None:
    before = everything(month.root)
    said = month("reproduce", MONTH)
    assert said.code == 0 and "all of " in said.err and "figures equal, made again on duckdb" in said.err
    assert month("reproduce", MONTH, "--format", "json").rows == []
    assert everything(month.root) == before


def test_it_comes_out_again_on_the_other_engine(month: Desk, sail_url: str) -> None:
    said = month("reproduce", MONTH, "--engine", "spark", "--url", sail_url)
    assert said.code == 0 and "figures equal, made again on spark" in said.err, said.err


def test_a_figure_that_was_changed_is_named(month_copy: Desk) -> None:
    (path,) = (month_copy.root / "runs" / MONTH).glob("[!.]*/run.json")
    frozen = json.loads(path.read_text(encoding="utf-8"))
    figure = next(one for one in frozen["figures"] if one["name"] == "cpm_1")
    figure["met"] += 1
    path.write_text(json.dumps(frozen), encoding="utf-8")
    said = month_copy("reproduce", MONTH, "--format", "json")
    assert said.code == 10 and f"1 of {len(frozen['figures']):,} figures differ" in said.err
    (row,) = said.rows
    assert row["figure"] == "cpm_1" and row["frozen"] != row["again"]


def test_settings_that_changed_since_are_told(month_copy: Desk) -> None:
    row = "small_numbers,2012-01-01,21,events,A figure resting on fewer is marked.,assumed,test\n"
    (month_copy.root / "reference" / "settings.csv").write_text(f"name,since,value,unit,sentence,status,source\n{row}")
    said = month_copy("reproduce", MONTH)
    assert "Settings, dated rows or earlier runs are not those of the run any more." in said.err


def test_another_ledger_is_told_from_the_run_s_own(month_copy: Desk) -> None:
    """The store was put back from a copy made before the last files came."""
    (month_copy.root / "store" / "ledger.sqlite").unlink()
    shutil.rmtree(month_copy.root / "store" / "deliveries")
    month_copy.take_in(*sorted(month_copy.incoming.glob("DSP*")), received_at="2021-09-06T08:00Z")
    said = month_copy("reproduce", MONTH)
    assert said.code == 10 and "The store is not the one it was made from" in said.err


def test_rows_whose_bytes_were_changed_end_in_a_message(month_copy: Desk) -> None:
    path = max((month_copy.root / "store" / "deliveries").glob("*/accepted.parquet"), key=lambda path: path.stat().st_size)
    told = bytearray(path.read_bytes())
    told[4:2000] = bytes(1996)
    path.write_bytes(told)
    said = month_copy("reproduce", MONTH)
    assert said.code in {10, EngineUnavailable.exit_code} and "Traceback" not in said.err and said.err.strip()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--engine", "polars"), 'engine "polars" is not known'),
        (("--engine", "spark"), "needs --url"),
        (("--run", "none"), "there is no run"),
    ],
)
def test_what_cannot_be_asked_is_told(month: Desk, words: tuple[str, ...], said: str) -> None:
    answer = month("reproduce", MONTH, *words)
    assert answer.code == 10 and said in answer.err
