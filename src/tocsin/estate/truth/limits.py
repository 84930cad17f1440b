"""The dated limits and targets in force in a month, by number of flow and SRV."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from tocsin.estate.block import Array, Whole
from tocsin.estate.truth.wide import NEVER
from tocsin.estate.words import WORDS
from tocsin.vocabulary.settings import setting
from tocsin.vocabulary.target_times import FLOWS, grace_us, target_response_us


@dataclass(frozen=True)
class Limits:
    """In force on a date, in µs: the grace after a target, how much clock skew is let pass, the longest round trip.

    `targets` is by numbers of flow and SRV, NEVER where there is none.
    """

    on: date
    grace_us: int
    skew_us: int
    longest_us: int
    targets: Whole

    def target(self, flow: Array, srv: Array, otherwise: int = NEVER) -> Whole:
        """The Target Response Time of each; `otherwise` where there is none."""
        found = self.targets[flow, srv]
        return np.where(found == NEVER, otherwise, found)


def limits_on(on: date) -> Limits:
    """What is in force on a date."""
    words = (*WORDS["srv"], "untold")
    targets = [[target_response_us(srv, flow, on) for srv in words] for flow in FLOWS]
    table = np.array([[NEVER if target is None else target for target in row] for row in targets], np.int64)
    return Limits(on, grace_us(on), setting("clock_skew_tolerance", on).us, setting("lookback", on).us, table)
