"""What a cluster costs, and what it divides: a simulated month and journeys of many rows, on this machine and on clusters of its loopback.

`python -m bench.cluster` (the servers of `make cluster`; six minutes of a quiet machine) writes results/cluster.json. It is no race: on two
cores a cluster can only be slower. What counts is how the work splits: CPU seconds of the desk's process, which no executor takes off
it, of the cluster's driver, which more executors do not share either, and of the executors, which they do.
Every figure of the month and every row of the journeys is compared with those of the first place.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
from tools.cluster import sail_server, spark_cluster

from bench.generate import Dataset, generate

HERE = Path(__file__).parent
MONTH = "2021-09"
TOCSIN = [str(Path(sys.executable).with_name("tocsin"))]
JOURNEYS = [sys.executable, "-m", "bench.ours.journeys_there"]
# What the processes of a cluster are known by: whose work more executors share, and whose they do not.
EXECUTORS, DRIVER = ("CoarseGrainedExecutorBackend", "pyspark.daemon", "pyspark/daemon", "pysail"), "SparkConnectServer"


@dataclass(frozen=True)
class Step:
    """One command in one place: CPU seconds of the desk, of the cluster's driver and of its executors (Sail has both in one process, told
    as executors), and wall seconds; `rows` where it is one of a size."""

    where: str
    step: str
    rows: int
    desk_s: float
    driver_s: float
    executors_s: float
    wall_s: float

    def __str__(self) -> str:
        said = f"{self.step} {self.rows:,}" if self.rows else self.step
        return f"{self.where:8} {said:20} {self.desk_s:8.1f} {self.driver_s:8.1f} {self.executors_s:10.1f} {self.wall_s:8.1f}"


@dataclass(frozen=True)
class Month:
    """A simulated month that is taken in: its workspace, and what its cluster takes in by workers."""

    workspace: Path
    as_at: str
    spread_from: str

    @property
    def arrivals(self) -> Path:
        return self.workspace / "truth" / "arrivals.csv"

    def figures(self) -> str:
        """Every figure as the desk tells it."""
        asked = [*TOCSIN, "figures", MONTH, "--format", "json", "--workspace", str(self.workspace)]
        return subprocess.run(asked, capture_output=True, check=True, text=True).stdout


class Bench:
    """The steps done so far, and what their answers are compared with."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.steps = folder, list[Step]()
        self.figures = ""

    def ask(self, where: str, step: str, command: list[str], *words: object, rows: int = 0) -> None:
        before, began = used_s(), time.monotonic()
        child = subprocess.Popen([*command, *map(str, words)], stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        wall_s, after = time.monotonic() - began, used_s()
        child.returncode = os.waitstatus_to_exitcode(status)
        # 11: some files are refused whole, as a simulated month would have it.
        if child.returncode not in {0, 11}:
            raise RuntimeError(f"{where}: {step} ended with {child.returncode}")
        driver_s, executors_s = (after[name] - before[name] for name in ("driver", "executors"))
        self.steps.append(Step(where, step, rows, used.ru_utime + used.ru_stime, driver_s, executors_s, wall_s))
        print(self.steps[-1], flush=True)

    def close(self, where: str, made: Month, url: str | None, takes_in: bool) -> None:
        """Close the month there, after taking it in there if asked to; on this machine, always."""
        month = Month(self.folder / "closed", made.as_at, made.spread_from)
        shutil.rmtree(month.workspace, ignore_errors=True)
        shutil.copytree(made.workspace, month.workspace)
        if url is not None:
            file = month.workspace / "workspace.toml"
            told = file.read_text().replace('name = "duckdb"', f'name = "spark"\nurl = "{url}"', 1)
            file.write_text(told.replace("[intake]\n", f'[intake]\nspread_from = "{month.spread_from}"\n', 1) if takes_in else told)
        if takes_in:
            shutil.rmtree(month.workspace / "store")
            self.ask(where, "take-in", TOCSIN, "take-in", "--arrivals", month.arrivals, "--workspace", month.workspace)
        self.ask(where, "close", TOCSIN, "close", MONTH, "--as-at", month.as_at, "--workspace", month.workspace)
        found = month.figures()
        self.figures = self.figures or found
        self._compare(where, "figures", len(json.loads(found)), found == self.figures)

    def journeys(self, where: str, data: Dataset, address: str) -> None:
        """Journeys of the bench's rows there, compared with those of the place before."""
        out = self.folder / "journeys" / where.replace(" ", "-")
        self.ask(where, "journeys", JOURNEYS, "--data", data.folder, "--out", out, address, rows=data.told["rows"])
        first = self.folder / "journeys" / "desk" / "journeys.parquet"
        differing = f"(FROM read_parquet('{first}') EXCEPT ALL FROM read_parquet('{out / 'journeys.parquet'}'))"
        (count,) = duckdb.execute(f"SELECT count(*) FROM read_parquet('{out / 'journeys.parquet'}')").fetchall()[0]
        (expected,) = duckdb.execute(f"SELECT count(*) FROM read_parquet('{first}')").fetchall()[0]
        (odd,) = duckdb.execute(f"SELECT count(*) FROM {differing}").fetchall()[0]
        self._compare(where, "journeys", count, count == expected and odd == 0)

    def _compare(self, where: str, what: str, count: int, is_equal: bool) -> None:
        print(f"{where:8} {count:,} {what}, {'equal' if is_equal else 'NOT EQUAL'}", flush=True)
        if not is_equal:
            sys.exit(1)


def used_s() -> dict[str, float]:
    """CPU seconds of all living processes below this one, and of those they have waited for: of a cluster's driver and of its executors."""
    parents, used, names = {}, {}, {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "stat").read_text().rpartition(")")[2].split()
            names[int(process.name)] = (process / "cmdline").read_text()
        except OSError:
            continue
        parents[int(process.name)], used[int(process.name)] = int(told[1]), sum(map(int, told[11:15]))
    found = {"driver": 0.0, "executors": 0.0}
    below = {os.getpid()}
    while below:
        below = {pid for pid, parent in parents.items() if parent in below}
        for pid in below & names.keys():
            if any(name in names[pid] for name in EXECUTORS):
                found["executors"] += used[pid] / os.sysconf("SC_CLK_TCK")
            elif DRIVER in names[pid]:
                found["driver"] += used[pid] / os.sysconf("SC_CLK_TCK")
    return found


@contextmanager
def simulated(folder: Path, scale: str, spread_from: str) -> Iterator[Month]:
    made = folder / "made"
    shutil.rmtree(made, ignore_errors=True)
    asked = [MONTH, "--scale", scale, "--seed", "7", "--slices-from", "2022-01-01", "--workspace", made]
    said = subprocess.run([*TOCSIN, "simulate", *map(str, asked)], capture_output=True, text=True, check=True).stdout
    yield Month(made, said.partition("--as-at ")[2].split()[0], spread_from)
    shutil.rmtree(made)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", default="0.0001", help="of the simulated network (0.0001: some 0.2 million audit rows)")
    parser.add_argument("--spread-from", default="50KB", help="size from which on workers take files in")
    parser.add_argument("--rows", type=int, nargs="+", default=[200_000, 1_200_000], help="audit rows of which journeys are made")
    parser.add_argument("--small", action="store_true", help="the journeys alone; nothing is written to results/")
    parser.add_argument("--folder", type=Path, default=HERE / "data" / "cluster")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    sizes = [generate(rows) for rows in sorted(given.rows)]
    bench = Bench(given.folder)
    print(f"{'where':8} {'step':20} {'desk, s':>8} {'driver':>8} {'executors':>10} {'wall':>8}", flush=True)
    with simulated(given.folder, given.scale, given.spread_from) as month:
        if not given.small:
            bench.ask("desk", "take-in", TOCSIN, "take-in", "--arrivals", month.arrivals, "--workspace", month.workspace)
            bench.close("desk", month, None, takes_in=False)
        with spark_cluster(given.folder / "servers", workers=2) as spark:
            if not given.small:
                bench.close("spark 2", month, spark.url, takes_in=True)
            for data in sizes:
                bench.journeys("desk", data, "duckdb")
                bench.journeys("spark 2", data, spark.url)
            # Of the two workers one is lost; what Java has learnt by now, the other and the driver keep.
            spark.kill_worker(0)
            bench.journeys("spark 1", sizes[-1], spark.url)
        with sail_server(given.folder / "servers", workers=2) as url:
            if not given.small:
                bench.close("sail 2", month, url, takes_in=False)
            bench.journeys("sail 2", sizes[-1], url)
    if not given.small:
        (HERE / "results" / "cluster.json").write_text(json.dumps([asdict(step) for step in bench.steps], indent=1) + "\n")


if __name__ == "__main__":
    main()
