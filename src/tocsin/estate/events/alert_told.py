"""Alerts as files tell them, counted for the truth while they are drawn: stamps, what became of each, throughput and losses."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from tocsin.estate.block import Array, Block, Truth, Whole
from tocsin.estate.events.alert_codes import POWER_OUTAGE, UNKNOWN_ALERT, code_number
from tocsin.estate.events.alert_layouts import AlertLayout
from tocsin.estate.events.firmware import FEED as FIRMWARE
from tocsin.estate.events.firmware import file_days
from tocsin.estate.events.firmware_draw import Attempt
from tocsin.estate.events.firmware_layouts import LAYOUTS as FIRMWARE_LAYOUTS
from tocsin.estate.events.firmware_layouts import FirmwareLayout
from tocsin.estate.events.registers import inventory_from
from tocsin.estate.faults.fates import Fates
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.requests.campaigns import Campaigns
from tocsin.estate.truth.alert_figures import AlertCube, marks_of
from tocsin.estate.truth.alert_flows import AlertFlows
from tocsin.estate.truth.alert_stamps import STAGES, AlertStamps, alert_ends
from tocsin.estate.truth.trail_activations import ActivationsTold
from tocsin.estate.words import WORDS
from tocsin.vocabulary.instants import DAY_US, MINUTE_US, SECOND_US

WINDOW_US = 30 * MINUTE_US
SET_ASIDE = ("", "no_receipt", "negative_span")


@dataclass
class ToldAlerts:
    """The counting of all days. `hubs`: for a Communications Hub (place) the instants of activations behind it that files tell of."""

    plan: Plan
    population: Population
    flows: AlertFlows
    hubs: dict[int, list[int]]
    cube: AlertCube = field(default_factory=AlertCube)
    oddities: Counter[str] = field(default_factory=Counter)
    has_files: bool = False

    def __post_init__(self) -> None:
        self.listed_from = inventory_from(self.plan, self.population)

    def add_rows(self, stamps: AlertStamps, layout: AlertLayout, alerts: Block, told: tuple[Array, Array, Array]) -> None:
        """Rows of one sender's files that came: place in alerts, stage and instant as read of each."""
        places, stages, told_at = told
        columns = {what for _, what in layout.columns}
        stamps.add(layout.sender, "device_type" in columns, told, alerts["consolidated"])
        held = alerts["consolidated"][places] & (stages == STAGES.index("e")) & (layout.sender == "DSP")
        self.flows.add_told(layout.sender, alerts["region"][places], stages, told_at, held)

    def close(self, alerts: Block, stamps: AlertStamps) -> None:
        """All rows of some alerts are in: count them."""
        is_outage = alerts["code"] == code_number(POWER_OUTAGE)
        is_begun_inside = alerts["is_dcc"] & ~is_outage
        self.flows.add_ends(alerts, stamps, is_begun_inside)
        ends = alert_ends(stamps, alerts["throttled"], is_begun_inside, self.plan.until_at)
        period = self.plan.period
        known = stamps.is_told() & (ends["began_at"] >= period.start_at) & (ends["began_at"] < period.end_at)
        is_typed = stamps.tells_type | (self.listed_from[alerts["device"]] <= ends["began_at"])
        self._remark(alerts, ends, known, is_typed)
        kept = np.flatnonzero(known & (ends["set_aside"] == 0))
        own, of = alerts.put(is_outage=is_outage).take(kept), ends.take(kept)
        marks = marks_of(own, of, self._after_activation(own, of["began_at"]), {stage: at[kept] for stage, at in stamps.every.items()})
        splits = {
            "kind": own["is_dcc"],
            "alert_code": own["code"],
            "device_type": np.where(is_typed[kept], own["device_type"], len(WORDS["device_type"])),
            "region": own["region"],
            "service_provider": own["service_provider"],
        }
        self.cube.add(splits, of["began_at"] // DAY_US, marks, of)

    def _remark(self, alerts: Block, ends: Block, known: Truth, is_typed: Truth) -> None:
        for number, reason in enumerate(SET_ASIDE[1:], start=1):
            self.oddities[f"alerts.{reason}"] += int((known & (ends["set_aside"] == number)).sum())
        self.oddities["alerts.skewed"] += int((known & ends["skewed"]).sum())
        self.oddities["alerts.unlisted_code"] += int((known & (alerts["code"] == code_number(UNKNOWN_ALERT))).sum())
        self.oddities["alerts.unknown_device"] += int((known & ~is_typed).sum())

    def _after_activation(self, alerts: Block, began_at: Whole) -> Truth:
        found = np.zeros(len(alerts), bool)
        for place in np.flatnonzero(alerts["is_outage"]).tolist() if self.hubs else ():
            at = int(began_at[place])
            found[place] = any(0 <= at - activated <= WINDOW_US for activated in self.hubs.get(int(alerts["device"][place]), ()))
        return found


def told_activations(plan: Plan, population: Population, fates: Fates, attempts: list[Attempt]) -> dict[int, list[int]]:
    """Activations of electricity meters that files tell of, as they tell them, by the Communications Hub they are behind."""
    devices, listed_from = population.devices, inventory_from(plan, population)
    meters, days = devices["device_type"] == WORDS["device_type"].index("ESME"), set(file_days(plan))
    found: dict[int, list[int]] = {}
    for attempt in attempts:
        event = attempt.of("F5", "ok")
        if event is None or not meters[attempt.device]:
            continue
        day = event.observed_at // DAY_US
        provider = WORDS["service_provider"][devices["service_provider"][attempt.device]]
        for layout in FIRMWARE_LAYOUTS:
            at = event.observed_at - event.observed_at % _unit(layout)
            # Only the DSP tells the Communications Hub and the type; of the others' devices the inventory does.
            is_known = layout.sender == "DSP" or (layout.sender == provider and listed_from[attempt.device] <= at)
            came = day in days and fates.stands(FIRMWARE, layout.sender, day * DAY_US)
            if "F5" in layout.stages and is_known and came:
                found.setdefault(int(devices["hub"][attempt.device]), []).append(at)
    for device, at in _told_by_trail(plan, population, fates, attempts):
        if listed_from[device] <= at:
            found.setdefault(int(devices["hub"][device]), []).append(at)
    return found


def _told_by_trail(plan: Plan, population: Population, fates: Fates, attempts: list[Attempt]) -> Iterator[tuple[int, int]]:
    """Place and instant of the electricity meters whose 11.3, received in the month, the audit trail tells as answered with success."""
    campaigns, told = Campaigns.of(plan, population, attempts), ActivationsTold(plan, population)
    for day in plan.days:
        block = campaigns.told(day, fates) if day * DAY_US < plan.until_at else None
        if block is not None:
            told.add(*block[1:])
    places = {int(population.devices["eui"][attempt.device]): attempt.device for attempt in attempts}
    yield from ((places[eui], at) for eui, at, judged in told.activated() if judged.splits["device_type"] == "ESME")


def _unit(layout: FirmwareLayout) -> int:
    return 1000 if layout.table.stamp in {"iso", "epoch_ms"} else SECOND_US
