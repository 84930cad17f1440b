"""Communications Hubs by their first status update: installed and commissioned, installed and left, or awaiting a decision (CR1429).

A hub belongs to the day of its first 8.14.1 or 8.14.2; its state is that of the instant of the run, so an earlier month is restated as
hubs get their WAN or run out of their 90 days (domain.md 10.2).
"""

from tocsin.engines.kernel import check
from tocsin.journeys.hub_facts import PICKS, READS, RELATIONS, dated_relations
from tocsin.journeys.hub_records_sql import RECORD_PARTS
from tocsin.journeys.hub_updates_sql import HUB_PARTS
from tocsin.measuring.buckets import PARAMETERS
from tocsin.measuring.journey import Attribute, Journey

__all__ = ["HUB_INSTALLS", "dated_relations"]

SQL = f"""
WITH {HUB_PARTS},
{RECORD_PARTS}
SELECT
  day_of(first_at) AS day, first_at AS began_at, coalesce(install_days.installed_on, 'UNKNOWN') AS installed_on, hub_key, first_srv,
  region, service_provider, state, trail_state,
  CASE WHEN connected_at <= coalesce(list_connected_at, connected_at) THEN connected_by WHEN list_connected_at IS NOT NULL THEN 'csp'
    ELSE '' END AS connected_by,
  least_of(connected_at, list_connected_at) AS connected_at, returned_at, age_days, exception, first_srv = '8.14.1' AS is_first_time,
  update_count, first_srv = '8.14.1' AND no_wan_at IS NOT NULL AS is_lost_later, first_request_key, incident_id, '' AS set_aside
FROM stated LEFT JOIN install_days ON install_days.day = day_of(first_at)
WHERE first_at >= :start_at AND first_at < :end_at
UNION ALL
SELECT
  day_of(coalesce(received_at, seen_at)), coalesce(received_at, seen_at), 'UNKNOWN', coalesce(hub_key, 0), srv, 'UNKNOWN', 'UNKNOWN',
  'UNKNOWN', 'UNKNOWN', '', CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), 0, '', FALSE, 0, FALSE, request_id, '',
  CASE WHEN received_at IS NULL THEN 'no_receipt' ELSE 'no_hub' END
FROM updates
WHERE (received_at IS NULL OR hub_key IS NULL) AND NOT is_refused
  AND coalesce(received_at, seen_at) >= :start_at AND coalesce(received_at, seen_at) < :end_at
"""

check(SQL, RELATIONS, "journeys/hub_installs.py", PARAMETERS)

HUB_INSTALLS = Journey(
    name="hub_installs",
    title="Communications Hubs by their first status update",
    source="domain.md 10.1, 10.2; CR1429",
    reads=READS,
    picks=PICKS,
    attributes=(
        Attribute("day", "BIGINT", "UTC day number of began_at."),
        Attribute("began_at", "BIGINT", "Receipt of its first 8.14.1 or 8.14.2: the day of its cohort."),
        Attribute("installed_on", "VARCHAR", "UTC date of began_at."),
        Attribute("hub_key", "BIGINT", "Key of the Communications Hub; 0 where the update names none."),
        Attribute("first_srv", "VARCHAR", "Which status update came first."),
        Attribute("region", "VARCHAR", "CSP Region by the inventory, else the sender; UNKNOWN where neither tells."),
        Attribute("service_provider", "VARCHAR", "CSP by the inventory; UNKNOWN where it does not tell."),
        Attribute("state", "VARCHAR", "commissioned, pending_90, left or replaced as at the run, the CSPs' lists taken into account."),
        Attribute("trail_state", "VARCHAR", "The same by the audit trail alone."),
        Attribute("connected_by", "VARCHAR", "First sign of the WAN: update (8.14.1), response, csp; empty where none came."),
        Attribute("connected_at", "BIGINT", "When that was; empty where none came."),
        Attribute("returned_at", "BIGINT", "Last 8.14.3 or 8.14.4 after its first update; empty where none came."),
        Attribute("age_days", "BIGINT", "Calendar days (UTC) from its first update to the run: day 90 still awaits, day 91 is decided."),
        Attribute("exception", "VARCHAR", "Exception that the CSP claims; empty where none."),
        Attribute("is_first_time", "BOOLEAN", "Its first update was an 8.14.1: connected when it was installed."),
        Attribute("update_count", "BIGINT", "How many 8.14.1 and 8.14.2 were received for it."),
        Attribute("is_lost_later", "BOOLEAN", "An 8.14.2 came after the 8.14.1."),
        Attribute("first_request_key", "BIGINT", "Key of the request that told its first update."),
        Attribute("incident_id", "VARCHAR", "Incident of its 8.14.2; empty where no list has one."),
        Attribute("set_aside", "VARCHAR", "Why no figure sees it: no_hub (the update names none), no_receipt; empty where they do."),
    ),
    sql=SQL,
    began="began_at",
    day="day",
    splits=("installed_on", "region", "service_provider"),
    set_aside="set_aside <> ''",
    sorted_by=("day", "region", "service_provider", "began_at", "hub_key", "first_request_key"),
    dated=dated_relations,
    remarks=(
        (
            "no_wan_after_success",
            "Communications Hubs of which an 8.14.2 came after an 8.14.1: they contradict each other.",
            "is_lost_later",
        ),
        ("updated_again", "Communications Hubs with more than one 8.14.1 or 8.14.2: the first tells the day.", "update_count > 1"),
        ("unknown_hub_region", "Communications Hubs of no known region.", "region = 'UNKNOWN' AND set_aside = ''"),
    ),
    traced_to=(("audit_trail", (("first_request_key", "request_id"),)), ("no_sm_wan_incidents", (("incident_id", "incident_id"),))),
)
