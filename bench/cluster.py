"""A simulated month taken in and closed on this machine and on clusters of its own loopback: what a cluster costs, and what it divides.

`python -m bench.cluster` (the servers of `make cluster`; a quarter of an hour). It is no race: on two cores a cluster can only be slower.
What counts is how the work splits: CPU seconds of the desk's process, which no executor takes off it, and of the cluster, which more
executors share.
Every figure of every run is compared with those of the first.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.cluster import sail_server, spark_cluster

HERE = Path(__file__).parent
MONTH = "2021-09"
TOCSIN = str(Path(sys.executable).with_name("tocsin"))


@dataclass(frozen=True)
class Step:
    """One command in one place: CPU seconds of the desk and of the cluster, wall seconds."""

    where: str
    step: str
    desk_s: float
    cluster_s: float
    wall_s: float


@contextmanager
def place(name: str, folder: Path) -> Iterator[str | None]:
    """A cluster by its name ("spark 2" has two workers of one core each), or none; gives its address."""
    kind, _, workers = name.partition(" ")
    if kind == "spark":
        with spark_cluster(folder, workers=int(workers)) as cluster:
            yield cluster.url
    elif kind == "sail":
        with sail_server(folder, workers=int(workers)) as url:
            yield url
    else:
        with nullcontext():
            yield None


def descendants_s() -> float:
    """CPU seconds of all living processes below this one, and of those they have waited for."""
    parents, used = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(stat.parent.name)
        parents[pid], used[pid] = int(told[1]), sum(map(int, told[11:15]))
    below, found = {os.getpid()}, set[int]()
    while below:
        below = {pid for pid, parent in parents.items() if parent in below}
        found |= below
    return sum(used[pid] for pid in found) / os.sysconf("SC_CLK_TCK")


def ask(where: str, step: str, *words: object) -> Step:
    before, began = descendants_s(), time.monotonic()
    child = subprocess.Popen([TOCSIN, *map(str, words)], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    wall_s = time.monotonic() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    # 11: some files are refused whole, as a simulated month would have it.
    if child.returncode not in {0, 11}:
        raise RuntimeError(f"{where}: tocsin {step} ended with {child.returncode}")
    return Step(where, step, used.ru_utime + used.ru_stime, descendants_s() - before, wall_s)


def figures(workspace: Path) -> list[dict[str, object]]:
    told = subprocess.run(
        [TOCSIN, "figures", MONTH, "--format", "json", "--workspace", str(workspace)],
        capture_output=True,
        check=True,
    )
    return list(json.loads(told.stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", default="0.0002", help="of the simulated network (0.0002: some 0.4 million audit rows)")
    parser.add_argument("--spread-from", default="100KB", help="size from which on workers take files in")
    parser.add_argument("--folder", type=Path, default=HERE / "data" / "cluster")
    parser.add_argument("places", nargs="*", default=["desk", "spark 1", "spark 2", "sail 2"])
    given = parser.parse_args()
    made = given.folder / "made"
    asked = [MONTH, "--scale", given.scale, "--seed", "7", "--slices-from", "2022-01-01", "--workspace", made]
    simulated = subprocess.run([TOCSIN, "simulate", *map(str, asked)], capture_output=True, text=True, check=True)
    as_at = simulated.stdout.partition("--as-at ")[2].split()[0]
    settings = (made / "workspace.toml").read_text()
    steps: list[Step] = []
    expected: list[dict[str, object]] | None = None
    for name in given.places:
        workspace = given.folder / "closed"
        shutil.rmtree(workspace, ignore_errors=True)
        shutil.copytree(made, workspace)
        with place(name, given.folder / "servers") as url:
            if url is not None:
                told = settings.replace('name = "duckdb"', f'name = "spark"\nurl = "{url}"', 1)
                # Sail 0.7 cannot run a function of this pyspark: there files are taken in by the desk.
                spread = f'[intake]\nspread_from = "{given.spread_from}"\n'
                (workspace / "workspace.toml").write_text(told.replace("[intake]\n", spread, 1) if name.startswith("spark") else told)
            arrivals = workspace / "truth" / "arrivals.csv"
            steps.append(ask(name, "take-in", "take-in", "--arrivals", arrivals, "--workspace", workspace))
            steps.append(ask(name, "close", "close", MONTH, "--as-at", as_at, "--workspace", workspace))
        found = figures(workspace)
        expected = expected or found
        for one in steps[-2:]:
            print(f"{one.where:8} {one.step:8} desk {one.desk_s:6.1f}  cluster {one.cluster_s:6.1f}  wall {one.wall_s:6.1f}", flush=True)
        print(f"{name:8} {len(found)} figures, {'equal' if found == expected else 'NOT EQUAL'}", flush=True)
        if found != expected:
            sys.exit(1)
    (HERE / "results" / "cluster.json").write_text(json.dumps([asdict(step) for step in steps], indent=1) + "\n")


if __name__ == "__main__":
    main()
