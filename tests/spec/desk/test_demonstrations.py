"""The two demonstrations, end to end: the simulated month (here cut short) and the records of others."""

from pathlib import Path

import pytest

from desk_road import tocsin
from tocsin.desk import estate
from tocsin.estate.plan import Plan

RECORDS = Path(__file__).resolve().parents[3] / "examples" / "real-records"


def test_the_demonstration_makes_takes_in_closes_and_reports_a_month(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = estate.plan_of

    def shorter(folder: Path, month: str, **words: object) -> Plan:
        return asked(folder, month, **{**words, "scale": "1/50000", "until": "2021-09-02T12:00Z"})  # type: ignore[arg-type]  # as told

    monkeypatch.setattr(estate, "plan_of", shorter)
    folder = tmp_path / "demo"
    said = tocsin("demo", folder)
    assert said.code == 0, said.err
    assert "Taken in: " in said.out
    named = [Path(word) for word in said.out.split() if word.startswith(str(tmp_path)) and word.endswith((".pdf", ".html", ".xlsx"))]
    assert {path.suffix for path in named} == {".pdf", ".html", ".xlsx"}
    assert all(path.is_file() for path in named)
    report = next(path for path in named if path.name == "pmr-2021-09.html").read_text(encoding="utf-8")
    assert "Simulated estate, 2021-09, seed 7, scale 0.00002, faults usual" in report
    # What was not taken in again makes the very run that is there.
    again = tocsin("demo", folder)
    assert again.code == 0, again.err
    assert "was there already" in again.out
    assert len(list((folder / "runs" / "2021-09").glob("[!.]*"))) == 1


def test_real_records_are_taken_in_by_their_own_demonstration(tmp_path: Path) -> None:
    said = tocsin("demo-real", tmp_path / "real", "--records", RECORDS)
    assert said.code == 0, said.err
    page = next((tmp_path / "real" / "runs" / "2016-03").glob("*/report/pmr-2016-03.html")).read_text(encoding="utf-8")
    assert "imulated" not in page


def test_records_that_are_not_there_are_told(tmp_path: Path) -> None:
    said = tocsin("demo-real", tmp_path / "real", "--records", tmp_path)
    assert said.code == 10
    assert "no shapes/ folder" in said.err
    assert not (tmp_path / "real").exists()
