"""Alerts, activations and the inventory behind them, drawn at random: rows that a month's deliveries may bring early or late."""

import random
from typing import Any

from journey_months import DAY, PERIOD, S
from journey_rows import accepted
from tocsin.feeds.alert_counts import ALERT_COUNTS
from tocsin.feeds.alert_stages import ALERT_STAGE_ROWS
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.feeds.device_firmware import DEVICE_FIRMWARE
from tocsin.feeds.device_inventory import DEVICE_INVENTORY

QUARTER = 900 * S
HUBS, METERS = range(1, 8), range(101, 108)


def an_instant(chance: random.Random) -> int:
    """Anywhere in the month or close to it, midnights and quarter-hours more often than elsewhere."""
    day = PERIOD.start_at + chance.randint(-3, 33) * DAY
    return day + chance.choice((0, -1, QUARTER, chance.randrange(DAY), chance.randrange(DAY)))


def alert_rows(chance: random.Random, count: int) -> list[dict[str, Any]]:
    """The stages of some alerts, each lost now and then, some told twice or on another day."""
    rows = []
    for key in range(1, count + 1):
        at, hub, code = an_instant(chance), chance.choice(HUBS), chance.choice(("AD1", "AD1", "8F0A", "N13", "FFFF"))
        for stage in "bcdefg":
            at += chance.choice((S, S, 20 * S, 3600 * S))
            if chance.random() < 0.3:
                continue
            row = {"alert_key": key, "stage": stage, "observed_at": at, "alert_code": code}
            row["device_id"] = chance.choice((hub, hub, None))
            row["region"] = chance.choice((None, "North", "central"))
            row["is_consolidated"] = stage not in "fg" and chance.random() < 0.1
            rows += [row] * chance.choice((1, 1, 1, 2))
            if chance.random() < 0.1:
                rows.append({**row, "observed_at": at + chance.choice((-S, DAY))})
    return accepted(ALERT_STAGE_ROWS, rows)


def count_rows(chance: random.Random, count: int) -> list[dict[str, Any]]:
    """Counts of quarter-hours, some told again."""
    return accepted(
        ALERT_COUNTS,
        [
            {
                "slice_at": an_instant(chance) // QUARTER * QUARTER,
                "stage": chance.choice("cdef"),
                "alert_code": chance.choice((None, "AD1")),
                "region": chance.choice((None, "north")),
                "alert_count": chance.randint(0, 9),
            }
            for _ in range(count)
        ],
    )


def an_outage(chance: random.Random, alerts: list[dict[str, Any]]) -> tuple[int, int]:
    """A little before some power outage alert, and the hub that tells of it."""
    row = chance.choice([row for row in alerts if row["alert_code"] == "AD1" and row["device_id"] is not None and row["stage"] in "bc"])
    return row["observed_at"] - chance.choice((2 * S, 60 * S, 3600 * S)), row["device_id"]


def firmware_rows(chance: random.Random, count: int, alerts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Activations told by the Service Providers' tracking, soon before some outage."""
    outages = [an_outage(chance, alerts) for _ in range(count)]
    return accepted(
        DEVICE_FIRMWARE,
        [
            {
                "request_id": number,
                "device_id": chance.choice(METERS),
                "stage": "F5",
                "observed_at": at,
                "result": chance.choice(("ok", "ok", "failed")),
                "device_type": chance.choice((None, "ESME")),
                "comms_hub_id": chance.choice((None, hub)),
            }
            for number, (at, hub) in enumerate(outages)
        ],
    )


def activation_rows(chance: random.Random, count: int, alerts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """11.3s of the audit trail with what follows them: answers, a second 11.3, an 11.2, a cancellation, and alerts that tell no SRV."""
    rows = []
    for number in range(1, count + 1):
        at, hub = an_outage(chance, alerts)
        # Some are answered before the outage, some after it.
        at, meter = at - chance.choice((0, 2 * S)), METERS[hub - 1]
        srv = chance.choice(("11.3", "11.3", "11.2", "4.1.1"))
        dated = chance.choice((None, None, at + DAY, 32_503_680_000_000_000))
        whole = {"request_id": number, "device_id": meter, "srv": srv, "user_id": chance.choice(("U-1", "U-2"))}
        request = {**whole, "observed_at": at, "time_point": "RX_DSP", "message_class": "request", "command_variant": 1}
        rows.append({**request, "execution_at": dated if srv == "11.3" else None})
        if chance.random() < 0.7:
            answer = {**whole, "observed_at": at + chance.choice((S, DAY)), "time_point": "TX_USER", "message_class": "response"}
            rows.append({**answer, "response_code": chance.choice(("I0", "I0", "E20"))})
        if srv == "11.3" and chance.random() < 0.3:
            told = {**whole, "observed_at": at + 2 * DAY, "time_point": "TX_USER", "message_class": "fd_outcome"}
            rows.append({**told, "srv": chance.choice((None, "11.3")), "response_code": "8F66"})
    return accepted(AUDIT_TRAIL, rows)


def inventory_rows(chance: random.Random) -> list[dict[str, Any]]:
    """Meters behind hubs, with versions that change."""
    rows = [
        {
            "device_id": device,
            "valid_from": chance.choice((None, an_instant(chance))),
            "device_type": "CHF" if device in HUBS else "ESME",
            "region": chance.choice((None, "North", "central")),
            "comms_hub_id": None if device in HUBS else chance.choice((device - METERS[0] + 1, chance.choice(HUBS))),
            "firmware_version": chance.choice(("1", "2")),
        }
        for device in (*HUBS, *METERS, *METERS)
    ]
    return accepted(DEVICE_INVENTORY, rows)
