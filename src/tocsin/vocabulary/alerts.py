"""Alert codes of devices (GBCS) and of the DCC; codes that are not listed are normal, and are kept and counted (domain.md 7.1)."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from tocsin.vocabulary.dated import LATEST, DatedTable

ALERT_KINDS = ("device", "dcc")

# The points an alert passes on its way to the User, in order (CR1418 and CR1438; domain.md 7.3). Secure's T1 is a, T2 is b and c, T4 is d,
# T5 is e; there is no T3.
ALERT_STAGES = {
    "a": "condition arises in the device",
    "b": "received by the Communications Hub Function",
    "c": "received by the CSP, S1SP or DCO",
    "d": "passed to the DSP",
    "e": "received by the DSP",
    "f": "passed to the User",
    "g": "receipt confirmed by the User",
}

# What a device says of its own clock, by which stage a is stamped (duis.md 4.1).
DEVICE_CLOCKS = ("reliable", "unreliable", "invalid")

# DCC Alerts that a Communications Hub raises and sends over the WAN; every other begins inside the DCC (domain.md 7.2).
RAISED_BY_HUB = frozenset({"AD1"})

# What a device tells of a command it held: done, not done. They stand in the place of a response code (domain.md 7.2).
COMPLETED, NOT_COMPLETED = "8F66", "8F67"


@dataclass(frozen=True)
class AlertCode:
    """One code. `name` is empty when none was found; `is_critical` is None for a DCC alert, which is no GBCS message."""

    code: str
    kind: str
    name: str
    is_critical: bool | None
    status: str


def alert_codes(on: date = LATEST, override: Path | None = None) -> dict[str, AlertCode]:
    """Every alert code known on a date. Raises BadDeclaration on a bad row of the override."""
    return _alert_codes(DatedTable.load("alert_codes", override), on)


def alert_code(code: str, on: date = LATEST, override: Path | None = None) -> AlertCode | None:
    """One code (upper-case hexadecimal of a device, or N.., AD1 of the DCC); None for one that is not listed."""
    return alert_codes(on, override).get(code)


@cache
def _alert_codes(table: DatedTable, on: date) -> dict[str, AlertCode]:
    return {
        code: AlertCode(
            code=code,
            kind=row.one_of("kind", ALERT_KINDS),
            name=row.cells["name"],
            is_critical=row.truth("is_critical") if row.cells["is_critical"] else None,
            status=row.cells["status"],
        )
        for (code,), row in table.at(on).items()
    }


def stages_told(on: date = LATEST, override: Path | None = None) -> dict[tuple[str, str], bool]:
    """(sender, stage) to whether that sender can tell that stage: what it cannot is not provided, and not a nought (domain.md 7.3)."""
    table = DatedTable.load("alert_stages_told", override)
    return {(sender, stage): row.truth("is_provided") for (sender, stage), row in table.at(on).items()}
