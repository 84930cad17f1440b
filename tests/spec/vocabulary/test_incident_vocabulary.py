"""Incident targets, clock stops and the slices that CPM 4, 5 and 5A are (domain.md 2.5, 3.2 and 3.3)."""

from datetime import date
from pathlib import Path

import pytest

from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.incidents import CATEGORIES, CLOCKS, clock_stops, incident_slices, incident_targets

ON = date(2021, 8, 31)
MINUTE, HOUR, DAY = 60, 3600, 86_400


def test_times_of_the_five_categories() -> None:
    targets = incident_targets(ON)
    assert set(targets) == {(category, clock) for category in CATEGORIES for clock in CLOCKS}
    assert [targets[category, "initial_response"].seconds for category in CATEGORIES] == [
        10 * MINUTE,
        20 * MINUTE,
        45 * MINUTE,
        3 * HOUR,
        1 * DAY,
    ]
    assert [targets[category, "resolution"].seconds for category in CATEGORIES] == [4 * HOUR, 24 * HOUR, 72 * HOUR, 5 * DAY, 10 * DAY]
    assert {(one.calendar, one.status) for one in targets.values()} == {("24x7", "assumed")}


@pytest.mark.parametrize(
    ("reason", "pauses"),
    [
        ("waiting_on_user", True),
        ("waiting_on_site_access", True),
        ("approved_suspension", True),
        # The DCC's own Service Providers do not stop its clock; nor does a reason nobody has declared.
        ("waiting_on_supplier", False),
        ("waiting_for_godot", False),
        ("", False),
    ],
)
def test_what_stops_the_clock(reason: str, pauses: bool) -> None:
    assert clock_stops(ON).get(reason, False) is pauses


def test_the_default_reading() -> None:
    slices = incident_slices(ON)
    assert {name: (one.categories, one.clock) for name, one in slices.items()} == {
        "cpm_4": ((1, 2), "resolution"),
        "cpm_5": ((3,), "resolution"),
        "cpm_5a": ((4, 5), "resolution"),
    }
    assert {(one.reading, one.status) for one in slices.values()} == {("R1", "assumed")}


@pytest.mark.parametrize(
    ("reading", "cpm_5", "cpm_5a"),
    [
        ("R2", ((3, 4, 5), "resolution", False), ((3, 4, 5), "initial_response", False)),
        ("R3", ((3, 4, 5), "resolution", False), ((3, 4, 5), "resolution", True)),
    ],
)
def test_another_reading_is_one_row(tmp_path: Path, reading: str, cpm_5: tuple[object, ...], cpm_5a: tuple[object, ...]) -> None:
    (tmp_path / "settings.csv").write_text(
        f"name,since,value,unit,sentence,status,source\nincident_measure_reading,2021-08-01,{reading},reading,Ours.,verified,SEC H13.1\n",
        encoding="utf-8",
    )
    slices = incident_slices(ON, tmp_path)
    assert [(slices[name].categories, slices[name].clock, slices[name].is_by_category) for name in ("cpm_5", "cpm_5a")] == [cpm_5, cpm_5a]
    assert slices["cpm_4"].categories == (1, 2)
    assert incident_slices(date(2021, 7, 31), tmp_path)["cpm_5"].reading == "R1"


def test_a_bad_target_is_named(tmp_path: Path) -> None:
    file = tmp_path / "incident_targets.csv"
    for row, column in (
        ("6,resolution,2021-01-01,60,24x7,assumed,x", "category"),
        ("1,snooze,2021-01-01,60,24x7,assumed,x", "clock"),
        ("1,resolution,2021-01-01,60,lunar,assumed,x", "calendar"),
        ("1,resolution,2021-01-01,4h,24x7,assumed,x", "seconds"),
    ):
        file.write_text("category,clock,since,seconds,calendar,status,source\n" + row + "\n", encoding="utf-8")
        with pytest.raises(BadDeclaration, match=f'line 2: column "{column}"'):
            incident_targets(ON, tmp_path)
        file.unlink()
