"""Whose a happening is and where it took place, as the registers tell it: party, device type, region, generation, Service Provider."""

from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

import numpy as np

from tocsin.estate.block import Array, Block, Truth, Whole
from tocsin.estate.events.registers import inventory_from, listed_users
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.truth.flows import FLOW
from tocsin.estate.words import WORDS
from tocsin.vocabulary.devices import GENERATIONS
from tocsin.vocabulary.holes import NONE, UNKNOWN
from tocsin.vocabulary.service_requests import variants

UNLISTED_USER = "user:"

DEVICE_TYPES = (*WORDS["device_type"][1:], NONE, UNKNOWN)
REGIONS = (*WORDS["region"][1:], UNKNOWN)
PROVIDERS = (*WORDS["service_provider"][1:], UNKNOWN)
GENERATIONS_TOLD = (*GENERATIONS, UNKNOWN)

# Which generation a region tells, by place in REGIONS; a word of no region tells none.
_GENERATION_OF = np.array([{"smets1": 0, "north": 1, "central": 1, "south": 1}.get(region, 2) for region in REGIONS], np.int8)


def eui_text(eui: int) -> str:
    """An EUI-64 as files write it: 90-B3-D5-1F-30-00-00-02."""
    text = f"{eui:016X}"
    return "-".join(text[place : place + 2] for place in range(0, 16, 2))


@cache
def _only_types(on: date) -> Array:
    """By an SRV's number the only device type it is for, as a place in DEVICE_TYPES; UNKNOWN's where it is for several, or none."""
    listed, unknown = variants(on), DEVICE_TYPES.index(UNKNOWN)

    def only(srv: str) -> int:
        types = listed[srv].device_types if srv in listed else ()
        return DEVICE_TYPES.index(types[0]) if len(types) == 1 and types[0] in DEVICE_TYPES else unknown

    return np.array([only(srv) for srv in (*WORDS["srv"], "untold")], np.int8)


@dataclass(frozen=True)
class Registers:
    """What the party list and the inventory tell by the time of the close. `party_names` ends with UNKNOWN, for no User told."""

    devices: Block
    inventory_from: Whole
    party_of: Array
    party_names: tuple[str, ...]

    @classmethod
    def of(cls, population: Population, inventory_from: Whole, listed_users: Truth) -> "Registers":
        """`inventory_from`: µs from which the inventory tells a device; later than any instant for one it does not have."""
        parties, unlisted = list(population.parties), [place for place in range(len(population.users)) if not listed_users[place]]
        names = [*parties, *(UNLISTED_USER + eui_text(int(population.users["eui"][place])) for place in unlisted), UNKNOWN]
        party_of = np.append(population.users["party"].astype(np.int16), len(names) - 1)
        party_of[unlisted] = np.arange(len(parties), len(parties) + len(unlisted))
        return cls(population.devices, inventory_from, party_of, tuple(names))

    @cached_property
    def _by_eui(self) -> tuple[Array, Whole]:
        """EUI-64s in order and whose each is; made only where a row names a device that its request did not ask for."""
        order = np.argsort(self.devices["eui"], kind="stable")
        return self.devices["eui"][order], order

    def place_of(self, eui: Array, guess: Array) -> Whole:
        """Place of each device among all, -1 for none; `guess` is right for nearly all, and looked at first."""
        found = guess.astype(np.int64)
        wrong = np.flatnonzero((self.devices["eui"][found] != eui) | (found < 0))
        found[wrong] = -1
        wrong = wrong[eui[wrong] != 0]
        if len(wrong):
            euis, places = self._by_eui
            at = np.minimum(np.searchsorted(euis, eui[wrong]), len(places) - 1)
            found[wrong] = np.where(euis[at] == eui[wrong], places[at], -1)
        return found

    def locate(self, parts: Block, guess: Array, on: date) -> dict[str, Array]:
        """Places in party_names, DEVICE_TYPES, REGIONS, GENERATIONS_TOLD and PROVIDERS of each happening."""
        place = self.place_of(parts["device"], guess)
        is_listed = (place >= 0) & (self.inventory_from[place] <= parts["began_at"])
        in_dcc = (parts["flow"] == FLOW["dcc_only"]) | (parts["flow"] == FLOW["firmware"])

        def told(column: str, words: tuple[str, ...]) -> Array:
            return np.where(parts[column] == 0, len(words) - 1, parts[column] - 1)

        device_type = told("device_type", DEVICE_TYPES)
        device_type = np.where(parts["device_type"] == 0, _only_types(on)[parts["srv"]], device_type)
        device_type = np.where(is_listed, self.devices["device_type"][place] - 1, device_type)
        region = np.where(is_listed, self.devices["region"][place] - 1, told("region", REGIONS))
        provider = np.where(is_listed & ~in_dcc, self.devices["service_provider"][place] - 1, told("service_provider", PROVIDERS))
        return {
            "party": self.party_of[parts["user"]],
            "device_type": np.where(in_dcc, DEVICE_TYPES.index(NONE), device_type),
            "region": region,
            "generation": np.where(is_listed, np.where(self.devices["is_smets1"][place], 0, 1), _GENERATION_OF[region]),
            "service_provider": provider,
        }


def registers_told(plan: Plan, population: Population) -> Registers:
    """The registers as they have come by the plan's last instant."""
    return Registers.of(population, inventory_from(plan, population), listed_users(plan, population))
