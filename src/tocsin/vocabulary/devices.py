"""Devices, the regions they are served in, and their generation (domain.md 1.2 and 6.5; duis.md section 7)."""

from datetime import date
from functools import cache
from pathlib import Path

from tocsin.vocabulary.dated import LATEST, DatedTable
from tocsin.vocabulary.holes import NONE, UNKNOWN

DEVICE_TYPES = ("ESME", "GSME", "GPF", "CHF", "PPMID", "HCALCS", "IHD", "CAD", NONE, UNKNOWN)

# SMETS1 devices have no CSP Region; the literal smets1 makes the totals reconcile (domain.md 1.2).
REGIONS = ("north", "central", "south", "smets1")

GENERATIONS = ("SMETS1", "SMETS2+")

# As DUIS has it; a breakdown says UNKNOWN.
UNKNOWN_REGION = "unknown"


def region_of(csp_region: str, on: date = LATEST, override: Path | None = None) -> str:
    """The region that one of DUIS's CSPRegion words (8 in version 5.4) is reported under on a date, or `unknown`.

    The 4G networks are rolled up into the three regions by dated rows, so that a workspace may show them apart.
    """
    return _regions(DatedTable.load("csp_regions", override), on).get(csp_region.strip().casefold(), UNKNOWN_REGION)


def region_words(on: date = LATEST, override: Path | None = None) -> dict[str, str]:
    """Every word that a sender may write for a region, and the region: DUIS's CSPRegion words or ours, as they are or in one case."""
    words = {key[0]: row.cells["region"] for key, row in DatedTable.load("csp_regions", override).at(on).items()}
    words |= {region: region for region in REGIONS}
    return {form: region for word, region in words.items() for form in (word, word.upper(), word.lower())}


def generation_of(region: str) -> str | None:
    """The generation that a region tells; None for an unknown region."""
    if region == UNKNOWN_REGION:
        return None
    return GENERATIONS[0] if region == "smets1" else GENERATIONS[1]


@cache
def _regions(table: DatedTable, on: date) -> dict[str, str]:
    return {key[0].casefold(): row.cells["region"] for key, row in table.at(on).items()}
