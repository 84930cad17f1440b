"""A day simulated by itself: its own files and no others, all of it or nothing (docs/performance.md)."""

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from tocsin.estate.agreements import expected_of
from tocsin.estate.block import Block
from tocsin.estate.events.alert_draw import draw_alerts
from tocsin.estate.faults.profile import fault_profile
from tocsin.estate.growth import volume_of
from tocsin.estate.one_day import plan_of_one_day, simulate_day
from tocsin.estate.plan import Plan
from tocsin.estate.population import populate
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.errors import BadDeclaration

ON = date(2022, 7, 6)
JULY = Period(2022, 7)


def plan(scale: Fraction = Fraction(1, 20_000), on: date = ON) -> Plan:
    return plan_of_one_day(Plan(JULY, scale, 7, Plan.settled_at(JULY), fault_profile("rows")), on)


@pytest.fixture(scope="module")
def day(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("day")
    assert simulate_day(plan(), folder).is_new
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_files_are_of_the_day_and_every_one_of_it_came(day: Path) -> None:
    deliveries = rows(day / "truth" / "deliveries.csv")
    assert {row["feed"] for row in deliveries} == {"audit_trail", "alert_stages", "alert_counts", "party_list"}
    # The local day of one sender begins an hour before, and is called by its date.
    assert {row["slot"][:10] for row in deliveries if row["slot"]} <= {"2022-07-06", "2022-07-05"}
    assert {row["result"] for row in deliveries} == {"accepted"}
    quarter_hours = [row for row in deliveries if row["feed"] == "alert_stages" and row["sender"] == "DSP"]
    assert len(quarter_hours) == 96
    assert all((day / "incoming" / row["file"]).is_file() for row in deliveries)


def test_both_processes_are_in_the_truth(day: Path) -> None:
    truth = {path.name for path in (day / "truth").iterdir()}
    assert {"figures.csv", "days.csv", "alert_figures.csv", "alert_days.csv", "faults.csv", "arrivals.csv"} <= truth
    faults = {row["kind"] for row in rows(day / "truth" / "faults.csv")}
    # Rows go wrong; no file does.
    assert faults
    assert not faults & {"late", "missing", "cut", "spoilt", "doubled", "sent_again"}


def test_the_same_day_is_there_already_and_another_folder_holds_the_same_bytes(day: Path, tmp_path: Path) -> None:
    assert not simulate_day(plan(), day).is_new
    simulate_day(plan(), tmp_path)
    trees = [
        {
            str(path.relative_to(root)): path.read_bytes()
            for top in ("incoming", "truth")
            for path in (root / top).rglob("*")
            if path.is_file()
        }
        for root in (day, tmp_path)
    ]
    assert trees[0] == trees[1]


def test_only_the_day_is_owed() -> None:
    owed = expected_of(plan())
    assert {(one["since"], one["until"]) for one in owed} == {("2022-07-06", "2022-07-07")}
    assert {one["feed"] for one in owed} == {"audit_trail", "alert_stages", "alert_counts"}
    # Its last hour is in the file of its next local day.
    assert ("audit_trail", "S1SP-6") not in {(one["feed"], one["sender"]) for one in owed}


def test_a_thirtieth_of_the_months_alerts_arise(monkeypatch) -> None:
    """1.6 billion a month are 53 million a day: in stretches, where storms and outages count for little, nearly all are drawn."""
    monkeypatch.setattr("tocsin.estate.events.alert_draw.PART", 20_000)
    one = plan(Fraction(1, 200))
    drawn = Block.together([alerts for _, alerts in draw_alerts(one, populate(one), one.days.start)])
    of_devices = int((~drawn["is_dcc"]).sum())
    published = volume_of(JULY).device_alerts // 200 // 30
    assert published * 97 // 100 < of_devices < published * 104 // 100


def test_what_goes_wrong_beside_is_raised_and_nothing_is_left(monkeypatch, tmp_path: Path) -> None:
    def full(*_, **__):
        raise OSError("no space left")

    monkeypatch.setattr("tocsin.estate.one_day.post_alerts", full)
    folder = tmp_path / "day"
    with pytest.raises(OSError, match="no space left"):
        simulate_day(plan(), folder)
    assert not folder.exists()


def test_a_process_that_dies_beside_is_told(monkeypatch, tmp_path: Path) -> None:
    import os

    monkeypatch.setattr("tocsin.estate.one_day.post_alerts", lambda *_, **__: os._exit(9))
    with pytest.raises(RuntimeError, match="ended with 9"):
        simulate_day(plan(), tmp_path / "day")


def test_a_day_of_another_month_is_refused() -> None:
    with pytest.raises(BadDeclaration, match="one of 2022-07 was expected, found 2022-08-01"):
        plan(on=date(2022, 8, 1))
