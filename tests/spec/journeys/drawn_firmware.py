"""Drawn rows of firmware stages or downloads, an inventory beside them, and what the journeys make of them in August 2021."""

from collections.abc import Sequence
from typing import Any

from journey_rows import accepted, add_accepted, drawn
from tocsin.engines import Engine
from tocsin.feeds import all_feeds
from tocsin.feeds.feed import identifier_key
from tocsin.measuring.buckets import in_bucket
from tocsin.measuring.journey import DELIVERIES, Journey
from tocsin.vocabulary.calendar import Period, parse_instant

AUGUST = Period.parse("2021-08")
DAY = 86_400_000_000
HOUR = DAY // 24
SECOND = 1_000_000
# Long after every waiting time.
LATER = "2021-11-01T00:00:00Z"

_WORDS = {"request": "request_id", "again": "stage_request_id", "device": "device_id", "at": "observed_at", "type": "device_type",
          "provider": "service_provider", "version": "image_version", "found": "version_found", "alert": "alert_code",
          "execution": "execution_at", "hub": "comms_hub_id"}  # fmt: skip


def rows_of(table: str) -> list[dict[str, str]]:
    """Rows with the feed's names; an empty last cell stays a cell."""
    lines = drawn("\n".join(f"| {line} |" for line in table.strip().splitlines()))
    return [{_WORDS.get(name, name): cell for name, cell in row.items()} for row in lines]


def happenings(
    engine: Engine, journey: Journey, table: str, inventory: str = "", *, as_at: str = LATER, period: Period = AUGUST, buckets: int = 1
) -> list[dict[str, Any]]:
    """Happenings in order of device. Stages default to ok and version v2; clock times are of Tuesday 10 August ("+1d 12:00:00")."""
    names = [name for name, _ in journey.columns]
    with engine.session() as session:
        add_accepted(session, all_feeds()["device_firmware"], accepted(all_feeds()["device_firmware"], _stages(table)))
        add_accepted(session, all_feeds()["device_inventory"], accepted(all_feeds()["device_inventory"], rows_of(inventory or "device")))
        for relation, cells in journey.dated(period.first_on, None):
            session.add_rows(relation, cells)
        asked = [in_bucket(period.start_at, period.end_at, parse_instant(as_at), bucket, buckets) for bucket in range(buckets)]
        found = [row for at in asked for row in session.rows(journey.sql, at)]
    return sorted((dict(zip(names, row, strict=True)) for row in found), key=lambda row: (row["device_key"], row["began_at"]))


def downloads(
    engine: Engine, journey: Journey, table: str, senders: Sequence[str] = ("CSPN", "CSPCS"), *, as_at: str = LATER
) -> list[dict[str, Any]]:
    """Downloads to hubs; `file` is the delivery of one of the senders, counted from 1."""
    feed, names = all_feeds()["hub_firmware"], [name for name, _ in journey.columns]
    rows = [{"image_version": "v2", "delivery_no": int(row.pop("file", "1")), **row} for row in rows_of(table)]
    with engine.session() as session:
        add_accepted(session, feed, accepted(feed, rows))
        add_accepted(session, all_feeds()["device_inventory"], [])
        covers = (AUGUST.start_at, AUGUST.end_at, "final", 1)
        session.add_rows(DELIVERIES, [(number, sender, *covers) for number, sender in enumerate(senders, 1)])
        for relation, cells in journey.dated(AUGUST.first_on, None):
            session.add_rows(relation, cells)
        at = {"start_at": AUGUST.start_at, "end_at": AUGUST.end_at, "as_at": parse_instant(as_at)}
        found = [dict(zip(names, row, strict=True)) for row in session.rows(journey.sql, at)]
    return sorted(found, key=lambda row: (row["began_at"], row["hub_key"]))


def by_device(rows: Sequence[dict[str, Any]], *devices: str) -> list[dict[str, Any]]:
    """One happening of each device, in the order asked for."""
    found = {row["device_key"]: row for row in rows}
    assert len(found) == len(rows)
    return [found[identifier_key(device)] for device in devices]


def _stages(table: str) -> list[dict[str, str]]:
    told = []
    for row in rows_of(table):
        # "-" is a cell that the sender does not tell.
        cells = {"result": "ok", "image_version": "v2", "request_id": "r1", **row}
        told.append({name: cell for name, cell in cells.items() if cell != "-"})
    return told
