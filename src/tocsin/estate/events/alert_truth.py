"""The truth of alerts: whole numbers of each quarter-hour, sender and stage as files tell them, and of what truly became of all."""

import csv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tocsin.estate.block import EMPTY, Array, Block
from tocsin.estate.senders.rhythm import day_on
from tocsin.estate.words import WORDS
from tocsin.vocabulary.instants import QUARTER_HOUR_US, SECOND_US, moment

TARGET_US = 60 * SECOND_US

PATH = ("day", "region", "kind", "raised", "reached_dsp", "consolidated", "passed_to_user", "confirmed", "within_60_s")


STAGES = "abcdefg"


@dataclass
class AlertTruth:
    """Whole numbers: what files that came tell of each quarter-hour, and what truly became of every alert.

    `slices`: (feed, sender, start of the quarter-hour of the stamp as read, stage) to alerts and how many of them were held back.
    `paths`: (day, region, kind) to the numbers of PATH; within_60_s counts from stage b, or e where the alert begins in the DCC.
    """

    slices: Counter[tuple[str, str, int, str]] = field(default_factory=Counter)
    consolidated: Counter[tuple[str, str, int, str]] = field(default_factory=Counter)
    paths: dict[tuple[int, str, str], tuple[int, ...]] = field(default_factory=dict)

    def write(self, truth: Path) -> None:
        """alerts.csv and alert_paths.csv into the folder."""
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
        """What truly became of the alerts of a day."""
        begun = np.where(alerts["b"] != EMPTY, alerts["b"], alerts["e"])
        forwarded, reached = alerts["f"] != EMPTY, alerts["e"] != EMPTY
        met = forwarded & (np.where(forwarded, alerts["f"] - begun, 0) <= TARGET_US)
        columns = (np.ones(len(alerts), bool), reached, alerts["consolidated"] & reached, forwarded, alerts["g"] != EMPTY, met)
        keys = alerts["region"].astype(np.int64) * 2 + alerts["is_dcc"]
        for key in np.unique(keys).tolist():
            numbers = tuple(int((column & (keys == key)).sum()) for column in columns)
            self.paths[day, WORDS["region"][key // 2], ("device", "dcc")[key % 2]] = numbers
