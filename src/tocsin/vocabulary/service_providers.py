"""Service Providers: who carries the messages, in which role and region, and who sends reports for whom (domain.md 1.1 and 1.2)."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from tocsin.vocabulary.dated import LATEST, DatedTable
from tocsin.vocabulary.devices import REGIONS

ROLES = ("dsp", "csp", "s1sp", "dco")


@dataclass(frozen=True)
class ServiceProvider:
    """One Service Provider. `region` is one of REGIONS or "all"; `company` is empty when it is not known.

    `sender` is who delivers its files: CSPC and CSPS are two contracts of one company, so 14 codes make 13 senders.
    """

    code: str
    company: str
    role: str
    region: str
    sender: str
    status: str


def service_providers(on: date = LATEST, override: Path | None = None) -> dict[str, ServiceProvider]:
    """Every Service Provider known on a date, by code. Raises BadDeclaration on a bad row of the override."""
    return _service_providers(DatedTable.load("service_providers", override), on)


def senders(on: date = LATEST, override: Path | None = None) -> list[str]:
    """The distinct senders, in alphabetical order: the "all SPs (13)" of paper 3."""
    return sorted({provider.sender for provider in service_providers(on, override).values()})


@cache
def _service_providers(table: DatedTable, on: date) -> dict[str, ServiceProvider]:
    return {
        key[0]: ServiceProvider(
            code=key[0],
            company=row.cells["company"],
            role=row.one_of("role", ROLES),
            region=row.one_of("region", (*REGIONS, "all")),
            sender=row.cells["sender"],
            status=row.cells["status"],
        )
        for key, row in table.at(on).items()
    }
