"""Alerts for tests: drawn rows of stages and counts, and what a journey makes of them in August 2021."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from journey_rows import accepted, add_accepted, drawn, instant_of
from tocsin.engines import Engine, Relation
from tocsin.feeds.alert_counts import ALERT_COUNTS
from tocsin.feeds.alert_stages import ALERT_STAGE_ROWS
from tocsin.feeds.device_firmware import DEVICE_FIRMWARE
from tocsin.feeds.device_inventory import DEVICE_INVENTORY
from tocsin.feeds.feed import identifier_key
from tocsin.journeys.alerts import ALERTS
from tocsin.journeys.trail_activations import TRAIL_ACTIVATIONS
from tocsin.measuring.buckets import in_bucket, stretches
from tocsin.measuring.gathering import gather
from tocsin.measuring.journey import DELIVERIES, Journey, earlier_rows
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.instants import DAY_US

AUGUST = Period.parse("2021-08")
# A delivery a sender: number and what it covers, the whole month unless a test says otherwise.
SENDERS = {"DSP": 1, "CSPN": 2, "S1SP-SECURE": 3, "S1SP-DXC": 4, "DCO": 5, "CSPCS": 6}
FEEDS = {"stages": ALERT_STAGE_ROWS, "counts": ALERT_COUNTS, "inventory": DEVICE_INVENTORY, "firmware": DEVICE_FIRMWARE}


def happenings(
    engine: Engine,
    journey: Journey,
    covers: Mapping[int, tuple[str, int, int]] | None = None,
    as_at: int | None = None,
    buckets: int = 1,
    **tables: str,
) -> list[dict[str, Any]]:
    """Rows of the journey; a drawn row's `from` names its sender, else it is the DSP's. `alert` stands for alert_key."""
    with engine.session() as session:
        for name, feed in FEEDS.items():
            rows = [_row(row) for row in drawn(_barred(tables.get(name, "")))] if tables.get(name) else []
            add_accepted(session, feed, accepted(feed, rows))
            # Which of them are of before the period the journey asks by their stamps; here every file may be one of the period.
            earlier = Relation(earlier_rows(feed.name), feed.stored_columns)
            session.add_rows(earlier, [tuple(row[name] for name, _ in earlier.columns) for row in accepted(feed, rows)])
        files = {number: (sender, AUGUST.start_at, AUGUST.end_at) for sender, number in SENDERS.items()} if covers is None else covers
        activated = [_activation(row) for row in drawn(_barred(tables["activated"]))] if "activated" in tables else []
        session.add_rows(Relation(TRAIL_ACTIVATIONS.name, TRAIL_ACTIVATIONS.columns), activated)
        session.add_rows(DELIVERIES, [(number, *of, "final", AUGUST.end_at + number) for number, of in files.items()])
        for relation, cells in journey.dated(date(2021, 8, 1), None):
            session.add_rows(relation, cells)
        if ALERTS.name in journey.reads:
            # The journeys that another reads are worked out before it, whole.
            alerts = happenings(engine, ALERTS, covers, as_at, 1, **tables)
            session.add_rows(Relation(ALERTS.name, ALERTS.columns), [tuple(row.values()) for row in alerts])
        known_at = AUGUST.end_at + 10 * 86_400_000_000 if as_at is None else as_at
        cut = _stretches(tables, buckets)
        asked = (
            [in_bucket(AUGUST.start_at, AUGUST.end_at, known_at, bucket, len(cut), stretch=stretch) for bucket, stretch in enumerate(cut)]
            if journey.is_in_stretches
            else [in_bucket(AUGUST.start_at, AUGUST.end_at, known_at, bucket, buckets) for bucket in range(buckets)]
        )
        if journey.gathered is not None and buckets > 1:
            with TemporaryDirectory() as aside:
                gather(session, journey.gathered, asked, Path(aside))
                found = session.rows(journey.gathered.last, in_bucket(AUGUST.start_at, AUGUST.end_at, known_at))
        else:
            found = [row for at in asked for row in session.rows(journey.sql, at)]
    names = [name for name, _ in journey.columns]
    return [dict(zip(names, row, strict=True)) for row in found]


def _stretches(tables: Mapping[str, str], buckets: int) -> list[tuple[int, int]]:
    """Stretches of the month that have about as many of the drawn stages and counts each."""
    stamps = [instant_of(row["at"]) for row in drawn(tables.get("stages", ""))] if tables.get("stages") else []
    stamps += [instant_of(row["slice_at"]) for row in drawn(tables["counts"])] if tables.get("counts") else []
    return stretches(AUGUST.start_at, AUGUST.end_at, [(at, at, 1) for at in stamps], buckets)


def _activation(row: Mapping[str, str]) -> tuple[Any, ...]:
    """A row of the journey of 11.3s: `device`, `at` (answered), `type` and `outcome` are drawn."""
    at = instant_of(row["at"])
    told = {"day": at // DAY_US, "began_at": at, "answered_at": at, "device_type": row["type"], "outcome": row["outcome"]}
    told |= {"device_key": identifier_key(row["device"]), "request_key": 1}
    hole = {"BIGINT": None, "VARCHAR": ""}
    return tuple(told.get(name, hole[stored_as]) for name, stored_as in TRAIL_ACTIVATIONS.columns)


def _barred(table: str) -> str:
    # With a bar at both ends, an empty last cell stays a cell.
    return "\n".join(f"| {line} |" for line in table.strip().splitlines())


def _row(row: Mapping[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = {name: cell for name, cell in row.items() if name not in {"", "alert", "at", "code", "from", "file"}}
    for short, name in (("alert", "alert_key"), ("at", "observed_at"), ("code", "alert_code")):
        if short in row:
            told[name] = row[short]
    told["delivery_no"] = int(row["file"]) if "file" in row else SENDERS[row.get("from", "DSP")]
    return told
