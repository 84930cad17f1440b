"""August to October 2021 rehearsed: the days as the papers tell them, a late final that restates September, and a run made again.

September has a month on either side in the same workspace, and its figures are still the truth.
"""

import pytest
from tools.rehearsal import AUGUST, LATE_AT, LATE_SENDER, OCTOBER, SEPTEMBER, Rehearsal, rehearse

from tocsin.desk.workspace import Workspace
from twin.estate_month import compare

# Feeds of no step of it, and half of all files.
WITHOUT = ("device_firmware", "hub_firmware", "no_sm_wan_incidents")
OF_THESE = ("firmware_", "hub_downloads", "hub_installs", "no_wan_matches")
JOURNEYS = (
    "service_requests", "incident_clocks", "incident_days", "incident_regrades", "outage_incidents", "availability", "smki_requests",
    "hub_order_records", "trail_activations",
)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, sail_url: str) -> Rehearsal:
    return rehearse(tmp_path_factory.mktemp("rehearsal") / "w", lambda line: None, without=WITHOUT, url=sail_url)


def shows(made: Rehearsal, on: str, begins: str) -> str:
    return next(line.shows for line in made.lines if line.on == on and line.happens.startswith(begins))


def test_the_days_are_those_of_the_papers(made: Rehearsal) -> None:
    assert shows(made, "2021-09-07", "August, Working Day 5").startswith("provisional")
    legal = shows(made, "2021-09-14", "the legal deadline")
    assert legal == "makes the reporting paper day of 2021-09-20 and makes the main paper day of 2021-09-28"
    common = shows(made, "2021-09-24", "August, Working Day 18")
    assert common.endswith("misses the reporting paper day of 2021-09-20 and makes the main paper day of 2021-09-28")
    september = shows(made, "2021-10-26", "September, Working Day 18")
    assert september.endswith("misses the reporting paper day of 2021-10-18 and makes the main paper day of 2021-10-26")


def test_what_is_awaited_grows_less_until_the_month_is_complete(made: Rehearsal) -> None:
    runs = [made.run(AUGUST, name) for name in ("August, Working Day 5", "August, Working Day 10", "August")]
    missing = [sum(slot.state == "missing" for slot in run.slots) for run in runs]
    assert missing == sorted(missing, reverse=True) and missing[-1] == 0
    waits = shows(made, "2021-09-14", "August, Working Day 10")
    assert missing[1] == 1 and waits.endswith("1 file is missing; it waits for CSPCS")
    assert not runs[0].is_complete and runs[-1].is_complete
    assert runs[0].provisional_because and not runs[-1].provisional_because


def test_a_late_final_restates_september_and_is_named(made: Rehearsal) -> None:
    told, again = made.run(SEPTEMBER, "September"), made.run(SEPTEMBER, "September, restated")
    late = [line for line in again.deliveries if line.file_name == made.late_file]
    assert [(line.sender, line.submission) for line in late] == [(LATE_SENDER, "final")]
    assert made.late_file not in {line.file_name for line in told.deliveries}
    assert f"the cause: the final of provider_reports of {LATE_SENDER}" in shows(made, LATE_AT[:10], made.late_file)
    carried = next(month for month in made.run(OCTOBER, "October").restated.months if month.month == SEPTEMBER.label)
    assert (carried.old_run, carried.new_run) == (told.run_id, again.run_id)
    assert carried.figure_count > 0
    assert {(line.sender, line.submission) for line in carried.deliveries if line.side == "came"} == {(LATE_SENDER, "final")}


def test_the_published_run_stands_and_is_made_again_on_both_engines(made: Rehearsal) -> None:
    again = [line for line in made.lines if "made again on" in line.happens]
    assert [line.happens.rsplit(maxsplit=1)[-1] for line in again] == ["duckdb", "spark"]
    assert all("are equal, byte for byte" in line.shows for line in again)
    published = [line.happens for line in made.lines if line.happens.endswith("is published")]
    assert published == ["2021-08 is published", "2021-09 is published"]
    # It complains of nothing: every published figure and file is held to its digest.
    assert made("doctor") == ""


def test_had_all_sent_sooner_the_months_would_have_been_complete_sooner(made: Rehearsal) -> None:
    lines = [line.shows for line in made.lines if line.happens.startswith("had all sent by Working Day 2")]
    # Not before the last answer to the month's requests can have come, and in truth not before CSP South & Central was ready.
    assert [line.startswith("would have been complete on") for line in lines] == [True, True]
    assert all("(Working Day 4), and was" in line and line.endswith("(Working Day 18)") for line in lines)


def test_a_month_between_two_others_is_told_as_it_was_drawn(made: Rehearsal) -> None:
    run = made.close(SEPTEMBER, "2021-10-22T00:00:00Z", "September, settled")
    found = compare(run, made.folder / "truth" / SEPTEMBER.label, Workspace.open(made.folder).anonymity_secret, JOURNEYS)
    assert [line for line in found if not line.startswith(OF_THESE)] == []
