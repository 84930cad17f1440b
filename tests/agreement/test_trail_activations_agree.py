"""Firmware activations in random audit trails: SQL on either engine and a judge in plain Python agree on every one."""

import random
from collections import Counter
from typing import Any

import pytest

from journey_rows import accepted, add_accepted
from tocsin.engines import Engine
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.feeds.device_inventory import DEVICE_INVENTORY
from tocsin.journeys.trail_activations import TRAIL_ACTIVATIONS
from tocsin.measuring.picks import hold_picks
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.instants import DAY_US, SECOND_US
from twin.trail_activations import YEAR_3000_US, judged

AUGUST = Period(2021, 8)
AS_AT = AUGUST.end_at + 3 * DAY_US


def drawn_month(seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of the trail and of the inventory: thirty devices asked again and again, in every way."""
    dice = random.Random(seed)
    trail: list[dict[str, Any]] = []
    for number in range(300):
        device, user = f"d{dice.randrange(30)}", f"u{dice.randrange(2)}"
        at = AUGUST.start_at + dice.randrange(-4 * DAY_US, 31 * DAY_US, SECOND_US)
        is_read = dice.random() < 0.3
        held = None if is_read else dice.choice([None, None, None, at + dice.randrange(-DAY_US, 3 * DAY_US, SECOND_US), YEAR_3000_US])
        of = {"request_id": f"r{number}", "device_id": device, "user_id": user, "srv": "11.2" if is_read else "11.3"}
        signed_at = at + dice.randrange(1, 30) * SECOND_US
        if dice.random() < 0.95:
            trail.append(
                {**of, "observed_at": at, "time_point": "RX_DSP", "message_class": "request", "command_variant": 1 if is_read else 4}
            )
            if not is_read and dice.random() < 0.9:
                signed = {"observed_at": signed_at, "command_variant": 5, "execution_at": held}
                trail.append({**of, **signed, "time_point": "RX_DSP", "message_class": "request"})
        for kind, codes, chance in (
            ("response", ("I0", "I0", "E50"), 0.5),
            ("reject", ("E1",), 0.05),
            ("fd_outcome", ("8F66", "8F67"), 0.5),
        ):
            if dice.random() < chance and (kind != "fd_outcome" or held is not None):
                later = dice.choice([dice.randrange(-5, 60) * SECOND_US, dice.randrange(0, 6 * DAY_US, SECOND_US)])
                row = {**of, "observed_at": signed_at + later, "time_point": "TX_USER", "message_class": kind}
                trail += [{**row, "response_code": dice.choice(codes)}] * dice.choice([1, 1, 2])
    for number in range(5):
        trail += called_off(f"w{number}", AUGUST.start_at + dice.randrange(1, 20 * DAY_US, SECOND_US))
    versions = [
        {"device_id": f"d{number}", "valid_from": at, "firmware_version": f"v{version}"}
        for number in range(0, 30, 3)
        for version, at in enumerate((None, AUGUST.start_at + dice.randrange(0, 31 * DAY_US, SECOND_US)))
    ]
    dice.shuffle(trail)
    return accepted(AUDIT_TRAIL, trail), accepted(DEVICE_INVENTORY, versions)


def called_off(device: str, at: int) -> list[dict[str, Any]]:
    """An activation held for two days, and its cancellation after one, which is answered with success."""
    of = {"device_id": device, "user_id": "u0", "srv": "11.3", "time_point": "RX_DSP", "message_class": "request", "command_variant": 5}
    held = {**of, "request_id": f"{device}:1", "observed_at": at, "execution_at": at + 2 * DAY_US}
    off = {**of, "request_id": f"{device}:2", "observed_at": at + DAY_US, "execution_at": YEAR_3000_US}
    done = {"observed_at": at + DAY_US + SECOND_US, "time_point": "TX_USER", "message_class": "response", "response_code": "I0"}
    return [held, off, {**off, "command_variant": None, **done}]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_activation_is_judged_alike(either_engine: Engine, seed: int) -> None:
    trail, inventory = drawn_month(seed)
    with either_engine.session() as session:
        add_accepted(session, AUDIT_TRAIL, trail)
        add_accepted(session, DEVICE_INVENTORY, inventory)
        for relation, rows in TRAIL_ACTIVATIONS.dated(AUGUST.first_on, None):
            session.add_rows(relation, rows)
        names = [name for name, _ in TRAIL_ACTIVATIONS.columns]
        at = {"start_at": AUGUST.start_at, "end_at": AUGUST.end_at, "as_at": AS_AT}
        hold_picks(session, TRAIL_ACTIVATIONS.picks, at)
        rows = [dict(zip(names, row, strict=True)) for row in session.rows(TRAIL_ACTIVATIONS.sql, at)]
    found = {
        row["request_key"]: (row["outcome"], row["activation_us"], "") if not row["set_aside"] else (None, None, row["set_aside"])
        for row in rows
    }
    assert len(found) == len(rows)
    versions = [(row["device_id"], row["valid_from"] or 0, row["firmware_version"]) for row in inventory]
    expected = judged(trail, versions, AUGUST.start_at, AUGUST.end_at, AS_AT)
    assert found == expected
    outcomes = Counter(outcome for outcome, _, _ in expected.values())
    assert {"activated", "confirmed", "failed", "refused", "open", "no_answer", "version_unknown", "withdrawn"} <= set(outcomes)
