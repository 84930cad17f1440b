"""How the DSP writes what it sends of Incidents and outages: the reader's side of the same layouts is by hand in senders/shapes."""

from tocsin.estate.senders.table_file import TableLayout

# The service management system's own words, which people read.
_STATUSES = {
    "new": "New", "assigned": "Assigned", "in_progress": "In Progress", "pending": "Pending", "resolved": "Resolved", "closed": "Closed",
    "reopened": "Re-Opened", "cancelled": "Cancelled",
}  # fmt: skip
_REASONS = {
    "waiting_on_user": "Client Action Required",
    "waiting_on_site_access": "Site Access",
    "approved_suspension": "Approved Suspension",
    "waiting_on_supplier": "Supplier Action Required",
}

LOG_LAYOUT = TableLayout(
    {
        "INCIDENT": "incident_id", "SEQ": "sequence", "CHANGED": "changed_at", "STATUS": "status", "STATUS_REASON": "pending_reason",
        "CATEGORY": "category", "GROUP": "resolver_group", "RESPONSIBLE": "responsible_party", "SUBMITTED": "submitted_at",
        "SLT_MET": "reported_met", "EXCLUSION": "exclusion",
    },
    format="csv.gz",
    delimiter="|",
    stamps=("changed_at", "submitted_at"),
    values={"status": _STATUSES, "pending_reason": _REASONS, "reported_met": {"true": "Y", "false": "N"}},
)  # fmt: skip

EXTRACT_LAYOUT = TableLayout(
    {
        "Incident ID*+": "incident_id", "Report Date": "extracted_at", "Submit Date": "submitted_at", "Priority": "category",
        "Assigned Group*+": "resolver_group", "Responsible": "responsible_party", "Status*": "status", "Last Resolved Date": "resolved_at",
        "Closed Date": "closed_at", "SLM Status": "reported_met", "Exclusion Reason": "exclusion",
    },
    format="csv.gz",
    stamps=("extracted_at", "submitted_at", "resolved_at", "closed_at"),
    # UK local time with its offset: an hour that occurs twice is told apart.
    stamp="%d/%m/%Y %H:%M:%S %z",
    zone="Europe/London",
    values={
        "status": _STATUSES,
        "category": {str(category): f"Category {category}" for category in range(1, 6)},
        "responsible_party": {"dcc": "DCC", "user": "Service User"},
        "reported_met": {"true": "Within the Service Target", "false": "Service Target Breached"},
    },
)  # fmt: skip

OUTAGE_LAYOUT = TableLayout(
    {
        "Outage Ref": "outage_id", "Service": "service", "Type": "kind", "Start": "started_at", "End": "ended_at",
        "Incident Ref": "incident_id", "Notice Given": "notified_at", "H8 Compliant": "is_compliant",
    },
    format="xlsx",
    stamps=("started_at", "ended_at", "notified_at"),
    stamp="%d/%m/%Y %H:%M:%S",
    values={
        "service": {"ssi": "Self Service Interface", "dsp": "DCC Data Service", "wan_gateway": "SM WAN Gateway"},
        "kind": {"planned": "Planned Maintenance", "unplanned": "Unplanned", "failover": "Failover"},
        "is_compliant": {"true": "Yes", "false": "No"},
    },
    sheet="Outages",
)  # fmt: skip
