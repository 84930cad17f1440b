"""Service Requests: from the rows of the audit trail to one row a happening, for all twelve flows (domain.md 6; duis.md 6 and 7)."""

from tocsin.engines.kernel import check
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.feeds.device_inventory import DEVICE_INVENTORY
from tocsin.feeds.party_list import PARTY_LIST
from tocsin.journeys.picked_requests import PICKS, RELATIONS, TOLD_SRVS
from tocsin.journeys.service_request_clocks import JUDGED, RECEIPT_FLOWS, SEEN_POINTS, UNLISTED_CODE, kept_leg
from tocsin.journeys.service_request_facts import DATED, dated_relations
from tocsin.journeys.service_request_late_rows import LATE_REQUESTS
from tocsin.journeys.service_request_points import OFTEN_TOLD, REPORTS, REQUESTS, SEEN, SELDOM_TOLD, points_sql
from tocsin.journeys.service_request_withdrawals import KIN_REQUESTS, WITHDRAWALS
from tocsin.measuring.buckets import PARAMETERS
from tocsin.measuring.journey import Attribute, Journey

__all__ = ["SERVICE_REQUESTS", "dated_relations"]

IN_DCC = "judged.flow IN ('dcc_only', 'firmware')"

SQL = f"""
WITH points AS ({points_sql(SEEN)}
),
often AS ({OFTEN_TOLD}
),
seldom AS ({SELDOM_TOLD}
),
requests AS ({REQUESTS}
),
reports AS ({REPORTS}
),
kin_requests AS ({KIN_REQUESTS}
),
withdrawals AS ({WITHDRAWALS}
),
-- A version of a device holds until the next; of versions from one instant the last delivered one, for the others hold for no time.
devices AS (
  SELECT
    device_id,
    coalesce(valid_from, 0) AS valid_from,
    lead(coalesce(valid_from, 0)) OVER (PARTITION BY device_id ORDER BY coalesce(valid_from, 0), delivery_no, line) AS valid_until,
    device_type,
    region,
    generation,
    service_provider
  FROM device_inventory
),
parties AS (
  SELECT user_id, latest(sec_party, delivery_no, TRUE) AS sec_party FROM party_list GROUP BY user_id
),
judged AS ({JUDGED}
)
SELECT
  day_of(began_at) AS day,
  began_at,
  judged.flow AS flow,
  judged.srv AS srv,
  coalesce(parties.sec_party, 'user:' || judged.user_id, 'UNKNOWN') AS sec_party,
  CASE WHEN {IN_DCC} THEN 'NONE' ELSE coalesce(devices.device_type, told_device_type, only_device_type, 'UNKNOWN') END AS device_type,
  coalesce(region_words.region, devices.region, told_region, 'UNKNOWN') AS region,
  coalesce(devices.generation, region_words.generation, 'UNKNOWN') AS generation,
  coalesce(
    CASE WHEN NOT {IN_DCC} THEN devices.service_provider END, CASE WHEN told_provider = '~' THEN 'DSP' ELSE told_provider END, 'UNKNOWN'
  ) AS service_provider,
  outcome,
  {UNLISTED_CODE} AS response_code,
  round_trip_us,
  target_response_us,
  {kept_leg("transform")},
  {kept_leg("signing")},
  CASE WHEN judged.flow = 'future_dsp' AND NOT is_refused THEN started_at - receipt_at END AS held_us,
  {kept_leg("dsp_in")},
  {kept_leg("wan")},
  {kept_leg("dsp_out")},
  CASE WHEN judged.flow IN {RECEIPT_FLOWS} AND answered_at >= received_at THEN answered_at - received_at END AS user_journey_us,
  {kept_leg("local")},
  CASE WHEN is_outcome THEN instruction_count END AS instruction_count,
  CASE WHEN is_outcome THEN report_count - instruction_count ELSE row_count - ({SEEN_POINTS}) END AS repeat_count,
  CASE WHEN judged.flow = 'cancellation' THEN coalesce(withdrawn_count, 0) END AS withdrawn_count,
  skewed_legs,
  set_aside,
  judged.request_id AS request_key,
  judged.device_id AS device_key
FROM judged
LEFT JOIN devices ON devices.device_id = judged.device_id
  AND began_at >= devices.valid_from AND (devices.valid_until IS NULL OR began_at < devices.valid_until)
LEFT JOIN region_words ON region_words.word = coalesce(devices.region, told_region)
LEFT JOIN parties ON parties.user_id = judged.user_id
LEFT JOIN code_facts ON code_facts.code_no = judged.code_no
"""

ATTRIBUTES = (
    Attribute("day", "BIGINT", "UTC day number of the instant at which it began."),
    Attribute(
        "began_at",
        "BIGINT",
        "Start of its clock: receipt (on demand), receipt of the signed pre-command (critical), execution time or receipt, whichever"
        " is later (future-dated), planned instant (scheduled). It decides the Performance Measurement Period.",
    ),
    Attribute("flow", "VARCHAR", "Which of the twelve flows it goes."),
    Attribute("srv", "VARCHAR", "Service Request Variant; UNKNOWN where no row of the request tells it."),
    Attribute("sec_party", "VARCHAR", "SEC Party by the party list; user:<id> for a User not in it; UNKNOWN where no User is told."),
    Attribute(
        "device_type",
        "VARCHAR",
        "By the inventory as at its beginning, else the sender, else the only type the SRV is for; NONE where the DCC itself answers.",
    ),
    Attribute("region", "VARCHAR", "By the inventory, else the sender; words of DUIS in the report's words, others as they came."),
    Attribute("generation", "VARCHAR", "SMETS1 or SMETS2+ by the inventory, else as the region tells."),
    Attribute(
        "service_provider", "VARCHAR", "Who serves the device by the inventory, else the sender's word, the DSP only where no other."
    ),
    Attribute("outcome", "VARCHAR", "One of success, device_fail, dcc_fail, timeout, user_reject, open."),
    Attribute("response_code", "VARCHAR", "Code of the final answer; for an outcome that of the worst instruction. Empty without one."),
    Attribute(
        "round_trip_us", "BIGINT", "From the start of its clock to the final answer; empty where the flow has none or no answer came."
    ),
    Attribute(
        "target_response_us", "BIGINT", "Target Response Time: the row's own, else the SRV's, else the flow's; empty without a promise."
    ),
    Attribute("transform_us", "BIGINT", "DSP's transformation: request received to pre-command sent."),
    Attribute("signing_us", "BIGINT", "The User's own time: pre-command sent to signed pre-command received; in no Round Trip Time."),
    Attribute("held_us", "BIGINT", "Time the DSP held a future-dated request as asked; not a delay."),
    Attribute("dsp_in_us", "BIGINT", "Start of its clock to command handed to the CSP or S1SP."),
    Attribute("wan_us", "BIGINT", "Command handed over to response back at the DSP: WAN, HAN and device."),
    Attribute("dsp_out_us", "BIGINT", "Response back at the DSP to response sent to the User."),
    Attribute("user_journey_us", "BIGINT", "First receipt to final answer, the User's signing included."),
    Attribute("local_us", "BIGINT", "Receipt to local command returned."),
    Attribute("instruction_count", "BIGINT", "Instructions of a device-held command that were reported; only on an outcome."),
    Attribute("repeat_count", "BIGINT", "Rows beyond the first at a point of its journey: duplicates, copies, further answers."),
    Attribute(
        "withdrawn_count",
        "BIGINT",
        "Future-dated requests of the same User, device and SRV that this cancellation withdrew before their execution time, so that they"
        " owe no outcome; only on a cancellation.",
    ),
    Attribute("skewed_legs", "BIGINT", "Legs negative by less than the clock-skew tolerance, left empty."),
    Attribute(
        "set_aside",
        "VARCHAR",
        "Why it is in no measure: no_request (no receipt to start the clock), negative_span (round trip, or a leg beyond the clock-skew"
        " tolerance), over_35_days; empty for a sound one.",
    ),
    Attribute("request_key", "BIGINT", "Key of the request_id."),
    Attribute(
        "device_key",
        "BIGINT",
        "Key of the device; empty where none was told. Where the DCC itself answers: of the device, or one of those, that it is about.",
    ),
)

REMARKS = (
    ("repeated", "Service Requests with rows beyond the first at a point: duplicates, late copies, further answers.", "repeat_count > 0"),
    (
        "withdrew",
        "Cancellations that withdrew a future-dated request: the outcome of that is no longer owed and is in no measure.",
        "withdrawn_count > 0",
    ),
    ("skewed", "Service Requests with a leg negative by less than the clock-skew tolerance; the leg is left out.", "skewed_legs > 0"),
    (
        "unknown_party",
        "Service Requests whose User is not in the SEC Party list.",
        "sec_party = 'UNKNOWN' OR starts_with(sec_party, 'user:')",
    ),
    ("unknown_device", "Service Requests to a device of no known type.", "device_type = 'UNKNOWN'"),
    ("unknown_region", "Service Requests of no known region.", "region = 'UNKNOWN'"),
)


check(
    SQL,
    {
        **{feed.name: feed.stored_columns for feed in (AUDIT_TRAIL, DEVICE_INVENTORY, PARTY_LIST)},
        **{relation.name: relation.columns for relation in DATED},
        **RELATIONS,
    },
    "journeys/service_requests.py",
    PARAMETERS,
)

SPLITS = ("flow", "srv", "sec_party", "device_type", "region", "generation", "service_provider")

SERVICE_REQUESTS = Journey(
    name="service_requests",
    title="Service Requests",
    source="domain.md 6.2 (flows), 6.4 (outcomes), 4.1 (targets); duis.md 6 (correlation)",
    reads=("audit_trail", "device_inventory", "party_list", *(relation.name for relation in DATED)),
    picks=(*PICKS, TOLD_SRVS),
    attributes=ATTRIBUTES,
    sql=SQL,
    began="began_at",
    day="day",
    splits=SPLITS,
    set_aside="set_aside <> ''",
    # The order of the reporting store; by their keys the rows themselves are as large in any.
    sorted_by=("day", *SPLITS, "outcome", "round_trip_us"),
    is_in_order=False,
    way_back=(
        *("began_at", "transform_us", "signing_us", "held_us", "dsp_in_us", "wan_us", "dsp_out_us", "user_journey_us", "local_us"),
        *("request_key", "device_key"),
    ),
    span="round_trip_us",
    # A fast error must not improve the median, nor a late answer worsen that of the successful ones (domain.md 6.3).
    span_counts="outcome = 'success' AND round_trip_us IS NOT NULL",
    dated=dated_relations,
    remarks=REMARKS,
    late=LATE_REQUESTS,
    traced_to=(("audit_trail", (("request_key", "request_id"), ("device_key", "device_id"))),),
)
