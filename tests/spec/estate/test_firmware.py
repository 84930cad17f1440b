"""Firmware campaigns: what stands of every sender's files is the truth, and images go the ways of domain.md 8 (CR1421, CR1440)."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from estate_files import PostedFiles, small_plan
from tocsin.estate.events.firmware import TARGET_US, activations_of, expected_firmware, post_firmware
from tocsin.estate.events.firmware_draw import draw_attempts
from tocsin.estate.models import COHORTS
from tocsin.estate.population import populate
from tocsin.estate.senders.rhythm import day_on
from tocsin.vocabulary.instants import DAY_US

SENDERS = {"DSP", "CSPN", "S1SP-SECURE", "S1SP-DXC", "S1SP-CGI", "S1SP-TRILLIANT"}


def posted(root: Path, faults: str = "none", **plan) -> PostedFiles:
    files = PostedFiles(root, small_plan(faults=faults, **plan))
    files.close(post_firmware(files.plan, populate(files.plan), files.outbox, files.aside))
    return files


@pytest.mark.parametrize(("label", "faults"), [("2021-09", "hard"), ("2021-12", "none")])
def test_what_stands_is_the_truth(tmp_path: Path, label: str, faults: str) -> None:
    """Before SECMP0007 and after it."""
    files = posted(tmp_path, faults, label=label, until=f"{label}-06T12:00:00Z")
    taken = files.take_in("device_firmware")
    assert taken.findings() == set()
    asked = f"SELECT sender, observed_at // {DAY_US}, stage, result, count(*) FROM rows GROUP BY ALL"
    found = {row[:4]: row[4] for row in taken.standing("device_firmware", asked)}
    truth = {(row["sender"], row["day"], row["stage"], row["result"]): int(row["rows"]) for row in files.truth("firmware")}
    assert {(sender, _date(day), stage, result): rows for (sender, day, stage, result), rows in found.items()} == truth
    assert "DSP" in {sender for sender, _, _, _ in truth}
    alerts = {code for (code,) in taken.standing("device_firmware", "SELECT DISTINCT alert_code FROM rows WHERE stage = 'F2'")}
    assert ("N60" in alerts) == (label == "2021-12")


def test_stages_come_in_order_and_some_images_end_at_the_hub() -> None:
    plan = replace(small_plan(), scale=Fraction(1, 500))
    population = populate(plan)
    attempts = draw_attempts(plan, population)
    for attempt in attempts:
        stages = [event.stage for event in attempt.events]
        # What was asked for again, or called off, was asked for twice.
        assert [stage for place, stage in enumerate(stages) if stage != "F4" or "F4" not in stages[:place]] == sorted(set(stages))
        assert stages.count("F4") <= 2
        assert [event.observed_at for event in attempt.events] == sorted(event.observed_at for event in attempt.events)
        if not attempt.model.can_report:
            assert max(stages) <= "F2"
            assert COHORTS[population.devices["cohort"][attempt.device]] in {"IOC", "MOC-MDS"}
    assert any(not attempt.model.can_report for attempt in attempts)
    without_answer = [attempt for attempt in attempts if attempt.of("F4") and not attempt.of("F5") and attempt.of("F6", "ok")]
    assert without_answer
    assert any(attempt.is_superseded for attempt in attempts)
    asked_twice = [attempt for attempt in attempts if [event.stage for event in attempt.events].count("F4") == 2]
    assert any(attempt.of("F5", "ok") for attempt in asked_twice)
    assert any(request.calls_off for attempt in asked_twice for request in attempt.requests())
    assert len({(attempt.request, attempt.device) for attempt in attempts}) == len(attempts)


def test_an_image_for_many_devices_is_one_request() -> None:
    attempts = draw_attempts(small_plan(), populate(small_plan()))
    requests: dict[str, int] = {}
    for attempt in attempts:
        requests[attempt.request] = requests.get(attempt.request, 0) + 1
    assert max(requests.values()) > 1


def test_the_counts_of_attempts_hold_together(tmp_path: Path) -> None:
    rows = posted(tmp_path).truth("firmware_attempts")
    for row in rows:
        count = {name: int(value) for name, value in row.items() if value.isdigit()}
        assert count["named"] == count["refused"] + count["superseded"] + count["accepted"]
        assert count["delivered_in_time"] + count["delivered_late"] <= count["accepted"]
        assert count["answered_ok"] + count["confirmed_without_answer"] <= count["activation_requested"]
    assert sum(int(row["delivered_in_time"]) for row in rows) > sum(int(row["delivered_late"]) for row in rows) > 0
    assert TARGET_US == 5 * DAY_US


def test_activations_are_of_electricity_meters() -> None:
    plan = small_plan()
    population = populate(plan)
    done = activations_of(plan, population)
    assert len(done) > 0
    assert set(population.devices["device_type"][done["device"]].tolist()) == {1}


def test_who_owes_firmware() -> None:
    assert {one["sender"] for one in expected_firmware(small_plan())} == SENDERS


def _date(day: int) -> str:
    return day_on(day).isoformat()
