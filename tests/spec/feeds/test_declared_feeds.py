"""The feeds of MP122B keep their contracts: a good row is taken, and each declared check refuses the row it is for, by its id."""

from dataclasses import replace
from pathlib import Path

import pytest
from tools.documents.feeds import plain_shape

from made_store import make_store
from tocsin.feeds import all_feeds
from tocsin.feeds.feed import BAND_SHIFT
from tocsin.vocabulary.errors import BadDeclaration

HUB, METER, REQUEST = "90-B3-D5-1F-30-00-00-01", "00-DB-12-34-56-78-90-A0", "90-B3-D5-1F-30-00-00-02:00-DB-12-34-56-78-90-A0:7"
NOON = "2026-02-01T12:00:00Z"

GOOD = {
    "alert_stages": {"alert_key": REQUEST, "stage": "e", "observed_at": NOON, "alert_code": "8f36", "throttled_count": "45"},
    "alert_counts": {"slice_at": NOON, "stage": "e", "alert_code": "AD1", "alert_count": "990", "consolidated_count": "45"},
    "device_firmware": {
        "request_id": REQUEST,
        "device_id": METER,
        "stage": "F0",
        "observed_at": NOON,
        "result": "ok",
        "image_version": "0102",
        "execution_at": "2031-01-01T00:00:00Z",
    },
    "hub_firmware": {"comms_hub_id": HUB, "image_version": "0102", "attempted_at": NOON, "told_at": NOON, "result": "ok"},
    "no_sm_wan_incidents": {
        "incident_id": "INC1",
        "list_kind": "closed",
        "submitted_at": NOON,
        "closed_at": NOON,
        "comms_hub_id": HUB,
        "category": "3",
        "outcome": "connected",
    },
    "provider_reports": {
        "report": "esi_101",
        "measure_ref": "1.1",
        "counted": "1000",
        "met": "993",
        "percent_hundredths": "9930",
        "exception_count": "0",
    },
    "hub_orders": {"record_id": "R1", "record_kind": "order", "hub_count": "40", "recorded_at": NOON, "promised_at": NOON},
    "smki_services": {"request_id": "S1", "service": "Certificate", "requested_at": NOON, "responded_at": NOON, "item_count": "1"},
    "outages": {
        "outage_id": "O1",
        "service": "ssi",
        "kind": "planned",
        "started_at": NOON,
        "ended_at": NOON,
        "incident_id": "INC1",
        "notified_at": "2026-01-11T12:00:00Z",
        "is_compliant": "yes",
    },
}

# Check id to what must be different for the row to be refused by it, and by it alone.
REFUSED = {
    "AS-01": {"throttled_count": "0"},
    "AS-02": {"stage": "f", "is_consolidated": "yes"},
    "AC-01": {"consolidated_count": "-1"},
    "AC-02": {"consolidated_count": "991"},
    "AC-03": {"slice_at": "2026-02-01T12:00:01Z"},
    "DF-01": {"image_version": ""},
    "DF-02": {"stage": "F2", "result": "refused"},
    "HF-01": {"told_at": "2026-02-01T11:59:59.999999Z"},
    "NW-01": {"category": "6"},
    "NW-02": {"closed_at": ""},
    "NW-03": {"comms_hub_id": ""},
    "PR-01": {"met": "1001"},
    "PR-02": {"percent_hundredths": "10001"},
    "PR-03": {"met": "", "percent_hundredths": ""},
    "PR-04": {"exception_count": "-1"},
    "HO-01": {"hub_count": "0"},
    "SK-01": {"item_count": "0"},
    "OU-01": {"ended_at": "2026-02-01T11:59:59.999999Z"},
}
NAMES = {"quarter_hour": "20260201T1200", "day": "20260201", "month": "202602"}


def taken(tmp_path: Path, name: str, row: dict[str, str]):
    """What became of one line: the receipt, the accepted row, the check ids that refused it."""
    feed, made = all_feeds()[name], make_store(tmp_path)
    made.shape("sender", plain_shape(feed).replace("# ", ""))
    cells = [row.get(column.name, "") for column in feed.columns]
    header = ",".join(column.name for column in feed.columns)
    (receipt,) = made.take_in(made.file(f"SENDER_{feed.code}_{NAMES[feed.every]}.csv", f"{header}\n{','.join(cells)}\n"))
    assert receipt.delivery.status == "accepted", receipt.delivery.reason
    return made.accepted(receipt), [check_id for _, check_id, _, _ in made.refused(receipt)]


@pytest.mark.parametrize("name", GOOD)
def test_a_good_row_is_taken(tmp_path: Path, name: str) -> None:
    accepted, refused = taken(tmp_path, name, GOOD[name])
    assert (len(accepted), refused) == (1, [])


def test_every_check_of_these_feeds_is_tried() -> None:
    assert set(REFUSED) == {check.id for name in GOOD for check in all_feeds()[name].checks}


@pytest.mark.parametrize("check_id", REFUSED)
def test_a_check_refuses_its_row(tmp_path: Path, check_id: str) -> None:
    (name,) = (name for name in GOOD if all_feeds()[name].code == check_id[:2])
    accepted, refused = taken(tmp_path, name, GOOD[name] | REFUSED[check_id])
    assert (accepted, refused) == ([], [check_id])


@pytest.mark.parametrize("name", ["device_id", "observed_at", "alert_code", "nothing"])
def test_bands_are_of_an_identifier_that_every_row_has(name: str) -> None:
    with pytest.raises(BadDeclaration, match=f'feed alert_stages: .*"{name}"'):
        replace(all_feeds()["alert_stages"], banded_by=name)


def test_rows_read_by_the_statement_lie_in_bands(tmp_path: Path) -> None:
    feed, made = all_feeds()["alert_stages"], make_store(tmp_path)
    made.shape("sender", plain_shape(feed).replace("# ", ""))
    names = [column.name for column in feed.columns]
    cells = {"stage": "e", "alert_code": "8f36"}
    lines = [{**cells, "alert_key": f"{REQUEST}{place}", "observed_at": f"2026-02-01T12:0{place * 7 % 10}:00Z"} for place in range(10)]
    text = "".join(",".join(line.get(name, "") for name in names) + "\n" for line in lines)
    (receipt,) = made.take_in(made.file("SENDER_AS_20260201T1200.csv", f"{','.join(names)}\n{text}"))
    found = [(row[1] >> BAND_SHIFT, row[3]) for row in made.accepted(receipt, is_as_stored=True)]
    assert found == sorted(found)
    assert len({band for band, _ in found}) > 3
