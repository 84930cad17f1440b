"""Which alerts devices and the DCC raise how often, and at which hours: weights of our own choosing among the codes of domain.md 7.2."""

import numpy as np

from tocsin.estate.block import Array

# Devices may send codes that no list has (MP090): kept and counted (domain.md 7.1).
UNKNOWN_ALERT = "8FFF"

# For each device type: code, weight, and whether the network operator is told (else the supplier).
DEVICE_CODES: dict[str, tuple[tuple[str, int, bool], ...]] = {
    "ESME": (
        *(("8F0A", 300, False), ("8002", 120, True), ("8006", 90, True), ("8085", 110, True), ("8089", 85, True), ("8020", 12, True)),
        *(("810D", 45, False), ("8119", 20, False), ("81AA", 9, False), ("81AB", 8, False), ("8F0F", 6, False), ("8F3F", 9, False)),
        *(("8F3E", 4, False), ("8145", 30, False), (UNKNOWN_ALERT, 1, False)),
    ),
    "GSME": (("8F0A", 120, False), ("810D", 40, False), ("8119", 18, False), ("819D", 25, False), ("8F3F", 5, False), ("8145", 12, False)),
    "GPF": (("8071", 1, False),),
    "CHF": (("8F12", 1, False),),
    "PPMID": (("8183", 4, False), ("8F84", 1, False)),
    "HCALCS": (("811A", 1, False),),
}
# Share of Device Alerts by the type of device that raises them, in percent.
TYPE_SHARES = {"ESME": 66, "GSME": 17, "CHF": 7, "GPF": 6, "PPMID": 3, "HCALCS": 1}

# What the DCC itself tells Users (duis.md 4.2), by weight; power outages (AD1) are drawn as they happen, with their clusters.
DCC_CODES = (("N12", 20), ("N13", 25), ("N24", 8), ("N16", 5), ("N7", 6), ("N8", 6), ("N42", 4), ("N43", 4))

POWER_OUTAGE, RESTORED, RESTORED_LATE = "AD1", "8F35", "8F36"

# Codes by number, as a block holds them.
ALERT_CODES: tuple[str, ...] = tuple(
    dict.fromkeys(
        [code for codes in DEVICE_CODES.values() for code, _, _ in codes]
        + [code for code, _ in DCC_CODES]
        + [POWER_OUTAGE, RESTORED, RESTORED_LATE]
    )
)

# Alerts of an hour, UTC: billing pushes after midnight, voltage and credit with the evening peak.
HOURS = (90, 60, 45, 40, 38, 38, 40, 44, 46, 44, 42, 42, 42, 42, 42, 44, 50, 58, 60, 56, 50, 46, 42, 40)


def code_number(code: str) -> int:
    return ALERT_CODES.index(code)


def at_hours(random: np.random.Generator, count: int) -> Array:
    """Microseconds of the day, whole milliseconds, that follow HOURS."""
    weights = np.array(HOURS) / sum(HOURS)
    hour = random.choice(24, count, p=weights)
    return (hour * 3_600_000 + random.integers(0, 3_600_000, count)) * 1000


def at_share(shares: Array) -> Array:
    """The instant of the day, in the same unit, by which a share (0 to 1) of its alerts has arisen."""
    reached = np.cumsum([0, *HOURS]) / sum(HOURS)
    found: Array = np.interp(shares, reached, np.arange(25) * 3_600_000).astype(np.int64) * 1000
    return found
