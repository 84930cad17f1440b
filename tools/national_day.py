"""A national day on two cores: generated, taken in, closed and shown, each step measured. `make national-day`.

python -m tools.national_day [--scale S] [--seed N] [--day 2022-07-06] [--folder FOLDER] [--only STEP] [--keep]

One day at the volume of July 2022: 33 million Service Requests as some 70 million audit rows, 53 million device alerts with the stages that
their senders tell. The commands are those that people type, each a process of its own. A step that is done is not done again: run it again
after a failure. The figures are held to the truth of the simulation at the end; that, and the generation, are not part of the ten minutes.
"""

import argparse
import csv
import json
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from tools.national_day_table import Step, tell, write_results
from tools.process_tree import Ended, run

from tocsin.desk.estate import settle
from tocsin.desk.workspace import FILE
from tocsin.estate.faults.profile import fault_profile
from tocsin.estate.one_day import plan_of_one_day, simulate_day
from tocsin.estate.plan import Plan
from tocsin.estate.publication import published
from tocsin.vocabulary.calendar import Period

HERE = Path(__file__).resolve().parents[1]
TOCSIN = str(Path(sys.executable).with_name("tocsin"))
ON, SEED, FAULTS = date(2022, 7, 6), 7, "rows"
RECORD = "national-day.json"
# Documented settings ([engine] of workspace.toml) under which the whole stays below 4 GB: DuckDB counts its own memory alone.
SETTINGS = {'memory_limit = "4GB"': 'memory_limit = "2500MB"'}

# Disk at full volume, in GB, measured: received files, kept copies of them, accepted rows, journeys, and what a step needs aside.
GB_AT_SCALE_1 = {"received files": 11, "kept copies": 11, "accepted rows": 6, "journeys and room aside": 8}
FOLDER = "national-day"

# What each step is of: only generate, take-in or close may be asked for.
PARTS = ("generate", "take-in", "close")


@dataclass(frozen=True)
class Asked:
    """What was asked for on the command line."""

    scale: Fraction
    seed: int
    on: date
    folder: Path
    only: str | None
    keep: bool
    results: Path | None

    @property
    def plan(self) -> Plan:
        period = Period(self.on.year, self.on.month)
        month = Plan(period, self.scale, self.seed, Plan.settled_at(period), fault_profile(FAULTS))
        return plan_of_one_day(month, self.on)

    @property
    def month(self) -> str:
        return f"{self.on:%Y-%m}"

    @property
    def as_at(self) -> str:
        """The end of the day after: every file has come."""
        return f"{self.on + timedelta(days=2)}T00:00:00Z"

    @property
    def same(self) -> dict[str, Any]:
        return {"scale": str(self.scale), "seed": self.seed, "day": self.on.isoformat()}


class Failed(Exception):
    """A step that ended otherwise than it should."""


class NationalDay:
    """The steps of a day in one folder; each step's cost is kept there as soon as it is done."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.record = asked.folder / RECORD
        told: dict[str, Any] = {"asked": asked.same, "steps": []}
        if self.record.is_file():
            told = json.loads(self.record.read_text(encoding="utf-8"))
        if told["asked"] != asked.same:
            raise Failed(
                f"{asked.folder}: {asked.same} was asked for, found a day of {told['asked']}. Take another --folder, or remove it."
            )
        self.steps = [Step(**step) for step in told["steps"]]

    def done(self, name: str) -> Step | None:
        return next((step for step in self.steps if step.name == name), None)

    def step(
        self, name: str, part: str, argv: Iterable[object], rows_of: Callable[[Path], int], of: str, *, ends: tuple[int, ...] = (0,)
    ) -> None:
        """Run a command and keep what it cost. Raises Failed where it ends otherwise than in one of `ends`."""
        if self.asked.only not in (None, part):
            return
        if before := self.done(name):
            say(f"{name}: done before, in {before.wall_s:.0f} s")
            return
        say(f"{name} …")
        log = self.asked.folder / f"{name.replace(' ', '-')}.log"
        ended = run([str(word) for word in argv], log, environment={"TZ": "UTC"})
        if ended.code not in ends:
            cost = f"after {ended.cost.wall_s:.0f} s, {ended.cost.peak_gb:.2f} GB at most"
            raise Failed(f"{name} ended with {ended.code} {cost}; it printed:\n{_tail(ended)}")
        self.steps.append(Step(name=name, part=part, rows=rows_of(log), of=of, **asdict(ended.cost)))
        told = {"asked": self.asked.same, "steps": [asdict(step) for step in self.steps]}
        self.record.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        say(f"{name}: {self.steps[-1].told}")

    def walk(self) -> None:
        """Every step that is asked for and not done yet."""
        folder, month = self.asked.folder, self.asked.month
        here = ("--workspace", folder)
        generate = [sys.executable, "-m", "tools.national_day", "--folder", folder, "--scale", self.asked.scale, "--seed", self.asked.seed]
        self.step("generate", "generate", [*generate, "--day", self.asked.on, "--draw"], lambda log: _drawn(folder), "rows written")
        # Once a machine, as an installation is: not of any day.
        ready = [sys.executable, "-m", "tocsin.engines.compiled"]
        self.step("make the kernels ready", "generate", ready, lambda log: 0, "", ends=(0, 1))
        if self.asked.only in (None, "take-in"):
            self._list_arrivals()
        for name, of in (("requests", "audit rows"), ("alerts", "time-points")):
            listed = ("--arrivals", folder / f"arrivals-{name}.csv", "--format", "csv")
            self.step(f"take {name} in", "take-in", [TOCSIN, "take-in", *listed, *here], _taken_in, of, ends=(0, 11))
        self.step(
            "close",
            "close",
            [TOCSIN, "close", month, "--as-at", self.asked.as_at, *here],
            lambda log: self._rows_in(),
            "rows and time-points",
        )
        self.step("figures", "close", [TOCSIN, "figures", month, "--format", "csv", *here], _lines, "figures")
        self.step(
            "report", "close", [TOCSIN, "report", month, *here], lambda log: _lines(folder / "figures.log"), "figures, told in every format"
        )
        self.step("hold to the truth", "compare", self._compare(), _compared, "figures equal")

    def _list_arrivals(self) -> None:
        """Files of requests and of alerts apart, so that each is a line of the table; the party list comes with the requests."""
        folder = self.asked.folder
        deliveries = {row["file"]: row["feed"] for row in _rows(folder / "truth" / "deliveries.csv")}
        for name in ("requests", "alerts"):
            with (folder / f"arrivals-{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(("file", "received_at"))
                for row in _rows(folder / "truth" / "arrivals.csv"):
                    if deliveries[row["file"]].startswith("alert") == (name == "alerts"):
                        writer.writerow((row["file"], row["received_at"]))

    def _rows_in(self) -> int:
        return sum(step.rows for step in self.steps if step.part == "take-in")

    def _compare(self) -> list[object]:
        return [sys.executable, HERE / "tests" / "twin" / "estate_day.py", self.asked.folder, self.asked.month]


def say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {line}", flush=True)


def draw(asked: Asked) -> None:
    """Generate the day: what the step of that name runs as a process of its own."""
    last = [0.0]

    def told(done: int, of: int, step: str) -> None:
        if time.monotonic() - last[0] > 30:
            last[0] = time.monotonic()
            print(f"          {step}: {done} of {of}", file=sys.stderr, flush=True)

    simulated = simulate_day(asked.plan, asked.folder, told)
    settle(asked.folder, simulated)
    settings = asked.folder / FILE
    text = settings.read_text(encoding="utf-8")
    for was, now in SETTINGS.items():
        # The first: [engine]. That of [intake] is its own default.
        text = text.replace(was, now, 1)
    settings.write_text(text, encoding="utf-8")


def refuse_too_small_a_disk(asked: Asked) -> None:
    """Say what the whole needs, and raise Failed where there is less."""
    needed = {what: gigabytes * float(asked.scale) for what, gigabytes in GB_AT_SCALE_1.items()}
    there = sum(path.stat().st_size for path in asked.folder.rglob("*") if path.is_file()) / 1e9 if asked.folder.is_dir() else 0.0
    free = shutil.disk_usage(_first_that_is(asked.folder)).free / 1e9
    told = ", ".join(f"{what} {gigabytes:.1f}" for what, gigabytes in needed.items())
    say(f"disk: about {sum(needed.values()):.1f} GB ({told}); {there:.1f} are there, {free:.1f} free")
    if sum(needed.values()) > free + there:
        raise Failed("the disk is too small: choose a smaller --scale, or a --folder on a larger one. Nothing was done.")


def main() -> None:
    asked = _asked()
    if _asked_to_draw():
        draw(asked)
        return
    try:
        refuse_too_small_a_disk(asked)
        asked.folder.mkdir(parents=True, exist_ok=True)
        day = NationalDay(asked)
    except Failed as wrong:
        raise SystemExit(f"national day: {wrong}") from wrong
    wrong_with = ""
    try:
        day.walk()
    except (Failed, OSError) as wrong:
        wrong_with = str(wrong)
    for line in tell(day.steps, asked.same):
        print(line)
    if asked.results is not None and any(step.part != "generate" for step in day.steps):
        write_results(day.steps, asked.same, asked.results, wrong_with, HERE / "docs" / "performance.md" if asked.scale == 1 else None)
    if wrong_with:
        raise SystemExit(
            f"national day: {wrong_with}\nWhat was done is kept in {asked.folder}: run again to go on from there, or remove it."
        )
    if not asked.keep and asked.only is None:
        shutil.rmtree(asked.folder)
        say(f"{asked.folder} is removed; --keep would have kept it")


def _asked_to_draw() -> bool:
    return "--draw" in sys.argv[1:]


def _asked() -> Asked:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=Fraction, default=Fraction(1), help="share of the network, e.g. 1/20; 1 by default")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--day", type=date.fromisoformat, default=ON)
    parser.add_argument("--folder", type=Path, default=Path(FOLDER), help=f"where all of it is done; {FOLDER}/ by default")
    parser.add_argument("--only", choices=PARTS, help="only this part; what it rests on must be there")
    parser.add_argument("--keep", action="store_true", help="leave the folder when all is done")
    parser.add_argument("--results", type=Path, help="where the results are written; bench/results at scale 1 by default")
    parser.add_argument("--draw", action="store_true", help=argparse.SUPPRESS)
    told = parser.parse_args()
    results = told.results or (HERE / "bench" / "results" if told.scale == 1 else None)
    return Asked(told.scale, told.seed, told.day, told.folder, told.only, told.keep, results)


def _first_that_is(folder: Path) -> Path:
    return next(path for path in (folder.resolve(), *folder.resolve().parents) if path.exists())


def _tail(ended: Ended) -> str:
    return ended.log.read_text(encoding="utf-8", errors="replace")[-1500:]


def _drawn(folder: Path) -> int:
    if published(folder) is None:
        raise Failed(f"{folder}: a simulation was expected, found none.")
    return sum(int(row["rows"]) for row in _rows(folder / "truth" / "deliveries.csv"))


def _taken_in(log: Path) -> int:
    """Rows made of the files taken in: accepted, refused, and those that repeat another."""
    return sum(int(row[name] or 0) for row in _rows(log) for name in ("accepted", "refused", "duplicates"))


def _lines(log: Path) -> int:
    return max(0, sum(1 for _ in _rows(log)))


def _compared(log: Path) -> int:
    found = re.search(r"^(\d+) figures", log.read_text(encoding="utf-8"))
    return int(found[1]) if found else 0


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main()
