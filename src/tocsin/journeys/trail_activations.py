"""Firmware activations as the audit trail tells them: each 11.3 by its answer, a later 11.3 or 11.2, and the inventory (domain.md 8.3).

What the TOC holds already, beside the firmware tracking that Service Providers send. An 11.2 that was answered shows that the device lives;
which version it found is not in the trail, so it proves nothing here, and is only told.
"""

from datetime import date
from pathlib import Path
from typing import Any

from tocsin.engines.engine import Relation
from tocsin.engines.kernel import check
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.feeds.device_inventory import DEVICE_INVENTORY
from tocsin.journeys import firmware_facts
from tocsin.journeys.picked_requests import PICKS, RELATIONS
from tocsin.journeys.service_request_facts import CODE_FACTS, REGION_WORDS, SRV_FACTS
from tocsin.journeys.service_request_facts import dated_relations as request_relations
from tocsin.journeys.service_request_late_rows import LATE_ACTIVATIONS
from tocsin.journeys.trail_activations_sql import SQL
from tocsin.measuring.journey import Attribute, Journey

DATED = (SRV_FACTS, CODE_FACTS, REGION_WORDS, firmware_facts.LIMITS)


def dated_relations(on: date, override: Path | None = None) -> list[tuple[Relation, list[tuple[Any, ...]]]]:
    """What the journey of Service Requests asks of SRVs, codes and regions, and the waiting time of activations, as on a date."""
    found = [*request_relations(on, override), *firmware_facts.dated_relations(on, override)]
    return [(relation, rows) for relation, rows in found if relation in DATED]


check(
    SQL,
    {
        **{feed.name: feed.stored_columns for feed in (AUDIT_TRAIL, DEVICE_INVENTORY)},
        **{relation.name: relation.columns for relation in DATED},
        **RELATIONS,
    },
    "journeys/trail_activations.py",
    ("start_at", "end_at", "as_at"),
)

TRAIL_ACTIVATIONS = Journey(
    name="trail_activations",
    title="Firmware activations in the audit trail",
    source="domain.md 8.1, 8.3 and 8.4; MP105",
    reads=("audit_trail", "device_inventory", *(relation.name for relation in DATED)),
    picks=PICKS,
    attributes=(
        Attribute("day", "BIGINT", "UTC day number of began_at."),
        Attribute("began_at", "BIGINT", "Receipt of the (signed) 11.3; it decides the Performance Measurement Period."),
        Attribute("device_type", "VARCHAR", "By the inventory as at its beginning, else as told; UNKNOWN without either."),
        Attribute("model", "VARCHAR", "By the inventory; UNKNOWN without."),
        Attribute("service_provider", "VARCHAR", "By the inventory, else as told."),
        Attribute("region", "VARCHAR", "By the inventory, else as told."),
        Attribute("generation", "VARCHAR", "SMETS1 or SMETS2+ by the inventory, else as the region tells."),
        Attribute(
            "outcome",
            "VARCHAR",
            "refused, activated (answered with success), confirmed (a later 11.3 was, or the inventory's version changed), failed,"
            " withdrawn, open, version_unknown (only an 11.2 was answered), no_answer.",
        ),
        Attribute("activation_us", "BIGINT", "From the request, or its execution time, to the answer."),
        Attribute("answered_at", "BIGINT", "When success was told, of one that is activated; empty of all others."),
        Attribute("set_aside", "VARCHAR", "Why no measure sees it: no_request, negative_span; empty where they do."),
        Attribute("request_key", "BIGINT", "Key of the 11.3."),
        Attribute("device_key", "BIGINT", "Key of the device; 0 where none was told."),
    ),
    sql=SQL,
    began="began_at",
    day="day",
    splits=("device_type", "model", "service_provider", "region", "generation"),
    set_aside="set_aside <> ''",
    sorted_by=("day", "service_provider", "device_type", "model", "region", "began_at", "device_key", "request_key"),
    span="activation_us",
    span_counts="activation_us IS NOT NULL",
    dated=dated_relations,
    late=LATE_ACTIVATIONS,
    traced_to=(("audit_trail", (("request_key", "request_id"),)),),
)
