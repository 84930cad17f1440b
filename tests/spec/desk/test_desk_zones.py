"""Months read in UK local time and in UTC: rows at the edges fall in the month they belong to on both, at summer's ends and the year's."""

import json
from pathlib import Path

import pytest

from desk_road import AUDIT_COLUMNS, Desk, new_desk, write_rows

LONDON = '[workspace]\nperiod_zone = "Europe/London"\n'
AS_AT = "2022-03-01T00:00Z"
# The last instant of a month and the first of the next, in UTC and in UK local time, in summer and in winter.
EDGES = (
    "2021-07-31T22:59:59.999999Z",
    "2021-07-31T23:00:00Z",
    "2021-07-31T23:59:59.999999Z",
    "2021-08-01T00:00:00Z",
    "2021-08-31T22:59:59.999999Z",
    "2021-08-31T23:00:00Z",
    "2021-08-31T23:59:59.999999Z",
    "2021-09-01T00:00:00Z",
    "2021-12-31T23:59:59.999999Z",
    "2022-01-01T00:00:00Z",
)
SHAPE = 'pattern = "EDGES.csv"\ncovers = ["2021-07-01", "2022-02-01"]'
IN_UTC = {"2021-07": 3, "2021-08": 4, "2022-01": 1}
IN_LONDON = {"2021-07": 1, "2021-08": 4, "2022-01": 1}
# September and December hold the rest.
ELSEWHERE = {"UTC": 2, "Europe/London": 4}


@pytest.fixture(scope="module", params=["UTC", "Europe/London"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Desk]:
    made = new_desk(tmp_path_factory.mktemp("zones") / "w", LONDON if request.param == "Europe/London" else "")
    shape = made.root / "shapes" / "dsp_audit_trail.toml"
    shape.write_text(shape.read_text().replace('pattern = "DSP_SAT_{day}_{submission}.csv*"', SHAPE))
    rows = []
    for number, at in enumerate(EDGES):
        # Answered in the next month, some of them: a request belongs to the month it was received in.
        answered = at.replace("22:59:59.999999", "23:00:05").replace("59.999999", "59.9999995")
        rows.append((f"U:D:{number}", at, "RX_DSP", "request", "4.1.1", 1, "", "", "", "D", "", ""))
        rows.append((f"U:D:{number}", answered, "TX_USER", "response", "4.1.1", "", "I0", "", "", "D", "", ""))
    made.take_in(write_rows(made.incoming / "EDGES.csv", AUDIT_COLUMNS, *rows), received_at="2022-02-02T06:00Z")
    return request.param, made


def test_every_row_falls_in_one_month(desk: tuple[str, Desk]) -> None:
    zone, made = desk
    expected = IN_LONDON if zone == "Europe/London" else IN_UTC
    assert sum(expected.values()) == len(EDGES) - ELSEWHERE[zone]
    for month, count in expected.items():
        made.close(month, AS_AT)
        figures = made.figures(month)
        assert (figures["meter_reads.volume"]["counted"], figures["cpm_1"]["counted"], figures["cpm_1"]["met"]) == (count, count, count), (
            month
        )
        (path,) = (made.root / "runs" / month).glob("*/run.json")
        assert json.loads(path.read_text())["period"]["zone"] == zone
        said = made("trace", "meter_reads.volume", "--month", month, "--rows", 0, "--format", "json")
        assert said.code == 0 and len(said.rows) == 2 * count


def test_slots_are_the_days_of_the_zone(desk: tuple[str, Desk]) -> None:
    zone, made = desk
    settings = LONDON if zone == "Europe/London" else ""
    made.settings(settings + '[[expected]]\nfeed = "audit_trail"\nsender = "DSP"\nevery = "day"\n')
    try:
        october = made("slots", "2021-10", "--format", "json").rows
    finally:
        made.settings(settings)
    assert len(october) == 31 and {row["state"] for row in october} == {"late"}
    first, last = october[0]["from"], october[-1]["until"]
    # The clocks go back on 31 October 2021: that local day has 25 hours.
    assert (first, last) == (
        ("2021-09-30 23:00:00Z", "2021-11-01 00:00:00Z") if zone == "Europe/London" else ("2021-10-01 00:00:00Z", "2021-11-01 00:00:00Z")
    )


def test_a_run_keeps_its_zone_when_the_setting_changes(tmp_path: Path) -> None:
    desk = new_desk(tmp_path / "w", LONDON)
    row = ("U:D:1", "2021-08-31T23:30:00Z", "RX_DSP", "request", "4.1.1", 1, "", "", "", "D", "", "")
    desk.take_in(write_rows(desk.incoming / "DSP_SAT_20210831_final.csv", AUDIT_COLUMNS, row), received_at="2021-09-02T06:00Z")
    local = desk.close("2021-08", "2021-09-10T00:00Z")
    desk.settings("")
    utc = desk.close("2021-08", "2021-09-10T00:00Z")
    assert local != utc
    assert desk.figures("2021-08", "--run", local)["cpm_1"]["counted"] == 0
    assert desk.figures("2021-08", "--run", utc)["cpm_1"]["counted"] == 1
    assert desk("trace", "meter_reads.volume", "--run", local).code == 0
    assert desk("trace", "meter_reads.volume", "--run", utc).code == 0
