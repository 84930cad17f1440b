"""The bench runs, and all its contenders give one answer, on data small enough for every test run."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_ours_and_the_peers_give_one_answer(tmp_path: Path) -> None:
    """J1, J2 and J3 on 20,000 rows: every planted fault found under its reason by all, every figure equal. Speed is not judged here."""
    command = [sys.executable, "-m", "bench.run", "--rows", "20_000", "--repeats", "1", "--folder", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Answers equal.") == 3
