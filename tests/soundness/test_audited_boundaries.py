"""Boundaries at which figures once differed from the fact sheet, or from each other, found by a second audit; each says what was wrong."""

import drawn_alerts
import drawn_firmware
import pytest
from drawn_requests import happenings

from tocsin.engines import Engine
from tocsin.journeys.alerts import ALERTS
from tocsin.journeys.firmware_activations import FIRMWARE_ACTIVATIONS
from tocsin.journeys.firmware_uploads import FIRMWARE_UPLOADS


@pytest.mark.parametrize(("earlier_by", "is_aside"), [("58.001", False), ("58", True)], ids=["skew", "backwards"])
def test_two_seconds_backwards_are_no_skew_wherever_they_are_met(embedded: Engine, earlier_by: str, is_aside: bool) -> None:
    """Skew is less than 2 s (domain.md 6.2). Exactly 2 s set a Service Request aside, and let an alert or an image pass as skewed."""
    before = f"11:59:{earlier_by}"
    requests = happenings(
        embedded,
        f"""
        request | what        | at       | cv | code
        r1      | received    | 11:59:50 | 1  |
        r1      | handed over | 12:00:00 |    |
        r1      | returned    | {before} |    |
        r1      | answered    | 12:00:20 |    | I0
        """,
    )
    alerts = drawn_alerts.happenings(
        embedded,
        ALERTS,
        stages=f"""
        alert | stage | at        | code | from
        A     | c     | 12:00:00  | 8F3F | CSPN
        A     | e     | {before}  | 8F3F | DSP
        A     | f     | 12:00:20  | 8F3F | DSP
        """,
    )
    stages = f"""
        device | stage | at
        a      | F0    | 12:00:00
        a      | F3    | {before}
        a      | F4    | 12:00:00
        a      | F5    | {before}
    """
    images = [drawn_firmware.happenings(embedded, journey, stages)[0] for journey in (FIRMWARE_UPLOADS, FIRMWARE_ACTIVATIONS)]
    found = [*requests.tell("r1", "set_aside"), *(one["set_aside"] for one in (*alerts, *images))]
    assert found == ["negative_span" if is_aside else ""] * 4
