"""The words of coded columns by number: a block holds the number, a sender's file the word. Number 0 is always the empty cell."""

import numpy as np

from tocsin.estate.block import Array
from tocsin.vocabulary.audit_trail import DEVICE_RESULTS, MESSAGE_CLASSES, TIME_POINTS
from tocsin.vocabulary.devices import REGIONS
from tocsin.vocabulary.response_codes import response_codes
from tocsin.vocabulary.service_providers import service_providers
from tocsin.vocabulary.service_requests import variants

# Words no table has: real senders write such, and they are kept and counted (domain.md 5.1 and 7.1).
UNKNOWN_SRV, UNKNOWN_CODE, UNKNOWN_REGION_WORD = "99.9", "E9999", "Orkney"

# The device types a meter reading system meets; IHD and CAD answer no Service Request of the mix.
ESTATE_DEVICE_TYPES = ("ESME", "GSME", "GPF", "CHF", "PPMID", "HCALCS")

WORDS: dict[str, tuple[str, ...]] = {
    "time_point": ("", *TIME_POINTS),
    "message_class": ("", *MESSAGE_CLASSES),
    "srv": ("", *sorted(variants()), UNKNOWN_SRV),
    "response_code": ("", *sorted(response_codes()), "8F66", "8F67", UNKNOWN_CODE),
    "device_result": ("", *DEVICE_RESULTS),
    "device_type": ("", *ESTATE_DEVICE_TYPES),
    "region": ("", *REGIONS, UNKNOWN_REGION_WORD),
    "service_provider": ("", *sorted(service_providers())),
}


def number(column: str, word: str) -> int:
    """The number of a word; KeyError's cousin ValueError for one that the column does not have."""
    return WORDS[column].index(word)


def numbers(column: str, words: tuple[str, ...]) -> Array:
    """The numbers of several words."""
    return np.array([number(column, word) for word in words], np.int16)
