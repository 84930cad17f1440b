"""The registers of a simulated estate, taken in by the product: every row accepted, nothing found, and what stands is what is told."""

from collections import Counter
from fractions import Fraction
from pathlib import Path

import duckdb
import numpy as np
import pytest

from made_store import make_store
from tocsin.deliveries.intake import take_in
from tocsin.deliveries.ledger import Ledger
from tocsin.estate.events.hub_firmware_draw import draw_activations
from tocsin.estate.events.registers import NEVER, changed_versions, inventory_from, listed_users, post_registers, told_versions
from tocsin.estate.faults.fates import Fates
from tocsin.estate.faults.profile import fault_profile
from tocsin.estate.models import firmware_versions
from tocsin.estate.outbox import Outbox
from tocsin.estate.plan import Plan
from tocsin.estate.population import populate
from tocsin.estate.truth.hub_versions import version_figures
from tocsin.estate.words import WORDS
from tocsin.feeds.feed import identifier_key
from tocsin.feeds.shape_file import load_shapes
from tocsin.vocabulary.calendar import Period, parse_instant
from tocsin.vocabulary.service_requests import USER_ROLES

SHAPES = Path(__file__).parents[3] / "src/tocsin/estate/senders/shapes"
SCALE = Fraction(1, 20_000)


def plan_of(month="2021-09", until=None, seed=7, faults="hard"):
    period = Period.parse(month)
    return Plan(period, SCALE, seed, parse_instant(until) if until else Plan.settled_at(period), fault_profile(faults))


class Posted:
    """The registers of a plan in a folder, and what the product makes of them."""

    def __init__(self, plan, folder):
        self.plan, self.population = plan, populate(plan)
        for name in ("incoming", "aside", "truth"):
            (folder / name).mkdir()
        outbox = Outbox(plan, Fates(plan), folder / "incoming")
        post_registers(plan, self.population, outbox, folder / "aside").write(folder / "truth")
        outbox.close(folder / "truth")
        self.truth, self.files = folder / "truth", sorted((folder / "incoming").rglob("*.*"))

    def taken_in(self, folder):
        made = make_store(folder)
        shapes = [shape for shape in load_shapes(SHAPES) if shape.feed in {"device_inventory", "party_list"}]
        receipts = take_in(made.store, self.files, shapes, self.plan.until_at)
        return made, receipts


@pytest.fixture(scope="module")
def posted(tmp_path_factory):
    return Posted(plan_of(), tmp_path_factory.mktemp("posted"))


@pytest.fixture(scope="module")
def taken_in(posted, tmp_path_factory):
    """The store and the receipts."""
    return posted.taken_in(tmp_path_factory.mktemp("taken") / "made")


def eui(value):
    text = f"{int(value):016X}"
    return "-".join(text[at : at + 2] for at in range(0, 16, 2))


def test_every_row_is_accepted_and_nothing_is_found(taken_in):
    _, receipts = taken_in
    assert len(receipts) == 7  # the inventory, five Mondays of additions, the party list
    with_findings = [(one.delivery.file_name, one.findings) for one in receipts if one.findings]
    assert not with_findings
    for one in receipts:
        assert (one.delivery.status, one.delivery.refused, one.delivery.duplicates, one.delivery.blank) == ("accepted", 0, 0, 0)
        assert one.delivery.accepted == one.delivery.lines


def test_what_stands_tells_each_device_from_when_the_truth_says(posted, taken_in):
    made, _ = taken_in
    ledger = Ledger(made.store)
    basis = ledger.basis(posted.plan.until_at)
    ledger.close()
    standing = [one.file_name.split("_")[1] for one in basis.deliveries]
    assert sorted(standing) == ["INVENTORY", "JOINED", "PARTIES"]
    paths = [str(made.store.accepted(one.delivery_id)) for one in basis.of("device_inventory")]
    rows = duckdb.sql(
        "SELECT device_id, coalesce(valid_from, 0), device_type, lower(region), generation, service_provider, comms_hub_id, model,"
        f" firmware_version, status FROM read_parquet({paths})"
    ).fetchall()
    # In order of time, so that of a device told twice the row from before it changed is met first.
    told, later = {}, {}
    for row in sorted(rows, key=lambda row: row[1]):
        (later if row[0] in told else told)[row[0]] = row[1:]
    assert len(told) + len(later) == len(rows)
    devices, since = posted.population.devices, inventory_from(posted.plan, posted.population)
    assert len(told) == np.count_nonzero(since != NEVER)
    for place in range(len(devices)):
        row = told.get(identifier_key(eui(devices["eui"][place])))
        if since[place] == NEVER:
            assert row is None
            continue
        assert row[0] == since[place]
        assert row[1:3] == tuple(WORDS[column][devices[column][place]] for column in ("device_type", "region"))
        assert row[3] == ("SMETS1" if devices["is_smets1"][place] else "SMETS2+")
        assert row[4] == WORDS["service_provider"][devices["service_provider"][place]]
        hub = devices["hub"][place]
        assert row[5] == (None if hub == place else identifier_key(eui(devices["eui"][hub])))
        assert row[7] == firmware_versions()[devices["firmware"][place]]
    changed = told_versions(posted.plan, posted.population)
    assert len(later) == len(changed) > 10
    for place, at, firmware in zip(*(changed[name].tolist() for name in ("place", "since_us", "firmware")), strict=True):
        key = identifier_key(eui(devices["eui"][place]))
        # All else is as it was.
        assert later[key] == (at, *told[key][1:7], firmware_versions()[firmware], *told[key][8:])
        assert later[key][7] != told[key][7]
    assert {WORDS["device_type"][kind] for kind in devices["device_type"][changed["place"]]} == {"CHF", "GPF"}


def test_a_mirror_changes_with_the_hub_whose_box_it_is_in(posted):
    devices = posted.population.devices
    changed = changed_versions(posted.population, draw_activations(posted.plan, posted.population))
    since = dict(zip(changed["place"].tolist(), changed["since_us"].tolist(), strict=True))
    mirrors = [place for place in since if devices["hub"][place] != place]
    assert mirrors
    listed = [place for place in mirrors if devices["is_listed"][devices["hub"][place]]]
    assert [since[place] for place in listed] == [since[int(devices["hub"][place])] for place in listed]


def test_the_truth_tells_the_changes_of_the_month_that_the_last_file_has(tmp_path):
    # Wednesday 15 September 2021: what changed after Monday the 13th is in no file yet.
    posted = Posted(plan_of(until="2021-09-15T12:00:00Z"), tmp_path)
    whole, *_, joined = (file for file in posted.files if file.suffix == ".parquet")
    hubs = duckdb.sql(
        f"SELECT CSPRegion, ServiceProvider, DeviceModel FROM '{joined}' WHERE DeviceType = 'CHF' AND ValidFrom >= '2021-09-01'"
        f" AND DeviceID IN (SELECT DeviceID FROM '{whole}')"
    ).fetchall()
    told = told_versions(posted.plan, posted.population)
    figures = {one.name: one.counted for one in version_figures(posted.plan.period, posted.population.devices, told)}
    assert figures["hub_versions.changed"] == len(hubs) > 0
    for split, place in (("region", 0), ("service_provider", 1), ("model", 2)):
        expected = Counter(row[place].lower() if split == "region" else row[place] for row in hubs)
        found = {name.partition(f"/{split}=")[2]: count for name, count in figures.items() if f"/{split}=" in name}
        assert found == expected
    since = draw_activations(posted.plan, posted.population)["since_us"]
    counts = dict(line.split(",") for line in (posted.truth / "registers.csv").read_text().splitlines()[1:])
    assert 0 < int(counts["versions_changed_told"]) < int(counts["versions_changed"])
    assert (since >= parse_instant("2021-09-13T00:00:00Z")).any()


def test_the_party_list_names_each_listed_user_with_its_role(posted, taken_in):
    made, receipts = taken_in
    (party_list,) = [one for one in receipts if one.delivery.feed == "party_list"]
    users, listed = posted.population.users, listed_users(posted.plan, posted.population)
    expected = {
        (eui(users["eui"][place]), posted.population.parties[users["party"][place]], USER_ROLES[users["role"][place]])
        for place in np.flatnonzero(listed)
    }
    assert set(made.accepted(party_list, "user_id, sec_party, user_role")) == expected
    assert len(expected) == len(users) - 2


def test_seen_from_the_middle_of_the_month_later_devices_are_in_no_file(tmp_path):
    # Wednesday 15 September 2021: the Monday before was the 13th.
    posted = Posted(plan_of(until="2021-09-15T12:00:00Z"), tmp_path)
    names = [file.name for file in posted.files]
    assert names == [
        "DSP_INVENTORY_20210829.parquet",
        "SECAS_PARTIES_20210829.csv",
        "DSP_JOINED_20210906.parquet",
        "DSP_JOINED_20210913.parquet",
    ]
    since, installed = inventory_from(posted.plan, posted.population), posted.population.devices["installed_us"]
    late = installed >= parse_instant("2021-09-13T00:00:00Z")
    assert late.any()
    assert (since[late] == NEVER).all()
    told = (since != NEVER) & (since != 0)
    assert told.any()
    assert (since[told] == installed[told]).all()


def test_the_truth_counts_what_the_registers_tell(posted):
    counts = dict(line.split(",") for line in (posted.truth / "registers.csv").read_text().splitlines()[1:])
    since = inventory_from(posted.plan, posted.population)
    assert int(counts["devices"]) == len(since)
    assert int(counts["devices_told"]) == np.count_nonzero(since != NEVER)
    # Each of them joined in the month; those not told are missing from the inventory for good.
    unlisted = np.count_nonzero(~posted.population.devices["is_listed"])
    assert int(counts["devices"]) - int(counts["devices_told"]) == unlisted


def test_of_the_deliveries_of_an_occasion_the_whole_inventory_and_the_last_additions_stand(posted):
    lines = (posted.truth / "deliveries.csv").read_text().splitlines()[1:]
    standing = [line.split(",")[0].split("/")[1] for line in lines if line.split(",")[8] == "yes"]
    assert standing == ["DSP_INVENTORY_20210829.parquet", "SECAS_PARTIES_20210829.csv", "DSP_JOINED_20211004.parquet"]


def test_the_same_plan_gives_the_same_bytes_and_another_seed_others(posted, tmp_path):
    for name in ("again", "other"):
        (tmp_path / name).mkdir()
    again, other = Posted(plan_of(), tmp_path / "again"), Posted(plan_of(seed=8), tmp_path / "other")
    for one, two, three in zip(posted.files, again.files, other.files, strict=True):
        assert one.read_bytes() == two.read_bytes()
        assert one.read_bytes() != three.read_bytes()
