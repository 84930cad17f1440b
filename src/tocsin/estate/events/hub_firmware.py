"""Firmware of Communications Hubs: downloads that the CSPs and a SMETS1 Service Provider start of themselves, told day by day (CR1423)."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tocsin.estate.events.firmware_requests import eui
from tocsin.estate.events.hub_firmware_draw import Download, draw_downloads
from tocsin.estate.events.registers import inventory_from, told_versions
from tocsin.estate.faults.rhythm import due_at, ready_at
from tocsin.estate.models import models
from tocsin.estate.outbox import Outbox, Posting
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.senders.rhythm import day_on
from tocsin.estate.senders.table_file import TableLayout, write_table
from tocsin.estate.truth.figures import TrueFigure
from tocsin.estate.truth.firmware import Judged, Rules
from tocsin.estate.truth.firmware_figures import download_figures, no_data, write_lines, write_oddities
from tocsin.estate.truth.hub_downloads import DownloadTold, downloads_of
from tocsin.estate.truth.hub_versions import version_figures
from tocsin.estate.truth.service_requests import write_figures
from tocsin.estate.words import WORDS
from tocsin.vocabulary.holes import UNKNOWN
from tocsin.vocabulary.instants import DAY_US, SECOND_US, moment

FEED = "hub_firmware"

WORDS_OF_RESULT = {"ok": "SUCCESS", "failed": "FAILURE", "in_progress": "RUNNING"}
COUNTS = ("attempts", "ok", "failed", "in_progress")

# Each sender, how it writes its files, and how they are called.
LAYOUTS: dict[str, tuple[str, TableLayout]] = {
    "CSPN": (
        "ARQ-CHFW-{day}.csv.gz",
        TableLayout(
            {"CH GUID": "comms_hub_id", "Image": "image_version", "Started": "attempted_at", "As at": "told_at", "Status": "result",
             "Reason": "failure"},
            "csv.gz", delimiter=";", stamps=("attempted_at", "told_at"), stamp="%d/%m/%Y %H:%M:%S", values={"result": WORDS_OF_RESULT},
        ),
    ),
    "CSPCS": (
        "CSPCS_HUB_IMAGES_{day}.xlsx",
        TableLayout(
            {"Hub": "comms_hub_id", "Contract": "service_provider", "Region": "region", "Model": "model", "Version": "image_version",
             "Attempted": "attempted_at", "Told": "told_at", "Result": "result", "Why": "failure"},
            "xlsx", stamps=("attempted_at", "told_at"),
        ),
    ),
    "S1SP-SECURE": (
        "secure_hub_firmware_{day}.csv.gz",
        TableLayout(
            {"Hub": "comms_hub_id", "Version": "image_version", "T1": "attempted_at", "T2": "told_at", "Success": "result"},
            "csv.gz", stamps=("attempted_at", "told_at"), stamp="epoch_ms",
            values={"result": {"ok": "Y", "failed": "N", "in_progress": "-"}},
        ),
    ),
}  # fmt: skip


@dataclass
class HubFirmwareTruth:
    """(Service Provider, region, UTC day of the attempt) to COUNTS, by the latest that files that came tell of each attempt."""

    rules: Rules
    counts: dict[tuple[str, str, int], Counter[str]] = field(default_factory=dict)
    told: list[DownloadTold] = field(default_factory=list)
    # Every row of a file that came, with its sender, as its layout tells it.
    rows: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    has_files: bool = False
    # What the inventory tells of other versions, beside the downloads.
    versions: tuple[TrueFigure, ...] = ()

    def judged(self) -> list[Judged]:
        """The attempts of the month, by what files that came tell."""
        return list(downloads_of(self.told, self.rules))

    def oddities(self) -> Counter[str]:
        """What data quality counts of downloads."""
        return +Counter({"hub_downloads.unfinished": sum(one.outcome == "unfinished" for one in self.judged())})

    def write(self, truth: Path) -> None:
        """hub_firmware.csv and the figures of downloads and of versions into the folder."""
        lines = list(download_figures(self.judged()))
        write_figures(truth / "hub_version_figures.csv", self.versions)
        write_oddities(truth / "hub_download_oddities.csv", self.oddities())
        write_lines(truth / "hub_download_figures.csv", lines if self.has_files else no_data(n for n, *_ in lines if "/" not in n))
        with (truth / "hub_firmware.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("service_provider", "region", "day", *COUNTS))
            for (provider, region, day), counts in sorted(self.counts.items()):
                writer.writerow((provider, region, day_on(day).isoformat(), *(counts[name] for name in COUNTS)))


def post_hub_firmware(plan: Plan, population: Population, outbox: Outbox, aside: Path) -> HubFirmwareTruth:
    """Write a file a day of every sender: the attempts begun on it, and the ends of those begun before."""
    truth = HubFirmwareTruth(Rules.of(plan.period.first_on, plan.period.start_at, plan.period.end_at, plan.until_at))
    truth.versions = tuple(version_figures(plan.period, population.devices, told_versions(plan, population)))
    listed = inventory_from(plan, population)
    for sender, (name, layout) in LAYOUTS.items():
        downloads = draw_downloads(plan, population, sender)
        came = {day: outbox.fates.stands(FEED, sender, day * DAY_US) for day in _days(plan)}
        for day in _days(plan):
            rows = [_row(population, download, day) for download in downloads if day in _told_on(download)]
            body, start_at = aside / "hub_firmware", day * DAY_US
            write_table(body, layout, rows)
            file_name, ready = name.format(day=f"{moment(start_at):%Y%m%d}"), ready_at(FEED, sender, start_at)
            due = due_at(FEED, start_at)
            outbox.post(Posting(FEED, sender, file_name, start_at, start_at + DAY_US, "final", body, len(rows), {}, ready, due))
        truth.has_files |= any(came.values())
        for download in downloads:
            told = [day for day in _told_on(download) if came.get(day)]
            if told:
                row = _row(population, download, told[-1])
                truth.rows += [(sender, _as_laid_out(layout, _row(population, download, day))) for day in told]
                key = (row["service_provider"], row["region"], download.began_at // DAY_US)
                truth.counts.setdefault(key, Counter()).update(("attempts", row["result"]))
                is_told = "model" in layout.columns.values() or int(listed[download.hub]) <= download.began_at
                truth.told.append(
                    DownloadTold(
                        hub=download.hub,
                        began_at=download.began_at,
                        version=download.version,
                        result=row["result"],
                        ended_at=download.ended_at,
                        splits={
                            "attempted_on": moment(download.began_at).date().isoformat(),
                            "service_provider": row["service_provider"],
                            "region": row["region"],
                            "model": row["model"] if is_told else UNKNOWN,
                        },
                    )
                )
    return truth


def expected_hub_firmware(plan: Plan) -> list[dict[str, Any]]:
    """Who owes the downloads of a day."""
    since, until = day_on(plan.days.start), day_on(plan.days.stop)
    return [{"feed": FEED, "sender": sender, "every": "day", "since": since, "until": until} for sender in LAYOUTS]


def _as_laid_out(layout: TableLayout, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in layout.columns.values() if row[name] is not None}


def _days(plan: Plan) -> list[int]:
    return [day for day in plan.days if (day + 1) * DAY_US <= plan.until_at]


def _told_on(download: Download) -> Sequence[int]:
    """The days whose files tell of it: that of its beginning, and that of its end."""
    return sorted({download.began_at // DAY_US, download.ended_at // DAY_US})


def _row(population: Population, download: Download, day: int) -> dict[str, Any]:
    """What the file of a day tells: a download that goes on over midnight is in progress at the day's last second."""
    devices, hub = population.devices, download.hub
    is_over = download.ended_at // DAY_US <= day
    return {
        "comms_hub_id": eui(int(devices["eui"][hub])),
        "image_version": download.version,
        "attempted_at": download.began_at,
        "told_at": download.ended_at if is_over else (day + 1) * DAY_US - SECOND_US,
        "result": download.result if is_over else "in_progress",
        "failure": download.failure or None if is_over else None,
        "model": models()[devices["model"][hub]].name,
        "region": WORDS["region"][devices["region"][hub]],
        "service_provider": WORDS["service_provider"][devices["service_provider"][hub]],
    }
