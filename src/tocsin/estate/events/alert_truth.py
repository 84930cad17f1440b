"""The truth of alerts: whole numbers of each quarter-hour, sender and stage as files tell them, and of what truly became of all."""

import csv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tocsin.estate.block import EMPTY, Array, Block
from tocsin.estate.events.alert_told import ToldAlerts
from tocsin.estate.senders.rhythm import day_on
from tocsin.estate.truth.alert_figures import PROCESSES
from tocsin.estate.truth.service_requests import write_figures, write_rows
from tocsin.estate.words import WORDS
from tocsin.vocabulary.instants import QUARTER_HOUR_US, SECOND_US, moment
from tocsin.vocabulary.service_providers import service_providers

TARGET_US = 60 * SECOND_US

# A file for the figures of each kind of journey, and the subject of all but those of the alerts themselves.
FIGURES = {
    "alert_figures": "",
    "alert_leg_figures": "alert_legs.",
    "alert_slice_figures": "alert_throughput.",
    "alert_loss_figures": "alert_losses.",
}
OF_ONE = {subject.rstrip(".") for subject in FIGURES.values() if subject}

PATH = ("day", "region", "kind", "raised", "reached_dsp", "consolidated", "passed_to_user", "confirmed", "within_60_s")


STAGES = "abcdefg"


@dataclass
class AlertTruth:
    """Whole numbers: what files that came tell of each quarter-hour, and what truly became of every alert.

    `slices`: (feed, sender, start of the quarter-hour of the stamp as read, stage) to alerts and how many of them were held back.
    `paths`: (day, region, kind) to the numbers of PATH; within_60_s counts from stage b, or e where the alert begins in the DCC.
    """

    told: ToldAlerts
    slices: Counter[tuple[str, str, int, str]] = field(default_factory=Counter)
    consolidated: Counter[tuple[str, str, int, str]] = field(default_factory=Counter)
    paths: dict[tuple[int, str, str], tuple[int, ...]] = field(default_factory=dict)

    def write(self, truth: Path) -> None:
        """alerts.csv, alert_paths.csv, those of FIGURES, alert_days.csv and alert_oddities.csv into the folder."""
        regions = {code: provider.region for code, provider in service_providers(self.told.plan.period.first_on).items()}
        figures = [*self.told.cube.figures(self.told.has_files), *self.told.flows.figures(regions, self.told.has_files)]
        for name, subjects in FIGURES.items():
            own = (figure for figure in figures if (figure.name.partition(".")[0] in OF_ONE) == bool(subjects))
            own = (figure for figure in own if not subjects or figure.name.startswith(subjects))
            write_figures(truth / f"{name}.csv", sorted(own, key=lambda figure: figure.name))
        days = [(PROCESSES[kind], day, *numbers.values()) for (kind, day), numbers in sorted(self.told.cube.days.items())]
        write_rows(truth / "alert_days.csv", ("process", "day", "volume", "counted", "success"), days)
        self.told.oddities["alert_losses.surplus"] = sum(numbers["surplus"] > 0 for _, _, numbers in self.told.flows.losses())
        odd = sorted((name, count) for name, count in self.told.oddities.items() if count)
        write_rows(truth / "alert_oddities.csv", ("name", "count"), odd)
        with (truth / "alerts.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("feed", "sender", "slice_at", "stage", "alerts", "consolidated"))
            for key in sorted(self.slices):
                feed, sender, at, stage = key
                writer.writerow((feed, sender, f"{moment(at):%Y-%m-%dT%H:%M:%SZ}", stage, self.slices[key], self.consolidated[key]))
        with (truth / "alert_paths.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(PATH)
            for day, region, kind in sorted(self.paths):
                writer.writerow((day_on(day).isoformat(), region, kind, *self.paths[day, region, kind]))

    def add_slices(self, sender: str, told: tuple[str, Array, Array], held: Array) -> None:
        """Rows of files that came: the feed's stages and the instants as read, in quarter-hours; `held`: told as held back."""
        feed, stages, told_at = told
        slices = told_at // QUARTER_HOUR_US * len(STAGES) + stages
        for counter, chosen in ((self.slices, np.ones(len(slices), bool)), (self.consolidated, held)):
            keys, counts = np.unique(slices[chosen], return_counts=True)
            for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
                counter[feed, sender, key // len(STAGES) * QUARTER_HOUR_US, STAGES[key % len(STAGES)]] += count

    def add_paths(self, alerts: Block, day: int) -> None:
        """What truly became of some alerts of a day."""
        begun = np.where(alerts["b"] != EMPTY, alerts["b"], alerts["e"])
        forwarded, reached = alerts["f"] != EMPTY, alerts["e"] != EMPTY
        met = forwarded & (np.where(forwarded, alerts["f"] - begun, 0) <= TARGET_US)
        columns = (np.ones(len(alerts), bool), reached, alerts["consolidated"] & reached, forwarded, alerts["g"] != EMPTY, met)
        keys = alerts["region"].astype(np.int64) * 2 + alerts["is_dcc"]
        for key in np.unique(keys).tolist():
            where = day, WORDS["region"][key // 2], ("device", "dcc")[key % 2]
            numbers = (int((column & (keys == key)).sum()) for column in columns)
            self.paths[where] = tuple(map(sum, zip(self.paths.get(where, (0,) * len(columns)), numbers, strict=True)))
