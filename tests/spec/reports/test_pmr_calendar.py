"""By when the PMR is due and whether it makes the OPSG's papers: the two months that paper 2 tells of."""

from datetime import date
from pathlib import Path

import pytest

from tocsin.reports.pmr_calendar import dues, fits, makes_paper_day
from tocsin.vocabulary.calendar import Period, WorkingDays
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.opsg import opsg_meetings

AUGUST, SEPTEMBER = Period(2021, 8), Period(2021, 9)


def told(period: Period) -> dict[tuple[str, int, str], tuple[str, bool, int]]:
    return {
        (fit.due.name, fit.due.working_day, fit.meeting.meeting): (fit.due.due_on.isoformat(), fit.makes_paper_day, fit.slack)
        for fit in fits(period, WorkingDays())
    }


@pytest.mark.parametrize(
    ("period", "key", "expected"),
    [
        # "The PMR would be received on 24 September and not in time for the paper day on 20 September."
        (AUGUST, ("option", 18, "reporting"), ("2021-09-24", False, -4)),
        # "... we could accommodate this for the Main OPSG meeting (5 October, paper day 28 September)."
        (AUGUST, ("option", 18, "main"), ("2021-09-24", True, 2)),
        (AUGUST, ("option", 14, "reporting"), ("2021-09-20", True, 0)),
        (AUGUST, ("legal", 10, "reporting"), ("2021-09-14", True, 4)),
        (AUGUST, ("operative", 25, "main"), ("2021-10-05", False, -5)),
        # "... ready on 26 October, the day after the reporting meeting and the paper day of the Main meeting": close, if not impossible.
        (SEPTEMBER, ("option", 18, "reporting"), ("2021-10-26", False, -6)),
        (SEPTEMBER, ("option", 18, "main"), ("2021-10-26", True, 0)),
        (SEPTEMBER, ("operative", 25, "main"), ("2021-11-04", False, -7)),
    ],
)
def test_the_months_of_paper_2(period: Period, key: tuple[str, int, str], expected: tuple[str, bool, int]) -> None:
    assert told(period)[key] == expected


def test_what_each_option_would_cost() -> None:
    options = {due.working_day: due.pounds for due in dues(AUGUST, WorkingDays()) if due.name == "option"}
    assert options == {10: 0, 14: 15_000_000, 18: 1_160_000, 25: 0}
    assert all(due.pounds is None for due in dues(AUGUST, WorkingDays()) if due.name != "option")


def test_on_the_paper_day_itself_is_in_time() -> None:
    day = date(2021, 9, 20)
    assert makes_paper_day(day, day) and not makes_paper_day(date(2021, 9, 21), day)


def test_a_month_without_meetings_has_no_fits_and_its_deadlines_all_the_same() -> None:
    assert fits(Period(2021, 4), WorkingDays()) == ()
    assert len(dues(Period(2021, 4), WorkingDays())) == 6


def test_papers_after_the_meeting_are_refused(tmp_path: Path) -> None:
    head = "period,meeting,since,meets_on,paper_on,status,source\n"
    (tmp_path / "opsg_meetings.csv").write_text(head + "2021-11,main,2021-11-01,2021-12-01,2021-12-02,assumed,test\n")
    with pytest.raises(BadDeclaration, match="not after the meeting"):
        opsg_meetings("2021-11", override=tmp_path)
