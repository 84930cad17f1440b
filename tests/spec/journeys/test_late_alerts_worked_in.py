"""What comes late beside an alert: an activation by tracking or by trail, or the inventory that tells whose hub it was."""

from pathlib import Path
from typing import Any

import pytest

from journey_rows import accepted, instant_of
from late_months import LateMonth
from tocsin.engines import Engine
from tocsin.feeds import all_feeds

HUB, METER = 1, 101
ALERTS = [
    {"alert_key": key, "stage": stage, "observed_at": instant_of(at), "alert_code": code, "device_id": HUB}
    for key, code in ((7, "AD1"), *((key, "8F0A") for key in range(10, 30)))
    for stage, at in (("c", "10:00:00"), ("f", "10:00:09"))
]
BEHIND = {"device_id": METER, "device_type": "ESME", "comms_hub_id": HUB}
TRACKED = {"request_id": 1, "device_id": METER, "stage": "F5", "observed_at": instant_of("09:50:00"), "result": "ok"}
ASKED = {
    "request_id": 2, "device_id": METER, "srv": "11.3", "user_id": "U-1", "observed_at": instant_of("09:49:00"), "time_point": "RX_DSP",
    "message_class": "request", "command_variant": 1,
}  # fmt: skip
ANSWERED = {**ASKED, "observed_at": instant_of("09:50:00"), "time_point": "TX_USER", "message_class": "response", "response_code": "I0"}
COMES: dict[str, list[dict[str, Any]]] = {
    "device_inventory": [BEHIND],
    "device_firmware": [TRACKED],
    "audit_trail": [ASKED, {**ANSWERED, "command_variant": None}],
}


@pytest.mark.parametrize(
    ("first", "late"),
    [
        (("device_inventory",), "device_firmware"),
        (("device_inventory",), "audit_trail"),
        (("audit_trail",), "device_inventory"),
        (("device_firmware",), "device_inventory"),
    ],
)
def test_an_outage_after_an_activation_that_is_told_late(embedded: Engine, tmp_path: Path, first: tuple[str, ...], late: str) -> None:
    month = LateMonth(tmp_path, embedded, ("trail_activations", "alerts"))
    month.deliver("alert_stages", accepted(all_feeds()["alert_stages"], ALERTS))
    for feed in first:
        month.deliver(feed, accepted(all_feeds()[feed], COMES[feed]))
    month.close()
    assert _following(month) == set()
    month.deliver(late, accepted(all_feeds()[late], COMES[late]))
    said = month.close()
    assert _following(month) == {7}
    assert [line for line in said if line.startswith("Alerts:")][-1] == "Alerts: 1 in place of 1 on 1 days, the other days stand"


def _following(month: LateMonth) -> set[int]:
    """The alerts that follow an activation, with the table held to a whole close."""
    month.assert_equal()
    names = [name for name, _ in month.tables["alerts"].journey.columns]
    found = [dict(zip(names, row, strict=True)) for row in month.kept("alerts")]
    return {row["alert_key"] for row in found if row["is_after_activation"]}
