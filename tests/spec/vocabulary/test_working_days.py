"""Working Days: the worked table, the published bank holidays, and a second opinion (domain.md 11.1 and 15.1)."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from exchange_calendars import get_calendar

from tocsin.vocabulary.bank_holidays import bank_holidays
from tocsin.vocabulary.calendar import Period, WorkingDays
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import parse_instant

# domain.md 15.1, whole: WD 1, 2, 5, 7, 10, 14, 18, 25 of England & Wales, then 10, 18, 25 with Scotland.
NUMBERS = (1, 2, 5, 7, 10, 14, 18, 25)
WORKED = {
    "2021-03": "04-01 04-06 04-09 04-13 04-16 04-22 04-28 05-10 | 04-16 04-28 05-10",
    "2021-04": "05-04 05-05 05-10 05-12 05-17 05-21 05-27 06-08 | 05-17 05-27 06-08",
    "2021-06": "07-01 07-02 07-07 07-09 07-14 07-20 07-26 08-04 | 07-14 07-26 08-05",
    "2021-07": "08-02 08-03 08-06 08-10 08-13 08-19 08-25 09-06 | 08-16 08-26 09-07",
    "2021-08": "09-01 09-02 09-07 09-09 09-14 09-20 09-24 10-05 | 09-14 09-24 10-05",
    "2021-09": "10-01 10-04 10-07 10-11 10-14 10-20 10-26 11-04 | 10-14 10-26 11-04",
    "2021-11": "12-01 12-02 12-07 12-09 12-14 12-20 12-24 01-07 | 12-14 12-24 01-10",
    "2021-12": "01-04 01-05 01-10 01-12 01-17 01-21 01-27 02-07 | 01-18 01-28 02-08",
}


def dates(period: Period, words: str) -> list[date]:
    found = [date(period.year, int(word[:2]), int(word[3:])) for word in words.split()]
    return [on if on > period.last_on else on.replace(year=on.year + 1) for on in found]


@pytest.mark.parametrize("label", WORKED)
def test_the_worked_table(label: str) -> None:
    period = Period.parse(label)
    plain, with_scotland = WORKED[label].split("|")
    assert [WorkingDays().working_day(period, n) for n in NUMBERS] == dates(period, plain)
    assert [WorkingDays("with_scotland").working_day(period, n) for n in (10, 18, 25)] == dates(period, with_scotland)


def test_the_two_dates_of_paper_2() -> None:
    assert WorkingDays().working_day(Period.parse("2021-08"), 18) == date(2021, 9, 24)
    assert WorkingDays().working_day(Period.parse("2021-09"), 18) == date(2021, 10, 26)


@pytest.mark.parametrize("on", ["2012-06-04", "2012-06-05", "2020-05-08", "2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08"])
def test_days_proclaimed_or_moved_once_are_no_working_days(on: str) -> None:
    assert not WorkingDays().is_working_day(date.fromisoformat(on))


@pytest.mark.parametrize("on", ["2012-05-28", "2020-05-04", "2022-05-30"])
def test_the_days_they_were_moved_from_are_working_days(on: str) -> None:
    assert WorkingDays().is_working_day(date.fromisoformat(on))


def test_scotland_differs_where_it_should() -> None:
    plain, union = WorkingDays(), WorkingDays("with_scotland")
    for on in ("2021-08-02", "2021-11-30", "2021-01-04", "2026-06-15"):
        assert plain.is_working_day(date.fromisoformat(on)) and not union.is_working_day(date.fromisoformat(on))
    # Easter Monday and the August holiday of England & Wales are none of Scotland's; the union keeps them.
    for on in ("2021-04-05", "2021-08-30"):
        assert not union.is_working_day(date.fromisoformat(on))


# Proclaimed on 4 February 2026, when the published list at hand had just been taken: ours has it, that list has not.
LATER_THAN_THE_LIST = {"england_and_wales": set(), "scotland": {date(2026, 6, 15)}}


@pytest.mark.parametrize("division", ["england_and_wales", "scotland"])
def test_every_bank_holiday_is_the_published_one(shared: Path, division: str) -> None:
    published = json.loads((shared / "realdata" / "govuk_bank_holidays.json").read_text(encoding="utf-8"))
    events = {date.fromisoformat(event["date"]) for event in published[division.replace("_", "-")]["events"]}
    years = {on.year for on in events}
    assert years == set(range(2012, 2029))
    ours = {on for on in bank_holidays(division) if on.year in years}
    assert ours - events == LATER_THAN_THE_LIST[division]
    assert events <= ours


def test_the_stock_exchange_works_on_the_same_days() -> None:
    """A second opinion on England & Wales: exchange-calendars keeps London's sessions independently."""
    sessions = {at.date() for at in get_calendar("XLON", start="2019-01-01", end="2027-12-31").sessions}
    days = [date(2019, 1, 1) + timedelta(days=n) for n in range((date(2028, 1, 1) - date(2019, 1, 1)).days)]
    assert [on for on in days if WorkingDays().is_working_day(on) != (on in sessions)] == []


def test_working_days_between() -> None:
    days = WorkingDays()
    assert days.working_days_between(date(2021, 8, 31), date(2021, 9, 24)) == 18
    assert days.working_days_between(date(2021, 9, 24), date(2021, 9, 20)) == -4
    assert days.working_days_between(date(2021, 9, 24), date(2021, 9, 24)) == 0
    # From a Friday to the Sunday nothing is worked.
    assert days.working_days_between(date(2021, 9, 24), date(2021, 9, 26)) == 0


def test_a_deadline_is_the_end_of_the_local_day() -> None:
    days = WorkingDays()
    assert days.deadline_at(date(2021, 9, 24)) == parse_instant("2021-09-24T23:00:00Z")
    assert days.deadline_at(date(2021, 9, 24), "17:00") == parse_instant("2021-09-24T16:00:00Z")
    assert days.deadline_at(date(2021, 12, 24)) == parse_instant("2021-12-25T00:00:00Z")
    # The clocks went back on Sunday 31 October 2021: that day ended an hour later by UTC than the one before it.
    assert days.deadline_at(date(2021, 10, 30)) == parse_instant("2021-10-30T23:00:00Z")
    assert days.deadline_at(date(2021, 10, 31)) == parse_instant("2021-11-01T00:00:00Z")


def test_refusals_say_what_to_do() -> None:
    days = WorkingDays()
    with pytest.raises(BadDeclaration, match="counted from 1"):
        days.working_day(Period.parse("2021-08"), 0)
    with pytest.raises(BadDeclaration, match=r"2012 to 2030.*reference/bank_holidays\.csv.*freeze_bank_holidays"):
        days.working_day(Period.parse("2030-12"), 1)
    with pytest.raises(BadDeclaration, match="2011"):
        days.is_working_day(date(2011, 12, 30))
    with pytest.raises(BadDeclaration, match="with_wales"):
        WorkingDays("with_wales")
    with pytest.raises(BadDeclaration, match="noon"):
        days.deadline_at(date(2021, 9, 24), "noon")  # type: ignore[arg-type]  # the very thing that is refused


HEADING = "day,division,name,status,source,change\n"


def test_a_workspace_adds_and_removes_days(tmp_path: Path) -> None:
    file = tmp_path / "bank_holidays.csv"
    file.write_text(
        HEADING + "2021-09-02,england_and_wales,A day of thanks,verified,proclamation,add\n"
        "2021-08-30,england_and_wales,Summer bank holiday,verified,moved,remove\n"
        "2021-09-03,northern_ireland,Another,verified,proclamation,add\n",
        encoding="utf-8",
    )
    for override in (file, tmp_path):
        days = WorkingDays(override=override)
        assert not days.is_working_day(date(2021, 9, 2))
        assert days.is_working_day(date(2021, 8, 30))
        assert days.is_working_day(date(2021, 9, 3))
    assert WorkingDays().is_working_day(date(2021, 9, 2))


def test_a_year_only_begun_is_not_covered_and_a_whole_one_is(tmp_path: Path) -> None:
    file = tmp_path / "bank_holidays.csv"
    whole = ("01-01", "04-11", "04-14", "05-05", "05-26", "08-25", "12-25", "12-26")
    rows = [f"2031-{day},england_and_wales,A holiday,inferred,by rule,add\n" for day in whole]
    file.write_text(HEADING + rows[0], encoding="utf-8")
    with pytest.raises(BadDeclaration, match="2031"):
        WorkingDays(override=file).is_working_day(date(2031, 1, 2))
    file.write_text(HEADING + "".join(rows), encoding="utf-8")
    assert WorkingDays(override=file).working_day(Period.parse("2030-12"), 1) == date(2031, 1, 2)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("2021-09-31,england_and_wales,x,verified,y,add", r'line 2: column "day".*"2021-09-31"'),
        ("2021-09-03,wales,x,verified,y,add", r'line 2: column "division".*"wales"'),
        ("2021-09-03,scotland,x,sure,y,add", r'line 2: column "status".*"sure"'),
        ("2021-09-03,scotland,x,verified,y,drop", r'line 2: column "change".*"drop"'),
        ("2021-09-03,scotland,x,verified,y", r"line 2: expected 6 cells"),
    ],
)
def test_a_bad_override_names_file_line_column_and_word(tmp_path: Path, row: str, message: str) -> None:
    file = tmp_path / "bank_holidays.csv"
    file.write_text(HEADING + row + "\n", encoding="utf-8")
    with pytest.raises(BadDeclaration, match=r"bank_holidays\.csv: " + message):
        WorkingDays(override=file).is_working_day(date(2021, 9, 3))


def test_an_override_without_its_columns_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bank_holidays.csv"
    file.write_text("day,division,name,status,source\n", encoding="utf-8")
    with pytest.raises(BadDeclaration, match="column change is missing"):
        WorkingDays(override=file).is_working_day(date(2021, 9, 3))
    with pytest.raises(BadDeclaration, match="no such file"):
        WorkingDays(override=tmp_path / "elsewhere.csv").is_working_day(date(2021, 9, 3))
