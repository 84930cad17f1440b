"""Runs one contender as its own process and measures what it cost: CPU seconds of the whole tree, peak memory, wall seconds."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LAUNCHER = Path(__file__).with_name("launcher.py")


@dataclass(frozen=True)
class Cost:
    """What a child process used. `cpu_s` is user and system time of it and its children: on a shared machine the figure to compare."""

    cpu_s: float
    wall_s: float
    peak_gb: float


@dataclass(frozen=True)
class Outcome:
    """The cost of a contender and the answer it printed as JSON on its last line."""

    cost: Cost
    answer: dict[str, Any]


def run(module: str, arguments: Sequence[str], log: Path) -> Outcome:
    """Runs `python -m module arguments`. Raises RuntimeError with the end of its error output if it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    # Python code of all contenders is compiled once, as an installation does it, and not at each start.
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str((log.parent / "compiled").absolute())}
    environment = {**os.environ, **compiled, "POLARS_MAX_THREADS": "2", "TZ": "UTC"}
    used = log.with_suffix(".used")
    used.unlink(missing_ok=True)
    began = time.monotonic()
    with log.open("w") as out, log.with_suffix(".err").open("w") as err:
        command = [sys.executable, "-S", "-E", str(LAUNCHER), str(used), sys.executable, "-m", module, *arguments]
        subprocess.run(command, stdout=out, stderr=err, env=environment, check=True)
    wall_s = time.monotonic() - began
    told = json.loads(used.read_text())
    if told["code"]:
        raise RuntimeError(f"{module} ended with {told['code']}:\n{log.with_suffix('.err').read_text()[-3000:]}")
    lines = log.read_text().strip().splitlines()
    return Outcome(Cost(told["cpu_s"], wall_s, told["peak_gb"]), json.loads(lines[-1]))
