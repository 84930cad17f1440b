"""Months of the simulated estate down the whole road: every figure is the truth to the last whole number, every planted fault is named."""

from dataclasses import dataclass
from pathlib import Path

import pytest

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

    @property
    def period(self) -> Period:
        return Period(*(int(part) for part in self.month.split("-")))


# A short month; one with a leap to summer time behind it; one whose last day has 25 hours, where a sender writes local time.
ROADS = (
    Road("2021-02", 11, "usual"),
    Road("2021-09", 12, "usual"),
    Road("2021-10", 13, "usual"),
    Road("2021-02", 11, "hard"),
    Road("2021-09", 12, "hard"),
    Road("2021-10", 13, "hard"),
    Road("2021-09", 14, "usual", until="2021-09-16T13:00:00Z"),
)


@pytest.mark.parametrize("road", ROADS, ids=lambda road: f"{road.month}-{road.faults}{'-open' if road.until else ''}")
def test_every_figure_is_the_truth_and_every_fault_is_named(road: Road, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "w")
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
