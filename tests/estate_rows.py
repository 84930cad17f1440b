"""Rows of a simulated trail as the product would have accepted them, straight from the blocks: the quick loop of truth and journey."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from journey_rows import accepted, add_accepted
from tocsin.engines import Engine, Relation
from tocsin.estate.block import EMPTY, Block
from tocsin.estate.population import Population
from tocsin.estate.truth.whereabouts import eui_text
from tocsin.estate.truth.wide import NEVER
from tocsin.estate.words import WORDS
from tocsin.feeds import all_feeds
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.feeds.device_inventory import DEVICE_INVENTORY
from tocsin.feeds.feed import identifier_key
from tocsin.feeds.party_list import PARTY_LIST
from tocsin.journeys import all_journeys
from tocsin.journeys.service_requests import SERVICE_REQUESTS, dated_relations
from tocsin.measuring.buckets import in_bucket
from tocsin.measuring.journey import Journey
from tocsin.measuring.picks import hold_picks
from tocsin.measuring.presence import Presence
from tocsin.reports.counting import count_journeys
from tocsin.reports.figuring import Figuring, counters_of, make_figures
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.oddities import odd_happenings
from tocsin.vocabulary.calendar import Period

CODED = ("time_point", "message_class", "srv", "response_code", "device_result", "device_type", "region", "service_provider")


def request_key(block: int, request: int) -> int:
    return identifier_key(f"{block}:{request}")


def trail_of(rows: Block, population: Population, block: int = 0) -> list[dict[str, Any]]:
    """Accepted rows of the audit trail, as told."""
    found = []
    users = [eui_text(int(eui)) for eui in population.users["eui"]]
    for row in range(len(rows)):

        def cell(name: str, hole: int, row: int = row) -> int | None:
            value = int(rows[name][row])
            return None if value == hole else value

        user, device = cell("user", -1), cell("device", 0)
        found.append(
            {
                "request_id": request_key(block, int(rows["request"][row])),
                "observed_at": int(rows["told_us"][row]),
                **{name: WORDS[name][int(rows[name][row])] or None for name in CODED},
                "command_variant": cell("command_variant", 0),
                "user_id": None if user is None else users[user],
                "device_id": None if device is None else eui_text(device),
                "execution_at": cell("execution_us", EMPTY),
                "scheduled_at": cell("scheduled_us", EMPTY),
                "instruction_no": cell("instruction_no", 0),
                "instruction_total": cell("instruction_total", 0),
            }
        )
    return accepted(AUDIT_TRAIL, found)


def registers_of(population: Population, inventory_from: Any, listed_users: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Accepted rows of the inventory and the party list."""
    devices = population.devices
    inventory = [
        {
            "device_id": eui_text(int(devices["eui"][place])),
            "valid_from": int(inventory_from[place]) or None,
            **{name: WORDS[name][int(devices[name][place])] for name in ("device_type", "region", "service_provider")},
            "generation": "SMETS1" if devices["is_smets1"][place] else "SMETS2+",
        }
        for place in np.flatnonzero(inventory_from != NEVER)
    ]
    users = population.users
    parties = [
        {"user_id": eui_text(int(users["eui"][place])), "sec_party": population.parties[int(users["party"][place])]}
        for place in np.flatnonzero(listed_users)
    ]
    return accepted(DEVICE_INVENTORY, inventory), accepted(PARTY_LIST, parties)


def product_happenings(engine: Engine, trail: Any, registers: tuple[Any, Any], period: Period, as_at: int) -> list[dict[str, Any]]:
    """What the product's journey finds."""
    with engine.session() as session:
        add_accepted(session, AUDIT_TRAIL, trail)
        add_accepted(session, DEVICE_INVENTORY, registers[0])
        add_accepted(session, PARTY_LIST, registers[1])
        for relation, rows in dated_relations(period.first_on):
            session.add_rows(relation, rows)
        asked = in_bucket(period.start_at, period.end_at, as_at)
        hold_picks(session, SERVICE_REQUESTS.picks, asked)
        found = session.rows(SERVICE_REQUESTS.sql, asked)
    names = [name for name, _ in SERVICE_REQUESTS.columns]
    return [dict(zip(names, row, strict=True)) for row in found]


@dataclass(frozen=True)
class Written:
    """Happenings in a Parquet file, in the place of the journey store."""

    journey: Journey
    file: Path
    rows: int
    # Of some days, so that nobody looks for a reporting store beside it.
    days: tuple[int, ...] = ()

    @property
    def relation(self) -> Relation:
        return Relation(self.journey.name, self.journey.columns, (str(self.file),))


def product_run(
    engine: Engine, trail: Any, registers: tuple[Any, Any], period: Period, as_at: int, *, folder: Path, secret: bytes
) -> FrozenRun:
    """A run of these accepted rows, every feed there in whole; of no other journey a happening."""
    happenings = {SERVICE_REQUESTS.name: product_happenings(engine, trail, registers, period, as_at)}
    counted, oddities = {}, []
    for journey in all_journeys().values():
        rows = happenings.get(journey.name, [])
        table = Written(journey, folder / f"{journey.name}.parquet", len(rows))
        with engine.session() as session:
            found = Relation("found", journey.columns)
            session.add_rows(found, [tuple(row.values()) for row in rows])
            session.write_parquet("SELECT * FROM found", table.file)
        counters = counters_of(journey.name, period.first_on, folder)
        counted[journey.name] = count_journeys(engine, table, counters, folder / "run")  # type: ignore[arg-type]
        oddities += odd_happenings(engine, table) if rows else []  # type: ignore[arg-type]
    making = Figuring(period, {feed: Presence(1, 1) for feed in all_feeds()}, folder, secret)
    made = make_figures(engine, counted, making)
    return FrozenRun(
        *("run", period, as_at, as_at, "0", engine.name, "", "", True, made.figures),
        oddities=tuple(oddities),
        days=made.days,
    )
