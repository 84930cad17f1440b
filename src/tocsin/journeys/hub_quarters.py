"""Communications Hubs of the quarter before: connected within 90 days or not, one quarter in arrears (domain.md 10.1: PM1.2).

Their 90 days must pass first. A hub stands in each month of the quarter that tells of it, at the month's last instant; the last month
of the quarter says it for good.
"""

from tocsin.engines.kernel import check
from tocsin.journeys.hub_facts import PICKS, READS, RELATIONS, dated_relations
from tocsin.journeys.hub_records_sql import RECORD_PARTS
from tocsin.journeys.hub_updates_sql import HUB_PARTS
from tocsin.measuring.buckets import PARAMETERS
from tocsin.measuring.journey import Attribute, Journey

__all__ = ["HUB_QUARTERS", "dated_relations"]

SQL = f"""
WITH {HUB_PARTS},
{RECORD_PARTS}
SELECT
  day_of(:end_at - 1) AS day, :end_at - 1 AS began_at, quarter, hub_key, first_at, first_srv, region, service_provider, state, trail_state,
  exception, is_within_90, is_within_90_by_trail, is_decided, first_request_key, incident_id
FROM stated JOIN install_quarters ON first_at >= install_quarters.from_at AND first_at < install_quarters.until_at
"""

check(SQL, RELATIONS, "journeys/hub_quarters.py", PARAMETERS)

HUB_QUARTERS = Journey(
    name="hub_quarters",
    title="Communications Hubs of the quarter before",
    source="domain.md 10.1 (PM1.2: one period in arrears), 10.2; CR1429",
    reads=READS,
    picks=PICKS,
    attributes=(
        Attribute("day", "BIGINT", "UTC day number of began_at."),
        Attribute("began_at", "BIGINT", "The month's last instant: a hub of the quarter before is looked at in each month after it."),
        Attribute("quarter", "VARCHAR", "Quarter of its first update: year and number."),
        Attribute("hub_key", "BIGINT", "Key of the Communications Hub."),
        Attribute("first_at", "BIGINT", "Receipt of its first 8.14.1 or 8.14.2."),
        Attribute("first_srv", "VARCHAR", "Which status update came first."),
        Attribute("region", "VARCHAR", "CSP Region by the inventory, else the sender; UNKNOWN where neither tells."),
        Attribute("service_provider", "VARCHAR", "CSP by the inventory; UNKNOWN where it does not tell."),
        Attribute("state", "VARCHAR", "commissioned, pending_90, left or replaced as at the run, the CSPs' lists taken into account."),
        Attribute("trail_state", "VARCHAR", "The same by the audit trail alone."),
        Attribute("exception", "VARCHAR", "Exception that the CSP claims; empty where none."),
        Attribute("is_within_90", "BOOLEAN", "A sign of the WAN came, at the latest on the 90th day; the CSPs' lists taken into account."),
        Attribute("is_within_90_by_trail", "BOOLEAN", "The same by the audit trail alone."),
        Attribute("is_decided", "BOOLEAN", "Its 90 days are over as at the run."),
        Attribute("first_request_key", "BIGINT", "Key of the request that told its first update."),
        Attribute("incident_id", "VARCHAR", "Incident of its 8.14.2; empty where no list has one."),
    ),
    sql=SQL,
    began="began_at",
    day="day",
    splits=("quarter", "region", "service_provider"),
    set_aside="FALSE",
    sorted_by=("day", "region", "service_provider", "first_at", "hub_key"),
    dated=dated_relations,
    traced_to=(("audit_trail", (("first_request_key", "request_id"),)), ("no_sm_wan_incidents", (("incident_id", "incident_id"),))),
)
