"""SMKI: the certificates and repository documents that are asked of the DCC, and the Target Response Time of each (domain.md 2.2)."""

from datetime import date
from functools import cache
from pathlib import Path

from tocsin.vocabulary.dated import LATEST, DatedTable

# One Certificate Signing Request; a batch of them; a document of the SMKI Repository.
SMKI_SERVICES = ("certificate", "certificate_batch", "repository_document")


def smki_targets(on: date = LATEST, override: Path | None = None) -> dict[str, int]:
    """The Target Response Time of each service in force on a date, in microseconds. Raises BadDeclaration on a bad row."""
    return _smki_targets(DatedTable.load("smki_targets", override), on)


@cache
def _smki_targets(table: DatedTable, on: date) -> dict[str, int]:
    return {row.one_of("service", SMKI_SERVICES): row.whole("target_us") for row in table.at(on).values()}
