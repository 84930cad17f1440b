"""The calendar file of a Service Provider, read back by the library that calendars are read with."""

from icalendar import Calendar

from tocsin.deliveries.slots import Expectation, owed
from tocsin.desk.due_calendar import due_calendar
from tocsin.feeds import all_feeds
from tocsin.vocabulary.calendar import Period, WorkingDays, parse_instant

MADE_AT = parse_instant("2021-10-01T08:00:00Z")


def entries(month: Period, *expected: Expectation) -> list[tuple[str, str, str]]:
    slots = owed(expected, all_feeds(), month, WorkingDays())
    read = Calendar.from_ical(due_calendar("CSPN", slots, month, MADE_AT))
    return [(str(event["SUMMARY"]), f"{event.decoded('DTEND'):%Y-%m-%dT%H:%MZ}", str(event["UID"])) for event in read.walk("VEVENT")]


def test_a_report_is_due_on_working_day_2_and_its_final_on_5() -> None:
    found = entries(Period(2021, 9), Expectation("provider_reports", "CSPN", "month"), Expectation("provider_reports", "DSP", "month"))
    # 23:00 UTC is midnight in London, the end of Monday 4 and Thursday 7 October 2021 (domain.md 15.1).
    assert found == [
        ("Service Provider reports: file due", "2021-10-04T23:00Z", "provider_reports-CSPN-2021-09-20211004T230000Z@tocsin"),
        ("Service Provider reports: final due, if there is one", "2021-10-07T23:00Z",
         "provider_reports-CSPN-2021-09-20211007T230000Z-final@tocsin"),
    ]  # fmt: skip


def test_quarter_hours_have_one_entry_a_day() -> None:
    found = entries(Period(2021, 9), Expectation("alert_stages", "CSPN", "quarter_hour"))
    # Those due after midnight are the next day's.
    assert 30 <= len(found) <= 31
    assert sum(int(title.split(": ")[1].split()[0]) for title, _, _ in found if "files" in title) + sum(
        "file due" in title for title, _, _ in found
    ) == 30 * 96  # fmt: skip


def test_the_same_slots_give_the_same_entries() -> None:
    slots = owed([Expectation("provider_reports", "CSPN", "month")], all_feeds(), Period(2021, 9), WorkingDays())
    assert due_calendar("CSPN", slots, Period(2021, 9), MADE_AT) == due_calendar("CSPN", list(reversed(slots)), Period(2021, 9), MADE_AT)
    assert b"BEGIN:VALARM" in due_calendar("CSPN", slots, Period(2021, 9), MADE_AT)
