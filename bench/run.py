"""Ours beside the peers in one run, answers checked equal; CPU seconds and peak memory, as figures and as ratios.

    make bench                                   all jobs at 20 million audit rows
    make bench BENCH="--rows 1_000_000"          the quick look: medians of three interleaved runs
    make bench BENCH="--job j2"                  one job

A run of all jobs at the full size leaves its results in bench/results/, any other beside its data. Exit code 1 when answers differ, and
when ours has become dearer by more than a quarter beside the best peer than in the results kept before (`regressions.py`); a bar that is
missed is printed as missed, for a busy machine is no proof. CPU seconds are user and system time of the contender's whole process
tree: what compares on a machine that others use too.
"""

import argparse
import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import polars

from bench.answers import compare_counts, compare_rows
from bench.generate import DATA, Dataset, generate
from bench.measure import Cost, Outcome, run
from bench.pmr import reported
from bench.regressions import regressions
from bench.simulate import simulated
from bench.single_journeys import SINGLES, single
from bench.tables import Bars, Line, at_least, at_most, table

RESULTS = Path(__file__).parent / "results"
FULL = 20_000_000
REPEATED_UP_TO = 2_000_000
# More rows a day than this would only take longer: a day at full scale is a sequence of blocks.
SIMULATED_UP_TO = 4_000_000


@dataclass(frozen=True)
class Job:
    """One job: the contenders by name and module, what each reads, and the bar that ours is held to."""

    title: str
    ours: str
    contenders: dict[str, str]
    files: Callable[[Dataset], dict[str, list[Path]]]
    bars: Bars


def work(data: Dataset) -> Path:
    return data.folder / "work"


def reporting_files(data: Dataset) -> list[Path]:
    return sorted((work(data) / "journeys" / "store" / "reporting").rglob("*.parquet"))


J1 = Job(
    "J1: take in CSV.gz (contract, refused and over-long lines with reasons, repeated rows, sorted Parquet)",
    "ours",
    {"ours": "bench.ours.j1", "duckdb": "bench.peers.duckdb_j1", "polars": "bench.peers.polars_j1"},
    lambda data: dict.fromkeys(("ours", "duckdb", "polars"), data.raw),
    Bars(times_less=2, peak_gb=1.5),
)
J2 = Job(
    "J2: per SRV, party, device type, region and day: volume, answered, success, in target, p50, p95, p99",
    "ours",
    {"ours": "bench.ours.j2", "duckdb": "bench.peers.duckdb_j2", "polars": "bench.peers.polars_j2"},
    lambda data: {"ours": reporting_files(data), "duckdb": data.events, "polars": data.events},
    Bars(times_less=8, peak_gb=2.2),
)
JOBS = {"j1": J1, "j2": J2}
# Have no peer: what they cost is told by itself.
SIMULATE, PMR = "simulate", "pmr"


def once(data: Dataset, module: str, name: str, files: list[Path]) -> Outcome:
    out = work(data) / name
    # What a former run left would be known again by the intake, and nothing would be done.
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    return run(module, ["--data", str(data.folder), "--out", str(out), *map(str, files)], work(data) / f"{name}.log")


def measured(data: Dataset, name: str, job: Job, repeats: int) -> tuple[list[Line], dict[str, dict[str, Any]]]:
    """Every contender in turn, so often: the medians, and the answers of the last round."""
    costs: dict[str, list[Cost]] = {contender: [] for contender in job.contenders}
    answers = {}
    files = job.files(data)
    for _ in range(repeats):
        for contender, module in job.contenders.items():
            outcome = once(data, module, f"{name}-{contender}", files[contender])
            costs[contender].append(outcome.cost)
            answers[contender] = outcome.answer
            print(f"  {name} {contender}: {outcome.cost.cpu_s:.1f} CPU s", file=sys.stderr)
    lines = [
        Line(
            contender,
            median(cost.cpu_s for cost in of),
            min(cost.wall_s for cost in of),
            max(cost.peak_gb for cost in of),
            is_ours=contender == job.ours,
        )
        for contender, of in costs.items()
    ]
    return lines, answers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=FULL, help="audit rows to generate (default: 20 million)")
    parser.add_argument("--folder", type=Path, default=DATA, help="where the data are made and used again (default: bench/data)")
    parser.add_argument("--repeats", type=int, help="interleaved runs, of which the median counts (default: 3 for small data, else 1)")
    parser.add_argument("--job", choices=[*JOBS, *SINGLES, SIMULATE, PMR], action="append", help="only this job; may be given again")
    parser.add_argument("--accept", action="store_true", help="keep the results although a ratio is worse by more than a quarter")
    asked = parser.parse_args()
    # In a process of its own: a child's peak memory begins at what its parent holds when it is forked.
    command = [sys.executable, "-m", "bench.generate", "--rows", str(asked.rows), "--folder", str(asked.folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    data = generate(asked.rows, folder=asked.folder)
    rows = data.told["rows"]
    repeats = asked.repeats or (3 if asked.rows <= REPEATED_UP_TO else 1)
    report: dict[str, Any] = {
        "rows": rows,
        "repeats": repeats,
        "measured_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%MZ}",
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "polars": polars.__version__,
        "jobs": {},
    }
    differing: list[str] = []
    told = [f"{rows:,} audit rows, {f'medians of {repeats} interleaved runs' if repeats > 1 else 'one run'}; {report['measured_at']}"]
    for name in asked.job or [*JOBS, *SINGLES, SIMULATE, PMR]:
        if name == PMR:
            # Small data, small months: the quick look must stay quick.
            text, report["jobs"][name] = reported(work(data), min(1.0, rows / FULL))
            told.append(text)
            continue
        if name == SIMULATE:
            text, report["jobs"][name] = simulated(min(rows, SIMULATED_UP_TO), work(data))
            told.append(text)
            continue
        if name in SINGLES:
            text, report["jobs"][name], found = single(name, rows, work(data))
            differing += found
            told.append(text)
            continue
        job = JOBS[name]
        if name == "j2":
            built = once(data, "bench.ours.journeys", "journeys", data.accepted)
            told.append(
                f"Journey store (once a close): {built.cost.cpu_s:.1f} CPU s, {built.cost.wall_s:.1f} s, {built.cost.peak_gb:.1f} GB,"
                f" {built.answer['bytes'] / built.answer['journeys']:.1f} bytes a request in the reporting store,"
                f" {built.answer['way_back_bytes'] / built.answer['journeys']:.1f} beside it with the way back. Of the CPU s"
                f" {built.answer['worked_out_cpu_s']:.1f} worked the journeys out, {built.answer['stored_cpu_s']:.1f} parted them by day,"
                f" {built.answer['packed_cpu_s']:.1f} packed the reporting store.\n\n"
                + "\n".join(
                    [
                        at_most("bytes a request", built.answer["bytes"] / built.answer["journeys"], 3, "bytes"),
                        at_most("peak memory", built.cost.peak_gb, 2.2, "GB"),
                    ]
                )
            )
            report["jobs"]["journey_store"] = {**vars(built.cost), **built.answer}
        lines, answers = measured(data, name, job, repeats)
        if name == "j1":
            found, sums = compare_counts(answers, data.told), answers["ours"]
        else:
            found, sums = compare_rows({contender: Path(answer["answer"]) for contender, answer in answers.items()})
        differing += found
        told.append(table(job.title, lines, rows, job.bars, is_equal=not found))
        if name == "j2":
            cost = {line.name: line.cpu_s for line in lines}
            from_rows = built.cost.cpu_s + cost["ours"]
            told.append(
                at_least("from typed rows, the store built and asked, CPU seconds less than plain DuckDB", cost["duckdb"] / from_rows, 2.5)
            )
        report["jobs"][name] = {"contenders": {line.name: vars(line) for line in lines}, "answer": sums, "is_equal": not found}
    _keep(report, "\n\n".join(told) + "\n", data, differing, is_full=asked.rows == FULL and asked.job is None, is_accepted=asked.accept)


def _keep(report: dict[str, Any], text: str, data: Dataset, differing: list[str], *, is_full: bool, is_accepted: bool) -> None:
    """Print the run, keep its results, and end with 1 for answers that differ and for a regression, which replaces no results."""
    results = RESULTS if is_full else data.folder
    kept = results / "latest.json"
    worse = regressions(json.loads(kept.read_text()) if kept.is_file() else {}, report)
    print(text)
    if not worse or is_accepted:
        results.mkdir(exist_ok=True)
        kept.write_text(json.dumps(report, indent=1) + "\n")
        (results / "latest.md").write_text(text)
    if worse:
        said = "kept all the same" if is_accepted else f"{kept} is left as it was; --accept keeps the new results"
        print("\n".join(["REGRESSION", *worse, said]), file=sys.stderr)
    if differing:
        print("\n".join(["ANSWERS DIFFER", *differing]), file=sys.stderr)
    if differing or (worse and not is_accepted):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
