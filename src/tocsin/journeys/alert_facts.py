"""The dated facts that the journeys of alerts join to their rows, as small relations out of the vocabulary (domain.md 7)."""

from datetime import date
from pathlib import Path
from typing import Any

from tocsin.engines.engine import Relation
from tocsin.journeys.service_request_facts import LOOKBACK_US
from tocsin.vocabulary.alerts import RAISED_BY_HUB, alert_codes, stages_told
from tocsin.vocabulary.devices import UNKNOWN_REGION, region_words
from tocsin.vocabulary.holes import UNKNOWN
from tocsin.vocabulary.instants import DAY_US, QUARTER_HOUR_US
from tocsin.vocabulary.service_providers import service_providers
from tocsin.vocabulary.settings import setting

# Rows of an alert are looked for this far to either side of the period: one that was not passed on within a day is lost anyhow.
LOOK_US = 2 * DAY_US
# And so far back where a file of the period itself tells of it: as far back as files are looked at at all.
BUFFERED_US = LOOKBACK_US
QUARTER_US = QUARTER_HOUR_US

ALERT_CODES = Relation("alert_code_facts", (("alert_code", "VARCHAR"), ("kind", "VARCHAR"), ("is_raised_by_hub", "BOOLEAN")))
SENDERS = Relation("alert_senders", (("sender", "VARCHAR"), ("is_dsp", "BOOLEAN"), ("service_provider", "VARCHAR"), ("region", "VARCHAR")))
PROVIDERS = Relation("alert_providers", (("service_provider", "VARCHAR"), ("region", "VARCHAR")))
STAGES_TOLD = Relation("alert_stages_told", (("sender", "VARCHAR"), ("stage", "VARCHAR"), ("is_provided", "BOOLEAN")))
REGION_WORDS = Relation("region_words", (("word", "VARCHAR"), ("region", "VARCHAR")))
LIMITS = Relation(
    "alert_limits", (("target_us", "BIGINT"), ("lost_after_us", "BIGINT"), ("skew_us", "BIGINT"), ("activation_window_us", "BIGINT"))
)

DATED = (ALERT_CODES, SENDERS, REGION_WORDS, LIMITS)


def dated_relations(on: date, override: Path | None = None) -> list[tuple[Relation, list[tuple[Any, ...]]]]:
    """Codes, senders, words for regions and limits, as in force on a date. Raises BadDeclaration on a bad row of the override."""
    codes = alert_codes(on, override)
    limits = tuple(
        setting(name, on, override).us for name in ("alert_target", "alert_lost_after", "clock_skew_tolerance", "false_outage_window")
    )
    return [
        (ALERT_CODES, [(code, facts.kind, code in RAISED_BY_HUB) for code, facts in sorted(codes.items())]),
        (SENDERS, senders(on, override)),
        (PROVIDERS, [(code, provider.region) for code, provider in sorted(service_providers(on, override).items())]),
        (STAGES_TOLD, [(sender, stage, given) for (sender, stage), given in sorted(stages_told(on, override).items())]),
        (
            REGION_WORDS,
            [(word, UNKNOWN if region == UNKNOWN_REGION else region) for word, region in sorted(region_words(on, override).items())],
        ),
        (LIMITS, [limits]),
    ]


def senders(on: date, override: Path | None = None) -> list[tuple[str, bool, str | None, str | None]]:
    """Each sender: whether it is the DSP, the Service Provider it is and the one region it serves, where there is but one.

    One company sends for two regions (CSP Central & South): its own code is no Service Provider's.
    """
    return [
        (
            code,
            provider.role == "dsp",
            None if provider.role == "dsp" else code,
            None if provider.region == "all" else provider.region,
        )
        for code, provider in sorted(service_providers(on, override).items())
        if provider.sender == code
    ]
