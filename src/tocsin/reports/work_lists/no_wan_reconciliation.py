"""Communications Hubs without SM WAN of which a record is missing or in conflict, by bucket, with what to do (CR1429)."""

from tocsin.journeys.no_wan_matches import NO_WAN_MATCHES
from tocsin.reports.work_list import WorkColumn, WorkList
from tocsin.reports.work_list_hubs import HUB_TOLD_IN
from tocsin.vocabulary.comms_hubs import BUCKETS, INSTALL_STATES, TO_DO

NO_WAN_RECONCILIATION = WorkList(
    name="no_wan_reconciliation",
    title="8.14.2, Incident and CSP record: what does not match",
    sentence="Every 8.14.2, Incident or CSP record of a Communications Hub without SM WAN that is not confirmed by the other two.",
    of=NO_WAN_MATCHES.name,
    which="bucket <> 'M3' AND NOT is_within_lag AND set_aside = ''",
    columns=(
        WorkColumn("Bucket", "bucket"),
        WorkColumn("What it means", "bucket", values=BUCKETS),
        WorkColumn("What to do", "bucket", values=TO_DO),
        WorkColumn("In conflict", "conflict", values={"closed_before_submitted": "closed before submitted"}),
        WorkColumn("Communications Hub", "hub_key", "identifier", told_in=HUB_TOLD_IN),
        WorkColumn("CSP Region", "region"),
        WorkColumn("Service Provider", "service_provider"),
        WorkColumn("Incident", "incident_id"),
        WorkColumn("Incident by the CSP", "csp_incident_id"),
        WorkColumn("8.14.2 received (UTC)", "no_wan_at", "instant"),
        WorkColumn("Submitted (UTC)", "submitted_at", "instant"),
        WorkColumn("Closed (UTC)", "closed_at", "instant"),
        WorkColumn("State", "state", values=INSTALL_STATES),
        WorkColumn("Days left of 90", "days_left", "whole"),
    ),
    sorted_by=("bucket", "region", "began_at", "incident_id", "csp_incident_id", "hub_key"),
    order=10,
)
