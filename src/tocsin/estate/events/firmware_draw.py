"""Firmware campaigns: which devices an 11.1 or 11.4 names, and how far each image comes (CR1421, CR1440; domain.md 8)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from tocsin.estate.block import Array, Block
from tocsin.estate.chance import chance
from tocsin.estate.events.firmware_requests import CampaignRequest, number_all
from tocsin.estate.models import COHORTS, Model, firmware_versions, models
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.words import WORDS
from tocsin.vocabulary.instants import DAY_US, MINUTE_US, SECOND_US, parse_instant

HOUR_US = 60 * MINUTE_US

# Campaigns begin so long before the month that some of their activations fall into it, and are told until five days after it: an
# image has five days to arrive (domain.md 2.7).
BEFORE_DAYS, AFTER_DAYS = 8, 5

# SECMP0007, DSP part: 11.4, N60 and N61, and an 11.2 answer that changes the inventory (domain.md 8.1 to 8.3).
SECMP0007_AT = parse_instant("2021-11-04T00:00:00Z")
BEFORE_SECMP0007 = ("ESME", "GSME")

# Of a thousand devices with a newer version to be had, a month's campaigns name so many; one request lists so many at most (assumed).
NAMED, FEWEST_NAMED, LONGEST_LIST = 60, 4, 200

# The warning with which an accepted request tells the devices it leaves out (domain.md 8.1).
REFUSING = {"11.1": "W110101", "11.4": "W110401"}

# Of a thousand.
REFUSED, HUB_FAILED, HAN_FAILED, NAMED_AGAIN, NEVER_ACTIVATED = 20, 25, 30, 40, 60
NO_ANSWER, ACTIVATION_FAILED, NO_PROOF, LATER, SLOW = 60, 25, 100, 250, 40
# Of a thousand held activations those called off again, and of a thousand without an answer those asked for once more.
CALLED_OFF, ASKED_AGAIN = 150, 300

# Cancelled by sending it again for this time (duis.md 6.1: 3000-12-31).
CANCELLED_AT = 32_535_129_600_000_000


@dataclass(frozen=True)
class FirmwareEvent:
    """A stage that ended. Instants in us, whole ms; an empty text or None is not told."""

    observed_at: int
    stage: str
    result: str
    srv: str
    stage_request: CampaignRequest | None = None
    response_code: str = ""
    alert_code: str = ""
    version_found: str = ""
    execution_at: int | None = None


@dataclass
class Attempt:
    """One image for one device: place of the device, its model, the request that named it. Superseded by a later one: how far it came."""

    device: int
    model: Model
    request: CampaignRequest
    version: str
    is_superseded: bool = False
    events: list[FirmwareEvent] = field(default_factory=list)

    @property
    def named_at(self) -> int:
        return self.request.at

    def requests(self) -> Iterator[CampaignRequest]:
        """The one that named the device, and those of its stages."""
        yield self.request
        yield from (event.stage_request for event in self.events if event.stage_request is not None)

    def of(self, stage: str, result: str | None = None) -> FirmwareEvent | None:
        """The earliest event of a stage."""
        fit = (event for event in self.events if event.stage == stage and result in {None, event.result})
        return min(fit, key=lambda event: event.observed_at, default=None)


def draw_attempts(plan: Plan, population: Population) -> list[Attempt]:
    """Every attempt, in the order in which devices were named."""
    attempts: list[Attempt] = []
    for place, model in enumerate(models()):
        random = chance(plan.seed, "firmware", place)
        for request, devices in _campaigns(plan, population, place, random):
            for device in devices:
                attempts += _attempts(population, random, device, model, request)
    if plan.is_followed:
        attempts = [attempt for attempt in attempts if _is_begun_before(attempt, plan.period.end_at)]
    attempts.sort(key=lambda attempt: (attempt.named_at, attempt.device))
    number_all((request for attempt in attempts for request in attempt.requests()), population.users["counter_from"])
    return attempts


def _is_begun_before(attempt: Attempt, end_at: int) -> bool:
    """Whether an attempt begins before an instant; it is cut where a stage ends after that, or is asked for a time after that."""
    for place, event in enumerate(attempt.events):
        if event.observed_at >= end_at or (event.execution_at is not None and end_at <= event.execution_at < CANCELLED_AT):
            attempt.events = attempt.events[:place]
            break
    return bool(attempt.events)


def activations(attempts: list[Attempt], population: Population) -> Block:
    """Successful activations of electricity meters: device (place), at_us; some cut their Communications Hub's power (MP102)."""
    done = [(attempt.device, event.observed_at) for attempt in attempts if (event := attempt.of("F5", "ok")) is not None]
    esme = WORDS["device_type"].index("ESME")
    told = [(device, at) for device, at in done if population.devices["device_type"][device] == esme]
    return Block({"device": np.array([d for d, _ in told], np.int64), "at_us": np.array([at for _, at in told], np.int64)})


def _campaigns(plan: Plan, population: Population, place: int, random: np.random.Generator) -> Iterator[tuple[CampaignRequest, list[int]]]:
    """Requests for one model, each with the devices it names."""
    model, devices = models()[place], population.devices
    newest = firmware_versions().index(model.firmware[-1])
    is_open = (devices["model"] == place) & (devices["firmware"] != newest) & (devices["installed_us"] < plan.days_start_at)
    waiting: Array = np.flatnonzero(is_open)
    if model.device_type in {"CHF", "GPF"} or len(waiting) == 0:
        return
    is_smets1 = bool(set(model.served) & set(COHORTS[1:]))
    count = min(len(waiting), max(FEWEST_NAMED, len(waiting) * NAMED // 1000))
    named = np.sort(random.choice(waiting, count, replace=False))
    for user in np.unique(devices["supplier"][named]).tolist():
        own = named[devices["supplier"][named] == user].tolist()
        for first in range(0, len(own), LONGEST_LIST):
            # What months before it tell of is theirs.
            day = int(random.integers(plan.days.start - (0 if plan.months_before else BEFORE_DAYS), plan.period.end_at // DAY_US))
            at = day * DAY_US + (9 * 3_600_000 + int(random.integers(0, 8 * 3_600_000))) * 1000
            is_after = at >= SECMP0007_AT
            if not is_after and not is_smets1 and model.device_type not in BEFORE_SECMP0007:
                continue
            srv = "11.4" if model.device_type == "PPMID" and is_after and not is_smets1 else "11.1"
            yield CampaignRequest(user, srv, at), own[first : first + LONGEST_LIST]


def _attempts(population: Population, random: np.random.Generator, device: int, model: Model, request: CampaignRequest) -> list[Attempt]:
    """The attempt of one device; where it is named again before the first ended, both."""
    first = Attempt(device, model, request, model.firmware[-1])
    first.events = _events(population, random, first)
    if _per_mille(random) >= NAMED_AGAIN or first.events[0].result == "refused":
        return [first]
    again_at = request.at + 20 * HOUR_US + int(random.integers(0, 8 * 3_600_000)) * 1000
    second = Attempt(device, model, CampaignRequest(request.user, request.srv, again_at), model.firmware[-1])
    second.events = _events(population, random, second)
    if second.events[0].result != "refused" and first.events[-1].observed_at > again_at:
        first.is_superseded = True
        first.events = [event for event in first.events if event.observed_at <= again_at]
    elif first.events[-1].observed_at > again_at:
        return [first]
    return [first, second]


def _events(population: Population, random: np.random.Generator, attempt: Attempt) -> list[FirmwareEvent]:
    """The stages of one attempt, in order of time; the last is where it ended."""
    srv = attempt.request.srv
    at = attempt.named_at + int(random.integers(600, 4000)) * 1000
    if _per_mille(random) < REFUSED:
        return [FirmwareEvent(at, "F0", "refused", srv, response_code=REFUSING[srv])]
    has_alerts = at >= SECMP0007_AT and not population.devices["is_smets1"][attempt.device]
    events = [FirmwareEvent(at, "F0", "ok", srv, response_code="I0")]
    at += int(random.integers(60_000, 6 * 3_600_000)) * 1000
    events.append(FirmwareEvent(at, "F1", "ok", srv))
    at += _on_the_way(random)
    hub_failed = _per_mille(random) < HUB_FAILED
    events.append(FirmwareEvent(at, "F2", "failed" if hub_failed else "ok", srv, alert_code=("N61" if hub_failed else "N60") * has_alerts))
    if hub_failed or not attempt.model.can_report:
        return events
    at += int(random.integers(10, 20 * 60)) * MINUTE_US
    han_failed = _per_mille(random) < HAN_FAILED
    events.append(FirmwareEvent(at, "F3", "failed" if han_failed else "ok", srv, alert_code="8F1C" if han_failed else "8F72"))
    if han_failed or _per_mille(random) < NEVER_ACTIVATED:
        return events
    return events + (_automatic if srv == "11.4" else _activation)(random, attempt, at)


def _automatic(random: np.random.Generator, attempt: Attempt, at: int) -> list[FirmwareEvent]:
    """An 11.4 activates of itself (domain.md 8.1)."""
    events = [FirmwareEvent(at, "F4", "ok", "11.4")]
    at += int(random.integers(5, 600)) * SECOND_US
    failed = _per_mille(random) < ACTIVATION_FAILED
    if _per_mille(random) >= NO_ANSWER:
        result = "failed" if failed else "ok"
        events.append(FirmwareEvent(at, "F5", result, "11.4", version_found="" if failed else attempt.version))
    return events + _proof(random, attempt, at, failed)


def _activation(random: np.random.Generator, attempt: Attempt, at: int) -> list[FirmwareEvent]:
    """F4 to F6 of an 11.3: asked for at once or for the night after, called off, answered, not answered and asked for again, and proved."""
    at += int(random.integers(60, 3 * 24 * 60)) * MINUTE_US
    execution_at = (at // DAY_US + 1) * DAY_US + 2 * HOUR_US if _per_mille(random) < LATER else None
    asked = _asked(attempt, at, execution_at)
    events = [_asked_event(asked)]
    if execution_at is not None and _per_mille(random) < CALLED_OFF:
        # In the last two hours before it, so after the request itself and what set it up.
        off = _asked(attempt, execution_at - int(random.integers(60, 110)) * MINUTE_US, CANCELLED_AT)
        off.calls_off = asked
        return [*events, _asked_event(off)]
    at = (execution_at or at) + int(random.integers(5, 600)) * SECOND_US
    failed = _per_mille(random) < ACTIVATION_FAILED
    if _per_mille(random) >= NO_ANSWER:
        events.append(_answer(attempt, asked, at, failed))
    elif _per_mille(random) < ASKED_AGAIN:
        # MP105: it runs though its answer was lost; who asks again is told that it is active already.
        at += int(random.integers(12 * 60, 2 * 24 * 60)) * MINUTE_US
        again = _asked(attempt, at)
        at += int(random.integers(5, 25)) * SECOND_US
        events += [_asked_event(again), _answer(attempt, again, at, failed := False)]
    return events + _proof(random, attempt, at, failed)


def _asked(attempt: Attempt, at: int, execution_at: int | None = None) -> CampaignRequest:
    return CampaignRequest(attempt.request.user, "11.3", at, attempt.device, execution_at)


def _asked_event(asked: CampaignRequest) -> FirmwareEvent:
    return FirmwareEvent(asked.at, "F4", "ok", "11.3", asked, execution_at=asked.execution_at)


def _answer(attempt: Attempt, asked: CampaignRequest, at: int, failed: bool) -> FirmwareEvent:
    """A response, or the alert that tells how what was held for later ended."""
    result, found = ("failed", "") if failed else ("ok", attempt.version)
    if asked.execution_at is None:
        return FirmwareEvent(at, "F5", result, "11.3", asked, response_code="I0", version_found=found)
    return FirmwareEvent(at, "F5", result, "11.3", asked, alert_code="8F67" if failed else "8F66", version_found=found)


def _proof(random: np.random.Generator, attempt: Attempt, at: int, failed: bool) -> list[FirmwareEvent]:
    """The answer to an 11.2 that asks which version runs, if it is asked."""
    if _per_mille(random) < NO_PROOF:
        return []
    at += int(random.integers(30, 2 * 24 * 60)) * MINUTE_US
    asking = CampaignRequest(attempt.request.user, "11.2", at - int(random.integers(3_000, 20_000)) * 1000, attempt.device)
    found = attempt.model.firmware[0] if failed else attempt.version
    return [FirmwareEvent(at, "F6", "failed" if failed else "ok", "11.2", asking, response_code="I0", version_found=found)]


def _on_the_way(random: np.random.Generator) -> int:
    """To the Communications Hub: mostly within five days, seldom later (domain.md 14: F2 in 0 to 5 days)."""
    days = 9 if _per_mille(random) < SLOW else 4
    return int(random.integers(30, days * 24 * 60)) * MINUTE_US


def _per_mille(random: np.random.Generator) -> int:
    return int(random.integers(0, 1000))
