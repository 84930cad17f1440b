"""Deadlines as a run stands to them: met by a complete run in time, not yet, missed; a run before it may have met them already."""

from dataclasses import replace

import pytest

from frozen_run import PERIOD, made_up_run
from tocsin.reports.deadlines import judged, pmr_deadlines
from tocsin.reports.frozen import DeadlineLine
from tocsin.vocabulary.calendar import WorkingDays, parse_instant

LINES = pmr_deadlines(PERIOD, WorkingDays())


def standings(at: str, *, is_complete: bool, before: tuple[DeadlineLine, ...] = ()) -> list[str]:
    earlier = replace(made_up_run(), run_id="earlier", deadlines=before) if before else None
    return [line.standing for line in judged(LINES, parse_instant(at), is_complete=is_complete, before=earlier)]


def test_a_deadline_is_the_end_of_its_day_in_the_uk():
    assert [(line.name, line.due_on, line.due_at) for line in LINES] == [
        ("Legal", "2021-09-14", parse_instant("2021-09-14T23:00:00Z")),
        ("Operative", "2021-10-05", parse_instant("2021-10-05T23:00:00Z")),
    ]


@pytest.mark.parametrize(
    ("at", "is_complete", "expected"),
    [
        ("2021-09-10T00:00:00Z", True, ["met", "met"]),
        ("2021-09-10T00:00:00Z", False, ["not_yet", "not_yet"]),
        ("2021-09-14T23:00:00Z", True, ["met", "met"]),
        ("2021-09-14T23:00:00.000001Z", True, ["missed", "met"]),
        ("2021-09-24T00:00:00Z", False, ["missed", "not_yet"]),
        ("2021-11-01T00:00:00Z", True, ["missed", "missed"]),
    ],
)
def test_met_by_a_complete_run_in_time_only(at, is_complete, expected):
    assert standings(at, is_complete=is_complete) == expected


def test_what_a_run_before_it_met_stays_met_and_is_named():
    first = judged(LINES, parse_instant("2021-09-10T00:00:00Z"), is_complete=True, before=None)
    earlier = replace(made_up_run(), run_id="first", deadlines=first)
    again = judged(LINES, parse_instant("2021-11-01T00:00:00Z"), is_complete=False, before=earlier)
    assert [(line.standing, line.met_by) for line in again] == [("met", "first"), ("met", "first")]
    third = judged(LINES, parse_instant("2021-12-01T00:00:00Z"), is_complete=True, before=replace(earlier, run_id="2nd", deadlines=again))
    assert [line.met_by for line in third] == ["first", "first"]


def test_an_early_run_that_was_not_complete_meets_nothing():
    waiting = judged(LINES, parse_instant("2021-09-10T00:00:00Z"), is_complete=False, before=None)
    assert standings("2021-10-06T00:00:00Z", is_complete=True, before=waiting) == ["missed", "missed"]
