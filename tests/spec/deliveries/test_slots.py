"""Slots: what a month owes, and how each slot stands at an instant."""

from datetime import date
from pathlib import Path

import pytest

from made_store import MadeStore, make_store, sat_row
from tocsin.deliveries.slots import Expectation, Slot, owed, states
from tocsin.feeds import all_feeds
from tocsin.vocabulary.calendar import Period, WorkingDays, moment, parse_instant
from tocsin.vocabulary.errors import BadDeclaration

MARCH = Period(2026, 3)
DAILY = [Expectation("audit_trail", "DSP", "day")]


@pytest.fixture
def made(tmp_path: Path) -> MadeStore:
    """Deliveries come in from 10 March 2026 09:00 UTC on."""
    return make_store(tmp_path)


def filled(slots: list[Slot], made: MadeStore, period: Period, as_at: int) -> tuple[int, int]:
    """How many of the slots are filled as known at an instant, of how many."""
    found = states(slots, made.ledger().deliveries(), period, as_at)[: len(slots)]
    return sum(one.state in {"on_time", "late"} for one in found), len(slots)


def test_a_month_of_days_is_due_a_day_after_each() -> None:
    slots = owed(DAILY, all_feeds(), MARCH, WorkingDays())
    assert len(slots) == 31
    assert slots[0].start_at == parse_instant("2026-03-01T00:00Z")
    assert slots[0].due_at == parse_instant("2026-03-03T00:00Z")
    assert slots[-1].end_at == parse_instant("2026-04-01T00:00Z")


def test_a_due_working_day_ends_at_its_midnight() -> None:
    (slot,) = owed([Expectation("incidents", "DCC", "month")], all_feeds(), Period(2021, 8), WorkingDays())
    # Working Day 5 after August 2021 is 7 September (domain.md 15.1); it ends at midnight in London.
    assert slot.due_at == parse_instant("2021-09-07T23:00Z")


@pytest.mark.parametrize(("zone", "quarters"), [("UTC", 31 * 96), ("Europe/London", 31 * 96 - 4)])
def test_quarter_hours_of_a_month_whose_clock_changes(zone: str, quarters: int) -> None:
    period = Period(2026, 3, zone)
    slots = owed([Expectation("audit_trail", "DSP", "quarter_hour")], all_feeds(), period, WorkingDays())
    assert len(slots) == quarters
    assert [slot.end_at for slot in slots[:-1]] == [slot.start_at for slot in slots[1:]]
    days = owed(DAILY, all_feeds(), period, WorkingDays())
    assert (len(days), days[0].start_at, days[-1].end_at) == (31, period.start_at, period.end_at)


def test_each_state(made: MadeStore) -> None:
    made.take_in(made.sat("DSP_SAT_20260301_final.csv", sat_row(1)), made.sat("DSP_SAT_20260309_initial.csv", sat_row(2)))
    made.shape("other", (made.root / "shapes/dsp_audit_trail.toml").read_text().replace("DSP_SAT", "X").replace('"DSP"', '"CSPN"'))
    made.take_in(made.file("X_20260302_final.csv", (made.incoming / "DSP_SAT_20260301_final.csv").read_bytes()))
    slots = owed(DAILY, all_feeds(), MARCH, WorkingDays())
    entries = made.ledger().deliveries()
    found = {state.slot.start_at: state for state in states(slots, entries, MARCH, parse_instant("2026-03-11T00:00Z"))[:31]}

    def on(day: int) -> str:
        return found[parse_instant(f"2026-03-{day:02d}T00:00Z")].state

    assert [on(1), on(2), on(9), on(10), on(31)] == ["late", "missing", "on_time", "not_due_yet", "not_due_yet"]
    (beside,) = states(slots, entries, MARCH, parse_instant("2026-03-11T00:00Z"))[31:]
    assert (beside.state, beside.slot.sender) == ("not_expected", "CSPN")
    assert filled(slots, made, MARCH, parse_instant("2026-03-11T00:00Z")) == (2, 31)
    # Nothing had come a day earlier.
    assert filled(slots, made, MARCH, parse_instant("2026-03-10T00:00Z")) == (0, 31)


def test_a_monthly_slot_is_filled_by_its_days(made: MadeStore) -> None:
    slots = owed([Expectation("audit_trail", "DSP", "month")], all_feeds(), Period(2026, 2), WorkingDays())
    days = [made.sat(f"DSP_SAT_202602{day:02d}_final.csv") for day in range(1, 29)]
    made.take_in(*days[:-1])
    later = parse_instant("2026-04-01T00:00Z")
    assert filled(slots, made, Period(2026, 2), later) == (0, 1)
    made.take_in(days[-1])
    assert filled(slots, made, Period(2026, 2), later) == (1, 1)


def test_an_expectation_of_an_unknown_feed() -> None:
    with pytest.raises(BadDeclaration, match='feed "alerts2" is not known'):
        owed([Expectation("alerts2", "DSP", "day")], all_feeds(), MARCH, WorkingDays())


def test_a_workspace_may_let_deadlines_end_at_five(tmp_path: Path) -> None:
    """The dated setting `deadline_clock` says at what clock a Working Day's deadline ends (domain.md 11.1)."""
    (tmp_path / "settings.csv").write_text(
        "name,since,value,unit,sentence,status,source\ndeadline_clock,2021-09-01,17:00,clock,Deadlines end at five.,assumed,our contract\n"
    )
    monthly = [Expectation("incidents", "DCC", "month")]
    ends = [owed(monthly, all_feeds(), Period(2021, month), WorkingDays(), tmp_path)[0].due_at for month in (8, 9)]
    assert ends == [parse_instant("2021-09-07T23:00Z"), parse_instant("2021-10-07T16:00Z")]


def test_what_is_owed_from_a_day_and_until_another() -> None:
    """A sender that starts or leaves inside a month owes only the days between; before and after nothing of it is missing."""
    august = Period(2021, 8)
    some = [Expectation("audit_trail", "S1SP-A", "day", since=date(2021, 8, 10), until=date(2021, 8, 13))]
    assert [moment(slot.start_at).day for slot in owed(some, all_feeds(), august, WorkingDays())] == [10, 11, 12]
    assert owed(some, all_feeds(), august.next(), WorkingDays()) == []
    monthly = [Expectation("audit_trail", "S1SP-A", "month", since=date(2021, 8, 10))]
    assert owed(monthly, all_feeds(), august, WorkingDays()) == []
    assert len(owed(monthly, all_feeds(), august.next(), WorkingDays())) == 1


def due_of(reference: Path | None = None, sender: str = "CSPN") -> tuple[int | None, int | None]:
    (slot,) = owed([Expectation("provider_reports", sender, "month")], all_feeds(), Period(2021, 8), WorkingDays(), reference)
    return slot.due_at, slot.final_due_at


def test_an_initial_is_due_on_working_day_2_and_a_final_on_5() -> None:
    assert due_of() == (parse_instant("2021-09-02T23:00:00Z"), parse_instant("2021-09-07T23:00:00Z"))


def test_a_sender_may_have_a_rule_of_its_own(tmp_path: Path) -> None:
    """Two Service Providers send their drafts on Working Day 7 (paper 3, notes on CR1430)."""
    rule = "feed,sender,submission,since,working_day,hours,status,source\nprovider_reports,CSPN,initial,2021-01-01,7,,assumed,test\n"
    (tmp_path / "due_rules.csv").write_text(rule)
    assert due_of(tmp_path) == (parse_instant("2021-09-09T23:00:00Z"), parse_instant("2021-09-07T23:00:00Z"))
    assert due_of(tmp_path, "DSP")[0] == parse_instant("2021-09-02T23:00:00Z")
    (tmp_path / "due_rules.csv").write_text(rule.replace(",7,,", ",,36,"))
    assert due_of(tmp_path)[0] == parse_instant("2021-09-02T12:00:00Z")


@pytest.mark.parametrize("told", [",,", ",7,36", ",0,"])
def test_a_rule_is_a_working_day_or_hours_and_not_both(tmp_path: Path, told: str) -> None:
    head = "feed,sender,submission,since,working_day,hours,status,source\n"
    (tmp_path / "due_rules.csv").write_text(f"{head}provider_reports,CSPN,initial,2021-01-01{told},assumed,test\n")
    with pytest.raises(BadDeclaration, match='line 2: column "working_day"'):
        due_of(tmp_path)
