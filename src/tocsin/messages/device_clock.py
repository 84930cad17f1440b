"""The three ways in which a device writes the time of an alert, all UTC (duis.md 4.1): DLMS, seconds since 2000, GeneralizedTime."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tocsin.vocabulary.instants import instant

_YEAR_2000 = datetime(2000, 1, 1, tzinfo=UTC)
_NO_ZIGBEE_TIME = 0xFFFFFFFF  # ZigBee's "invalid UTC time"
_NO_DEVIATION = 0x8000
_DOUBTFUL, _INVALID = 0x02, 0x09  # bits of the DLMS clock status; 0xFF says "not given"


@dataclass(frozen=True, slots=True)
class DeviceTime:
    """When it happened by the device's clock (microseconds since 1970 UTC; None: not a time) and how far that clock can be trusted."""

    happened_at: int | None
    clock: str  # reliable, unreliable, invalid, unknown


NO_TIME = DeviceTime(None, "invalid")


def read_dlms_time(octets: bytes) -> DeviceTime:
    """Twelve octets: year (2), month, day, weekday, hour, minute, second, hundredths, deviation (2), clock status. Raises nothing."""
    hundredths = 0 if octets[8] == 0xFF else octets[8]
    deviation = int.from_bytes(octets[9:11], "big", signed=False)
    try:
        year, second = int.from_bytes(octets[0:2], "big"), 0 if octets[7] == 0xFF else octets[7]
        local = datetime(year, octets[2], octets[3], octets[5], octets[6], second, hundredths * 10_000, tzinfo=UTC)
        # GBCS devices send UTC with the deviation unset; one that is set counts minutes from local time to UTC.
        if deviation != _NO_DEVIATION:
            local += timedelta(minutes=int.from_bytes(octets[9:11], "big", signed=True))
    except (ValueError, OverflowError):
        return NO_TIME
    return DeviceTime(instant(local), _trust(octets[11]))


def read_zigbee_time(octets: bytes) -> DeviceTime:
    """Four octets: seconds since 2000-01-01. Raises nothing."""
    seconds = int.from_bytes(octets, "big")
    if seconds == _NO_ZIGBEE_TIME:
        return NO_TIME
    return DeviceTime(instant(_YEAR_2000 + timedelta(seconds=seconds)), "unknown")


def read_generalized_time(octets: bytes) -> DeviceTime:
    """ASN.1 GeneralizedTime as GBCS writes it, YYYYMMDDHHMMSSZ. Raises nothing."""
    try:
        happened = datetime.strptime(octets.decode("ascii"), "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return NO_TIME
    return DeviceTime(instant(happened), "unknown")


def _trust(status: int) -> str:
    if status == 0xFF:
        return "unknown"
    if status & _INVALID:
        return "invalid"
    return "unreliable" if status & _DOUBTFUL else "reliable"
