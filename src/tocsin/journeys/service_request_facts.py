"""The dated facts that the service-request journey joins to its rows, as small relations out of the vocabulary."""

from datetime import date
from pathlib import Path
from typing import Any

from tocsin.engines.engine import Relation
from tocsin.journeys.service_request_outcomes import DCC_FAIL, SUCCESS, VERDICTS
from tocsin.vocabulary.alerts import COMPLETED, NOT_COMPLETED
from tocsin.vocabulary.devices import UNKNOWN_REGION, generation_of, region_words
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.holes import UNKNOWN
from tocsin.vocabulary.instants import DAY_US
from tocsin.vocabulary.response_codes import response_codes
from tocsin.vocabulary.service_requests import variants
from tocsin.vocabulary.settings import setting
from tocsin.vocabulary.target_times import grace_us, target_rows

# How far back the SQL looks for rows of a period; the setting may shorten what is set aside, not lengthen what is looked at.
LOOKBACK_US = 35 * DAY_US

# These two answer for a list of devices; what becomes of the images is the firmware journey's (domain.md 6.2, 8).
FIRMWARE_SRVS = ("11.1", "11.4")

# A code's number goes into nine bits of a packed answer; 0 is no code, this one stands for every unlisted code.
UNLISTED = 511

# What a code says beside the four verdicts: accepted and passed on; or an error of which nobody is known to be at fault.
ACCEPTED, UNCLEAR = 4, 5

SRV_FACTS = Relation(
    "srv_facts",
    (
        ("srv", "VARCHAR"),
        ("is_critical", "BOOLEAN"),
        ("is_non_device", "BOOLEAN"),
        ("is_firmware", "BOOLEAN"),
        ("future_dated", "VARCHAR"),
        ("only_device_type", "VARCHAR"),
    ),
)
CODE_FACTS = Relation("code_facts", (("response_code", "VARCHAR"), ("code_no", "BIGINT"), ("says", "BIGINT")))
TARGET_TIMES = Relation("target_times", (("srv", "VARCHAR"), ("flow", "VARCHAR"), ("target_us", "BIGINT")))
REGION_WORDS = Relation("region_words", (("word", "VARCHAR"), ("region", "VARCHAR"), ("generation", "VARCHAR")))
REQUEST_LIMITS = Relation("request_limits", (("grace_us", "BIGINT"), ("skew_us", "BIGINT"), ("longest_us", "BIGINT")))

DATED = (SRV_FACTS, CODE_FACTS, TARGET_TIMES, REGION_WORDS, REQUEST_LIMITS)


def dated_relations(on: date, override: Path | None = None) -> list[tuple[Relation, list[tuple[Any, ...]]]]:
    """The facts in force on a date with their rows, to be added to a session before the journey's SQL is run.

    `override` is the workspace's reference/ folder. Raises BadDeclaration on a bad row there.
    """
    return [
        (SRV_FACTS, _srv_facts(on, override)),
        (CODE_FACTS, _code_facts(on, override)),
        (TARGET_TIMES, [*target_rows(on, override)]),
        (REGION_WORDS, _region_words(on, override)),
        (REQUEST_LIMITS, [_request_limits(on, override)]),
    ]


def _srv_facts(on: date, override: Path | None) -> list[tuple[Any, ...]]:
    return [
        (
            srv,
            fact.is_critical,
            fact.is_non_device,
            srv in FIRMWARE_SRVS,
            fact.future_dated,
            fact.device_types[0] if len(fact.device_types) == 1 else None,
        )
        for srv, fact in sorted(variants(on, override).items())
    ]


def _code_facts(on: date, override: Path | None) -> list[tuple[Any, ...]]:
    says = {"accepted": ACCEPTED, "unknown": UNCLEAR, **{verdict: number for number, verdict in enumerate(VERDICTS)}}
    outcomes = {code: fact.outcome for code, fact in response_codes(on, override).items()}
    outcomes |= {COMPLETED: "success", NOT_COMPLETED: "device_fail"}
    if len(outcomes) >= UNLISTED:
        raise BadDeclaration(f"response_codes: {len(outcomes)} codes; the journey of Service Requests tells {UNLISTED - 1} apart at most.")
    return [(code, number, says[outcomes[code]]) for number, code in enumerate(sorted(outcomes), start=1)]


def _region_words(on: date, override: Path | None) -> list[tuple[Any, ...]]:
    """Senders write DUIS's CSPRegion words or ours, in either case; a word of neither kind is kept as it came."""
    # One word for not known, however it was told: a hole, or DUIS's own "Unknown".
    return [
        (form, UNKNOWN if region == UNKNOWN_REGION else region, generation_of(region))
        for form, region in sorted(region_words(on, override).items())
    ]


def _request_limits(on: date, override: Path | None) -> tuple[int, int, int]:
    longest_us = setting("lookback", on, override).us
    if longest_us > LOOKBACK_US:
        raise BadDeclaration(
            f"settings: lookback is {longest_us // DAY_US} days; the journey of Service Requests looks 35 days back. Set 35 or fewer."
        )
    return grace_us(on, override), setting("clock_skew_tolerance", on, override).us, longest_us


__all__ = ["DATED", "DCC_FAIL", "FIRMWARE_SRVS", "LOOKBACK_US", "SUCCESS", "UNLISTED", "dated_relations"]
