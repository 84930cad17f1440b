"""From one row a request to one row a happening: flow, clock, answer, legs, outcome (domain.md 6.2, 6.4)."""

from tocsin.journeys.questions import decided_sql
from tocsin.journeys.service_request_facts import UNLISTED
from tocsin.journeys.service_request_flows import FLOW_LADDER
from tocsin.journeys.service_request_flows import OTHERWISE as ANY_OTHER_FLOW
from tocsin.journeys.service_request_outcomes import DCC_FAIL, DEVICE_FAIL, OUTCOME_LADDER, SUCCESS
from tocsin.journeys.service_request_outcomes import OTHERWISE as ANY_OTHER_OUTCOME
from tocsin.journeys.service_request_points import ANSWERS, CODES, VARIANTS

# Flows whose command goes over the WAN to a device and whose answer comes back the same way.
WAN_FLOWS = "('on_demand', 'critical', 'future_dsp', 'future_device_set_up', 'scheduled', 'cancellation')"
# Flows whose clock starts at a receipt, so that the User's own view of the whole (domain.md 6.2: user_journey) means something.
RECEIPT_FLOWS = "('on_demand', 'critical', 'dcc_only', 'firmware', 'cancellation', 'future_device_set_up')"


# The instants out of the packed numbers, and what the catalogue knows of the SRV.
def receipts_sql(requests: str) -> str:
    return f"""
  SELECT
    requests.*,
    whole_div(received, {VARIANTS}) AS received_at,
    received % {VARIANTS} AS received_variant,
    whole_div(signed, {VARIANTS}) AS signed_at,
    whole_div(coalesce(signed, received), {VARIANTS}) AS receipt_at,
    coalesce(coalesce(signed, received) % {VARIANTS}, 0) AS variant,
    coalesce(srv_facts.is_critical, FALSE) AS is_critical,
    coalesce(srv_facts.is_non_device, FALSE) AS is_non_device,
    coalesce(srv_facts.is_firmware, FALSE) AS is_firmware,
    coalesce(srv_facts.future_dated, 'none') AS future_dated,
    srv_facts.only_device_type AS only_device_type
  FROM {requests} AS requests
  LEFT JOIN srv_facts ON srv_facts.srv = requests.srv"""


def flowing_sql(requests: str) -> str:
    """Requests, each with the instants of its receipts and the flow that the ladder finds."""
    return f"""
      SELECT receipts.*, {decided_sql(FLOW_LADDER, ANY_OTHER_FLOW)} AS found_flow
      FROM ({receipts_sql(requests)}
      ) AS receipts"""


# The first final answer says success: a device-held command is set up by it, and a cancellation done.
IS_ANSWERED_WELL = f"whole_div(answered % {ANSWERS}, {CODES}) = {SUCCESS}"
# The DCC told, at the execution time or after it, that a command which had been set up failed.
IS_TOLD_FAILED = f"{IS_ANSWERED_WELL} AND whole_div(failed, {ANSWERS}) >= execution_at"

# A device-held command is two happenings with clocks of their own: the set-up, from its receipt, and the outcome, from its execution
# time. An outcome is owed once the set-up succeeded, and is there anyway once reported: a command that was never set up owes none, and
# nor does one that the User withdrew. Of a request that the DSP held and the User withdrew nothing is left to be timed.
PARTS = f"""
  SELECT
    recognised.*,
    part_no = 2 AS is_outcome,
    CASE WHEN part_no = 1 THEN found_flow WHEN future_dated = 'both' THEN 'future_both' ELSE 'future_device_outcome' END AS flow
  FROM (
    SELECT
      flowing.*,
      withdrawn_count,
      CASE
        WHEN found_flow = 'future_dsp' AND coalesce(is_withdrawn, FALSE) THEN 0
        WHEN found_flow <> 'future_device_set_up' OR coalesce(is_withdrawn, FALSE) THEN 1
        WHEN receipt_at IS NULL AND report_count > 0 THEN 3
        WHEN report_count > 0 OR {IS_ANSWERED_WELL} THEN 2
        ELSE 1
      END AS pattern
    FROM ({flowing_sql("requests")}
    ) AS flowing
    LEFT JOIN withdrawals ON withdrawals.request_id = flowing.request_id AND withdrawals.own_device = flowing.own_device
  ) AS recognised
  JOIN (
    SELECT 1 AS pattern_no, 1 AS part_no
    UNION ALL SELECT 2 AS pattern_no, 1 AS part_no
    UNION ALL SELECT 2 AS pattern_no, 2 AS part_no
    UNION ALL SELECT 3 AS pattern_no, 2 AS part_no
  ) AS part_of ON part_of.pattern_no = recognised.pattern"""

# The final answer of each flow, packed. An outcome is final when complete, or when DCC told after the execution time that it failed;
# for a request answered inside the DCC the acknowledgement is final where nothing else follows (duis.md 0.6).
FINAL = f"""CASE
      WHEN is_outcome THEN least_of(
        CASE WHEN instruction_count >= instruction_total THEN reported END,
        CASE WHEN {IS_TOLD_FAILED} THEN failed END
      )
      WHEN flow = 'transform_only' THEN least_of(precommand_at * {ANSWERS} + {SUCCESS * CODES}, answered)
      WHEN flow = 'local_only' THEN least_of(local_at * {ANSWERS} + {SUCCESS * CODES}, answered)
      WHEN flow IN ('dcc_only', 'firmware') THEN coalesce(answered, acknowledged)
      ELSE answered
    END"""

# A DSP-held request refused before its execution time is over: nothing is owed at that time, and its clock is that of the refusal.
REFUSED = f"""flow = 'future_dsp' AND receipt_at IS NOT NULL
        AND coalesce(answered_at < execution_at AND verdict <= {DCC_FAIL}, FALSE)"""

# Where the clock starts: never at the User's own signing, and never before the DSP had the request (max of exec and receipt).
STARTED = """CASE
      WHEN flow = 'scheduled' THEN scheduled_at
      WHEN is_outcome OR (flow = 'future_dsp' AND NOT is_refused) THEN greatest_of(execution_at, receipt_at)
      ELSE receipt_at
    END"""

# Without the receipt there is no clock: an answer whose request nobody showed, or a command sent whose signed pre-command is missing.
NO_REQUEST = """flow <> 'scheduled' AND (
        receipt_at IS NULL
        OR (NOT is_outcome AND coalesce(received_variant, 0) = 4 AND signed_at IS NULL AND commanded_at IS NOT NULL)
      )"""

TIMED = f"""
  SELECT
    started.*,
    coalesce(started_at, first_at) AS began_at,
    flow IN {WAN_FLOWS} AS is_over_wan,
    {NO_REQUEST} AS has_no_request,
    CASE WHEN flow NOT IN ('transform_only', 'local_only') AND NOT ({NO_REQUEST}) THEN answered_at - started_at END AS round_trip_us
  FROM (
    SELECT refused.*, {STARTED} AS started_at
    FROM (
      SELECT finals.*, {REFUSED} AS is_refused
      FROM (
        SELECT
          packed.*,
          whole_div(final_answer, {ANSWERS}) AS answered_at,
          whole_div(final_answer % {ANSWERS}, {CODES}) AS verdict,
          final_answer % {CODES} AS code_no
        FROM (
          SELECT parts.*, coalesce(reports.instruction_count, 0) AS instruction_count, {FINAL} AS final_answer
          FROM ({PARTS}
          ) AS parts
          LEFT JOIN reports ON reports.request_id = parts.request_id AND reports.own_device = parts.own_device AND parts.is_outcome
        ) AS packed
      ) AS finals
    ) AS refused
  ) AS started"""

# Legs as the stamps give them, negative ones too. After an error told by the DCC the device may still answer: that is no leg of the answer.
BY_DEVICE = f"coalesce(verdict >= {DEVICE_FAIL}, TRUE)"
LEGS = f"""
  SELECT
    timed.*,
    CASE WHEN NOT is_outcome THEN precommand_at - received_at END AS transform_leg,
    CASE WHEN NOT is_outcome THEN signed_at - precommand_at END AS signing_leg,
    CASE WHEN is_over_wan THEN commanded_at - started_at END AS dsp_in_leg,
    CASE WHEN is_over_wan AND {BY_DEVICE} THEN returned_at - commanded_at END AS wan_leg,
    CASE WHEN is_over_wan AND {BY_DEVICE} THEN answered_at - returned_at END AS dsp_out_leg,
    CASE WHEN NOT is_outcome THEN local_at - receipt_at END AS local_leg,
    -- From a planned instant: a command handed over early is no fault of a clock.
    flow = 'scheduled' OR (flow = 'future_dsp' AND NOT is_refused) AS is_planned
  FROM ({TIMED}
  ) AS timed
  WHERE began_at >= :start_at AND began_at < :end_at"""

TRUE_LEGS = ("transform_leg", "signing_leg", "wan_leg", "dsp_out_leg", "local_leg")
SKEWED = " + ".join(
    [f"CASE WHEN {leg} < 0 AND {leg} > -skew_us THEN 1 ELSE 0 END" for leg in TRUE_LEGS]
    + ["CASE WHEN NOT is_planned AND dsp_in_leg < 0 AND dsp_in_leg > -skew_us THEN 1 ELSE 0 END"]
)
BACKWARDS = " OR ".join(
    [f"coalesce({leg} <= -skew_us, FALSE)" for leg in TRUE_LEGS] + ["coalesce(NOT is_planned AND dsp_in_leg <= -skew_us, FALSE)"]
)
SEEN_POINTS = " + ".join(
    f"CASE WHEN {point} IS NULL THEN 0 ELSE 1 END"
    for point in ("received", "signed", "precommand_at", "acknowledged", "commanded_at", "returned_at", "answered", "local_at")
)


def kept_leg(name: str) -> str:
    return f"CASE WHEN {name}_leg >= 0 THEN {name}_leg END AS {name}_us"


# A row's own target is that of the answer to a request: a transformation and a device-held outcome have targets of their own.
TARGET = "coalesce(CASE WHEN NOT is_outcome AND legs.flow <> 'transform_only' THEN own_target_us END, by_srv.target_us, by_flow.target_us)"

JUDGED = f"""
  SELECT
    waited.*,
    {decided_sql(OUTCOME_LADDER, ANY_OTHER_OUTCOME)} AS outcome
  FROM (
    SELECT
      legs.*,
      {TARGET} AS target_response_us,
      began_at + grace_us + coalesce({TARGET}, 0) AS waits_until,
      CASE
        WHEN has_no_request THEN 'no_request'
        WHEN coalesce(round_trip_us < 0, FALSE) OR {BACKWARDS} THEN 'negative_span'
        WHEN round_trip_us > longest_us THEN 'over_35_days'
        ELSE ''
      END AS set_aside,
      {SKEWED} AS skewed_legs
    FROM ({LEGS}
    ) AS legs
    LEFT JOIN target_times AS by_srv ON by_srv.srv = legs.srv AND by_srv.flow = legs.flow
    LEFT JOIN target_times AS by_flow ON by_flow.srv = '*' AND by_flow.flow = legs.flow
    CROSS JOIN request_limits
  ) AS waited"""

UNLISTED_CODE = f"CASE WHEN judged.code_no = {UNLISTED} THEN unlisted_code ELSE code_facts.response_code END"
