"""Devices, the regions they are served in, and their generation (domain.md 1.2 and 6.5; duis.md section 7)."""

from datetime import date
from functools import cache
from pathlib import Path

from tocsin.vocabulary.dated import LATEST, DatedTable

# NONE: the request is answered inside the DCC and has no device. UNKNOWN: a device whose type nobody tells.
DEVICE_TYPES = ("ESME", "GSME", "GPF", "CHF", "PPMID", "HCALCS", "IHD", "CAD", "NONE", "UNKNOWN")

# SMETS1 devices have no CSP Region; the literal smets1 makes the totals reconcile (domain.md 1.2).
REGIONS = ("north", "central", "south", "smets1")

GENERATIONS = ("SMETS1", "SMETS2+")

UNKNOWN_REGION = "unknown"


def device_type_of(word: str) -> str:
    """The device type that a sender's word names, in any case of letters; UNKNOWN for another word."""
    upper = word.strip().upper()
    return upper if upper in DEVICE_TYPES else "UNKNOWN"


def region_of(csp_region: str, on: date = LATEST, override: Path | None = None) -> str:
    """The region that one of DUIS's CSPRegion words (8 in version 5.4) is reported under on a date, or `unknown`.

    The 4G networks are rolled up into the three regions by dated rows, so that a workspace may show them apart.
    """
    return _regions(DatedTable.load("csp_regions", override), on).get(csp_region.strip().casefold(), UNKNOWN_REGION)


def generation_of(region: str) -> str | None:
    """The generation that a region tells; None for an unknown region."""
    if region == UNKNOWN_REGION:
        return None
    return "SMETS1" if region == "smets1" else "SMETS2+"


@cache
def _regions(table: DatedTable, on: date) -> dict[str, str]:
    return {key[0].casefold(): row.cells["region"] for key, row in table.at(on).items()}
