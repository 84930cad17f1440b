"""The truth of hub status updates: each 8.14.x that reaches the product, and the signs of WAN behind each hub (domain.md 10.1)."""

from dataclasses import dataclass

import numpy as np

from tocsin.estate.block import EMPTY, Array, Block, Truth, Whole
from tocsin.estate.events.registers import inventory_from
from tocsin.estate.faults.kinds import COPY_AFTER_US, ROW_FAULTS
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.truth.readings import DONE
from tocsin.estate.truth.service_requests import told_once, with_copies
from tocsin.estate.truth.wide import NEVER, VARIANTS, VERDICTS, Ranks, read_columns, seen, widen
from tocsin.estate.words import WORDS, number

UPDATES = ("8.14.1", "8.14.2", "8.14.3", "8.14.4")
_ANSWERS = ("response", "scheduled", "fd_outcome")


@dataclass(frozen=True)
class Update:
    """One status update that was not refused: the hub (place; -1 where no row names one), its receipt, or when it was first seen."""

    hub: int
    srv: str
    received_at: int | None
    seen_at: int
    region: str


class HubStories:
    """What the trail tells of hubs, gathered block after block; two stamps a hub are kept, and the updates, which are few."""

    def __init__(self, plan: Plan, population: Population):
        self.plan, self.population = plan, population
        self.updates: list[Update] = []
        devices = population.devices
        self.inventory_from: Whole = inventory_from(plan, population)
        self.first_sign: Whole = np.full(len(devices), NEVER, np.int64)
        self.last_sign: Whole = np.full(len(devices), EMPTY, np.int64)
        self._order: Array = np.argsort(devices["eui"], kind="stable")
        self._users = Ranks.of(population.users["eui"])
        self._numbers = [number("srv", srv) for srv in UPDATES]

    def add(self, rows: Block, delivered: Truth) -> None:
        """The addressed rows of one block, and which of them reach the ledger."""
        self._add_updates(rows, delivered)
        came_back = delivered & (rows["time_point"] == number("time_point", "RX_DSP_UP")) & (rows["device"] != 0)
        came_back &= np.isin(rows["message_class"], [number("message_class", word) for word in _ANSWERS])
        places, stamps = self._places(rows["device"][came_back]), rows["told_us"][came_back]
        # A row that was copied stands a second time, some seconds later.
        again = stamps + np.where(rows["fault"][came_back] == ROW_FAULTS.index("copied"), COPY_AFTER_US, 0)
        known = places >= 0
        places, stamps, again = places[known], stamps[known], again[known]
        devices = self.population.devices
        is_hub = devices["device_type"][places] == number("device_type", "CHF")
        # A hub answers for itself; what stands behind it is known from the inventory alone.
        hubs = np.where(is_hub, places, devices["hub"][places])
        is_told = is_hub | (stamps >= self.inventory_from[places])
        np.minimum.at(self.first_sign, hubs[is_told], stamps[is_told])
        is_told = is_hub | (again >= self.inventory_from[places])
        np.maximum.at(self.last_sign, hubs[is_told], again[is_told])

    def sign_after(self, hub: int, at: int) -> int | None:
        """A sign of WAN behind a hub (place) after an instant; the first of all, if the instant lies before the simulated days.

        Otherwise the last: all of the simulated days lie within 90 days of each other, so that one is as good as another.
        """
        first, last = int(self.first_sign[hub]), int(self.last_sign[hub])
        return (first if first > at else last) if last > at else None

    def _add_updates(self, rows: Block, delivered: Truth) -> None:
        telling = delivered & np.isin(rows["srv"], self._numbers)
        if not telling.any():
            return
        is_asked = np.zeros(int(rows["request"].max()) + 1, bool)
        is_asked[rows["request"][telling]] = True
        mine = np.flatnonzero(is_asked[rows["request"]])
        came = seen(told_once(with_copies(read_columns(rows.take(mine), delivered[mine]))))
        wide = widen(came, self._users, self.plan.period.first_on)
        hubs = self._places(wide["device"])
        for place in range(len(wide)):
            answered, received = int(wide["answered"][place]), int(wide["received"][place])
            if answered != NEVER and answered % VERDICTS < DONE:
                continue
            self.updates.append(
                Update(
                    hub=int(hubs[place]) if wide["device"][place] else -1,
                    srv=WORDS["srv"][int(wide["srv"][place])],
                    received_at=None if received == NEVER else received // VARIANTS,
                    seen_at=int(wide["first_at"][place]),
                    region=WORDS["region"][int(wide["region"][place])],
                )
            )

    def _places(self, eui: Array) -> Whole:
        """Places of devices by their EUI-64; -1 for one that the estate has not."""
        devices = self.population.devices["eui"]
        at = np.minimum(np.searchsorted(devices, eui, sorter=self._order), len(devices) - 1)
        places = self._order[at]
        return np.where(devices[places] == eui, places, -1)
