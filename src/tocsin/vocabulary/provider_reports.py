"""The monthly reports of the Service Providers, and which of their measures each Code Performance Measure rests on (domain.md 2.3, 9)."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from tocsin.vocabulary.dated import LATEST, DatedTable
from tocsin.vocabulary.service_providers import ROLES

# ESI-101 and ESI-102 are report numbers on the DCC Enterprise Systems Interface; `monthly` is the Service Provider's own report.
PROVIDER_REPORTS = ("esi_101", "esi_102", "monthly")

# A measure counts events, or minutes of availability (domain.md 2.1).
REPORT_UNITS = ("events", "minutes")

# In place of a Code Performance Measure: a measure that is reported, and in none of them.
NO_MEASURE = "none"

_CPM = re.compile(r"cpm_[0-9]+[a-z]?")


@dataclass(frozen=True)
class RelevantMeasure:
    """A measure that Service Providers of a role report, and the Code Performance Measure it is combined into (or NO_MEASURE)."""

    role: str
    measure_ref: str
    cpm: str
    title: str
    status: str


def relevant_measures(on: date = LATEST, override: Path | None = None) -> list[RelevantMeasure]:
    """Every Service Provider measure known on a date, by role and reference. Raises BadDeclaration on a bad row of the override."""
    return _relevant_measures(DatedTable.load("relevant_measures", override), on)


@cache
def _relevant_measures(table: DatedTable, on: date) -> list[RelevantMeasure]:
    found = []
    for (_, measure_ref), row in sorted(table.at(on).items()):
        if row.cells["cpm"] != NO_MEASURE and not _CPM.fullmatch(row.cells["cpm"]):
            raise row.bad("cpm", f"a Code Performance Measure such as cpm_1, or {NO_MEASURE}")
        role = row.one_of("role", ROLES)
        found.append(RelevantMeasure(role, measure_ref, row.cells["cpm"], row.cells["title"], row.cells["status"]))
    return found
