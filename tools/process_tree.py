"""What a command costs: CPU seconds of it and all it started, wall seconds, and the most memory that its processes held together."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLED_EVERY_S = 0.25


@dataclass(frozen=True)
class Cost:
    """CPU seconds, user and system; wall seconds; the peak of the tree in GB."""

    cpu_s: float
    wall_s: float
    peak_gb: float


@dataclass(frozen=True)
class Ended:
    """A command that has ended, well or not. `log` holds what it printed; its error output went where this process's goes."""

    code: int
    cost: Cost
    log: Path


def run(argv: Sequence[str], log: Path, *, environment: Mapping[str, str] | None = None) -> Ended:
    """Run a command to its end, its standard output into `log`."""
    began = time.monotonic()
    with log.open("w", encoding="utf-8") as out:
        child = subprocess.Popen(argv, stdout=out, stderr=sys.stderr, env={**os.environ, **(environment or {})})
        watch = _Watch(child.pid)
        watch.start()
        try:
            # wait4 tells what this child used, and what those it waited for used; getrusage would add up every child there was.
            _, status, used = os.wait4(child.pid, 0)
        except BaseException:
            child.kill()
            raise
        finally:
            watch.ended.set()
            watch.join()
        child.returncode = os.waitstatus_to_exitcode(status)
    return Ended(child.returncode, Cost(used.ru_utime + used.ru_stime, time.monotonic() - began, watch.peak_kb * 1024 / 1e9), log)


class _Watch(threading.Thread):
    """Looks at a process and those below it until it has ended; `ru_maxrss` would tell of one process alone, and of before its exec."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.ended, self.peak_kb = pid, threading.Event(), 0

    def run(self) -> None:
        while not self.ended.wait(SAMPLED_EVERY_S):
            self.peak_kb = max(self.peak_kb, held_kb(self.pid))


def held_kb(pid: int) -> int:
    """Memory that a process and all below it hold. Of one process its own high-water mark; of several the sum of their shares (PSS),
    for pages that a forked process has not written are there once."""
    tree = _tree(pid)
    if len(tree) == 1:
        return _told(tree[0], "status", "VmHWM:")
    return sum(_told(one, "smaps_rollup", "Pss:") for one in tree)


def _tree(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found


def _told(pid: int, file: str, name: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)
