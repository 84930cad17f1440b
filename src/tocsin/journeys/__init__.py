"""Journeys: many records that are one happening. Each file of this shelf declares one Journey; the machinery stands beside them."""

import sys
from functools import cache

from tocsin.measuring.journey import Journey
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.shelf import names_on, one_of, walk

# Modules that hold the parts of a journey's SQL, not a declaration.
BESIDE = frozenset(
    {
        "alert_facts",
        "alert_late_rows",
        "alert_losses_rows_sql",
        "alert_losses_sql",
        "alert_paths_sql",
        "availability_sql",
        "firmware_attempts_sql",
        "firmware_facts",
        "hub_facts",
        "hub_order_records_sql",
        "hub_records_sql",
        "hub_updates_sql",
        "incident_clocks_sql",
        "incident_cube",
        "incident_regrades_sql",
        "no_wan_matches_sql",
        "picked_hub_signs",
        "picked_requests",
        "provider_levels_sql",
        "questions",
        "reported_measure",
        "service_request_clocks",
        "service_request_facts",
        "service_request_flows",
        "service_request_late_rows",
        "service_request_outcomes",
        "service_request_points",
        "service_request_withdrawals",
        "smki_measure",
        "trail_activations_sql",
    }
)


@cache
def all_journeys() -> dict[str, Journey]:
    """Every declared journey by name. Raises BadDeclaration naming the file that declares none, several, or one of another name."""
    return walk(sys.modules[__name__], Journey, lambda journey: journey.name, BESIDE)


@cache
def journey_named(name: str) -> Journey:
    """One journey, its SQL alone read and checked. Raises BadDeclaration where there is none of that name."""
    found = None if name in BESIDE else one_of(sys.modules[__name__], Journey, name, lambda journey: journey.name)
    if found is None:
        raise BadDeclaration(f'journey "{name}" is not known to this version of tocsin; expected one of {", ".join(journey_names())}.')
    return found


def journey_names() -> tuple[str, ...]:
    """What the journeys are called; none of them is read."""
    return names_on(sys.modules[__name__], BESIDE)
