"""Monthly reports: thirteen senders, thirteen layouts, initial and final, and what stands of them is the truth (CR1430)."""

from pathlib import Path

import pytest

from estate_files import PostedFiles, small_plan
from tocsin.estate.events.provider_reports import SLOW, expected_provider_reports, post_provider_reports
from tocsin.estate.population import populate
from tocsin.vocabulary.calendar import parse_instant
from tocsin.vocabulary.service_providers import senders, service_providers

TOLD = ("report", "measure_ref", "service_provider", "region", "unit", "counted", "met", "percent_hundredths", "exception_count")


def posted(root: Path, faults: str = "none", **plan) -> PostedFiles:
    files = PostedFiles(root, small_plan(faults=faults, **plan))
    files.close(post_provider_reports(files.plan, populate(files.plan), files.outbox, files.aside))
    return files


@pytest.mark.parametrize("faults", ["none", "hard"])
def test_what_stands_is_the_truth(tmp_path: Path, faults: str) -> None:
    files = posted(tmp_path, faults)
    taken = files.take_in("provider_reports")
    assert taken.findings() == set()
    asked = f"SELECT sender, {', '.join(f'CAST({name} AS VARCHAR)' for name in TOLD)} FROM rows"
    found = sorted(tuple(cell or "" for cell in row) for row in taken.standing("provider_reports", asked))
    truth = sorted((row["sender"], *(row[name] for name in TOLD)) for row in files.truth("provider_reports") if row["stands"] == "yes")
    assert found == truth
    assert faults == "hard" or {row[0] for row in truth} == set(senders())


def test_every_provider_reports_and_one_without_counts(tmp_path: Path) -> None:
    rows = posted(tmp_path).truth("provider_reports")
    assert {row["service_provider"] for row in rows} == set(service_providers())
    assert {row["sender"] for row in rows if not row["counted"]} == {"S1SP-8"}
    assert all(0 <= int(row["met"]) <= int(row["counted"]) for row in rows if row["counted"])
    # A percentage is that of the counts, rounded half up.
    both = [row for row in rows if row["counted"] not in {"", "0"} and row["percent_hundredths"]]
    assert len(both) > 20
    for row in both:
        exact = 10_000 * int(row["met"]) - int(row["percent_hundredths"]) * int(row["counted"])
        assert -int(row["counted"]) < 2 * exact <= int(row["counted"])


def test_a_final_tells_more_events_than_its_initial(tmp_path: Path) -> None:
    rows = {(row["sender"], row["submission"], row["measure_ref"]): row for row in posted(tmp_path).truth("provider_reports")}
    initial, final = (int(rows["DSP", submission, "1.1"]["counted"]) for submission in ("initial", "final"))
    assert 0 < initial < final


def test_two_senders_are_late_as_agreed(tmp_path: Path) -> None:
    """By the evening of Working Day 6 all have come but theirs: Working Day 7 of September 2021 is 11 October."""
    files = posted(tmp_path, until="2021-10-08T23:00:00Z")
    assert set(senders()) - {row["sender"] for row in files.truth("provider_reports")} == set(SLOW)
    late = posted(tmp_path / "later", until="2021-10-12T00:00:00Z")
    assert {row["sender"] for row in late.truth("faults") if row["kind"] == "late"} == set(SLOW)
    arrivals = [row["received_at"] for row in late.truth("arrivals") if "TRL" in row["file"]]
    assert all(parse_instant("2021-10-11T00:00:00Z") <= parse_instant(at) for at in arrivals)


def test_all_thirteen_owe_a_report() -> None:
    assert {one["sender"] for one in expected_provider_reports(small_plan())} == set(senders())
