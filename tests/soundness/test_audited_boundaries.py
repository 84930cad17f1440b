"""Boundaries at which figures once differed from the fact sheet, or from each other, found by a second audit; each says what was wrong."""

import drawn_alerts
import drawn_firmware
import pytest
from drawn_requests import happenings

from desk_road import AUDIT_COLUMNS, PARTY_COLUMNS, new_desk, write_rows
from tocsin.engines import Engine
from tocsin.journeys.alert_losses import ALERT_LOSSES
from tocsin.journeys.alerts import ALERTS
from tocsin.journeys.firmware_activations import FIRMWARE_ACTIVATIONS
from tocsin.journeys.firmware_uploads import FIRMWARE_UPLOADS
from tocsin.reports.frozen import from_json


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


DATED_PARTIES = """feed = "party_list"
sender = "DCC"
pattern = "PARTIES_{day}.csv"
[columns]
user_id = "user"
sec_party = "party"
user_role = "role"
"""


@pytest.mark.parametrize("came", [("20210601", "20210815", "20210915"), ("20210915", "20210815", "20210601")], ids=["in turn", "late"])
def test_the_party_list_of_the_month_stands_however_late_an_older_one_comes(tmp_path, came: tuple[str, ...]) -> None:
    """Lists dated by their names were each a slot of one day: the one of June was forgotten, that of September told August's parties, and
    of several the one taken in last."""
    desk = new_desk(tmp_path / "desk")
    (desk.root / "shapes" / "parties.toml").write_text(DATED_PARTIES, encoding="utf-8")
    requests = [
        (f"{user}:00-DB-12-34-56-78-90-A0:1", f"2021-08-10T12:00:{second}Z", point, kind, "4.1.1", 1, code, "", user, "", "North", "CSPN")
        for user in ("U1", "U2", "U3")
        for second, point, kind, code in (("00", "RX_DSP", "request", ""), ("10", "TX_USER", "response", "I0"))
    ]
    desk.take_in(write_rows(desk.incoming / "DSP_SAT_20210810_final.csv", AUDIT_COLUMNS, *requests), received_at="2021-08-11T06:00Z")
    for day, on in enumerate(came, start=16):
        rows = [(user, f"{on} {user}", "IS") for user in ("U1", "U2", "U3")]
        desk.take_in(write_rows(desk.incoming / f"PARTIES_{on}.csv", PARTY_COLUMNS, *rows), received_at=f"2021-09-{day}T06:00Z")
    run = desk.close("2021-08", "2021-09-20T00:00Z")
    frozen = from_json((desk.root / "runs" / "2021-08" / run / "run.json").read_text(encoding="utf-8"))
    assert [one.file_name for one in frozen.deliveries if one.feed == "party_list"] == ["PARTIES_20210815.csv"]
    # October's, of which no list has come: the newest of all.
    run = desk.close("2021-10", "2021-11-20T00:00Z")
    frozen = from_json((desk.root / "runs" / "2021-10" / run / "run.json").read_text(encoding="utf-8"))
    assert [one.file_name for one in frozen.deliveries if one.feed == "party_list"] == ["PARTIES_20210915.csv"]


DATED_INVENTORY = """feed = "device_inventory"
sender = "DSP"
pattern = "DEVICES_{day}.csv"
[columns]
device_id = "device"
valid_from = "since"
device_type = "type"
region = "region"
"""


def test_inventories_of_several_days_tell_together_what_a_device_was_and_is(tmp_path) -> None:
    """A device that moved in the month is told of by two files; of those of before the month the newest tells where it was when it began.

    For a night the newest file of all stood alone, and what began before it was of no known region."""
    desk = new_desk(tmp_path / "desk")
    (desk.root / "shapes" / "devices.toml").write_text(DATED_INVENTORY, encoding="utf-8")
    device = "00-DB-12-34-56-78-90-A0"
    requests = [
        (f"U{day}:{device}:1", f"2021-08-{day}T12:00:{second}Z", point, kind, "4.1.1", 1, code, "", f"U{day}", device, "", "")
        for day in ("10", "25")
        for second, point, kind, code in (("00", "RX_DSP", "request", ""), ("10", "TX_USER", "response", "I0"))
    ]
    desk.take_in(write_rows(desk.incoming / "DSP_SAT_20210810_final.csv", AUDIT_COLUMNS, *requests), received_at="2021-08-26T06:00Z")
    told = (("20210301", "South"), ("20210501", "Central"), ("20210820", "North"), ("20211220", "South"))
    for on, region in reversed(told):
        rows = [(device, f"{on[:4]}-{on[4:6]}-{on[6:]}T00:00:00Z", "ESME", region)]
        desk.take_in(
            write_rows(desk.incoming / f"DEVICES_{on}.csv", ("device", "since", "type", "region"), *rows), received_at="2021-12-21T06:00Z"
        )
    run = desk.close("2021-08", "2021-12-22T00:00Z")
    frozen = from_json((desk.root / "runs" / "2021-08" / run / "run.json").read_text(encoding="utf-8"))
    assert sorted(one.file_name for one in frozen.deliveries if one.feed == "device_inventory") == [
        "DEVICES_20210501.csv",
        "DEVICES_20210820.csv",
    ]
    regions = {dict(one.breakdown)["region"]: one.counted for one in frozen.figures if one.name.startswith("cpm_1/region=")}
    assert regions == {"central": 1, "north": 1}


SMKI_SHAPE = """feed = "smki_services"
sender = "DSP"
pattern = "SMKI_{month}.csv"
[columns]
request_id = "ref"
service = "service"
requested_at = "asked"
responded_at = "answered"
"""


def test_what_was_received_last_stands_in_whatever_order_files_are_taken_in(tmp_path) -> None:
    """Files of past months are taken in as they are found: of one request told twice, that taken in last stood, and its answer was lost."""
    desk = new_desk(tmp_path / "desk")
    (desk.root / "shapes" / "smki.toml").write_text(SMKI_SHAPE, encoding="utf-8")
    asked = ("1", "certificate", "2021-08-31T23:59:50Z")
    for month, answered, received_at in (("202109", "2021-09-01T00:00:05Z", "2021-10-02T06:00Z"), ("202108", "", "2021-09-02T06:00Z")):
        row = (*asked, answered)
        file = write_rows(desk.incoming / f"SMKI_{month}.csv", ("ref", "service", "asked", "answered"), row)
        desk.take_in(file, received_at=received_at)
    desk.close("2021-08", "2021-10-10T00:00Z")
    figure = desk.figures("2021-08")["cpm_7"]
    assert (figure["counted"], figure["met"]) == (1, 1)


def test_an_alert_buffered_over_the_months_end_is_the_earlier_months(embedded: Engine) -> None:
    """A hub out of reach for a week told when it received its alert once it was back: lost in July, and in August begun anew."""
    table = """
        alert | stage | at                   | code | from
        A     | b     | 2021-07-28T12:00:00Z | 8F3F | CSPN
        A     | c     | 2021-08-03T12:00:00Z | 8F3F | CSPN
        A     | e     | 2021-08-03T12:00:10Z | 8F3F | DSP
        A     | f     | 2021-08-03T12:00:20Z | 8F3F | DSP
        B     | c     | 2021-08-03T12:00:00Z | 8F3F | CSPN
        B     | e     | 2021-08-03T12:00:10Z | 8F3F | DSP
        B     | f     | 2021-08-03T12:00:20Z | 8F3F | DSP
    """
    (one,) = drawn_alerts.happenings(embedded, ALERTS, stages=table)
    assert (one["measured_from"], one["outcome"], one["delivery_us"]) == ("c", "delivered", 20_000_000)


ALERT_SHAPE = """feed = "alert_stages"
sender = "{0}"
pattern = "{0}_ALERTS_{{quarter_hour}}.csv"
[columns]
alert_key = "alert"
stage = "stage"
observed_at = "at"
alert_code = "code"
"""


def test_an_alert_is_counted_in_one_month_when_months_are_closed_one_after_the_other(tmp_path) -> None:
    """The same from files: the month of its receipt by the hub has it, as lost, since it was passed on long after; the next has it not."""
    desk = new_desk(tmp_path / "desk")
    told = {
        "CSPN": [("b", "2021-07-28T12:00:00Z"), ("c", "2021-08-03T12:00:00Z")],
        "DSP": [("e", "2021-08-03T12:00:10Z"), ("f", "2021-08-03T12:00:20Z")],
    }
    for sender, stages in told.items():
        (desk.root / "shapes" / f"alerts_of_{sender}.toml").write_text(ALERT_SHAPE.format(sender), encoding="utf-8")
        rows = [("A", stage, at, "8F3F") for stage, at in stages]
        for quarter, lines in (("20210728T1200", []), ("20210803T1200", rows)):
            file = write_rows(desk.incoming / f"{sender}_ALERTS_{quarter}.csv", ("alert", "stage", "at", "code"), *lines)
            desk.take_in(file, received_at="2021-08-03T13:00Z")
    counted = {}
    for month in ("2021-07", "2021-08"):
        desk.close(month, "2021-09-10T00:00Z")
        figures = desk.figures(month)
        counted[month] = [figures[name]["counted"] for name in ("alerts.raised", "alerts.lost_before_dsp", "cpm_3")]
    assert counted == {"2021-07": [1, 1, 1], "2021-08": [0, 0, 0]}


def test_what_was_held_back_and_is_not_told_is_no_loss(embedded: Engine) -> None:
    """The DSP counted 990 received and 940 passed on, and not what it held back of a storm: 50 were lost. Nobody knows how many were."""
    table = """
        slice_at | stage | service_provider | alert_count | consolidated_count | from
        12:00:00 | e     | CSPN             | 990         |                    | DSP
        12:00:00 | f     | CSPN             | 940         |                    | DSP
        12:15:00 | e     | CSPN             | 990         | 45                 | DSP
        12:15:00 | f     | CSPN             | 940         |                    | DSP
    """
    found = drawn_alerts.happenings(embedded, ALERT_LOSSES, counts=table)
    inside = sorted((row for row in found if row["leg"] == "inside_dsp"), key=lambda row: row["began_at"])
    assert [row["set_aside"] for row in inside] == ["held_back_not_told", ""]
    assert inside[1]["lost_count"] == 5


INCIDENT_SHAPE = """feed = "incidents"
sender = "DSP"
pattern = "REMEDY_{day}.csv"
[columns]
incident_id = "ref"
submitted_at = "asked"
category = "category"
status = "status"
resolved_at = "resolved"
"""


def test_an_extract_without_a_time_is_of_the_day_its_file_covers(tmp_path) -> None:
    """The extract of the 10th came after that of the 12th, and stood: an Incident that had been resolved since was open."""
    desk = new_desk(tmp_path / "desk")
    (desk.root / "shapes" / "extracts.toml").write_text(INCIDENT_SHAPE, encoding="utf-8")
    asked = ("I1", "2021-08-10T09:00:00Z", 3)
    for day, told in (("20210812", ("resolved", "2021-08-11T09:00:00Z")), ("20210810", ("in_progress", ""))):
        file = write_rows(desk.incoming / f"REMEDY_{day}.csv", ("ref", "asked", "category", "status", "resolved"), (*asked, *told))
        desk.take_in(file, received_at=f"2021-08-{33 - int(day[-2:])}T06:00Z")
    desk.close("2021-08", "2021-09-10T00:00Z")
    figure = desk.figures("2021-08")["cpm_5"]
    assert (figure["counted"], figure["met"]) == (1, 1)
