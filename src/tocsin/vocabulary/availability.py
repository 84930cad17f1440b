"""Availability: the services whose outages are told, what an outage may be, and when maintenance is looked for (domain.md 2.2 and 2.6)."""

from datetime import date, time, timedelta
from pathlib import Path

from tocsin.vocabulary.instants import local_instant
from tocsin.vocabulary.settings import setting

# ssi: the Self-Service Interface of CPM 6; dsp: the DCC Data Service of PM 2.1; wan_gateway: PM 6.2.
OUTAGE_SERVICES = ("ssi", "dsp", "wan_gateway")
# A component that fails over to its standby is told, and is no unavailability (PMM 2.1).
OUTAGE_KINDS = ("planned", "unplanned", "failover")

_MOST_DAYS, _DAY_HOURS = 31, 24


def maintenance_windows(first_on: date, override: Path | None = None) -> list[tuple[int, int]]:
    """The nights of a month that begins on a date, the one before it included: from and until, in microseconds UTC.

    They run on UK local time, so the night of a clock change is an hour longer or shorter.
    """
    begins, length = (setting(f"maintenance_window{which}", first_on, override).whole for which in ("_from", ""))
    days_on, ends = divmod(begins + length, _DAY_HOURS)
    nights = (first_on + timedelta(days=day) for day in range(-1, _MOST_DAYS + 1))
    return [
        (local_instant(on, time(begins), "Europe/London"), local_instant(on + timedelta(days=days_on), time(ends), "Europe/London"))
        for on in nights
    ]
