"""The twelve Business Processes of MP122A, and which Service Request Variants make each (domain.md 5.2 and 5.3; the map is inferred)."""

from datetime import date
from functools import cache
from pathlib import Path

from tocsin.vocabulary.dated import DatedTable
from tocsin.vocabulary.errors import BadDeclaration

TITLES = {
    "INC": "Install & Commission",
    "PPM": "Prepayment",
    "COS": "Change of Supply",
    "COT": "Change of Tenancy",
    "TAR": "Tariff Updates",
    "MRD": "Meter Reads",
    "DNO": "Post I&C DNO activity",
    "FWM": "Firmware Management",
    "SKM": "Security and Key Management",
    "CHO": "Communications Hub Ordering and Returns",
    # The populations of these two are alerts, not Service Requests.
    "DAL": "DCC Alerts",
    "VAL": "Device Alerts",
}

# Where every SRV without a Business Process is filed, known or not, so that nothing is dropped.
OTHER = "OTH"

# `primary` gives each SRV one home, so that totals add up; `also` lists it on a second page; `none` ends an earlier row.
STRENGTHS = ("primary", "also", "none")


def primary_process(srv: str, on: date, override: Path | None = None) -> str:
    """The one process an SRV belongs to on a date; OTH for an SRV without one and for an unknown SRV."""
    return _primary(DatedTable.load("business_processes", override), on).get(srv, OTHER)


def rows(on: date, override: Path | None = None) -> list[tuple[str, str, str]]:
    """(SRV, process code, "primary" or "also") in force on a date.

    Raises BadDeclaration on a bad row, and when an SRV has two primary processes: its requests would be counted twice.
    """
    table = DatedTable.load("business_processes", override)
    _primary(table, on)
    return [(srv, process, row.cells["strength"]) for (srv, process), row in table.at(on).items() if row.cells["strength"] != "none"]


@cache
def _primary(table: DatedTable, on: date) -> dict[str, str]:
    homes: dict[str, str] = {}
    for (srv, process), row in table.at(on).items():
        row.one_of("process", (*TITLES, OTHER))
        if row.one_of("strength", STRENGTHS) == "primary":
            if srv in homes:
                raise BadDeclaration(
                    f'{row.where}: column "strength": SRV {srv} has two primary processes on {on.isoformat()}, {homes[srv]} and {process}. '
                    f"End one of them with a row of strength none or also."
                )
            homes[srv] = process
    return homes
