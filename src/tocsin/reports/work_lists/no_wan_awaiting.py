"""Communications Hubs without SM WAN that await a decision of their CSP, the most urgent first (CR1429)."""

from tocsin.journeys.no_wan_matches import NO_WAN_MATCHES
from tocsin.reports.work_list import WorkColumn, WorkList
from tocsin.reports.work_list_hubs import HUB_TOLD_IN
from tocsin.vocabulary.comms_hubs import BUCKETS

NO_WAN_AWAITING = WorkList(
    name="no_wan_awaiting",
    title="Communications Hubs awaiting a decision inside the 90 days",
    sentence="Communications Hubs without SM WAN that are neither connected, given up nor replaced, by the days that are left.",
    of=NO_WAN_MATCHES.name,
    which="state = 'pending_90' AND set_aside = ''",
    columns=(
        WorkColumn("Days left of 90", "days_left", "whole"),
        WorkColumn("Communications Hub", "hub_key", "identifier", told_in=HUB_TOLD_IN),
        WorkColumn("CSP Region", "region"),
        WorkColumn("Service Provider", "service_provider"),
        WorkColumn("Incident", "incident_id"),
        WorkColumn("8.14.2 received (UTC)", "no_wan_at", "instant"),
        WorkColumn("Submitted (UTC)", "submitted_at", "instant"),
        WorkColumn("Records", "bucket", values=BUCKETS),
    ),
    sorted_by=("days_left", "region", "began_at", "incident_id", "csp_incident_id", "hub_key"),
    order=20,
)
