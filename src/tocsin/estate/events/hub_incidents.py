"""Incidents of Communications Hubs without SM WAN, as the DSP and the CSPs list them, and where their lists disagree (CR1429)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tocsin.estate.chance import chance
from tocsin.estate.events.firmware_requests import eui
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.senders.table_file import TableLayout
from tocsin.estate.words import WORDS
from tocsin.vocabulary.comms_hubs import NO_SM_WAN_EXCEPTIONS, NO_SM_WAN_OUTCOMES
from tocsin.vocabulary.instants import DAY_US, MINUTE_US, SECOND_US
from tocsin.vocabulary.service_providers import service_providers

STAMPS = ("submitted_at", "closed_at", "listed_at")

# Each sender, how its daily files are called, and how they are laid out.
LAYOUTS: dict[str, tuple[str, TableLayout]] = {
    "DSP": (
        "DSP_NOWAN_INCIDENTS_{day}.csv.gz",
        TableLayout(
            {"incident": "incident_id", "listed_at": "listed_at", "category": "category", "submitted": "submitted_at",
             "comms_hub": "comms_hub_id", "mpxn": "mpxn", "csp": "service_provider", "region": "region"},
            "csv.gz", stamps=STAMPS,
        ),
    ),
    "CSPN": (
        "ARQ-NOSMWAN-{day}.csv.gz",
        TableLayout(
            {"List": "list_kind", "Incident ID": "incident_id", "Category": "category", "Submit Date": "submitted_at",
             "Closed Date": "closed_at", "GUID": "comms_hub_id", "MPxN": "mpxn", "Diagnostics Results": "diagnostics",
             "Exception": "exception", "Outcome": "outcome"},
            "csv.gz", delimiter=";", stamps=STAMPS, stamp="%d/%m/%Y %H:%M:%S",
            values={"list_kind": {"received": "RECEIVED", "closed": "CLOSED"}},
        ),
    ),
    "CSPCS": (
        "CSPCS_90DAY_NOWAN_{day}.xlsx",
        TableLayout(
            {"Type": "list_kind", "Incident": "incident_id", "Cat": "category", "Submitted": "submitted_at", "Closed": "closed_at",
             "Comms Hub": "comms_hub_id", "Supply point": "mpxn", "Contract": "service_provider", "Region": "region",
             "Diagnostics": "diagnostics", "Exclusion": "exception", "Result": "outcome"},
            "xlsx", stamps=STAMPS, sheet="No SM WAN",
        ),
    ),
}  # fmt: skip

# Of a hundred: how the two sides tell of a hub. What is left is told by both, in agreement.
NOT_AT_CSP, NOT_AT_DSP, AT_NEITHER, IN_CONFLICT = 6, 5, 3, 7
CATEGORY = 3
WITHOUT_GUID = 10
# Of a hundred of which an 8.14.2 of an earlier month is still open: what is left to the last is more often excepted (assumed).
EXCEPTED_LATE = 30
DIAGNOSTICS = ("no signal at premises", "aerial needed", "signal found, hub faulty", "metal obstruction", "no access")
LONGEST_OPEN_DAYS = 120
FIRST_NUMBER = 700_000
# More than a month has: of months simulated one after another no two have the same.
NUMBERS_A_MONTH = 1_000_000

# Told by both sides without an 8.14.2, by the DSP alone, by the CSP alone: each kind of leftover is in every month.
# Each says whether the DSP raised it and whether the CSP received it.
LEFTOVERS = (
    (True, True),
    (True, False),
    (False, True),
)


@dataclass(frozen=True)
class HubIncident:
    """The Incident of one hub (place). Instants in us, whole s; what is not told by a side is None."""

    hub: int
    number: int
    submitted_at: int
    received_at: int
    closed_at: int
    is_raised: bool
    is_received: bool
    is_conflict: bool
    has_guid: bool
    mpxn: str
    diagnostics: str
    exception: str | None
    outcome: str


def incidents_of(plan: Plan, population: Population, updates: Mapping[int, int], before: Sequence[int]) -> list[HubIncident]:
    """The Incidents of hubs with an 8.14.2 (place to its instant) and of those left before; none for what neither side tells."""
    hubs = [(hub, at - at % SECOND_US) for hub, at in sorted(updates.items())]
    for place, hub in enumerate(before):
        # Up to 90 days before the first day of the estate, one of them exactly so long.
        days = 90 if place == 0 else int(chance(plan.seed, "left", hub).integers(3, 90))
        hubs.append((hub, plan.days_start_at - days * DAY_US + 10 * 60 * MINUTE_US))
    found = []
    for place, (hub, at) in enumerate(hubs):
        random = chance(plan.seed, "no SM WAN", hub)
        incident = _incident(random, plan.months_before * NUMBERS_A_MONTH + place, hub, at)
        left = place - len(updates)
        if left >= 0:
            # Still open when the days of the estate begin.
            incident = replace(incident, closed_at=plan.days_start_at + int(random.integers(24 * 60, 60 * 24 * 60)) * MINUTE_US)
        elif at < plan.days_start_at <= incident.closed_at and random.integers(0, 100) < EXCEPTED_LATE:
            exception = NO_SM_WAN_EXCEPTIONS[int(random.integers(0, len(NO_SM_WAN_EXCEPTIONS)))]
            incident = replace(incident, exception=exception, outcome=NO_SM_WAN_OUTCOMES[1])
        if 0 <= left < len(LEFTOVERS):
            is_raised, is_received = LEFTOVERS[left]
            incident = replace(incident, is_conflict=False, has_guid=True, is_raised=is_raised, is_received=is_received)
        found.append(incident)
    return [incident for incident in found if incident.is_raised or incident.is_received]


def listed(
    plan: Plan, population: Population, incidents: Sequence[HubIncident], sender: str
) -> Iterator[tuple[HubIncident, int, dict[str, Any]]]:
    """Rows of one sender: the Incident, the UTC day whose file lists it, the row. What was open before stands in the first file."""
    devices = population.devices
    first, last = plan.days.start, plan.days.stop - 1
    for incident in incidents:
        provider = WORDS["service_provider"][devices["service_provider"][incident.hub]]
        told = _common(population, incident, provider)
        if sender == "DSP":
            day = max(first, incident.submitted_at // DAY_US)
            if incident.is_raised and day <= last and incident.closed_at >= plan.days_start_at:
                told["comms_hub_id"] = eui(int(devices["eui"][incident.hub]))
                yield incident, day, {**told, "list_kind": "raised", "listed_at": (day + 1) * DAY_US}
        elif incident.is_received and service_providers()[provider].sender == sender:
            day, closing = max(first, incident.received_at // DAY_US), incident.closed_at // DAY_US
            if incident.is_conflict:
                told["category"] = CATEGORY + 1
            if day <= last and closing >= first:
                yield incident, day, {**told, "list_kind": "received"}
            if first <= closing <= last:
                closed = {"closed_at": incident.closed_at, "exception": incident.exception, "outcome": incident.outcome}
                yield incident, closing, {**told, **closed, "list_kind": "closed", "diagnostics": incident.diagnostics}


def _common(population: Population, incident: HubIncident, provider: str) -> dict[str, Any]:
    devices, hub = population.devices, incident.hub
    return {
        "incident_id": f"INC{incident.number:09d}",
        "category": CATEGORY,
        "submitted_at": incident.submitted_at,
        "comms_hub_id": eui(int(devices["eui"][hub])) if incident.has_guid else None,
        "mpxn": incident.mpxn,
        "region": WORDS["region"][devices["region"][hub]],
        "service_provider": provider,
    }


def _incident(random: np.random.Generator, place: int, hub: int, at: int) -> HubIncident:
    submitted = at + int(random.integers(5, 18 * 60)) * MINUTE_US
    side = int(random.integers(0, 100))
    bounds = np.cumsum([NOT_AT_CSP, NOT_AT_DSP, AT_NEITHER, IN_CONFLICT])
    told_by = int(np.searchsorted(bounds, side, side="right"))
    exception = NO_SM_WAN_EXCEPTIONS[int(random.integers(0, 2))] if random.integers(0, 100) < 8 else None
    return HubIncident(
        hub=hub,
        number=FIRST_NUMBER + place,
        submitted_at=submitted,
        received_at=submitted + int(random.integers(5, 20 * 60)) * MINUTE_US,
        closed_at=submitted + int(random.integers(2 * 24 * 60, LONGEST_OPEN_DAYS * 24 * 60)) * MINUTE_US,
        is_raised=told_by not in {1, 2},
        is_received=told_by not in {0, 2},
        is_conflict=told_by == 3,
        # Without its GUID a hub is known by its MPxN, which only the DSP's list tells beside the GUID.
        has_guid=bool(random.integers(0, 100) >= WITHOUT_GUID) or told_by == 1,
        mpxn=f"{int(random.integers(10, 24)):02d}{int(random.integers(0, 10**11)):011d}",
        diagnostics=DIAGNOSTICS[int(random.integers(0, len(DIAGNOSTICS)))],
        exception=exception,
        outcome=NO_SM_WAN_OUTCOMES[1] if exception else NO_SM_WAN_OUTCOMES[int(random.choice(3, p=(0.8, 0.1, 0.1)))],
    )
