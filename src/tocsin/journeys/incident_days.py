"""Incidents as they were known on Working Days after the month: the incident journey, looked at once for each (CR1420 [B]).

The rules are those of the incident journey, to the letter; what differs is what had been received, and what it told by then. A run that
is made before a Working Day has ended tells nothing of it.
"""

from dataclasses import replace

from tocsin.journeys import incident_clocks
from tocsin.measuring.journey import WORKING_DAY, Attribute

_COLUMNS = ", ".join(f"c.{attribute.name}" for attribute in incident_clocks.INCIDENT_CLOCKS.attributes)

INCIDENT_DAYS = replace(
    incident_clocks.INCIDENT_CLOCKS,
    name="incident_days",
    title="Incidents as known on Working Days after the month, by clock",
    source="CR1420 [B]; domain.md 3.1",
    attributes=(
        Attribute(WORKING_DAY, "BIGINT", "As known at the deadline of this Working Day after the month."),
        *incident_clocks.INCIDENT_CLOCKS.attributes,
    ),
    # Day 0 is asked for where no Working Day has ended yet.
    sql=f"SELECT :working_day AS {WORKING_DAY}, {_COLUMNS}\nFROM ({incident_clocks.INCIDENT_CLOCKS.sql}) AS c\nWHERE :working_day > 0",
    splits=(WORKING_DAY, *incident_clocks.INCIDENT_CLOCKS.splits),
    sorted_by=(WORKING_DAY, *incident_clocks.INCIDENT_CLOCKS.sorted_by),
    # What the run itself remarks on is not said again for each day.
    remarks=(),
    is_by_working_day=True,
)
