"""Incidents: categories, statuses, the two clocks, what stops them, and the slice of the cube each measure is (domain.md 2.5, 3)."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from tocsin.vocabulary.dated import DatedTable
from tocsin.vocabulary.settings import setting

# 1 is the most severe (SEC H9.1).
CATEGORIES = (1, 2, 3, 4, 5)
STATUSES = ("new", "assigned", "in_progress", "pending", "resolved", "closed", "reopened", "cancelled")
RESPONSIBLE_PARTIES = ("dcc", "user")
# Why an Incident is in no measure.
EXCLUSIONS = ("cancelled", "duplicate", "test", "problem")
CLOCKS = ("initial_response", "resolution")
CALENDARS = ("24x7", "working_days")


@dataclass(frozen=True)
class IncidentTarget:
    """The time within which a clock of a category must end; equal to it is met. `calendar` says which hours count."""

    category: int
    clock: str
    seconds: int
    calendar: str
    status: str


@dataclass(frozen=True)
class IncidentSlice:
    """Which part of the cube category x clock x Resolver Group a measure counts; `is_by_category` shows each category apart."""

    measure: str
    reading: str
    categories: tuple[int, ...]
    clock: str
    is_by_category: bool
    status: str


def incident_targets(on: date, override: Path | None = None) -> dict[tuple[int, str], IncidentTarget]:
    """Targets in force on a date, by category and clock. Raises BadDeclaration on a bad row of the override."""
    return _incident_targets(DatedTable.load("incident_targets", override), on)


def clock_stops(on: date, override: Path | None = None) -> dict[str, bool]:
    """Pending reasons and whether each pauses the resolution clock; no other does (domain.md 3.3)."""
    return _clock_stops(DatedTable.load("clock_stops", override), on)


def incident_slices(on: date, override: Path | None = None) -> dict[str, IncidentSlice]:
    """The slice of CPM 4, 5 and 5A (by `cpm_4`, `cpm_5`, `cpm_5a`) under the reading in force on a date.

    The setting `incident_measure_reading` chooses it. `override` must be the workspace's folder for that setting to be read from it.
    """
    reading = setting("incident_measure_reading", on, override if override is None or override.is_dir() else None).value
    return _incident_slices(DatedTable.load("incident_measure_readings", override), on, reading)


def incident_working_days(on: date, override: Path | None = None) -> tuple[int, ...]:
    """The Working Days after a month, in order, as at whose deadlines its Incidents are told (CR1420 [B])."""
    return _incident_working_days(DatedTable.load("incident_working_days", override), on)


@cache
def _incident_working_days(table: DatedTable, on: date) -> tuple[int, ...]:
    rows = table.at(on).values()
    return tuple(sorted(row.whole("working_day") for row in rows if row.truth("is_told")))


@cache
def _incident_targets(table: DatedTable, on: date) -> dict[tuple[int, str], IncidentTarget]:
    targets = {}
    for (category, clock), row in table.at(on).items():
        row.one_of("category", tuple(str(number) for number in CATEGORIES))
        row.one_of("clock", CLOCKS)
        calendar = row.one_of("calendar", CALENDARS)
        targets[int(category), clock] = IncidentTarget(int(category), clock, row.whole("seconds"), calendar, row.cells["status"])
    return targets


@cache
def _clock_stops(table: DatedTable, on: date) -> dict[str, bool]:
    return {reason: row.truth("pauses") for (reason,), row in table.at(on).items()}


@cache
def _incident_slices(table: DatedTable, on: date, reading: str) -> dict[str, IncidentSlice]:
    slices = {}
    for (of_reading, measure), row in table.at(on).items():
        if of_reading == reading:
            categories = tuple(int(word) for word in row.words("categories", tuple(str(number) for number in CATEGORIES)))
            clock = row.one_of("clock", CLOCKS)
            slices[measure] = IncidentSlice(measure, reading, categories, clock, row.truth("is_by_category"), row.cells["status"])
    return slices
