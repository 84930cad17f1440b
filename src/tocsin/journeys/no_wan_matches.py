"""Communications Hubs without SM WAN, three ways: the 8.14.2, the Incident that the DSP raised, the record of the CSP (CR1429).

Each hub with an 8.14.2, and each record that goes with none, is one row in exactly one of eight buckets (domain.md 10.3). An 8.14.2 in the
audit trail names its hub and no MPxN: by the MPxN only records of the two lists are joined to each other. What began in the 90 days before
the month stands beside the month's own, for its 90 days run on.
"""

from tocsin.engines.kernel import check
from tocsin.journeys.hub_facts import PICKS, READS, RELATIONS, dated_relations
from tocsin.journeys.no_wan_matches_sql import SQL
from tocsin.measuring.buckets import PARAMETERS
from tocsin.measuring.journey import Attribute, Journey

__all__ = ["NO_WAN_MATCHES", "dated_relations"]

check(SQL, RELATIONS, "journeys/no_wan_matches.py", PARAMETERS)

NO_WAN_MATCHES = Journey(
    name="no_wan_matches",
    title="Communications Hubs without SM WAN, three ways",
    source="domain.md 10.3; CR1429; duis.md 6 rule 15",
    reads=READS,
    picks=PICKS,
    attributes=(
        Attribute("day", "BIGINT", "UTC day number of began_at."),
        Attribute("began_at", "BIGINT", "Its first 8.14.2, without one the submission; of what began before the month the month's start."),
        Attribute("cohort", "VARCHAR", "period: began in the month; before: in the 90 days before it."),
        Attribute("bucket", "VARCHAR", "M3, M2a, M2b, U1, U2, U3, U4 or X."),
        Attribute(
            "conflict",
            "VARCHAR",
            "What is in conflict: category, mpxn, region, closed_before_submitted, closing, outcome; empty where nothing.",
        ),
        Attribute("region", "VARCHAR", "CSP Region by the inventory, else the sender, else the lists; UNKNOWN where none tells."),
        Attribute("service_provider", "VARCHAR", "CSP by the inventory, else the lists; UNKNOWN where neither tells."),
        Attribute("hub_key", "BIGINT", "Key of the Communications Hub; empty where no record names one."),
        Attribute("incident_id", "VARCHAR", "Incident reference by the DSP, else by the CSP; empty without a record."),
        Attribute("csp_incident_id", "VARCHAR", "Incident reference by the CSP; empty without its record."),
        Attribute("has_update", "BOOLEAN", "There is an 8.14.2."),
        Attribute("is_raised", "BOOLEAN", "The DSP's list of raised Incidents has it."),
        Attribute("is_listed", "BOOLEAN", "The CSP's lists of received or closed Incidents have it."),
        Attribute("no_wan_at", "BIGINT", "Receipt of its first 8.14.2; empty without one."),
        Attribute("submitted_at", "BIGINT", "When the Incident was submitted, by the earliest record; empty without one."),
        Attribute("closed_at", "BIGINT", "When it was closed; empty while it is not."),
        Attribute("outcome", "VARCHAR", "What became of it by the CSP; empty while undecided."),
        Attribute("exception", "VARCHAR", "Exception that the CSP claims; empty where none."),
        Attribute("state", "VARCHAR", "commissioned, pending_90, left or replaced as at the run."),
        Attribute("age_days", "BIGINT", "Calendar days (UTC) from its beginning to the run."),
        Attribute("days_left", "BIGINT", "Days until the 90th; negative when it is past."),
        Attribute("is_within_lag", "BOOLEAN", "What is missing may still come: the allowed lag is not over."),
        Attribute("no_wan_request_key", "BIGINT", "Key of the request of the 8.14.2; 0 without one."),
        Attribute("set_aside", "VARCHAR", "Why no figure sees it: unknown_list (a row of a list of no known kind); empty where they do."),
    ),
    sql=SQL,
    began="began_at",
    day="day",
    splits=("cohort", "region", "service_provider"),
    set_aside="set_aside <> ''",
    sorted_by=("day", "cohort", "bucket", "region", "began_at", "hub_key", "incident_id", "csp_incident_id"),
    dated=dated_relations,
    remarks=(
        (
            "closed_before_submitted",
            "Communications Hubs without SM WAN whose Incident was closed before it was submitted.",
            "conflict = 'closed_before_submitted'",
        ),
        ("in_conflict", "Communications Hubs without SM WAN whose records contradict each other.", "bucket = 'X'"),
    ),
    traced_to=(
        ("audit_trail", (("no_wan_request_key", "request_id"),)),
        ("no_sm_wan_incidents", (("incident_id", "incident_id"),)),
    ),
)
