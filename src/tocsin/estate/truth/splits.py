"""What the truth is split by: the words of each column, how processes and parties are numbered, and what may not be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from tocsin.estate.block import Array
from tocsin.estate.truth.happenings import OUTCOMES
from tocsin.estate.truth.whereabouts import DEVICE_TYPES, GENERATIONS_TOLD, PROVIDERS, REGIONS, UNLISTED_USER
from tocsin.estate.words import WORDS
from tocsin.vocabulary.business_processes import OTHER, TITLES, primary_process
from tocsin.vocabulary.holes import UNKNOWN
from tocsin.vocabulary.instants import DAY_US
from tocsin.vocabulary.settings import setting
from tocsin.vocabulary.target_times import FLOWS

# Round trips are published to a tenth of a second; the longest that is not set aside is 35 days.
RUNG_US = 100_000
_RUNGS = 36 * DAY_US // RUNG_US

# A month, and a day more at each end where its zone is not UTC.
_DAYS = 33

# Whether there is a round trip, a target, and the one within the other.
TIMING = ("neither", "target", "round_trip", "late", "within")

SRVS = (*WORDS["srv"], UNKNOWN)

# The processes that Service Requests make, as figures name them; the two of alerts have other populations (domain.md 5.2).
PROCESS_NAMES = {
    "INC": "install_and_commission",
    "PPM": "prepayment",
    "COS": "change_of_supply",
    "COT": "change_of_tenancy",
    "TAR": "tariff_updates",
    "MRD": "meter_reads",
    "DNO": "post_installation_dno_activity",
    "FWM": "firmware_management",
    "SKM": "security_and_key_management",
    "CHO": "comms_hub_ordering_and_returns",
    OTHER: "other",
}
_CODES = tuple(code for code in (*TITLES, OTHER) if code in PROCESS_NAMES)
PROCESSES = tuple(PROCESS_NAMES[code] for code in _CODES)

# What a process is told by: columns alone, and Service Request Variants with each of the others.
PROCESS_SPLITS = (("srv",), ("party",), ("device_type",), ("region",), ("srv", "region"), ("srv", "device_type"), ("srv", "party"))


@dataclass(frozen=True)
class Splits:
    """Columns of the cube with their words, in the order in which they are packed; `process_of` is by an SRV's number."""

    words: Mapping[str, tuple[str, ...]]
    process_of: Array
    fewest_parties: int
    dominance_percent: int
    protection_percent: int

    @classmethod
    def of(cls, party_names: tuple[str, ...], on: date) -> "Splits":
        """As in force on a date."""
        words = {
            "flow": FLOWS,
            "srv": SRVS,
            "party": party_names,
            "device_type": DEVICE_TYPES,
            "region": REGIONS,
            "generation": GENERATIONS_TOLD,
            "service_provider": PROVIDERS,
            "outcome": OUTCOMES,
            "timing": TIMING,
            "process": PROCESSES,
        }
        homes = np.array([_CODES.index(primary_process(srv, on)) for srv in SRVS], np.int8)
        limits = (setting(f"anonymity_{word}", on).whole for word in ("fewest_parties", "dominance", "protection"))
        return cls(words, homes, *limits)

    @property
    def cube_sizes(self) -> dict[str, int]:
        """How many values each column of the cube has; the process is told by the SRV."""
        return {"day": _DAYS, **{name: len(words) for name, words in self.words.items() if name != "process"}}

    @property
    def rung_sizes(self) -> dict[tuple[str, ...], dict[str, int]]:
        """The columns of each ladder of round trips: a process, one split of it or two, and the rung."""
        return {
            split: {"process": len(PROCESSES), **{column: len(self.words[column]) for column in split}, "rung": _RUNGS}
            for split in PROCESS_SPLITS
        }

    def is_telling(self, volumes: Mapping[int, int]) -> bool:
        """Whether figures by party would tell whose they are: too few parties, or one too large (domain.md 6.5).

        `volumes` is by place in party_names. Users that the party list does not have may all be one company's; nobody is no party.
        """
        parties: dict[str, int] = {}
        for place, volume in volumes.items():
            name = self.words["party"][place]
            who = UNLISTED_USER if name.startswith(UNLISTED_USER) else name
            parties[who] = parties.get(who, 0) + volume
        parties.pop(UNKNOWN, None)
        found = [volume for volume in parties.values() if volume]
        return bool(found) and (len(found) < self.fewest_parties or 100 * max(found) > self.dominance_percent * sum(found))
