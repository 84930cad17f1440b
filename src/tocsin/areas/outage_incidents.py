"""Outages without an Incident (domain.md 3.4): unavailability that is an Incident must be recorded in service management."""

from tocsin.journeys.outage_incidents import OUTAGE_INCIDENTS
from tocsin.measuring.measure import Area, Indicator, Rule

OUTAGE_INCIDENTS_AREA = Area(
    name="outage_incidents",
    title="Outages and their Incidents",
    sentence="Unplanned outages of the DCC's services, and those that the DCC Service Management System does not know as an Incident.",
    of=OUTAGE_INCIDENTS.name,
    feeds=("outages",),
    groupings=((), ("service",)),
    order=14,
    source="provider_feed",
    indicators=(
        Indicator("outages", "Outages told", "count", Rule("Outages that touch the period, of every kind.", "TRUE")),
        Indicator("unplanned", "Unplanned outages", "count", Rule("Unplanned outages that touch the period.", "kind = 'unplanned'")),
        Indicator(
            "without_incident",
            "Unplanned, without an Incident",
            "count",
            Rule(
                "Unplanned outages that name no Incident, or one that no file of Incidents knows.",
                "kind = 'unplanned' AND recording IN ('none', 'unknown')",
            ),
        ),
        Indicator(
            "unchecked",
            "Unplanned, Incident not to be checked",
            "count",
            Rule(
                "Unplanned outages that name an Incident, in a period for which no Incidents were received.",
                "kind = 'unplanned' AND recording = 'unchecked'",
            ),
        ),
    ),
)
