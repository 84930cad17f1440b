"""Availability of the DCC's services: one row a service and month, in complete minutes (domain.md 2.6).

Overlapping outages are one; a failover to a standby is none. Maintenance arranged in compliance with H8.2 and H8.3 leaves the Target
Availability Period; any other is down time, as is an outage of a kind nobody knows. What looks untimely is remarked on, and not judged.
"""

from datetime import date
from pathlib import Path
from typing import Any

from tocsin.engines.engine import Relation
from tocsin.journeys.availability_sql import SQL
from tocsin.measuring.journey import DELIVERIES, Attribute, Journey
from tocsin.vocabulary.availability import OUTAGE_SERVICES, maintenance_windows
from tocsin.vocabulary.instants import MINUTE_US
from tocsin.vocabulary.settings import setting

SERVICES = Relation("outage_services", (("service", "VARCHAR"),))
WINDOWS = Relation("maintenance_windows", (("from_at", "BIGINT"), ("until_at", "BIGINT")))
LIMIT = Relation("maintenance_limit", (("limit_minutes", "BIGINT"),))
FEED = "outages"


def dated_relations(on: date, override: Path | None = None) -> list[tuple[Relation, list[tuple[Any, ...]]]]:
    """The services that availability is told of, the nights for maintenance in the month that begins on a date, and its limit."""
    return [
        (SERVICES, [(service,) for service in OUTAGE_SERVICES]),
        (WINDOWS, maintenance_windows(on, override)),
        (LIMIT, [(setting("maintenance_limit", on, override).us // MINUTE_US,)]),
    ]


AVAILABILITY = Journey(
    name="availability",
    title="Availability of services",
    source="SEC H8.2, H8.3 and H13.1; domain.md 2.6 and 15.3",
    reads=(FEED, DELIVERIES.name, SERVICES.name, WINDOWS.name, LIMIT.name),
    attributes=(
        Attribute("day", "BIGINT", "UTC day number of began_at."),
        Attribute("began_at", "BIGINT", "First instant of the month."),
        Attribute("service", "VARCHAR", "ssi, dsp, wan_gateway, or another that a sender names."),
        Attribute(
            "month_minutes",
            "BIGINT",
            "All minutes of the month in its zone: local months whose clocks change are an hour longer or shorter.",
        ),
        Attribute("maintenance_minutes", "BIGINT", "Complete minutes of maintenance arranged in compliance with H8.2 and H8.3."),
        Attribute("tap_minutes", "BIGINT", "Minutes of the Target Availability Period: those of the month without that maintenance."),
        Attribute("down_minutes", "BIGINT", "Complete minutes down in the Target Availability Period, each stretch for itself."),
        Attribute("available_minutes", "BIGINT", "Minutes of the Target Availability Period without those down."),
        Attribute("month_available_minutes", "BIGINT", "All minutes of the month without those down (the PMM's measure)."),
        Attribute("outage_count", "BIGINT", "Records of outages and maintenance that touch the month."),
        Attribute("failover_count", "BIGINT", "Those that were failovers to a standby: no unavailability."),
        Attribute("no_incident_count", "BIGINT", "Unplanned outages for which no Incident was recorded."),
        Attribute("not_compliant_count", "BIGINT", "Planned Maintenance not arranged in compliance: down time."),
        Attribute("untimely_count", "BIGINT", "Maintenance told as compliant that lies outside the nights for it."),
        Attribute("still_down_count", "BIGINT", "Outages that were not over when they were told."),
        Attribute("unknown_kind_count", "BIGINT", "Outages of a kind nobody knows: taken as unplanned."),
        Attribute("is_over_limit", "BOOLEAN", "More maintenance of the Self-Service Interface than a month may have."),
        Attribute("set_aside", "VARCHAR", "Always empty: a service's month is never set aside."),
    ),
    sql=SQL,
    began="began_at",
    day="day",
    splits=("service",),
    set_aside="set_aside <> ''",
    sorted_by=("service",),
    dated=dated_relations,
    remarks=(
        ("unknown_kind", "Services with outages of a kind nobody knows: taken as unplanned.", "unknown_kind_count > 0"),
        ("still_down", "Services with outages that were not over when they were told.", "still_down_count > 0"),
        ("over_limit", "The Self-Service Interface had more compliant maintenance than a month may have.", "is_over_limit"),
    ),
    is_of_every_period=True,
    traced_to=((FEED, (("service", "service"),)),),
)
