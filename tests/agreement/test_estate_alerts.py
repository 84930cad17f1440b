"""Alerts of the simulated estate: every figure that the product makes of their files is the truth, on both engines (CR1418, CR1438)."""

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from estate_files import TAKEN_IN_AT, PostedFiles, small_plan
from tocsin.areas import all_areas
from tocsin.deliveries.ledger import Ledger
from tocsin.deliveries.store import Store
from tocsin.engines import Engine
from tocsin.estate.block import Block
from tocsin.estate.events.alert_truth import FIGURES as FILES
from tocsin.estate.events.alerts import post_alerts
from tocsin.estate.events.firmware import post_firmware
from tocsin.estate.events.firmware_draw import draw_attempts
from tocsin.estate.events.registers import post_registers
from tocsin.estate.faults.fates import Fates
from tocsin.estate.population import Population, populate
from tocsin.estate.requests.campaigns import Campaigns
from tocsin.estate.senders.trail_files import TrailFiles
from tocsin.journeys import all_journeys
from tocsin.measures import measures_on
from tocsin.measuring.figures import Figure, Making, indicator_figures, measure_figures, measure_groupings
from tocsin.measuring.presence import Presence
from tocsin.processes import all_processes
from tocsin.processes.business_process import process_figures
from tocsin.reports.closing import Close, close_journeys
from tocsin.reports.counting import Counted, count_journeys
from tocsin.reports.figuring import counters_of
from tocsin.reports.oddities import odd_happenings
from tocsin.vocabulary.instants import DAY_US, QUARTER_HOUR_US, moment

JOURNEYS = ("alerts", "alert_legs", "alert_slices", "alert_losses")
FEEDS = ("alert_stages", "alert_counts", "device_inventory", "device_firmware", "audit_trail")
READ = "trail_activations"
HERE = Presence(1, 1)
# Seed, faults, month, first day with quarter-hours, end: the night of two clocks, and the end of a short month with what follows it.
NIGHTS = (
    (1, "none", "2021-10", "2021-10-31", "2021-10-31T02:40:00Z"),
    (2, "hard", "2021-02", "2021-02-01", "2021-02-01T02:10:00Z"),
    (3, "usual", "2021-09", "2021-09-02", "2021-09-02T02:10:00Z"),
)


def posted(root: Path, night: tuple[int, str, str, str, str]) -> PostedFiles:
    seed, faults, month, first, until = night
    files = PostedFiles(root, small_plan(month, faults, seed, until, slices_from=date.fromisoformat(first)))
    population = populate(files.plan)
    made = (files.plan, population, files.outbox, files.aside)
    # A month of firmware files would be most of the work: the first days of a month have few.
    if moment(files.plan.until_at).day > 2:
        none = Block({"device": np.zeros(0, np.int64), "at_us": np.zeros(0, np.int64)})
        files.close(post_registers(*made), post_alerts(*made, none))
    elif faults == "usual":
        # Nobody tracks images here: all that could tag a power outage as false is the trail.
        files.outbox.fates = Untracked(files.plan)
        post_campaigns(files, population)
        files.close(post_registers(*made), post_alerts(*made))
    else:
        # What the trail tells of the day before is of another month.
        files.close(post_registers(*made), post_firmware(*made), post_alerts(*made))
    return files


class Untracked(Fates):
    """No file of device firmware ever comes."""

    def stands(self, feed: str, whose: str, start_at: int) -> bool:
        return feed != "device_firmware" and super().stands(feed, whose, start_at)


def post_campaigns(files: PostedFiles, population: Population) -> None:
    """The audit trail as far as it tells of firmware campaigns."""
    plan = files.plan
    campaigns = Campaigns.of(plan, population, draw_attempts(plan, population))
    trail = TrailFiles(plan, population, files.outbox, files.aside)
    for day in plan.days:
        told = campaigns.told(day, files.outbox.fates) if day * DAY_US < plan.until_at else None
        if told is not None:
            trail.append(told[1])
        trail.close_through(day - 1)
    trail.close()


@pytest.fixture(scope="module", params=NIGHTS, ids=lambda night: f"{night[2]}-{night[1]}")
def night(request, tmp_path_factory):
    files = posted(tmp_path_factory.mktemp("alerts"), request.param)
    return files, files.take_in(*FEEDS)


def counted(engine: Engine, files: PostedFiles, folder: Path) -> tuple[dict[str, Counted], dict[str, int]]:
    """The tallies and ladders of each journey of alerts, and the oddities."""
    store, period = Store(files.root / "store"), files.plan.period
    basis = Ledger(store).basis(TAKEN_IN_AT + 1, list(FEEDS))
    close = Close(period, files.plan.until_at, basis, engine, folder, folder)
    closed = close_journeys(close, [all_journeys()[name] for name in (*JOURNEYS, READ)], lambda step: None)
    # What alerts read of it is all that is wanted here.
    del closed[READ]
    odd = {line.name: line.count for table in closed.values() for line in odd_happenings(engine, table)}
    return {name: count_journeys(engine, table, counters_of(name, period.first_on, folder), folder) for name, table in closed.items()}, odd


def figures(at_hand: Engine, made: dict[str, Counted], files: PostedFiles) -> Iterable[Figure]:
    period = files.plan.period
    with at_hand.session() as session:
        for one in made.values():
            for relation in one.relations:
                session.add(relation)
        for measure in measures_on(period.first_on).values():
            if measure.of in made:
                sums = [line for by in measure_groupings(measure) for line in made[measure.of].sums(session, by)]
                yield from measure_figures(measure, all_journeys()[measure.of], sums, HERE, period)
        for area in all_areas().values():
            if area.of in made:
                sums = [line for by in area.groupings for line in made[area.of].sums(session, by)]
                spans = [line for by in area.groupings for line in made[area.of].percentiles(session, by)]
                found = indicator_figures(Making(area.name, all_journeys()[area.of], HERE), area.indicators, sums, spans)
                yield from (figure for figure in found if figure.breakdown or () in area.groupings)
        for process in all_processes().values():
            if process.journey in made and process.is_fed:
                sums = [line for by in process.groupings for line in made[process.journey].sums(session, by)]
                spans = [line for by in process.groupings for line in made[process.journey].percentiles(session, by)]
                yield from process_figures(process, all_journeys()[process.journey], sums, spans, HERE)


def told(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def number(cell: str) -> int | None:
    return int(cell) if cell else None


@pytest.mark.parametrize("name", ["embedded", "sail"])
def test_every_figure_is_the_truth(request, night, embedded, name, tmp_path):
    files, _ = night
    made, odd = counted(request.getfixturevalue(name), files, tmp_path)
    found = {figure.name: (figure.counted, figure.met, _tenths(figure)) for figure in figures(embedded, made, files)}
    truth = {
        row["name"]: (number(row["counted"]), number(row["met"]), number(row["value_decisecond"]))
        for file in FILES
        for row in told(files.root / "truth" / f"{file}.csv")
    }
    assert {name: (found.get(name), truth.get(name)) for name in found.keys() | truth.keys() if found.get(name) != truth.get(name)} == {}
    assert odd == {row["name"]: int(row["count"]) for row in told(files.root / "truth" / "alert_oddities.csv")}


def _tenths(figure: Figure) -> int | None:
    return int(figure.value * 10) if figure.unit == "seconds" and figure.value is not None else None


def test_the_nights_show_what_there_is_to_show(night):
    """Otherwise agreement would say little."""
    files, _ = night
    truth = {row["name"]: row for file in FILES for row in told(files.root / "truth" / f"{file}.csv")}
    for name in ("alerts.raised", "alerts.by_proxy", "alerts.reached_g", "cpm_3", "cpm_3_at_dsp", "alert_losses.arrived/leg=inside_dsp"):
        assert int(truth[name]["counted"]) > 0, name
    assert any(name.startswith("alert_throughput.told/sender=DCO") for name in truth)
    assert files.plan.until_at % DAY_US // QUARTER_HOUR_US > 7
