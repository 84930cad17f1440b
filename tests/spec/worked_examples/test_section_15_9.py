"""domain.md 15.9, the path of an alert, to be read beside the sheet: rows, journey, counts."""

import pytest
from drawn_alerts import happenings

from tocsin.engines import Engine
from tocsin.journeys.alert_losses import ALERT_LOSSES
from tocsin.journeys.alerts import ALERTS

SECOND = 1_000_000
STAGES = """
    alert | stage | at       | code | from
    A     | b     | 12:00:00 | 8F3F | S1SP-SECURE
    A     | e     | 12:00:20 | 8F3F | DSP
    A     | f     | 12:00:50 | 8F3F | DSP
    A     | g     | 12:00:52 | 8F3F | DSP
"""
COUNTS = """
    slice_at | stage | service_provider | alert_count | consolidated_count | from
    12:00:00 | d     |                  | 1000        |                    | CSPN
    12:00:00 | e     | CSPN             | 990         | 45                 | DSP
    12:00:00 | f     | CSPN             | 940         |                    | DSP
"""


@pytest.mark.parametrize(("has_t2", "seconds", "is_proxy"), [(True, 50, False), (False, 30, True)])
def test_15_9_with_and_without_t2(embedded: Engine, has_t2: bool, seconds: int, is_proxy: bool) -> None:
    """From T2 50 s, met; without it and with the first stamp at the DSP, 30 s by proxy."""
    told = "\n".join(line for line in STAGES.splitlines() if has_t2 or "| b " not in line)
    (row,) = happenings(embedded, ALERTS, stages=told)
    assert (row["delivery_us"], row["is_proxy"], row["outcome"]) == (seconds * SECOND, is_proxy, "delivered")
    assert row["g_at"] - row["f_at"] == 2 * SECOND


def test_15_9_losses(embedded: Engine) -> None:
    """1,000 sent, 990 received: 10 in transit or lost; 940 forwarded and 45 consolidated: 5 lost inside the DSP."""
    lost = {row["leg"]: row["lost_count"] for row in happenings(embedded, ALERT_LOSSES, counts=COUNTS)}
    assert lost == {"provider_to_dsp": 10, "inside_dsp": 5}
