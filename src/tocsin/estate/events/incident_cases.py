"""The cases every month has at any scale: one Incident for each way in which a clock stops, starts again, is judged or left out."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tocsin.estate.events.incident_stories import MS_US, Story, Telling
from tocsin.estate.events.outages import incident_reference
from tocsin.estate.plan import Plan
from tocsin.vocabulary.incidents import IncidentTarget, clock_stops, incident_targets
from tocsin.vocabulary.instants import DAY_US, MINUTE_US
from tocsin.vocabulary.settings import setting

HOUR_US = 60 * MINUTE_US


@dataclass
class Teller:
    """Begins stories of one month: references in their order, and the rules its senders go by."""

    plan: Plan
    random: np.random.Generator
    told: int

    def __post_init__(self) -> None:
        on = self.plan.period.first_on
        self.reasons = tuple(sorted(clock_stops(on)))
        self.stops = frozenset(reason for reason, pauses in clock_stops(on).items() if pauses)
        self.targets: dict[tuple[int, str], IncidentTarget] = incident_targets(on)
        self.window_us = setting("reopen_window", on).us

    def begin(
        self, at: int, category: int | None, *, exclusion: str | None = None, is_submission_told: bool = True, reference: str | None = None
    ) -> Telling:
        """A new Incident, submitted at an instant (cut to whole ms), under the next reference unless it has one."""
        if reference is None:
            self.told += 1
            reference = incident_reference(self.plan.period, self.told)
        return Telling(reference, at - at % MS_US, category, self.stops, self.targets, exclusion, is_submission_told)

    def day(self, first: int, below: int) -> int:
        """Some instant from one day of the month up to another, the first being day 0."""
        return self.plan.period.start_at + int(self.random.integers(first * DAY_US, below * DAY_US))

    def span(self, least_us: int, below_us: int) -> int:
        return int(self.random.integers(least_us, below_us))


def answered(teller: Teller, telling: Telling, group: str) -> Telling:
    """Assigned in time, and worked on."""
    telling.then(teller.span(MINUTE_US, telling.target_us("initial_response") - MINUTE_US), "assigned", group=group)
    return telling.then(teller.span(10_000_000, 5 * MINUTE_US), "in_progress")


def exactly_on_target(teller: Teller, group: str) -> Story:
    told = answered(teller, teller.begin(teller.day(1, 20), 1), group)
    return told.resolve(told.left_us()).story()


def a_thousandth_late(teller: Teller, group: str) -> Story:
    told = answered(teller, teller.begin(teller.day(1, 20), 2), group)
    return told.resolve(told.left_us() + MS_US).story()


def responded_exactly(teller: Teller, group: str) -> Story:
    told = teller.begin(teller.day(1, 20), 3)
    told.then(told.target_us("initial_response"), "assigned", group=group)
    return told.resolve(told.left_us() // 2).story()


def responded_late(teller: Teller, group: str) -> Story:
    told = teller.begin(teller.day(1, 15), 4)
    told.then(told.target_us("initial_response") + MS_US, "assigned", group=group)
    return told.resolve(told.left_us() // 2).story()


def resolved_at_once(teller: Teller, group: str) -> Story:
    """Never assigned: its first change away from new is its resolution."""
    told = teller.begin(teller.day(1, 20), 5)
    return told.then(5 * MINUTE_US, "resolved", group=group, met=True).story()


def waited_for_the_user(teller: Teller, group: str) -> Story:
    """As domain.md 15.7: 101 hours, of which 48 stopped."""
    told = answered(teller, teller.begin(teller.day(1, 12), 3), group)
    told.wait(3 * HOUR_US - told.counted_us, "waiting_on_user", 48 * HOUR_US)
    return told.resolve(50 * HOUR_US).story()


def waited_for_a_supplier(teller: Teller, group: str) -> Story:
    """The same, but nothing stops the clock for a supplier of the DCC's own."""
    told = answered(teller, teller.begin(teller.day(1, 12), 3), group)
    told.wait(3 * HOUR_US - told.counted_us, "waiting_on_supplier", 48 * HOUR_US)
    return told.resolve(50 * HOUR_US, is_flag_wrong=True).story()


def opened_again_in_time(teller: Teller, group: str) -> Story:
    """The clock goes on; the time between counts for nothing."""
    told = answered(teller, teller.begin(teller.day(1, 8), 3), group)
    told.resolve(told.left_us() // 2).then(DAY_US, "closed")
    told.then(teller.window_us - DAY_US, "reopened").then(MINUTE_US, "in_progress")
    return told.resolve(told.left_us() // 2).story()


def opened_again_too_late(teller: Teller, group: str) -> Story:
    """A thousandth of a second after the window it is another Incident, with a response of its own."""
    told = answered(teller, teller.begin(teller.day(1, 8), 2), group)
    told.resolve(told.left_us() // 2).then(DAY_US, "closed")
    told.then(teller.window_us - DAY_US + MS_US, "reopened", category=4)
    return told.then(30 * MINUTE_US, "assigned").resolve(DAY_US).story()


def downgraded_before_breach(teller: Teller, group: str) -> Story:
    told = answered(teller, teller.begin(teller.day(1, 18), 2), group)
    told.then(told.left_us() - 4 * MINUTE_US, "in_progress", category=3)
    return told.resolve(10 * HOUR_US).story()


def made_more_severe(teller: Teller, group: str) -> Story:
    told = answered(teller, teller.begin(teller.day(1, 18), 4), group)
    told.then(6 * HOUR_US, "in_progress", category=1)
    return told.resolve(HOUR_US).story()


def passed_on(teller: Teller, group: str) -> Story:
    """Two groups before the one that resolves it; a third is named only when it is closed."""
    told = answered(teller, teller.begin(teller.day(1, 15), 3), "DCC")
    told.then(HOUR_US, "assigned", group="DSP").then(HOUR_US, "assigned", group=group)
    return told.resolve(HOUR_US).then(DAY_US, "closed", group="DCC").story()


def of_the_user(teller: Teller, group: str) -> Story:
    told = answered(teller, teller.begin(teller.day(1, 20), 3), group)
    return told.then(HOUR_US, "in_progress", party="user").resolve(5 * DAY_US).story()


def cancelled(teller: Teller, group: str) -> Story:
    return answered(teller, teller.begin(teller.day(1, 25), 4), group).then(HOUR_US, "cancelled").story()


def duplicate(teller: Teller, group: str) -> Story:
    told = answered(teller, teller.begin(teller.day(1, 25), 2), group)
    return told.then(HOUR_US, "in_progress", exclusion="duplicate").resolve(3 * DAY_US).story()


def of_a_test(teller: Teller, group: str) -> Story:
    return answered(teller, teller.begin(teller.day(1, 25), 1, exclusion="test"), group).resolve(3 * DAY_US).story()


def a_problem(teller: Teller, group: str) -> Story:
    return answered(teller, teller.begin(teller.day(1, 25), 3, exclusion="problem"), group).resolve(DAY_US).story()


def uncategorised(teller: Teller, group: str) -> Story:
    return answered(teller, teller.begin(teller.day(1, 20), None), group).resolve(DAY_US).story()


def categorised_in_the_extract(teller: Teller, group: str) -> Story:
    told = answered(teller, teller.begin(teller.day(1, 20), None, is_submission_told=False), group)
    return told.resolve(DAY_US).story(category_in_extract=5)


def open_for_months(teller: Teller, group: str) -> Story:
    """Submitted a season ago, resolved in the month, most of the time between on the User."""
    told = answered(teller, teller.begin(teller.day(-130, -100), 4), group)
    told.wait(DAY_US, "waiting_on_site_access", 90 * DAY_US).wait(DAY_US, "waiting_on_user", DAY_US)
    return told.resolve(teller.day(3, 24) - told.at).story()


def still_open(teller: Teller, group: str) -> Story:
    return answered(teller, teller.begin(teller.day(-60, -40), 3), group).then(DAY_US, "pending", reason="waiting_on_supplier").story()


def open_and_waiting(teller: Teller, group: str) -> Story:
    told = answered(teller, teller.begin(teller.day(1, 5), 3), group)
    return told.then(DAY_US, "pending", reason="approved_suspension").story()


def never_looked_at(teller: Teller, group: str) -> Story:
    """Open, without a response, and no group has it."""
    del group
    return teller.begin(teller.day(5, 20), 2).story()


def at_the_last_instant(teller: Teller, group: str) -> Story:
    told = answered(teller, teller.begin(teller.plan.period.end_at - 30 * HOUR_US, 3), group)
    return told.resolve(teller.plan.period.end_at - MS_US - told.at).story()


def at_the_first_instant_after(teller: Teller, group: str) -> Story:
    told = answered(teller, teller.begin(teller.plan.period.end_at - 30 * HOUR_US, 2), group)
    return told.resolve(teller.plan.period.end_at - told.at).story()


def kept_outside_the_log(teller: Teller, group: str) -> Story:
    told = answered(teller, teller.begin(teller.day(1, 15), 4), group)
    return told.resolve(DAY_US).story(is_logged=False)


def cancelled_outside_the_log(teller: Teller, group: str) -> Story:
    told = answered(teller, teller.begin(teller.day(1, 15), 5), group)
    return told.then(DAY_US, "cancelled").story(is_logged=False)


CASES: tuple[Callable[[Teller, str], Story], ...] = (
    exactly_on_target,
    a_thousandth_late,
    responded_exactly,
    responded_late,
    resolved_at_once,
    waited_for_the_user,
    waited_for_a_supplier,
    opened_again_in_time,
    opened_again_too_late,
    downgraded_before_breach,
    made_more_severe,
    passed_on,
    of_the_user,
    cancelled,
    duplicate,
    of_a_test,
    a_problem,
    uncategorised,
    categorised_in_the_extract,
    open_for_months,
    still_open,
    open_and_waiting,
    never_looked_at,
    at_the_last_instant,
    at_the_first_instant_after,
    kept_outside_the_log,
    cancelled_outside_the_log,
)
