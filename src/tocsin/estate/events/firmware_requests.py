"""Requests of firmware campaigns: the audit trail and the tracking of images tell the same ones, under one RequestID (CR1421)."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tocsin.estate.block import Array
from tocsin.estate.population import Population

# The DCC's own id, target of a request that no device answers (duis.md section 2).
ACCESS_CONTROL_BROKER = 0x90B3D51F30000002

# So far above where a User's counters begin that no other request of a simulation has the number.
CAMPAIGNS_FROM = 1 << 40


@dataclass(eq=False)
class CampaignRequest:
    """One request to the DCC. `user` and `device` are places; None: no device answers it. Instants in us, whole milliseconds.

    `at`: received, and where its User must sign it, received signed. `calls_off`: the request that this one cancels.
    """

    user: int
    srv: str
    at: int
    device: int | None = None
    execution_at: int | None = None
    calls_off: "CampaignRequest | None" = None
    counter: int = 0

    def target(self, population: Population) -> int:
        """EUI-64 of whom it is addressed to."""
        return ACCESS_CONTROL_BROKER if self.device is None else int(population.devices["eui"][self.device])

    def text(self, population: Population) -> str:
        """The RequestID as files write it."""
        return f"{eui(int(population.users['eui'][self.user]))}:{eui(self.target(population))}:{self.counter}"


def eui(number: int) -> str:
    """An EUI-64 as text."""
    text = f"{number:016X}"
    return "-".join(text[place : place + 2] for place in range(0, 16, 2))


def number_all(requests: Iterable[CampaignRequest], counter_from: Array) -> None:
    """Give every request its counter, in the order in which they were sent: a User's counters only rise (duis.md 0.3)."""
    in_order = sorted(dict.fromkeys(requests), key=lambda one: (one.at, one.user, one.srv, -1 if one.device is None else one.device))
    for number, one in enumerate(in_order):
        one.counter = int(counter_from[one.user] + np.uint64(CAMPAIGNS_FROM + number))
