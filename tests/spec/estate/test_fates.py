"""Fates: every kind of a profile occurs however small the month, the same for the same plan, and a usual month ends whole."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from tocsin.estate.chance import chance
from tocsin.estate.faults.fates import Fates
from tocsin.estate.faults.kinds import FILE_FATES, NEVER_WHOLE, ROW_FAULTS, is_harmless
from tocsin.estate.faults.profile import fault_profile, profile_of
from tocsin.estate.faults.rhythm import day_number, due_at, ready_at
from tocsin.estate.plan import Plan
from tocsin.feeds import all_feeds
from tocsin.vocabulary.calendar import Period, WorkingDays, parse_instant
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import DAY_US, QUARTER_HOUR_US
from tocsin.vocabulary.service_providers import senders

SEEDS = (1, 2, 3)


def plan_of(month: str, seed: int, profile: str) -> Plan:
    period = Period.parse(month)
    return Plan(period, Fraction(1, 10_000), seed, Plan.settled_at(period), fault_profile(profile))


def fates_of_days(fates: Fates, feed: str, sender: str) -> Counter[str]:
    return Counter(fates.fate(feed, sender, day * DAY_US) for day in fates.plan.days)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("profile", ["usual", "hard"])
@pytest.mark.parametrize("month", ["2021-02", "2021-10"])
def test_every_kind_of_the_profile_occurs_in_a_month(month: str, profile: str, seed: int) -> None:
    fates = Fates(plan_of(month, seed, profile))
    dsp = fates_of_days(fates, "audit_trail", "DSP")
    assert set(fates.plan.faults.files) <= set(dsp)
    assert sum(dsp[kind] for kind in NEVER_WHOLE) <= len(fates.plan.days) // 4
    whole_feed = sum((fates_of_days(fates, "audit_trail", sender) for sender in senders()), Counter[str]())
    assert whole_feed["on_time"] > whole_feed.total() * 3 // 4
    found: Counter[int] = Counter()
    for day in fates.plan.days:
        found.update(fates.row_faults(chance(seed, "rows", day), 300, day).tolist())
    assert {ROW_FAULTS[number] for number in found} == {"none", *fates.plan.faults.rows}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("month", ["2021-02", "2021-05", "2021-10"])
@pytest.mark.parametrize("feed", ["audit_trail", "incidents", "incident_log"])
def test_a_usual_month_is_whole_by_working_day_5(month: str, seed: int, feed: str) -> None:
    """And that with the days after the month, which late answers may come in."""
    plan = plan_of(month, seed, "usual")
    days = WorkingDays()
    healed = Fates(replace(plan, until_at=days.deadline_at(days.working_day(plan.period, 5))))
    for sender in senders():
        assert all(healed.stands(feed, sender, day * DAY_US) for day in plan.days)


def test_a_hard_month_stays_with_holes_but_never_without_registers() -> None:
    fates = Fates(plan_of("2021-09", 5, "hard"))
    stands = [fates.stands("audit_trail", "DSP", day * DAY_US) for day in fates.plan.days]
    assert 3 <= stands.count(False) <= len(stands) // 4
    assert fates.fate("party_list", "DSP", None) == "on_time" and fates.stands("party_list", "DSP", None)


def test_with_no_profile_nothing_goes_wrong() -> None:
    fates = Fates(plan_of("2021-09", 5, "none"))
    assert fates_of_days(fates, "audit_trail", "DSP") == Counter(on_time=len(fates.plan.days))
    assert not fates.row_faults(chance(1), 10_000, fates.plan.days[5]).any()
    assert len(fates.row_faults(chance(1), 0)) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_copies_come_as_their_fate_says(seed: int) -> None:
    fates = Fates(plan_of("2021-09", seed, "hard"))
    seen = set()
    for day in fates.plan.days:
        start = day * DAY_US
        ready, due = ready_at("audit_trail", "DSP", start), due_at("audit_trail", start)
        assert due == start + 2 * DAY_US and start + DAY_US < ready < due
        fate, copies = fates.fate("audit_trail", "DSP", start), fates.copies("audit_trail", "DSP", start, ready, due)
        seen.add(fate)
        assert [copy.arrives_at for copy in copies] == sorted({copy.arrives_at for copy in copies})
        assert all(copy.arrives_at >= ready for copy in copies)
        damages = {"missing": [], "cut": ["cut"], "spoilt": ["spoilt"], "cut_then_whole": ["cut", ""], "spoilt_then_whole": ["spoilt", ""],
                   "doubled": ["", ""], "sent_again": ["", "other_bytes"]}  # fmt: skip
        assert [copy.damage for copy in copies] == damages.get(fate, [""])
        if fate == "late":
            assert copies[0].arrives_at > due
        elif copies:
            assert copies[0].arrives_at < due
        assert fates.stands("audit_trail", "DSP", start) == (fate not in NEVER_WHOLE)
    assert seen == set(FILE_FATES)


def test_what_has_not_come_by_until_does_not_stand() -> None:
    plan = plan_of("2021-09", 5, "none")
    start = plan.period.start_at + 9 * DAY_US
    early = Fates(replace(plan, until_at=start + DAY_US))
    assert not early.stands("audit_trail", "DSP", start) and early.stands("audit_trail", "DSP", start - 2 * DAY_US)


def test_the_same_plan_says_the_same_in_any_order_and_another_seed_other_things() -> None:
    one, two, other = (Fates(plan_of("2021-09", seed, "hard")) for seed in (7, 7, 8))
    days = [day * DAY_US for day in one.plan.days]
    forward = [one.fate("audit_trail", sender, at) for sender in senders() for at in days]
    assert forward == [two.fate("audit_trail", sender, at) for sender in reversed(senders()) for at in reversed(days)][::-1]
    assert forward != [other.fate("audit_trail", sender, at) for sender in senders() for at in days]


def test_the_local_time_sender_is_in_time_and_its_days_are_its_own() -> None:
    """Its summer day begins at 23:00 UTC and completes a day of UTC that is due an hour after its own midnight."""
    start = parse_instant("2021-09-09T23:00Z")
    assert day_number(start) == day_number(start + 1000) == parse_instant("2021-09-10T00:00Z") // DAY_US
    ready, due = ready_at("audit_trail", "S1SP-6", start), due_at("audit_trail", start)
    assert (ready, due) == (parse_instant("2021-09-10T23:10Z"), parse_instant("2021-09-11T00:00Z"))
    fates = Fates(plan_of("2021-09", 5, "none"))
    assert all(copy.arrives_at < due for copy in fates.copies("audit_trail", "S1SP-6", start, ready, due))
    # The clock goes back on 31 October: that day lasts 25 hours.
    assert ready_at("audit_trail", "S1SP-6", parse_instant("2021-10-30T23:00Z")) == parse_instant("2021-11-01T00:10Z")


def test_quarter_hours_are_dealt_too() -> None:
    plan = plan_of("2021-09", 5, "hard")
    quarterly = [name for name, feed in all_feeds().items() if feed.every == "quarter_hour"]
    for feed in quarterly:
        fates = Fates(replace(plan, slices_from=plan.period.last_on))
        found = Counter(fates.fate(feed, "DSP", plan.period.end_at - n * QUARTER_HOUR_US) for n in range(1, 97))
        assert found["on_time"] > 48


def test_row_faults_come_at_the_rate_of_the_profile() -> None:
    fates = Fates(plan_of("2021-09", 5, "hard"))
    found = np.bincount(fates.row_faults(chance(3), 1_000_000), minlength=len(ROW_FAULTS))
    expected = [fates.plan.faults.rows.get(kind, 0) for kind in ROW_FAULTS]
    assert found[1:].tolist() == expected[1:]
    assert [ROW_FAULTS[n] for n in range(len(ROW_FAULTS)) if is_harmless(np.array([n]))[0]] == ["none", "repeated", "copied", "belated"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sentence = 'x'\n[files]\nlost = 3", 'odd.toml: files: "lost" is no kind of fault; expected some of late, missing'),
        ("sentence = 'x'\n[rows]\nno_stamp = -1", "odd.toml: rows.no_stamp: "),
        ("sentence = 'x'\n[behaviour]\nskewed = 300000", "odd.toml: behaviour: 300000 of 1,000,000 go wrong together; at most 250,000 may"),
        ("[files]\nlate = 1", "odd.toml: sentence: Field required"),
        ("sentence = 'x'\nweather = 1", "odd.toml: weather: "),
        ("sentence = ", "odd.toml: expected TOML"),
    ],
)
def test_a_wrong_profile_is_told_by_file_and_key(text: str, told: str) -> None:
    with pytest.raises(BadDeclaration) as refused:
        profile_of("odd", text)
    assert told in str(refused.value)


def test_an_unknown_profile_names_those_there_are() -> None:
    with pytest.raises(BadDeclaration, match='expected one of hard, none, rows, usual, found "mild"'):
        fault_profile("mild")


@pytest.mark.parametrize("seed", range(1, 9))
def test_never_more_than_a_quarter_of_a_feed_is_lost(seed: int) -> None:
    """Even under a profile that would lose more by rounding: of thirteen monthly reports three, of a sender's days a quarter."""
    plan = replace(
        plan_of("2021-09", seed, "none"), faults=profile_of("odd", "sentence = 'x'\n[files]\nmissing = 90\ncut = 80\nspoilt = 80")
    )
    fates = Fates(plan)
    for name, feed in all_feeds().items():
        if feed.every == "month":
            lost = [sender for sender in senders() if fates.fate(name, sender, plan.period.start_at) in NEVER_WHOLE]
            assert len(lost) <= 3
    for sender in senders():
        found = fates_of_days(fates, "audit_trail", sender)
        assert found.total() - found["on_time"] <= len(plan.days) // 4
