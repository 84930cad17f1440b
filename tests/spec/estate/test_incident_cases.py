"""The cases of domain.md 3.3 that every simulated month has: what the rules say of each, worked by hand, and what the truth says."""

from fractions import Fraction

import pytest

from tocsin.estate.chance import chance
from tocsin.estate.events import incident_cases as cases
from tocsin.estate.events.incident_stories import Story
from tocsin.estate.events.incidents import EXTRACTED_AFTER_US
from tocsin.estate.faults.profile import fault_profile
from tocsin.estate.plan import Plan
from tocsin.estate.truth.incident_clocks import Clock, clocks
from tocsin.estate.truth.incidents import IncidentTruth
from tocsin.vocabulary.calendar import Period

SEPTEMBER = Period.parse("2021-09")

# Case -> of each episode: response and resolution (met, missed, open, breached; none: set aside), final category, Resolver Group.
EXPECTED = {
    "exactly_on_target": [("met", "met", 1, "CSPN")],
    "a_thousandth_late": [("met", "missed", 2, "CSPN")],
    "responded_exactly": [("met", "met", 3, "CSPN")],
    "responded_late": [("missed", "met", 4, "CSPN")],
    "resolved_at_once": [("met", "met", 5, "CSPN")],
    "waited_for_the_user": [("met", "met", 3, "CSPN")],
    "waited_for_a_supplier": [("met", "missed", 3, "CSPN")],
    "opened_again_in_time": [("met", "met", 3, "CSPN")],
    "opened_again_too_late": [("met", "met", 2, "CSPN"), ("met", "met", 4, "CSPN")],
    "downgraded_before_breach": [("met", "met", 3, "CSPN")],
    # Ten minutes are the target of category 1, three hours that of category 4, within which it was answered.
    "made_more_severe": [("?", "missed", 1, "CSPN")],
    "passed_on": [("met", "met", 3, "CSPN")],
    "uncategorised": [("untold", "untold", 0, "CSPN")],
    "categorised_in_the_extract": [("met", "met", 5, "CSPN")],
    "open_for_months": [("met", "?", 4, "CSPN")],
    "still_open": [("met", "breached", 3, "CSPN")],
    "open_and_waiting": [("met", "open", 3, "CSPN")],
    "never_looked_at": [("breached", "breached", 2, "UNASSIGNED")],
    "at_the_last_instant": [("met", "met", 3, "CSPN")],
    "at_the_first_instant_after": [("met", "breached", 2, "CSPN")],
    "kept_outside_the_log": [("none", "met", 4, "CSPN")],
    # Cancelled, and no extract says when: both clocks are set aside.
    "cancelled_outside_the_log": [("none", "none", 5, "CSPN")],
}
NOT_OF_THE_DCC = {"of_the_user", "cancelled", "duplicate", "of_a_test", "a_problem"}


def plan_of(seed: int) -> Plan:
    return Plan(SEPTEMBER, Fraction(1, 5000), seed, Plan.settled_at(SEPTEMBER), fault_profile("none"))


def told(plan: Plan, story: Story) -> list[Clock]:
    """The clocks of one story, all of it delivered: response and resolution of each episode."""
    until_at = (plan.days[-1] + 1) * 86_400_000_000
    extract = story.extract(until_at, until_at + EXTRACTED_AFTER_US)
    changes = [change for change in story.changes if change.changed_at < until_at] if story.is_logged else []
    return list(clocks(changes, extract, IncidentTruth(plan, {}, {}, has_files=True).rules()))


def word(clock: Clock, *, is_response: bool) -> str:
    if clock.set_aside:
        return "none"
    if not clock.has_target:
        return "untold"
    if clock.is_resolved or (is_response and clock.is_met):
        return "met" if clock.is_met else "missed"
    return "breached" if clock.is_breached_open else "open"


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("case", cases.CASES, ids=lambda case: case.__name__)
def test_case(case, seed):
    plan = plan_of(seed)
    found = told(plan, case(cases.Teller(plan, chance(seed, case.__name__), 0), "CSPN"))
    if case.__name__ in NOT_OF_THE_DCC:
        assert len(found) == 2
        assert not any(clock.of_dcc for clock in found)
        return
    assert all(clock.of_dcc for clock in found)
    pairs = list(zip(found[::2], found[1::2], strict=True))
    made = [(word(a, is_response=True), word(b, is_response=False), b.category, b.resolver_group) for a, b in pairs]
    assert len(made) == len(EXPECTED[case.__name__])
    for expected, cells in zip(EXPECTED[case.__name__], made, strict=True):
        # "?": met or missed as chance has it.
        assert all(wanted in ("?", cell) for wanted, cell in zip(expected, cells, strict=True)), made


def test_what_was_recategorised_is_marked():
    plan = plan_of(4)
    teller = cases.Teller(plan, chance(4, "cases"), 0)
    changed = {case.__name__ for case in cases.CASES if any(clock.is_recategorised for clock in told(plan, case(teller, "DSP")))}
    assert changed == {"downgraded_before_breach", "made_more_severe", "opened_again_too_late"}


def test_a_wrong_flag_is_told_as_it_is():
    """The sending system calls a breach met: its own flag is shown beside ours, and changes nothing."""
    plan = plan_of(5)
    resolution = told(plan, cases.waited_for_a_supplier(cases.Teller(plan, chance(5, "cases"), 0), "DSP"))[1]
    assert (resolution.is_met, resolution.reported_met) == (False, True)
