"""The population: homes behind Communications Hubs, in four regions, with Users of every role, at any scale that makes an estate."""

from fractions import Fraction

import numpy as np
import pytest

from tocsin.estate.block import EMPTY
from tocsin.estate.faults.profile import FaultProfile
from tocsin.estate.growth import volume_of
from tocsin.estate.homes import GAS, PER_MILLE
from tocsin.estate.models import COHORTS, SERVED, firmware_versions, model_table, models
from tocsin.estate.own_tables import own_table
from tocsin.estate.plan import Plan
from tocsin.estate.population import joined, populate
from tocsin.estate.words import ESTATE_DEVICE_TYPES, WORDS
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.devices import REGIONS
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.service_providers import service_providers
from tocsin.vocabulary.service_requests import USER_ROLES
from tocsin.vocabulary.table_file import STATUSES

TINY = Fraction(6, 1_000_000)


def plan_of(month="2021-09", scale=TINY, seed=7):
    period = Period.parse(month)
    return Plan(period, scale, seed, Plan.settled_at(period), FaultProfile(name="none", sentence=""))


def words(population, column):
    """The words of a coded column of the devices."""
    return np.array(WORDS[column])[population.devices[column]]


@pytest.fixture(scope="module")
def tiny():
    return populate(plan_of())


@pytest.fixture(scope="module")
def small():
    return populate(plan_of(scale=Fraction(1, 200)))


def test_fifty_homes_have_every_device_type_every_region_and_every_smets1_service_provider(tiny):
    assert 50 <= np.count_nonzero(words(tiny, "device_type") == "CHF") <= 60
    assert set(words(tiny, "device_type")) == set(ESTATE_DEVICE_TYPES)
    assert set(words(tiny, "region")) == set(REGIONS)
    carrying = {code for code, one in service_providers().items() if one.role in {"csp", "s1sp"}}
    assert set(words(tiny, "service_provider")) == carrying


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_least_estates_have_every_role_and_at_least_a_dozen_parties(seed):
    population = populate(plan_of(scale=Fraction(25, 10_000_000), seed=seed))
    assert set(population.users["role"]) == set(range(len(USER_ROLES)))
    assert 12 <= len(population.parties) <= 30
    assert set(population.users["party"]) == set(range(len(population.parties)))


def test_an_estate_of_too_few_homes_is_refused_with_a_scale_that_is_enough():
    with pytest.raises(BadDeclaration, match=r"leaves 9 homes; at least 20 .* Ask for a scale of 0\.000002314 or more"):
        populate(plan_of(scale=Fraction(1, 1_000_000)))
    least = populate(plan_of(scale=Fraction("0.000002314")))
    assert np.count_nonzero(words(least, "device_type") == "CHF") >= 20


def test_a_home_stands_together_behind_its_hub_in_one_region_with_one_service_provider(small):
    devices = small.devices
    kinds, hub = words(small, "device_type"), devices["hub"]
    assert (kinds[hub] == "CHF").all()
    assert ((kinds == "CHF") == (hub == np.arange(len(devices)))).all()
    for column in ("region", "service_provider", "is_smets1", "cohort", "installed_us", "is_prepayment"):
        assert (devices[column] == devices[column][hub]).all()
    # Each home one electricity meter, and a gas proxy wherever there is a gas meter.
    homes = np.flatnonzero(kinds == "CHF")
    assert (hub[kinds == "ESME"] == homes).all()
    assert (hub[kinds == "GSME"] == hub[kinds == "GPF"]).all()
    assert (np.diff(hub) >= 0).all()


def test_regions_have_their_csp_and_smets1_its_cohorts(small):
    regions, providers = words(small, "region"), words(small, "service_provider")
    for region, csp in (("north", "CSPN"), ("central", "CSPC"), ("south", "CSPS")):
        assert set(providers[regions == region]) == {csp}
    smets1 = regions == "smets1"
    assert (small.devices["is_smets1"] == smets1).all()
    cohorts = np.array(COHORTS)[small.devices["cohort"]]
    assert set(zip(cohorts[smets1], providers[smets1], strict=True)) == {
        (row.cells["cohort"], row.cells["service_provider"]) for row in own_table("cohorts")
    }
    assert set(cohorts[~smets1]) == {""}


def test_meters_of_the_month_are_those_published_times_the_scale(small):
    volume, kinds = volume_of(Period.parse("2021-09")), words(small, "device_type")
    is_meter = (kinds == "ESME") | (kinds == "GSME")
    smets1 = small.devices["is_smets1"]
    assert np.count_nonzero(is_meter & smets1) == pytest.approx(volume.smets1_meters / 200, rel=0.001)
    assert np.count_nonzero(is_meter & ~smets1) == pytest.approx(volume.smets2_meters / 200, rel=0.001)


def test_sixty_million_devices_at_the_end_of_2022():
    population = populate(plan_of("2022-12", Fraction(1, 500)))
    assert len(population.devices) * 500 == pytest.approx(60_000_000, rel=0.02)


def test_fifteen_million_homes_in_february_2023():
    population = populate(plan_of("2023-02", Fraction(1, 500)))
    assert np.count_nonzero(words(population, "device_type") == "CHF") * 500 == pytest.approx(15_000_000, rel=0.01)


def test_devices_that_join_do_so_within_the_month_installations_in_working_hours(small):
    period, devices = Period.parse("2021-09"), small.devices
    places = joined(devices)
    at = devices["installed_us"][places]
    assert ((at >= period.start_at) & (at < period.end_at)).all()
    assert (at % 1_000_000 == 0).all()
    assert (devices["installed_us"][np.setdiff1d(np.arange(len(devices)), places)] == EMPTY).all()
    homes = np.unique(devices["hub"][places])
    assert len(homes) * (PER_MILLE + GAS) / PER_MILLE == pytest.approx(volume_of(period).installs / 200, rel=0.01)
    installed = devices["installed_us"][homes[~devices["is_smets1"][homes]]]
    hours = installed % (86_400 * 1_000_000) // (3_600 * 1_000_000)
    # British summer time: from 08:00 to 18:00 on the clock is from 07:00 UTC; Saturday 4 September 2021 is no Working Day.
    assert (hours.min(), hours.max()) == (7, 16)
    assert 18874 not in installed // (86_400 * 1_000_000)


def test_ids_are_never_shared_and_users_begin_as_no_maker_does(small):
    ids = np.concatenate([small.devices["eui"], small.users["eui"]])
    assert len(np.unique(ids)) == len(ids)
    assert set((small.users["eui"] >> np.uint64(40)).tolist()) == {0x90B3D5}
    made = np.array([one.maker for one in models()])[small.devices["model"]]
    assert ((small.devices["eui"] >> np.uint64(40)).astype(np.int64) == made).all()
    assert 0x90B3D5 not in made


def test_models_fit_their_device_and_firmware_its_model(small):
    kinds = words(small, "device_type")
    assert (np.array([one.device_type for one in models()])[small.devices["model"]] == kinds).all()
    held = set(zip(small.devices["model"].tolist(), small.devices["firmware"].tolist(), strict=True))
    assert held == {(place, firmware_versions().index(word)) for place, model in enumerate(models()) for word in model.firmware}
    # A gas proxy is in the box of its hub: same version.
    proxies = np.flatnonzero(kinds == "GPF")
    firmware = small.devices["firmware"]
    assert (firmware[proxies] == firmware[small.devices["hub"][proxies]]).all()


def test_ppmids_of_ioc_and_mds_cannot_report():
    silent = {(model.device_type, model.served) for model in models() if not model.can_report}
    assert silent == {("PPMID", ("IOC",)), ("PPMID", ("MOC-MDS",))}


def test_suppliers_and_networks_have_the_role_their_device_needs(small):
    roles, kinds = np.array(USER_ROLES)[small.users["role"]], words(small, "device_type")
    is_gas = (kinds == "GSME") | (kinds == "GPF")
    assert set(roles[small.devices["supplier"][is_gas]]) == {"GS"}
    assert set(roles[small.devices["supplier"][~is_gas]]) == {"IS"}
    assert set(roles[small.devices["network"][is_gas]]) == {"GT"}
    assert set(roles[small.devices["network"][~is_gas]]) == {"ED"}


def test_party_sizes_are_skewed_and_a_group_holds_several_user_ids(small):
    party = small.users["party"][small.devices["supplier"]]
    sizes = np.sort(np.bincount(party))[::-1]
    assert sizes[0] > 5 * sizes[9] > 0
    ids = np.bincount(small.users["party"])
    assert ids.max() >= 4
    distributors = small.users["role"] == USER_ROLES.index("ED")
    assert np.count_nonzero(distributors) >= 14


def test_some_users_and_devices_are_in_no_register_and_some_counters_are_above_2_63(small):
    assert np.count_nonzero(~small.users["is_listed"]) == 2
    assert np.count_nonzero(~small.devices["is_listed"]) == pytest.approx(len(small.devices) * 0.003, rel=0.01)
    assert 0 < np.count_nonzero(small.users["counter_from"] > 2**63) < len(small.users)
    # Room for every request of a month before the counter would wrap.
    assert small.users["counter_from"].max() < 2**64 - 2**62


def test_the_same_plan_gives_the_same_population_and_another_seed_another():
    one, again, other = populate(plan_of()), populate(plan_of()), populate(plan_of(seed=8))
    for name, values in one.devices.columns.items():
        assert (values == again.devices[name]).all()
    for name, values in one.users.columns.items():
        assert (values == again.users[name]).all()
    assert not set(one.devices["eui"].tolist()) & set(other.devices["eui"].tolist())
    assert not set(one.users["eui"].tolist()) & set(other.users["eui"].tolist())


def test_before_smets1_was_enrolled_there_is_no_smets1():
    population = populate(plan_of("2019-05", Fraction(1, 5000)))
    assert set(words(population, "region")) == set(REGIONS) - {"smets1"}


@pytest.mark.parametrize("name", ["growth", "network_areas", "cohorts", "models"])
def test_every_row_of_the_estates_own_tables_says_how_well_it_is_known_and_whence(name):
    for row in own_table(name):
        assert row.one_of("status", STATUSES)
        assert row.cells["source"]


def test_every_served_place_has_each_device_type_whole():
    for device_type in ESTATE_DEVICE_TYPES:
        table = model_table(device_type)
        has = (table >= 0).all(axis=1)
        assert (has == (table >= 0).any(axis=1)).all()
        # HCALCS are of SMETS2+ only.
        assert [where for where, is_served in zip(SERVED, has, strict=True) if is_served] == list(
            SERVED[:3] if device_type == "HCALCS" else SERVED
        )
