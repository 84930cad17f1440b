"""The clocks of senders: instants as local stamps, and the instant that a reader must take a local stamp for."""

import numpy as np

from tocsin.estate.block import Whole
from tocsin.estate.senders.rhythm import clock_changes


def local_stamps(at: Whole, zone: str) -> Whole:
    """What a clock of the zone shows at instants, as microseconds since 1970 of that clock."""
    if zone == "UTC":
        return at
    changes = clock_changes(zone)
    instants = np.array([change[0] for change in changes], np.int64)
    return at + _offsets(zone)[np.searchsorted(instants, at, side="right")]


def instants_of(local: Whole, zone: str) -> Whole:
    """The instants that local stamps are read as: of an hour that occurs twice the earlier (docs/decisions/0004, Python's fold=0)."""
    if zone == "UTC":
        return local
    # The offset before a change holds until both clocks are past it.
    ends = np.array([at + max(before, after) for at, before, after in clock_changes(zone)], np.int64)
    return local - _offsets(zone)[np.searchsorted(ends, local, side="right")]


def _offsets(zone: str) -> Whole:
    changes = clock_changes(zone)
    return np.array([changes[0][1], *(after for _, _, after in changes)], np.int64)
