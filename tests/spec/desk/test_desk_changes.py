"""Months at one desk: what fell, what carries it, since when, and the action against it from report to report."""

import json
from pathlib import Path
from typing import Any

import pytest

from desk_changes import AS_AT, AUGUST, OCTOBER, SEPTEMBER, three_months
from desk_month import CLEAR_NAMES
from desk_road import Desk

FELL = "meter_reads.success_rate:fell"
MINUS = "\N{MINUS SIGN}"


def frozen(desk: Desk, month: str, run_id: str) -> str:
    return (desk.root / "runs" / month / run_id / "run.json").read_text(encoding="utf-8")


def changes(desk: Desk, month: str, run_id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(frozen(desk, month, run_id))["changes"]
    return found


def by_key(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {line["key"]: line for line in told["lines"]}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return three_months(tmp_path_factory.mktemp("changes") / "w")


@pytest.fixture(scope="module")
def september(desk: Desk) -> str:
    return desk.close(SEPTEMBER, AS_AT[SEPTEMBER])


@pytest.fixture(scope="module")
def october(desk: Desk, september: str) -> str:
    """October, with an action of September against what fell."""
    words = ("--change", FELL, "--text", "Ask the DSP for the causes", "--owner", "Service Management")
    assert desk("action", "record", SEPTEMBER, *words, "--due", "2021-11-19", "--at", "2021-10-25T10:00Z").code == 0
    return desk.close(OCTOBER, AS_AT[OCTOBER])


def test_a_first_month_says_that_it_is_the_first(desk: Desk) -> None:
    (run,) = (desk.root / "runs" / AUGUST).glob("*/run.json")
    told = changes(desk, AUGUST, run.parent.name)
    assert told["why"] == "No run of 2021-07 was known, so nothing can be compared with the month before."
    assert told["lines"] == []


def test_what_fell_is_divided_exactly(desk: Desk, september: str) -> None:
    """480 Meter Reads, 16 cells of 30; two cells fell from 100 to 50 %: each has a sixteenth of minus 50 points."""
    told = changes(desk, SEPTEMBER, september)
    line = by_key(told)[FELL]
    assert (told["against"], line["before"], line["now"], line["change"], line["events"]) == (AUGUST, "100.00", "93.75", f"{MINUS}6.25", 30)
    first, second, *others = line["split"]["lines"]
    assert [dict(cell["cell"])["device_type"] for cell in (first, second)] == ["ESME", "GSME"]
    for cell in (first, second):
        assert (dict(cell["cell"])["srv"], dict(cell["cell"])["region"]) == ("4.1.1", "north")
        assert (cell["counted_before"], cell["met_before"], cell["counted"], cell["met"]) == (30, 30, 30, 15)
        assert (cell["rate_effect"], cell["volume_effect"], cell["effect"]) == (f"{MINUS}3.125", "0.000", f"{MINUS}3.125")
    assert dict(first["cell"])["party_code"] == dict(second["cell"])["party_code"]
    assert {cell["effect"] for cell in others} == {"0.000"}
    assert line["split"]["whole"]["effect"] == f"{MINUS}6.250"


def test_by_one_column_at_a_time_it_is_the_same_change(desk: Desk, september: str) -> None:
    alone = by_key(changes(desk, SEPTEMBER, september))[FELL]["split"]["alone"]
    told = {tuple(line["cell"][0]): line["effect"] for line in alone}
    assert told["region", "north"] == f"{MINUS}6.250" and told["region", "south"] == "0.000"
    assert told["device_type", "ESME"] == told["device_type", "GSME"] == f"{MINUS}3.125"
    assert next(effect for (column, _), effect in told.items() if column == "party_code") == f"{MINUS}6.250"


def test_a_process_of_one_party_is_divided_without_it(desk: Desk, september: str) -> None:
    """SRV 3.5 is asked for by one party: no line of its process names any, and the volume that doubled is told as well."""
    told = by_key(changes(desk, SEPTEMBER, september))
    line = told["change_of_tenancy.success_rate:fell"]
    columns = {column for cell in (*line["split"]["lines"], *line["split"]["alone"]) for column, _ in cell["cell"]}
    assert columns == {"srv", "device_type", "region"}
    assert line["split"]["rolled_up"] == 1
    assert (told["change_of_tenancy.volume:volume"]["change"], told["change_of_tenancy.volume:volume"]["events"]) == ("+100.0", 30)


def test_a_measure_below_its_level_leads_and_is_divided_without_parties(desk: Desk, september: str) -> None:
    lines = changes(desk, SEPTEMBER, september)["lines"]
    assert lines[0]["key"] == "cpm_1:below_level" or lines[0]["kind"] in {"below_minimum", "below_target"}
    for line in lines:
        if line["subject"].startswith("cpm") and line["split"]:
            assert "party_code" not in line["split"]["columns"]


def test_every_change_leads_back(desk: Desk, september: str) -> None:
    for line in changes(desk, SEPTEMBER, september)["lines"]:
        if line["figure"]:
            said = desk("trace", line["figure"], "--run", september, "--rows", 1)
            assert said.code == 0 and "agrees with the figure" in said.out


def test_no_party_is_named(desk: Desk, september: str, october: str) -> None:
    for month, run_id in ((SEPTEMBER, september), (OCTOBER, october)):
        assert not [name for name in CLEAR_NAMES if name in frozen(desk, month, run_id)]


def test_what_has_not_come_back_is_told_again(desk: Desk, september: str, october: str) -> None:
    """October is as bad as September: nothing fell since the month before, and yet it is not over; it stands against August still."""
    line = by_key(changes(desk, OCTOBER, october))[FELL]
    assert (line["since"], line["months"], line["against"]) == (SEPTEMBER, 2, AUGUST)
    assert (line["before"], line["now"], line["split"]["whole"]["effect"]) == ("100.00", "93.75", f"{MINUS}6.250")
    # Volume is of its month alone.
    assert "change_of_tenancy.volume:volume" not in by_key(changes(desk, OCTOBER, october))


def test_an_action_is_carried_until_it_is_closed(desk: Desk, october: str) -> None:
    (action,) = changes(desk, OCTOBER, october)["actions"]
    assert (action["action"], action["change"], action["month"], action["state"]) == ("A1", FELL, SEPTEMBER, "overdue")
    assert desk.close(OCTOBER, AS_AT[OCTOBER]) == october
    # What was noted before the as-at instant makes another run; what came after does not.
    assert desk("action", "close", "A1", "--text", "Mended", "--at", "2021-11-21T00:00Z").code == 0
    assert desk.close(OCTOBER, AS_AT[OCTOBER]) == october
    later = desk.close(OCTOBER, "2021-11-22T00:00Z")
    (action,) = changes(desk, OCTOBER, later)["actions"]
    assert (action["state"], [note["text"] for note in action["notes"]]) == ("closed", ["Mended"])


def test_a_month_whose_tallies_are_gone_is_not_divided(desk: Desk, september: str, tmp_path: Path) -> None:
    import shutil

    copy = Desk(Path(shutil.copytree(desk.root, tmp_path / "w")))
    (run,) = (copy.root / "runs" / AUGUST).glob("*")
    (run / "tallies" / "service_requests.parquet").unlink()
    again = copy.close(SEPTEMBER, "2021-10-21T09:00Z")
    split = by_key(changes(copy, SEPTEMBER, again))[FELL]["split"]
    assert split["lines"] == [] and split["why"].startswith("The change cannot be divided: the tallies of 2021-08 are gone")
