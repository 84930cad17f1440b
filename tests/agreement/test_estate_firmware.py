"""Firmware of the simulated estate: every figure that the product makes of the files equals the truth, to the last whole number."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from estate_files import TAKEN_IN_AT, PostedFiles, TakenIn, small_plan
from estate_rows import trail_of
from journey_rows import accepted, write_accepted
from tocsin.areas import all_areas
from tocsin.deliveries.ledger import Ledger
from tocsin.engines import Engine, Relation, Session
from tocsin.estate.block import Block
from tocsin.estate.events.firmware import FirmwareTruth, post_firmware
from tocsin.estate.events.firmware_draw import draw_attempts
from tocsin.estate.events.firmware_requests import eui
from tocsin.estate.events.hub_firmware import LAYOUTS, HubFirmwareTruth, post_hub_firmware
from tocsin.estate.events.registers import NEVER, inventory_from, post_registers
from tocsin.estate.faults.fates import Fates
from tocsin.estate.models import models
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population, populate
from tocsin.estate.requests.campaigns import Campaigns
from tocsin.estate.truth.service_requests import with_copies
from tocsin.estate.truth.trail_activations import ActivationsTold
from tocsin.estate.words import WORDS
from tocsin.feeds import all_feeds
from tocsin.journeys import all_journeys
from tocsin.measures import all_measures
from tocsin.measuring.buckets import in_bucket
from tocsin.measuring.figures import Figure, Making, indicator_figures, measure_figures, measure_groupings
from tocsin.measuring.journey import DELIVERIES, Journey
from tocsin.measuring.ladder import PUBLISHED_PER_MILLE, Ladder, read_percentiles
from tocsin.measuring.picks import hold_picks
from tocsin.measuring.presence import Presence
from tocsin.measuring.tally import Tally, counters, tally_sql
from tocsin.vocabulary.instants import DAY_US

HERE = Presence(30, 30)
JOURNEYS = {
    "firmware_uploads": "firmware_upload",
    "firmware_activations": "firmware_activation",
    "hub_downloads": "hub_download",
    "trail_activations": "trail_activation",
}
SENDERS = tuple(LAYOUTS)
FEEDS = ("device_firmware", "hub_firmware", "device_inventory")


@dataclass(frozen=True)
class Trail:
    """The campaigns' requests in the audit trail: the truth, and the rows that reach the ledger."""

    told: ActivationsTold
    blocks: list[Block]

    def rows(self, population: Population) -> list[dict[str, Any]]:
        """As intake stores them; a row that was copied stands twice."""
        return [row for number, block in enumerate(self.blocks) for row in trail_of(with_copies(block), population, number)]


@dataclass(frozen=True)
class Month:
    """A simulated month of firmware: what files that came tell, and its truth."""

    plan: Plan
    root: Path
    devices: FirmwareTruth
    hubs: HubFirmwareTruth
    trail: Trail
    population: Population

    def truth(self, journey: str) -> dict[str, tuple[str, str, str]]:
        with (self.root / "truth" / f"{JOURNEYS[journey]}_figures.csv").open(encoding="utf-8", newline="") as file:
            return {row["name"]: (row["counted"], row["met"], row["value_decisecond"]) for row in csv.DictReader(file)}

    def oddities(self) -> dict[str, int]:
        return {**self.devices.oddities(), **self.hubs.oddities(), **self.trail.told.oddities()}

    def stages(self) -> list[dict[str, Any]]:
        """Rows of files that came, as intake stores them."""
        euis = self.population.devices["eui"]
        told = [
            {"request_id": row.request or None, "device_id": eui(int(euis[row.device])), "stage": row.stage, "result": row.result,
             "observed_at": row.observed_at, "image_version": row.version or None, "version_found": row.found or None,
             "evidence": "alert" if row.is_alert else None, "execution_at": row.execution_at, **row.what}
            for row in self.devices.told
        ]  # fmt: skip
        return accepted(all_feeds()["device_firmware"], told)

    def downloads(self) -> list[dict[str, Any]]:
        told = [
            {"service_provider": None if sender == "CSPCS" else sender, **row, "delivery_no": 1 + SENDERS.index(sender)}
            for sender, row in self.hubs.rows
        ]
        return accepted(all_feeds()["hub_firmware"], told)

    def inventory(self) -> list[dict[str, Any]]:
        devices, since = self.population.devices, inventory_from(self.plan, self.population)
        hubs = {one.hub for one in self.hubs.told}
        told = [
            {"device_id": eui(int(devices["eui"][place])), "valid_from": int(since[place]),
             "device_type": WORDS["device_type"][devices["device_type"][place]], "model": models()[devices["model"][place]].name,
             "region": WORDS["region"][devices["region"][place]], "generation": "SMETS1" if devices["is_smets1"][place] else "SMETS2+",
             "service_provider": WORDS["service_provider"][devices["service_provider"][place]]}
            for place in sorted(self._devices() | hubs) if since[place] < NEVER
        ]  # fmt: skip
        return accepted(all_feeds()["device_inventory"], told)

    def _devices(self) -> set[int]:
        return {attempt.device for attempt in draw_attempts(self.plan, self.population)}

    def given(self, session: Session, journey: Journey) -> None:
        rows = {
            "device_firmware": self.stages,
            "hub_firmware": self.downloads,
            "device_inventory": self.inventory,
            "audit_trail": lambda: self.trail.rows(self.population),
        }
        for feed in (feed for feed in rows if feed in journey.reads):
            # A cluster is given a file, and not a hundred thousand rows in a message.
            session.add(write_accepted(self.root / f"{feed}.parquet", all_feeds()[feed], rows[feed]()))
        covers = (self.plan.period.start_at, self.plan.period.end_at, "final", 1)
        session.add_rows(DELIVERIES, [(number, sender, *covers) for number, sender in enumerate(SENDERS, 1)])


@dataclass(frozen=True)
class TakenInMonth(Month):
    """The same, by the files themselves."""

    taken: TakenIn

    def given(self, session: Session, journey: Journey) -> None:
        if "audit_trail" in journey.reads:
            super().given(session, journey)
            return
        basis = Ledger(self.taken.store).basis(TAKEN_IN_AT + 1, FEEDS)
        for feed in (feed for feed in FEEDS if feed in journey.reads):
            session.add(basis.relation(all_feeds()[feed]))
        names = [name for name, _ in DELIVERIES.columns]
        session.add_rows(DELIVERIES, [tuple(getattr(one, name) for name in names) for feed in FEEDS for one in basis.of(feed)])


def simulated(root: Path, scale: Fraction, *, take_in: bool, **plan: Any) -> Month:
    files = PostedFiles(root, replace(small_plan(**plan), scale=scale))
    population = populate(files.plan)
    given = files.plan, population, files.outbox, files.aside
    devices, hubs = post_firmware(*given), post_hub_firmware(*given)
    trail = told_trail(files.plan, population, files.outbox.fates)
    files.close(post_registers(*given), devices, hubs, trail.told)
    told = files.plan, root, devices, hubs, trail, population
    return TakenInMonth(*told, files.take_in(*FEEDS)) if take_in else Month(*told)


def told_trail(plan: Plan, population: Population, fates: Fates) -> Trail:
    """The campaigns' requests as files of the trail would tell them; whole months have the files themselves (estate_road.py)."""
    campaigns, trail = Campaigns.of(plan, population, draw_attempts(plan, population)), Trail(ActivationsTold(plan, population), [])
    for day in plan.days:
        if day * DAY_US < plan.until_at and (told := campaigns.told(day, fates)) is not None:
            _, rows, delivered = told
            trail.told.add(rows, delivered)
            trail.blocks.append(rows.take(delivered))
    return trail


def by_product(engine: Engine, month: Month, journey: Journey) -> tuple[dict[str, tuple[str, str, str]], dict[str, int]]:
    """Figures by name and oddities, by the journey's own SQL."""
    plan = month.plan
    at = in_bucket(plan.period.start_at, plan.period.end_at, plan.until_at)
    with engine.session() as session:
        month.given(session, journey)
        for relation, rows in journey.dated(plan.period.first_on, None):
            session.add_rows(relation, rows)
        hold_picks(session, journey.picks, at)
        session.add_rows(Relation(journey.name, journey.columns), session.rows(journey.sql, at))
        figures = _figures(session, journey, plan.period)
        odd = dict(session.rows(f"SELECT set_aside, count(*) FROM {journey.name} WHERE set_aside <> '' GROUP BY set_aside"))
        for name, _, predicate in journey.remarks:
            odd[name] = session.rows(f"SELECT count_where({predicate}) FROM {journey.name}")[0][0]
    return {figure.name: _told(figure) for figure in figures}, {f"{journey.name}.{name}": n for name, n in odd.items() if n}


def agree(engine: Engine, month: Month) -> None:
    found_odd: dict[str, int] = {}
    for name in JOURNEYS:
        figures, odd = by_product(engine, month, all_journeys()[name])
        assert figures == month.truth(name), name
        found_odd |= odd
    assert found_odd == month.oddities()


def _figures(session: Any, journey: Journey, period: Any) -> list[Figure]:
    measures = [measure for measure in all_measures().values() if measure.of == journey.name]
    areas = [area for area in all_areas().values() if area.of == journey.name]
    wanted = {counter.name: counter for one in (*measures, *(i for area in areas for i in area.indicators)) for counter in counters(one)}
    tally, ladder = Tally(journey, tuple(wanted.values())), Ladder.of(journey)
    session.add_rows(tally.relation(()), session.rows(tally_sql(journey, tally.counters)))
    session.add_rows(ladder.relation(()), session.rows(ladder.sql()))
    figures: list[Figure] = []
    for measure in measures:
        sums = [line for by in measure_groupings(measure) for line in tally.read(by, session.rows(tally.sums_sql(by)))]
        figures += measure_figures(measure, journey, sums, HERE, period)
    for area in areas:
        sums = [line for by in area.groupings for line in tally.read(by, session.rows(tally.sums_sql(by)))]
        spans = [line for by in area.groupings for line in _percentiles(session, ladder, by)]
        figures += indicator_figures(Making(area.name, journey, HERE), area.indicators, sums, spans)
    return figures


def _percentiles(session: Any, ladder: Ladder, by: Sequence[str]) -> Any:
    return read_percentiles(by, PUBLISHED_PER_MILLE, session.rows(ladder.percentiles_sql(by)))


def _told(figure: Figure) -> tuple[str, str, str]:
    met = figure.met if figure.unit == "percent" else None
    rung = None if figure.unit != "seconds" or figure.value is None else int(figure.value * 10)
    return tuple("" if cell is None else str(cell) for cell in (figure.counted, met, rung))  # type: ignore[return-value]


@pytest.fixture(scope="module", params=[(1, "none", "2021-09"), (2, "hard", "2021-09"), (3, "usual", "2021-12")])
def month(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Month:
    """Before SECMP0007 and after it."""
    seed, faults, label = request.param
    return simulated(tmp_path_factory.mktemp("firmware"), Fraction(1, 8_000), take_in=False, seed=seed, faults=faults, label=label)


def test_truth_and_product(either_engine: Engine, month: Month) -> None:
    agree(either_engine, month)


def test_truth_and_product_by_the_files_themselves(embedded: Engine, tmp_path: Path) -> None:
    """The first days of a month in which files are lost, cut and sent again, seen while images are still on their way."""
    agree(
        embedded,
        simulated(tmp_path, Fraction(1, 20_000), take_in=True, seed=4, faults="hard", label="2021-09", until="2021-09-03T00:00:00Z"),
    )


def test_a_month_has_every_case(tmp_path: Path) -> None:
    month = simulated(tmp_path, Fraction(1, 1_000), take_in=False, seed=11)
    uploads, activations = month.devices.judged()
    assert {"delivered", "refused", "not_told"} <= {one.outcome for one in uploads}
    assert {"activated", "confirmed"} <= {one.outcome for one in activations}
    assert {"ok", "failed"} <= {one.outcome for one in month.hubs.judged()}
    by_trail = {one.outcome for one in month.trail.told.judged()}
    assert {"activated", "confirmed", "failed", "withdrawn", "version_unknown", "no_answer"} <= by_trail
    assert any("not_reportable" in one.marks for one in uploads)
