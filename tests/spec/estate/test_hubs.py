"""Communications Hubs without SM WAN, and hubs ordered: what stands of the files is the truth, every hub in one bucket (CR1429)."""

from pathlib import Path

import numpy as np
import pytest

from estate_files import PostedFiles, TakenIn, small_plan
from tocsin.estate.block import Block
from tocsin.estate.events.hub_orders import expected_hub_orders, post_hub_orders
from tocsin.estate.events.hubs import NO_SM_WAN, HubUpdates, expected_hubs, post_hubs
from tocsin.estate.population import Population, populate
from tocsin.estate.words import number
from tocsin.feeds.feed import identifier_key
from tocsin.vocabulary.instants import DAY_US

UNTIL = "2021-09-16T00:00:00Z"


def some_updates(plan, population: Population) -> HubUpdates:
    """Forty hubs told without SM WAN in the first ten days; of one of them the row is in no file that came."""
    hubs = np.flatnonzero((population.devices["device_type"] == number("device_type", "CHF")) & ~population.devices["is_smets1"])[:40]
    updates = HubUpdates()
    count = len(hubs)
    requests = Block({"device": hubs, "outcome": np.zeros(count, np.int8)})
    at = plan.period.start_at + np.arange(count) * DAY_US // 4
    rows = Block(
        {
            "request": np.arange(count),
            "srv": np.full(count, number("srv", NO_SM_WAN)),
            "time_point": np.full(count, number("time_point", "RX_DSP")),
            "message_class": np.full(count, number("message_class", "request")),
            "stamp": at,
            "told_us": at,
        }
    )
    updates.add(requests, rows, np.arange(count) != 7)
    return updates


def buckets(taken: TakenIn, population: Population, seen: set[int]) -> dict[str, int]:
    """Domain.md 10.3 once more, over rows taken in: by GUID, else by MPxN."""
    rows = taken.standing(
        "no_sm_wan_incidents", "SELECT list_kind, comms_hub_id, mpxn, category FROM rows ORDER BY list_kind, comms_hub_id"
    )
    hub_of = {mpxn: hub for _, hub, mpxn, _ in rows if hub is not None}
    dsp = {hub: category for kind, hub, _, category in rows if kind == "raised"}
    csp = {hub or hub_of.get(mpxn, -mpxn): category for kind, hub, mpxn, category in rows if kind != "raised"}
    found: dict[str, int] = {}
    for hub in seen | set(dsp) | set(csp):
        if hub in dsp and hub in csp:
            bucket = "X" if dsp[hub] != csp[hub] else "M3" if hub in seen else "U2"
        elif hub in seen:
            bucket = "M2a" if hub in dsp else "M2b" if hub in csp else "U1"
        else:
            bucket = "U4" if hub in dsp else "U3"
        found[bucket] = found.get(bucket, 0) + 1
    return found


@pytest.mark.parametrize("faults", ["none", "hard"])
def test_every_hub_is_in_the_bucket_the_truth_has(tmp_path: Path, faults: str) -> None:
    files = PostedFiles(tmp_path, small_plan(faults=faults, until=UNTIL))
    population = populate(files.plan)
    updates = some_updates(files.plan, population)
    files.close(post_hubs(files.plan, population, files.outbox, files.aside, updates))
    taken = files.take_in("no_sm_wan_incidents")
    assert taken.findings() == set()
    told = {(row["sender"], row["list_kind"]): 0 for row in files.truth("hub_lists")}
    for row in files.truth("hub_lists"):
        told[row["sender"], row["list_kind"]] += int(row["rows"])
    listed = taken.standing("no_sm_wan_incidents", "SELECT sender, list_kind, count(*) FROM rows GROUP BY ALL")
    assert {(sender, kind): rows for sender, kind, rows in listed} == told
    truth = {row["bucket"]: int(row["hubs"]) for row in files.truth("hub_buckets")}
    assert len(truth) == 8
    seen = {identifier_key(_eui(int(population.devices["eui"][hub]))) for hub in updates.told[NO_SM_WAN]}
    assert len(seen) == 39
    assert buckets(taken, population, seen) == {bucket: hubs for bucket, hubs in truth.items() if hubs}
    if faults == "none":
        assert sum(truth[bucket] for bucket in ("M3", "M2a", "M2b", "U1", "X")) >= 39
        assert truth["M3"] > truth["M2a"] > 0
        assert all(truth[bucket] > 0 for bucket in ("U2", "U3", "U4"))


@pytest.mark.parametrize("faults", ["none", "hard"])
def test_orders_that_stand_are_the_truth(tmp_path: Path, faults: str) -> None:
    files = PostedFiles(tmp_path, small_plan(faults=faults))
    files.close(post_hub_orders(files.plan, populate(files.plan), files.outbox, files.aside))
    taken = files.take_in("hub_orders")
    assert taken.findings() == set()
    asked = """, promised AS (SELECT record_id AS id, promised_at AS until FROM rows WHERE record_kind = 'order')
    SELECT service_provider, record_kind, count(*), CAST(sum(hub_count) AS BIGINT),
    count(*) FILTER (WHERE record_kind = 'delivery' AND recorded_at > until), count(*) FILTER (WHERE is_fault)
    FROM rows LEFT JOIN promised ON id = order_id GROUP BY ALL"""
    truth = {
        (row["service_provider"], row["record_kind"], *(int(row[name]) for name in ("records", "hubs", "late", "faulty")))
        for row in files.truth("hub_orders")
    }
    assert set(taken.standing("hub_orders", asked)) == truth
    assert faults == "hard" or {row[0] for row in truth} == {"CSPN", "CSPC", "CSPS"}


def test_who_owes_what() -> None:
    plan = small_plan()
    assert {one["sender"] for one in expected_hubs(plan)} == {"DSP", "CSPN", "CSPCS"}
    assert {one["sender"] for one in expected_hub_orders(plan)} == {"CSPN", "CSPCS"}


def _eui(number: int) -> str:
    return "-".join(f"{number:016X}"[place : place + 2] for place in range(0, 16, 2))
