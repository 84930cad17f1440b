"""The dated facts that the journeys of firmware join to their rows, as small relations out of the vocabulary (domain.md 8)."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tocsin.engines.engine import Relation
from tocsin.journeys.service_request_facts import LOOKBACK_US
from tocsin.measuring.journey import Attribute
from tocsin.vocabulary.devices import UNKNOWN_REGION, generation_of, region_words
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.firmware import stages_told
from tocsin.vocabulary.holes import UNKNOWN
from tocsin.vocabulary.service_providers import service_providers
from tocsin.vocabulary.settings import setting
from tocsin.vocabulary.target_times import target_response_us

# How far to either side of the period rows of an attempt are looked for: an activation may come long after the image.
LOOK_US = LOOKBACK_US

STAGES_TOLD = Relation(
    "firmware_stages_told",
    (
        ("service_provider", "VARCHAR"),
        ("device_type", "VARCHAR"),
        ("cohort", "VARCHAR"),
        ("model", "VARCHAR"),
        ("tells_hub", "BIGINT"),
        ("tells_device", "BIGINT"),
    ),
)
REGION_WORDS = Relation("firmware_region_words", (("word", "VARCHAR"), ("region", "VARCHAR"), ("generation", "VARCHAR")))
LIMITS = Relation("firmware_limits", (("target_us", "BIGINT"), ("skew_us", "BIGINT")))
SENDERS = Relation("firmware_senders", (("sender", "VARCHAR"), ("service_provider", "VARCHAR"), ("region", "VARCHAR")))
DAYS = Relation("firmware_days", (("day", "BIGINT"), ("began_on", "VARCHAR")))

# Uploads and activations are attempts of the same devices, told apart and laid down alike.
ATTEMPT_ATTRIBUTES = (
    Attribute("began_on", "VARCHAR", "UTC date of began_at."),
    Attribute("device_type", "VARCHAR", "As told, else by the inventory as at its beginning; UNKNOWN without either."),
    Attribute("model", "VARCHAR", "Manufacturer and model, in the same way."),
    Attribute("service_provider", "VARCHAR", "CSP or S1SP that carries the image, in the same way."),
    Attribute("region", "VARCHAR", "CSP Region, or smets1, in the same way."),
    Attribute("generation", "VARCHAR", "SMETS1 or SMETS2+ by the inventory, else as the region tells."),
)
ATTEMPT_SPLITS = tuple(attribute.name for attribute in ATTEMPT_ATTRIBUTES)
ATTEMPT_ORDER = ("day", "service_provider", "device_type", "model", "region", "began_at", "device_key", "request_key")

DATED = (STAGES_TOLD, REGION_WORDS, LIMITS, DAYS)
HUB_DATED = (REGION_WORDS, LIMITS, SENDERS, DAYS)

_EPOCH = date(1970, 1, 1)
# A month of any zone lies within these days of its first.
_FROM, _UNTIL = -1, 33


def dated_relations(on: date, override: Path | None = None) -> list[tuple[Relation, list[tuple[Any, ...]]]]:
    """Which stages are told of which devices, words for regions and limits, as in force on a date, and the dates of its month.

    Raises BadDeclaration on a bad row of the override, or where no target for images is in force.
    """
    told = [
        (one.service_provider, one.device_type, one.cohort, one.model, int("F2" in one.stages), int("F3" in one.stages))
        for one in stages_told(on, override)
    ]
    return [(STAGES_TOLD, told), _region_words(on, override), _limits(on, override), _days(on)]


def hub_relations(on: date, override: Path | None = None) -> list[tuple[Relation, list[tuple[Any, ...]]]]:
    """Words for regions, limits, who sends for whom, and the dates of the month that begins on a date."""
    senders = [
        (code, code, None if provider.region == "all" else provider.region)
        for code, provider in sorted(service_providers(on, override).items())
        if provider.sender == code and provider.role != "dsp"
    ]
    return [_region_words(on, override), _limits(on, override), (SENDERS, senders), _days(on)]


def _days(on: date) -> tuple[Relation, list[tuple[Any, ...]]]:
    days = [on + timedelta(days=number) for number in range(_FROM, _UNTIL)]
    return DAYS, [((day - _EPOCH).days, day.isoformat()) for day in days]


def _region_words(on: date, override: Path | None) -> tuple[Relation, list[tuple[Any, ...]]]:
    words = region_words(on, override)
    told = [(word, UNKNOWN if region == UNKNOWN_REGION else region, generation_of(region)) for word, region in sorted(words.items())]
    return REGION_WORDS, told


def _limits(on: date, override: Path | None) -> tuple[Relation, list[tuple[Any, ...]]]:
    target_us = target_response_us("11.1", "firmware", on, override)
    if target_us is None:
        raise BadDeclaration(
            f"target_response_times: no target for SRV 11.1 of flow firmware on {on.isoformat()}; expected one, such as 432000000000"
            " (five days). Put its row right in reference/target_response_times.csv."
        )
    return LIMITS, [(target_us, setting("clock_skew_tolerance", on, override).us)]
