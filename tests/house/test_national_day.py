"""The tool of the national day: what it measures, how it goes on after a failure, and what it writes (docs/performance.md)."""

import json
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from tools import national_day
from tools.national_day import Asked, Failed, NationalDay
from tools.national_day_table import BEGIN, END, Step, tell, verdicts, with_measured, write_results
from tools.process_tree import Cost, Ended, run

STEP = Step("close", "close", 9_000_000, "rows", 2.0, 5.0, 1.5)
REPORT = replace(STEP, name="report", wall_s=1.0)
HALF = {"scale": "1/2", "seed": 7, "day": "2022-07-06"}
WHOLE = {**HALF, "scale": "1"}
ROOT = Path(__file__).resolve().parents[2]


def asked(folder: Path, **other) -> Asked:
    return Asked(Fraction(1, 2000), 7, national_day.ON, folder, other.get("only"), False, None)


def test_a_command_costs_what_its_children_cost(tmp_path: Path) -> None:
    """Two processes that hold 60 MB each are 120 MB together, and what both worked is told."""
    hold = "import time; held = bytearray(60_000_000); [0 for _ in range(3_000_000)]; time.sleep(1.2)"
    both = f"import subprocess, sys\nchild = subprocess.Popen([sys.executable, '-c', {hold!r}])\n{hold}\nchild.wait(); print('held')"
    ended = run([sys.executable, "-c", both], tmp_path / "log")
    assert ended.code == 0
    assert ended.log.read_text() == "held\n"
    assert ended.cost.peak_gb > 0.12
    assert ended.cost.cpu_s > 0


def test_a_step_that_is_done_is_not_done_again(monkeypatch, tmp_path: Path) -> None:
    ran = []

    def counted(argv, log, *, environment):
        ran.append(argv[0])
        log.write_text("")
        return Ended(0 if argv[0] != "fails" else 3, Cost(1.0, 2.0, 0.5), log)

    monkeypatch.setattr(national_day, "run", counted)
    day = NationalDay(asked(tmp_path))
    day.step("one", "close", ["one"], lambda log: 5, "rows")
    with pytest.raises(Failed, match=r"two ended with 3 after 2 s, 0\.50 GB"):
        day.step("two", "close", ["fails"], lambda log: 5, "rows")
    again = NationalDay(asked(tmp_path))
    again.step("one", "close", ["one"], lambda log: 5, "rows")
    again.step("two", "close", ["two"], lambda log: 6, "rows")
    assert ran == ["one", "fails", "two"]
    assert [(step.name, step.rows, step.cpu_s) for step in again.steps] == [("one", 5, 1.0), ("two", 6, 1.0)]


def test_a_folder_of_another_day_is_not_gone_on_with(tmp_path: Path) -> None:
    (tmp_path / "national-day.json").write_text(json.dumps({"asked": {**HALF, "seed": 8}, "steps": []}))
    with pytest.raises(Failed, match="Take another --folder"):
        NationalDay(asked(tmp_path))


def test_a_disk_too_small_is_told_before_anything_is_done(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(national_day, "GB_AT_SCALE_1", {"received files": 1e9})
    with pytest.raises(Failed, match="disk is too small"):
        national_day.refuse_too_small_a_disk(asked(tmp_path / "none"))
    assert not (tmp_path / "none").exists()


def test_only_the_whole_day_is_held_to_the_bars() -> None:
    slow = replace(STEP, wall_s=601.0)
    assert "MISSED" not in " ".join(verdicts([slow, REPORT], HALF))
    assert "Bar of 10 minutes: MISSED. Bar of 4 GB: held." in verdicts([slow, REPORT], WHOLE)
    assert "Bar of 10 minutes: held. Bar of 4 GB: MISSED." in verdicts([replace(STEP, peak_gb=4.1), REPORT], WHOLE)
    # The generation is not of the ten minutes, nor is holding the figures to the truth.
    beside = [replace(STEP, part=part, wall_s=900.0, peak_gb=9.0) for part in ("generate", "compare")]
    assert verdicts([STEP, REPORT, *beside], WHOLE) == verdicts([STEP, REPORT], WHOLE)


def test_a_day_broken_off_holds_no_bar() -> None:
    """A run that ended after its intake had told that ten minutes were held."""
    assert verdicts([STEP], WHOLE) == ["So far, without the report: 5 s (0.1 minutes), 2 CPU s, 1.50 GB at most."]


def test_the_table_tells_the_rate_and_its_share_of_the_limit() -> None:
    assert "| close | 9,000,000 | rows | 2.0 | 5.0 | 1.50 | 4,500,000 | 50 % |" in list(tell([STEP], WHOLE))


def test_the_page_holds_what_was_measured_between_its_marks(tmp_path: Path) -> None:
    page = ROOT / "docs" / "performance.md"
    before = page.read_text(encoding="utf-8")
    copy = tmp_path / "performance.md"
    copy.write_text(before, encoding="utf-8")
    write_results([STEP], WHOLE, tmp_path, "the disk is full\nand more", copy)
    after = copy.read_text(encoding="utf-8")
    assert after.partition(BEGIN)[0] == before.partition(BEGIN)[0]
    assert after.partition(END)[2] == before.partition(END)[2]
    assert "| close | 9,000,000 |" in after
    assert "It ended early: the disk is full" in after
    assert json.loads((tmp_path / "national-day.json").read_text())["steps"][0]["rows"] == 9_000_000
    with pytest.raises(ValueError, match="was expected"):
        with_measured("a page without marks", "text")
