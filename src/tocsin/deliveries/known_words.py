"""The words by which codes are known: a code outside them is kept and counted as a finding."""

from collections.abc import Mapping, Set
from datetime import date
from pathlib import Path

from tocsin.vocabulary.alerts import COMPLETED, NOT_COMPLETED, alert_codes
from tocsin.vocabulary.devices import DEVICE_TYPES, region_words
from tocsin.vocabulary.incidents import clock_stops
from tocsin.vocabulary.response_codes import response_codes
from tocsin.vocabulary.service_providers import service_providers
from tocsin.vocabulary.service_requests import variants


def known_words(on: date, override: Path | None = None) -> Mapping[str, Set[str]]:
    """Column name to the words in force on a date; `override` is a workspace's reference/ folder."""
    return {
        "srv": variants(on, override).keys(),
        # What a device tells of a command that it held stands in the place of a response code.
        "response_code": {*response_codes(on, override), COMPLETED, NOT_COMPLETED},
        "device_type": set(DEVICE_TYPES),
        "region": region_words(on, override).keys(),
        "service_provider": service_providers(on, override).keys(),
        "alert_code": alert_codes(on, override).keys(),
        "pending_reason": clock_stops(on, override).keys(),
    }
