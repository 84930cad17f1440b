"""Communications Hubs without SM WAN: an Incident of the DSP and one of the CSP for each, closed within 90 days or after (CR1429).

The 8.14.1 and 8.14.2 themselves are Service Requests of the audit trail; `HubUpdates` gathers them while they are drawn.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.estate.block import EMPTY, Block, Truth
from tocsin.estate.chance import chance
from tocsin.estate.events.hub_incidents import LAYOUTS, HubIncident, incidents_of, listed
from tocsin.estate.faults.rhythm import due_at, ready_at
from tocsin.estate.outbox import Outbox, Posting
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.requests.spans import OUTCOMES
from tocsin.estate.senders.rhythm import day_on
from tocsin.estate.senders.table_file import write_table
from tocsin.estate.words import WORDS, number
from tocsin.vocabulary.instants import DAY_US, moment

FEED = "no_sm_wan_incidents"
CONNECTED, NO_SM_WAN = "8.14.1", "8.14.2"

BUCKETS = ("M3", "M2a", "M2b", "U1", "U2", "U3", "U4", "X")

# Communications Hubs of the whole network that were left without SM WAN in the 90 days before (assumed: 1 % of three months' installs).
LEFT_BEFORE, FEWEST_LEFT = 9_000, 8


@dataclass
class HubUpdates:
    """Status updates of Communications Hubs as their requests were received: hub (place) to the earliest instant, by SRV.

    `told` are those whose row is in a file that came, with the instant as read; `sent` are all that were accepted.
    """

    sent: dict[str, dict[int, int]] = field(default_factory=lambda: {CONNECTED: {}, NO_SM_WAN: {}})
    told: dict[str, dict[int, int]] = field(default_factory=lambda: {CONNECTED: {}, NO_SM_WAN: {}})

    def add(self, requests: Block, rows: Block, delivered: Truth) -> None:
        """The requests and addressed rows of one block."""
        received = (rows["time_point"] == number("time_point", "RX_DSP")) & (rows["message_class"] == number("message_class", "request"))
        for srv in (CONNECTED, NO_SM_WAN):
            for row in np.flatnonzero(received & (rows["srv"] == number("srv", srv))).tolist():
                request = int(rows["request"][row])
                hub = int(requests["device"][request])
                if hub < 0 or requests["outcome"][request] != OUTCOMES.index("success"):
                    continue
                _earliest(self.sent[srv], hub, int(rows["stamp"][row]))
                if delivered[row] and rows["told_us"][row] != EMPTY:
                    _earliest(self.told[srv], hub, int(rows["told_us"][row]))


@dataclass
class HubTruth:
    """Hubs in each bucket of domain.md 10.3, by what files that came tell, and updates told on each day and region."""

    buckets: Counter[str] = field(default_factory=Counter)
    updates: Counter[tuple[int, str, str]] = field(default_factory=Counter)
    listed: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    # Of each hub (place) the Incident by the kind of list that tells it, in files that came.
    told: dict[int, dict[str, HubIncident]] = field(default_factory=dict)

    def write(self, truth: Path) -> None:
        """hub_buckets.csv, hub_updates.csv and hub_lists.csv into the folder."""
        _write(truth / "hub_buckets.csv", ("bucket", "hubs"), ((bucket, self.buckets[bucket]) for bucket in BUCKETS))
        updates = ((day_on(day).isoformat(), region, srv, hubs) for (day, region, srv), hubs in sorted(self.updates.items()))
        _write(truth / "hub_updates.csv", ("day", "region", "srv", "hubs"), updates)
        lists = ((sender, day_on(day).isoformat(), kind, rows) for (sender, day, kind), rows in sorted(self.listed.items()))
        _write(truth / "hub_lists.csv", ("sender", "day", "list_kind", "rows"), lists)


def post_hubs(plan: Plan, population: Population, outbox: Outbox, aside: Path, updates: HubUpdates) -> HubTruth:
    """Write a file a day of the DSP (Incidents raised) and of both CSP companies (received and closed)."""
    truth = HubTruth()
    incidents = incidents_of(plan, population, updates.sent[NO_SM_WAN], left_before(plan, population, updates))
    for sender, (name, layout) in LAYOUTS.items():
        rows = list(listed(plan, population, incidents, sender))
        for day in (day for day in plan.days if (day + 1) * DAY_US <= plan.until_at):
            of_day = [(incident, row) for incident, on, row in rows if on == day]
            body, start_at = aside / "hubs", day * DAY_US
            write_table(body, layout, [row for _, row in of_day])
            file_name, ready = name.format(day=f"{moment(start_at):%Y%m%d}"), ready_at(FEED, sender, start_at)
            due = due_at(FEED, start_at)
            outbox.post(Posting(FEED, sender, file_name, start_at, start_at + DAY_US, "final", body, len(of_day), {}, ready, due))
            if outbox.fates.stands(FEED, sender, start_at):
                truth.listed.update((sender, day, row["list_kind"]) for _, row in of_day)
                for incident, row in of_day:
                    truth.told.setdefault(incident.hub, {})[row["list_kind"]] = incident
    seen = updates.told[NO_SM_WAN]
    truth.buckets.update(bucket for hub in {*seen, *truth.told} for bucket in _buckets(hub in seen, truth.told.get(hub, {})))
    for srv, hubs in updates.told.items():
        truth.updates.update((at // DAY_US, WORDS["region"][population.devices["region"][hub]], srv) for hub, at in hubs.items())
    return truth


def expected_hubs(plan: Plan) -> list[dict[str, Any]]:
    """Who owes a list a day."""
    since, until = day_on(plan.days.start), day_on(plan.days.stop)
    return [{"feed": FEED, "sender": sender, "every": "day", "since": since, "until": until} for sender in LAYOUTS]


def left_before(plan: Plan, population: Population, updates: HubUpdates) -> list[int]:
    """Hubs (places) of whose 8.14.2 no audit trail tells, neither the month's nor an extract: their Incidents stand without one."""
    if plan.months_before:
        # Lists of the month before, which is over, tell of none of them.
        return []
    devices = population.devices
    is_hub = (devices["device_type"] == number("device_type", "CHF")) & ~devices["is_smets1"] & (devices["installed_us"] == EMPTY)
    free = np.setdiff1d(np.flatnonzero(is_hub), np.array(sorted(updates.sent[NO_SM_WAN]), np.int64))
    count = min(len(free), max(FEWEST_LEFT, LEFT_BEFORE * plan.scale.numerator // plan.scale.denominator))
    return sorted(chance(plan.seed, "left before").choice(free, count, replace=False).tolist())


def _buckets(is_seen: bool, told: dict[str, HubIncident]) -> list[str]:
    """The bucket of one hub; a CSP's record without a GUID whose MPxN no list of the DSP tells is joined to nothing, and is a second."""
    by_csp = told.get("received", told.get("closed"))
    if by_csp is not None and "raised" not in told and not by_csp.has_guid:
        return ["U3", "U1"] if is_seen else ["U3"]
    return [_bucket(is_seen, told)]


def _bucket(is_seen: bool, told: dict[str, HubIncident]) -> str:
    """The CSP's lists of received and closed are one record (domain.md 10.3)."""
    by_dsp, by_csp = told.get("raised"), told.get("received", told.get("closed"))
    if by_dsp is not None and by_csp is not None:
        return "X" if by_csp.is_conflict else "M3" if is_seen else "U2"
    if is_seen:
        return "M2a" if by_dsp is not None else "M2b" if by_csp is not None else "U1"
    return "U4" if by_dsp is not None else "U3"


def _earliest(of: dict[int, int], hub: int, at: int) -> None:
    of[hub] = min(at, of.get(hub, at))


def _write(path: Path, header: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
