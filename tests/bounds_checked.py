"""Tests of kernels once more with every index looked at: compiled code reads past an array without a word."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path


def hold_bounds(module: str, tests: Sequence[Callable[..., None]], cache: Path) -> None:
    """Run tests of a module (its `__file__`) in a process that has numba look at every index; `cache` is for what it compiles there."""
    if os.environ.get("NUMBA_BOUNDSCHECK"):
        return
    chosen = [f"{module}::{one.__name__}" for one in tests]
    checked = {**os.environ, "NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(cache)}
    ran = subprocess.run([sys.executable, "-m", "pytest", "-q", *chosen], env=checked, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
