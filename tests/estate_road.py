"""A month of the simulated estate down the whole road: simulated, taken in file by file, closed, and held to the truth.

The tests of each month are a module of their own, so that a test run can spread them over its workers.
"""

from dataclasses import dataclass
from pathlib import Path

from desk_road import Desk, tocsin
from tocsin.desk.workspace import Workspace
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.run_store import read_run
from tocsin.vocabulary.calendar import Period
from twin.estate_faults import unnamed
from twin.estate_month import compare, unexplained

SCALE = "0.00002"


@dataclass(frozen=True)
class Road:
    """A month to simulate; `until` is the instant from which it is seen, once all is settled where it is empty."""

    month: str
    seed: int
    faults: str
    until: str = ""

    def __str__(self) -> str:
        return f"{self.month}-{self.faults}{'-open' if self.until else ''}"

    @property
    def period(self) -> Period:
        return Period(*(int(part) for part in self.month.split("-")))


def walk(road: Road, root: Path) -> None:
    """Down the whole road, and every figure is the truth to the last whole number, every planted fault named, nothing unexplained."""
    desk = Desk(root)
    run = closed(desk, road)
    truth = desk.root / "truth"
    assert compare(run, truth, Workspace.open(desk.root).anonymity_secret) == []
    assert unnamed(run, truth / "faults.csv") == []
    assert unexplained(run, truth) == []
    # Otherwise agreement would say little.
    told = {figure.status for figure in run.figures if figure.journey == "service_requests"}
    assert told == {"incomplete"} if road.faults == "hard" or road.until else told >= {"stated", "met", "no_events"}
    assert any(figure.counted for figure in run.figures if figure.name == "cpm_2")
    assert sum("provisional" in figure.marks for figure in run.figures) > 0 if road.until else run.oddities


def closed(desk: Desk, road: Road) -> FrozenRun:
    """The month simulated, taken in file by file as it arrived, and closed."""
    # Quarter-hours would be most of the files, and none of the figures.
    asked = ["--scale", SCALE, "--seed", road.seed, "--faults", road.faults, "--slices-from", "2022-01-01"]
    said = tocsin("simulate", road.month, "-w", desk.root, *asked, *(["--until", road.until] if road.until else []))
    assert said.code == 0, said.err
    desk("take-in", "--arrivals", desk.root / "truth" / "arrivals.csv")
    as_at = said.out.partition("--as-at ")[2].split()[0]
    return read_run(desk.root / "runs", road.period, desk.close(road.month, as_at))
