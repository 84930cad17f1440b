"""Unplanned outages that the DCC Service Management System does not know as an Incident (domain.md 3.4)."""

from tocsin.journeys.outage_incidents import OUTAGE_INCIDENTS
from tocsin.reports.incident_lines import UNRECORDED
from tocsin.reports.work_list import WorkColumn, WorkList

OUTAGES_WITHOUT_INCIDENT = WorkList(
    name="outages_without_incident",
    title="Unplanned outages without an Incident",
    sentence="Unplanned outages that name no Incident, or one that no file of Incidents knows.",
    of=OUTAGE_INCIDENTS.name,
    which=UNRECORDED,
    columns=(
        WorkColumn("Outage", "outage_id"),
        WorkColumn("Service", "service", values={"ssi": "Self-Service Interface", "dsp": "DCC Data Service", "wan_gateway": "WAN gateway"}),
        WorkColumn("Went down (UTC)", "started_at", "instant"),
        WorkColumn("Was back (UTC)", "ended_at", "instant"),
        WorkColumn("Incident it names", "incident_id"),
        WorkColumn(
            "What to do",
            "recording",
            values={
                "none": "Find the outage's Incident and name it with the outage, or raise one.",
                "unknown": "Put the reference right, or find out why no file of Incidents has it.",
            },
        ),
    ),
    sorted_by=("started_at", "outage_id"),
    order=31,
)
