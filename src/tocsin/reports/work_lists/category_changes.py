"""Category changes of Incidents made near a breach, the nearest to it first (domain.md 3.3; CR1420)."""

from tocsin.journeys.incident_regrades import INCIDENT_REGRADES
from tocsin.reports.incident_lines import NEAR
from tocsin.reports.work_list import WorkColumn, WorkList

ASK = "Ask the Resolver Group for the reason of the change; put the category back where there is none."

CATEGORY_CHANGES = WorkList(
    name="category_changes",
    title="Incidents made less severe near a breach",
    sentence="Changes of category that made a target longer when little of it was left, or it was over; minutes below zero are after it.",
    of=INCIDENT_REGRADES.name,
    which=NEAR,
    columns=(
        WorkColumn("Minutes before breach", "minutes_before_breach", "whole"),
        WorkColumn("Incident", "incident_id"),
        WorkColumn("Clock", "clock", values={"initial_response": "initial response"}),
        WorkColumn("From category", "from_category", "whole"),
        WorkColumn("To category", "to_category", "whole"),
        WorkColumn("Changed (UTC)", "began_at", "instant"),
        WorkColumn("Submitted (UTC)", "submitted_at", "instant"),
        WorkColumn("Resolver Group", "resolver_group"),
        WorkColumn("What to do", "clock", values={"initial_response": ASK, "resolution": ASK}),
    ),
    sorted_by=("minutes_before_breach", "began_at", "incident_id", "clock", "place"),
    order=30,
)
