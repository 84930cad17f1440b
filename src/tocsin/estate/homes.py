"""Homes: what stands behind each Communications Hub, where it is served, who supplies it and when it joined."""

from datetime import date, time, timedelta

import numpy as np

from tocsin.estate.block import EMPTY, Array, Block
from tocsin.estate.chance import chance
from tocsin.estate.growth import joined_in, volume_of
from tocsin.estate.models import COHORTS, PER_MILLE, SERVED
from tocsin.estate.own_tables import own_table
from tocsin.estate.parties import Parties
from tocsin.estate.plan import Plan
from tocsin.estate.words import number
from tocsin.vocabulary.calendar import Period, WorkingDays
from tocsin.vocabulary.devices import REGIONS
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import SECOND_US, local_instant
from tocsin.vocabulary.service_providers import service_providers

# Shares of homes, of a thousand. 25 M meters in 15 M homes make 660 with gas; 60 M devices for 24 M meters then leave 880 with a PPMID,
# which most installations bring as the in-home display (domain.md 14). HCALCS are rare, prepayment is about one home in seven (assumed).
GAS, PPMID, HCALCS, PREPAYMENT = 660, 880, 10, 150
SAME_SUPPLIER, INDEPENDENT = 800, 30

FEWEST_HOMES = 20
FEWEST_JOINED = 2

WORK_FROM, WORK_SECONDS = time(8), 10 * 3600


def home_counts(plan: Plan) -> tuple[int, int]:
    """SMETS1 and SMETS2+ homes of a plan at the month's end. Raises BadDeclaration for a scale that leaves too few."""
    volume = volume_of(plan.period)
    meters = volume.smets1_meters + volume.smets2_meters
    homes = homes_of(meters, plan)
    if homes < FEWEST_HOMES:
        # One home more than the fewest, so that the scale said is enough however it is rounded.
        least = -(-(FEWEST_HOMES + 1) * (PER_MILLE + GAS) * 10**9 // (meters * PER_MILLE))
        raise BadDeclaration(
            f"scale: {float(plan.scale):g} of {meters:,} meters in {plan.period.label} leaves {homes} homes; at least {FEWEST_HOMES} make"
            f" an estate. Ask for a scale of {least / 10**9:.9f} or more."
        )
    # Each SMETS1 Service Provider has a home at any scale, where SMETS1 meters are enrolled at all.
    smets1 = max(len(own_table("cohorts")), homes_of(volume.smets1_meters, plan)) if volume.smets1_meters else 0
    return smets1, homes - smets1


def make_homes(plan: Plan, parties: Parties) -> Block:
    """Every home, in the order that the seed decides.

    Columns: `served` int8 (place in SERVED), `cohort` int8 (place in COHORTS), `region`, `service_provider` int16 (words by number),
    `has_gas`, `has_ppmid`, `has_hcalcs`, `is_prepayment` bool, `import_user`, `gas_user`, `distributor`, `transporter` int32 (places of
    users; -1 without gas), `installed_us` int64 (EMPTY: before the simulated days).
    """
    smets1, smets2 = home_counts(plan)
    random = chance(plan.seed, "homes")
    area = np.concatenate([_dealt(random, smets1, _customers()), _dealt(random, smets2, _customers())])
    cohort_row = np.concatenate([_dealt(random, smets1, _cohort_shares(), least=1), np.full(smets2, -1, np.int8)])
    served = np.where(cohort_row >= 0, _cohort_served()[cohort_row], _area_regions()[area]).astype(np.int8)
    order = random.permutation(smets1 + smets2)
    block = Block({"area": area, "cohort_row": cohort_row, "served": served, "installed_us": _installed(plan, random, smets1, smets2)})
    block = block.take(order)
    served, homes = block["served"], len(order)
    has = {"has_gas": np.zeros(homes, bool), "has_ppmid": np.zeros(homes, bool), "has_hcalcs": np.zeros(homes, bool)}
    for place in range(len(SERVED)):
        there = np.flatnonzero(served == place)
        # HCALCS exist in SMETS2+ homes only; each region has one at least.
        shares = {"has_gas": GAS, "has_ppmid": PPMID, "has_hcalcs": HCALCS if place < len(REGIONS) - 1 else 0}
        for kind, share in shares.items():
            count = max(1, (len(there) * share + PER_MILLE // 2) // PER_MILLE) if share else 0
            has[kind][random.permutation(there)[:count]] = True
    imports = _drawn(random, homes, parties.import_users, parties.import_weights)
    same = parties.gas_of_import[imports]
    apart = _drawn(random, homes, parties.gas_users, parties.gas_weights)
    gas = np.where((same >= 0) & _share(random, homes, SAME_SUPPLIER), same, apart)
    independent = parties.independents[random.integers(0, len(parties.independents), homes, np.int8)]
    area = block["area"]
    provider = np.where(block["cohort_row"] >= 0, _cohort_providers()[block["cohort_row"]], _csps()[served])
    return Block(
        {
            "served": served,
            "cohort": np.array([COHORTS.index(word) if word in COHORTS else 0 for word in SERVED], np.int8)[served],
            "region": np.array([number("region", word if word in REGIONS else "smets1") for word in SERVED], np.int16)[served],
            "service_provider": provider.astype(np.int16),
            **has,
            "is_prepayment": _share(random, homes, PREPAYMENT),
            "import_user": imports,
            "gas_user": np.where(has["has_gas"], gas, -1).astype(np.int32),
            "distributor": np.where(_share(random, homes, INDEPENDENT), independent, parties.distributors[area]),
            "transporter": np.where(has["has_gas"], parties.transporters[area], -1).astype(np.int32),
            "installed_us": block["installed_us"],
        }
    )


def homes_of(meters: int, plan: Plan) -> int:
    """In how many homes of a plan so many meters of the whole network stand."""
    return int(meters * plan.scale * PER_MILLE / (PER_MILLE + GAS))


def _installed(plan: Plan, random: np.random.Generator, smets1: int, smets2: int) -> Array:
    """When the last homes of each generation joined: enrolments at any second of the month, installations in working hours."""
    period = plan.period
    installed = np.full(smets1 + smets2, EMPTY, np.int64)
    enrolled, fitted = (homes_of(meters, plan) for meters in joined_in(period))
    if smets1:
        count = min(smets1 // 2, max(FEWEST_JOINED, enrolled))
        seconds = random.integers(0, (period.end_at - period.start_at) // SECOND_US, count, np.int64)
        installed[smets1 - count : smets1] = period.start_at + seconds * SECOND_US
    count = min(smets2 // 2, max(FEWEST_JOINED, fitted))
    starts = np.array([local_instant(on, WORK_FROM, "Europe/London") for on in _working_days(period)], np.int64)
    seconds = random.integers(0, WORK_SECONDS, count, np.int64)
    installed[len(installed) - count :] = starts[random.integers(0, len(starts), count, np.int64)] + seconds * SECOND_US
    return installed


def _working_days(period: Period) -> list[date]:
    calendar = WorkingDays()
    days = (period.first_on + timedelta(days=n) for n in range((period.last_on - period.first_on).days + 1))
    return [on for on in days if calendar.is_working_day(on)]


def _dealt(random: np.random.Generator, homes: int, shares: Array, least: int = 0) -> Array:
    """Homes dealt out by shares, as evenly as whole numbers go, in drawn order: for each the place of its share (int8)."""
    reached = np.cumsum(shares) * max(0, homes - least * len(shares)) // shares.sum()
    counts = np.diff(reached, prepend=0) + least
    dealt = np.repeat(np.arange(len(shares), dtype=np.int8), counts)[:homes]
    return random.permutation(dealt)


def _drawn(random: np.random.Generator, homes: int, users: Array, weights: Array) -> Array:
    table = np.searchsorted(np.cumsum(weights), (np.arange(1 << 14) + 0.5) / (1 << 14)).clip(max=len(users) - 1)
    chosen: Array = users[table[random.integers(0, 1 << 14, homes, np.uint16)]]
    return chosen


def _share(random: np.random.Generator, homes: int, per_mille: int) -> Array:
    picked: Array = random.integers(0, PER_MILLE, homes, np.uint16) < per_mille
    return picked


def _customers() -> Array:
    return np.array([row.whole("customers_thousand") for row in own_table("network_areas")], np.int64)


def _area_regions() -> Array:
    return np.array([SERVED.index(row.one_of("region", REGIONS[:3])) for row in own_table("network_areas")], np.int8)


def _cohort_shares() -> Array:
    return np.array([row.whole("per_mille") for row in own_table("cohorts")], np.int64)


def _cohort_served() -> Array:
    return np.array([SERVED.index(row.one_of("cohort", COHORTS)) for row in own_table("cohorts")], np.int8)


def _cohort_providers() -> Array:
    known = tuple(sorted(service_providers()))
    return np.array([number("service_provider", row.one_of("service_provider", known)) for row in own_table("cohorts")], np.int16)


def _csps() -> Array:
    """For each place of SERVED the CSP of the region; 0 for a cohort."""
    csp = {one.region: code for code, one in service_providers().items() if one.role == "csp"}
    return np.array([number("service_provider", csp.get(word, "")) for word in SERVED], np.int16)
