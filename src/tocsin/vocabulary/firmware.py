"""Firmware tracking: the stages of a device's image, how each ends and what says so (CR1421, CR1440; domain.md 8.2)."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from tocsin.vocabulary.dated import LATEST, DatedTable

# In order. F0 to F3 are the way of the image (CPM 6B), F4 to F6 its activation (CPM 6C).
FIRMWARE_STAGES = {
    "F0": "accepted by the DSP for the device",
    "F1": "sent to the CSP or S1SP",
    "F2": "delivered to the Communications Hub",
    "F3": "delivered over the HAN to the device",
    "F4": "activation requested",
    "F5": "activation answered",
    "F6": "version confirmed",
}

# How a stage ended. `refused`: the device was left out of the request it stood in (domain.md 8.1).
STAGE_RESULTS = ("ok", "failed", "refused")

# What the stamp of a stage rests on: an answer, an alert (SECMP0007), the Service Provider's own log, a change of the inventory.
EVIDENCE = ("response", "alert", "provider_log", "inventory")

# How the download of an image to a Communications Hub stands (CR1423).
DOWNLOAD_RESULTS = ("ok", "failed", "in_progress")

# In place of a Service Provider, device type, cohort or model: every one; in place of stages: none is told.
ANY, NO_STAGE = "*", "none"

# The stages of delivery; which of them is told, and by whom, differs (domain.md 8.2).
DELIVERY_STAGES = ("F2", "F3")


@dataclass(frozen=True)
class StagesTold:
    """For which devices it is told that an image was delivered to the Communications Hub (F2) and over the HAN (F3).

    Each of the four is a word or ANY. Where several rows speak of a device, a stage is told only if all of them have it.
    """

    service_provider: str
    device_type: str
    cohort: str
    model: str
    stages: tuple[str, ...]
    status: str


def stages_told(on: date = LATEST, override: Path | None = None) -> list[StagesTold]:
    """Every row in force on a date. Raises BadDeclaration on a bad row of the override."""
    return _stages_told(DatedTable.load("firmware_stages_told", override), on)


@cache
def _stages_told(table: DatedTable, on: date) -> list[StagesTold]:
    return [
        StagesTold(
            row.cells["service_provider"],
            row.cells["device_type"],
            row.cells["cohort"],
            row.cells["model"],
            () if row.cells["stages"] == NO_STAGE else row.words("stages", DELIVERY_STAGES),
            row.cells["status"],
        )
        for _, row in sorted(table.at(on).items())
    ]
