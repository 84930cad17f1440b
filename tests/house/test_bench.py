"""The bench runs, and all its contenders give one answer, on data small enough for every test run."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from bench.measure import run
from bench.regressions import ratios, regressions

ROOT = Path(__file__).resolve().parents[2]


def test_ours_and_the_peers_give_one_answer(tmp_path: Path) -> None:
    """J1, J2 and J3 on 20,000 rows: every planted fault found under its reason by all, every figure equal. Speed is not judged here."""
    command = [sys.executable, "-m", "bench.run", "--rows", "20_000", "--repeats", "1", "--folder", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Answers equal.") == 3


def told(ours: float, *peers: float, rows: int = 1_000) -> dict[str, object]:
    contenders = {"ours": {"cpu_s": ours, "is_ours": True}}
    contenders |= {f"peer_{n}": {"cpu_s": cpu_s, "is_ours": False} for n, cpu_s in enumerate(peers)}
    alerts = {"ours": {"journeys": {"alert_slices": {"cpu_s": ours}}}, "duckdb": {"cpu_s": peers[0]}}
    jobs = {"j1": {"contenders": contenders}, "alerts": alerts, "campaign": {"ours": {"cpu_s": 9.9}}}
    return {"rows": rows, "measured_at": "then", "jobs": jobs}


def test_a_ratio_worse_by_more_than_a_quarter_is_a_regression() -> None:
    before = told(10.0, 20.0, 12.0)
    assert ratios(before) == {"j1": 10 / 12, "alerts": 0.5}
    # Twice the seconds on a machine half as fast are the same ratio, and a quarter more is still noise.
    assert regressions(before, told(20.0, 40.0, 24.0)) == regressions(before, told(12.5, 20.0, 12.0)) == []
    worse = regressions(before, told(12.6, 20.0, 12.0))
    assert [line.partition(":")[0] for line in worse] == ["j1", "alerts"]
    assert "1.05 of the best peer's CPU seconds, 0.83 in the results of then: worse by 26 %, tolerated are 25 %" in worse[0]
    # A peer that got faster is no excuse: the ratio is against the best of them.
    assert regressions(before, told(10.0, 20.0, 9.0)) and not regressions(before, told(10.0, 26.0, 12.0))


def test_runs_of_other_rows_or_without_results_compare_with_nothing() -> None:
    assert regressions(told(1.0, 9.0), told(9.0, 1.0, rows=2_000)) == regressions({}, told(9.0, 1.0)) == []


def test_a_regression_replaces_no_results(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench.run", "--rows", "20_000", "--repeats", "1", "--folder", str(tmp_path), "--job", "j2"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0
    (kept,) = tmp_path.glob("*/latest.json")
    was = json.loads(kept.read_text())
    was["jobs"]["j2"]["contenders"]["ours"]["cpu_s"] /= 1_000
    kept.write_text(json.dumps(was))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "REGRESSION\nj2: " in done.stderr and json.loads(kept.read_text()) == was
    again = subprocess.run([*command, "--accept"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert again.returncode == 0 and json.loads(kept.read_text()) != was


CONTENDER = """
import json, sys
held = b"x" * int(sys.argv[1])
print(json.dumps({"held": len(held)}))
"""


def test_a_contender_is_not_blamed_for_the_memory_of_the_bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child keeps the peak of the process that it was forked from; the bench has grown long before its last job."""
    (tmp_path / "contender.py").write_text(CONTENDER)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    grown = b"x" * 400_000_000
    slim, fat = (run("contender", [str(held)], tmp_path / "log.txt") for held in (1, 200_000_000))
    assert (slim.answer, fat.answer) == ({"held": 1}, {"held": 200_000_000})
    assert slim.cost.peak_gb < 0.1
    assert 0.2 <= fat.cost.peak_gb < len(grown) / 1e9
    with pytest.raises(RuntimeError, match=r"contender ended with 1:[\s\S]*invalid literal"):
        run("contender", ["many"], tmp_path / "log.txt")
