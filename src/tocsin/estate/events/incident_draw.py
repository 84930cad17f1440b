"""Every Incident of a month: raised by outages, bad hours, firmware, single devices and questions; and the cases that must occur."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.estate.chance import chance
from tocsin.estate.events.incident_cases import CASES, HOUR_US, Teller, answered
from tocsin.estate.events.incident_stories import Story, Telling
from tocsin.estate.events.outages import outages
from tocsin.estate.growth import volume_of
from tocsin.estate.plan import Plan
from tocsin.estate.requests.hours import bad_hours
from tocsin.vocabulary.instants import DAY_US, MINUTE_US, moment
from tocsin.vocabulary.service_providers import service_providers

# Tens of thousands of Incidents a month at most (domain.md 14); the rate itself is assumed. Fewer than LEAST would show nothing.
METERS_PER_INCIDENT = 600
LEAST = 60

# Incidents submitted so long before the simulated days may still be open in them; those that are not are not told.
LEAD_US = 25 * DAY_US

_PROVIDERS = service_providers()
GROUPS: tuple[str, ...] = ("DCC", *_PROVIDERS)
# Assumed shares: the wide area networks and the DSP have most, the ten on the SMETS1 side a quarter together.
_SHARES = {"DCC": 120, "DSP": 180, "csp": 155, "s1sp": 25, "dco": 25}

# The weight of each hour of a Working Day, UTC; nights and weekends are quiet (assumed).
_HOURS = (1, 1, 1, 1, 1, 2, 4, 8, 14, 16, 16, 15, 12, 14, 15, 14, 12, 8, 5, 4, 3, 2, 2, 1)
_WEEKEND_PERCENT, _SATURDAY = 35, 5


@dataclass(frozen=True)
class Cause:
    """What raises everyday Incidents: how many of a thousand, and which category of a thousand each."""

    name: str
    per_mille: int
    categories: tuple[int, ...]


CAUSES = (
    Cause("device", 600, (0, 5, 145, 800, 50)),
    Cause("firmware", 60, (0, 40, 760, 200, 0)),
    Cause("service", 90, (15, 185, 600, 200, 0)),
    Cause("question", 250, (0, 0, 20, 180, 800)),
)


def incidents(plan: Plan) -> Iterator[Story]:
    """Every Incident that some line or extract of the simulated days tells of, each with its own history from the first.

    Where the month before is simulated too, what began in it is among that month's Incidents alone.
    """
    return (story for story in _drawn(plan) if not plan.months_before or story.changes[0].changed_at >= plan.days_start_at)


def _drawn(plan: Plan) -> Iterator[Story]:
    found = outages(plan)
    teller = Teller(plan, chance(plan.seed, "incidents"), sum(outage.incident_id is not None for outage in found))
    first, end = plan.days_start_at, (plan.days[-1] + 1) * DAY_US
    for outage in found:
        if outage.incident_id is not None:
            yield _of_event(teller, "DSP", outage.started_at, outage.ended_at, is_major=outage.service == "ssi", of=outage.incident_id)
    for hour in bad_hours(plan):
        yield from _of_bad_hour(teller, hour.region, hour.start_at, hour.end_at)
    for number, case in enumerate(CASES):
        yield case(teller, GROUPS[1 + number % (len(GROUPS) - 1)])
    for number in range(2 * len(GROUPS)):
        yield _of_group(teller, GROUPS[number % len(GROUPS)], 1 + (number + number // len(GROUPS)) % 5)
    meters = volume_of(plan.period)
    a_month = max(LEAST, int((meters.smets1_meters + meters.smets2_meters) * plan.scale) // METERS_PER_INCIDENT)
    for at in _submissions(teller, first - LEAD_US, end, a_month):
        story = _everyday(teller, at)
        if story.changes[-1].changed_at >= first or story.is_open_at(end):
            yield story


def _submissions(teller: Teller, start_at: int, end_at: int, a_month: int) -> Iterator[int]:
    """Instants at which everyday Incidents are submitted, in working hours mostly; `a_month` in thirty days."""
    days = range(start_at // DAY_US, end_at // DAY_US)
    weights = [_WEEKEND_PERCENT if moment(day * DAY_US).weekday() >= _SATURDAY else 100 for day in days]
    many = a_month * len(days) // 30
    chosen = teller.random.choice(len(days), size=many, p=[weight / sum(weights) for weight in weights])
    hours = teller.random.choice(24, size=many, p=[hour / sum(_HOURS) for hour in _HOURS])
    for day, hour in zip(chosen.tolist(), hours.tolist(), strict=True):
        yield days[day] * DAY_US + hour * HOUR_US + teller.span(0, HOUR_US)


def _of_event(teller: Teller, group: str, start_at: int, end_at: int, *, is_major: bool, of: str | None = None) -> Story:
    """The Incident of an outage or a bad hour: seen within minutes, resolved soon after it is over."""
    told = answered(teller, teller.begin(start_at + teller.span(MINUTE_US, 5 * MINUTE_US), 1 if is_major else 2, reference=of), group)
    told.resolve(max(end_at - told.at, 0) + teller.span(5 * MINUTE_US, 90 * MINUTE_US))
    return told.then(teller.span(HOUR_US, 2 * DAY_US), "closed").story()


def _of_bad_hour(teller: Teller, region: str, start_at: int, end_at: int) -> Iterator[Story]:
    """One Incident of the Service Provider of the region, and what Users report of the same: its duplicates."""
    groups = [code for code, provider in _PROVIDERS.items() if provider.region == region and provider.role != "dco"] or ["DSP"]
    group = groups[teller.span(0, len(groups))]
    yield _of_event(teller, group, start_at, end_at, is_major=end_at - start_at > 2 * HOUR_US)
    for _ in range(teller.span(2, 6)):
        told = answered(teller, teller.begin(start_at + teller.span(10 * MINUTE_US, 2 * HOUR_US), 3), group)
        told.then(teller.span(HOUR_US, 3 * HOUR_US), "in_progress", exclusion="duplicate")
        yield told.resolve(teller.span(HOUR_US, DAY_US)).story()


def _of_group(teller: Teller, group: str, category: int) -> Story:
    """A plain one, so that every Resolver Group and category is there however small the scale."""
    told = answered(teller, teller.begin(teller.day(1, 14), category), group)
    return told.resolve(int(told.left_us() * 10 ** teller.random.uniform(-1.2, 0.12))).story()


def _everyday(teller: Teller, at: int) -> Story:
    """What chance makes of an everyday Incident. The shares are assumed: none was published."""
    random = teller.random
    cause = CAUSES[random.choice(len(CAUSES), p=[cause.per_mille / 1000 for cause in CAUSES])]
    category = 1 + int(random.choice(5, p=[share / 1000 for share in cause.categories]))
    lot = dict(zip(_LOTS, random.random(len(_LOTS)).tolist(), strict=True))
    exclusion = "test" if lot["test"] < 0.007 else "problem" if lot["problem"] < 0.007 else None
    told = teller.begin(at, None if lot["uncategorised"] < 0.005 else category, exclusion=exclusion)
    if lot["unseen"] < 0.004:
        return told.story()
    told.then(_share(told.target_us("initial_response"), random.normal(-1.2, 0.65)), "assigned", group=_group(teller))
    told.then(teller.span(MINUTE_US, 20 * MINUTE_US), "in_progress", party="user" if lot["user"] < 0.1 else None)
    if lot["passed"] < 0.25:
        told.then(_share(told.left_us(), random.normal(-3, 0.5)), "assigned", group=_group(teller))
    if lot["waits"] < 0.3:
        reason = teller.reasons[teller.span(0, len(teller.reasons))]
        told.wait(_share(told.left_us(), random.normal(-2.5, 0.5)), reason, _share(told.target_us(), random.normal(-0.7, 0.8)))
    if lot["excluded"] < 0.04:
        told.then(teller.span(MINUTE_US, HOUR_US), "in_progress", exclusion="duplicate")
    if lot["cancelled"] < 0.02:
        return told.then(teller.span(MINUTE_US, DAY_US), "cancelled").story()
    if lot["regraded"] < 0.06:
        _regrade(teller, told)
    if lot["never"] < 0.02:
        return told.then(teller.span(HOUR_US, DAY_US), "pending", reason="waiting_on_supplier").story()
    return _over(teller, told, lot)


_LOTS = ("test", "problem", "uncategorised", "unseen", "user", "passed", "waits", "excluded", "cancelled", "regraded", "never",
         "flagged", "wrong", "closed", "again", "too_late")  # fmt: skip


def _regrade(teller: Teller, told: Telling) -> None:
    """Half of them are made less severe just before they breach: the classic way to game the measure (domain.md 3.3)."""
    held = told.category or 4
    if teller.random.random() < 0.5 and held < 5:
        told.then(_share(told.left_us(), teller.random.uniform(-0.1, -0.005)), "in_progress", category=held + 1)
    else:
        told.then(_share(told.left_us(), teller.random.uniform(-3, -1)), "in_progress", category=max(held - 1, 1))


def _over(teller: Teller, told: Telling, lot: dict[str, float]) -> Story:
    wanted = _share(told.target_us(), teller.random.normal(-0.9, 0.65)) - told.counted_us
    told.resolve(max(wanted, 10 * MINUTE_US), is_flagged=lot["flagged"] < 0.85, is_flag_wrong=lot["wrong"] < 0.02)
    if lot["closed"] < 0.8:
        told.then(teller.span(HOUR_US, 3 * DAY_US), "closed")
    if lot["again"] < 0.05:
        wait = teller.window_us + HOUR_US if lot["too_late"] < 0.3 else HOUR_US
        told.then(wait + teller.span(0, DAY_US), "reopened").then(teller.span(MINUTE_US, HOUR_US), "in_progress")
        told.resolve(teller.span(HOUR_US, 2 * DAY_US))
    return told.story()


def _group(teller: Teller) -> str:
    shares = [_SHARES.get(group) or _SHARES[_PROVIDERS[group].role] for group in GROUPS]
    return GROUPS[teller.random.choice(len(GROUPS), p=[share / sum(shares) for share in shares])]


def _share(of_us: int, logarithm: float) -> int:
    """A part of a span, its natural logarithm drawn; whole µs, which a step cuts to whole ms."""
    return int(of_us * math.exp(logarithm))
