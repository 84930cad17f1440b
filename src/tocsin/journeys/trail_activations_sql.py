"""The SQL text of firmware activations in the audit trail, in the kernel's words; each step says what it adds."""

from tocsin.journeys.service_request_outcomes import SUCCESS, USER_REJECT
from tocsin.journeys.service_request_points import (
    ANSWERED,
    ANSWERS,
    CODES,
    FIRST_SEEN,
    LAST_SEEN,
    REPORTED,
    TIME_POINTS,
    VARIANTS,
    columns_of,
    points_sql,
    requests_sql,
    told_srvs_sql,
)

# Execution times from the year 3000 on are cancellations (duis.md 0.4).
_YEAR_3000_US = 32_503_680_000_000_000
_SEEN = f"kin.observed_at >= {FIRST_SEEN} AND kin.observed_at < {LAST_SEEN} AND kin.time_point IN {TIME_POINTS}"
_REQUESTS = "SELECT request_id FROM picked_requests WHERE srv = '11.3'"
_ROWS = f"""
  SELECT {columns_of("kin")} FROM picked_rows AS kin
  WHERE {_SEEN} AND kin.request_id IN ({_REQUESTS})"""
# Of the devices that had an 11.3: 11.2 are many.
_READ_ROWS = f"""
  SELECT {columns_of("kin")} FROM audit_trail AS kin
  WHERE {_SEEN} AND kin.srv = '11.2'
    AND kin.device_id IN (SELECT device_id FROM picked_rows WHERE request_id IN ({_REQUESTS}))"""
_REPORTS = f""",
    min(answer) FILTER (WHERE point = {ANSWERED} AND verdict = {SUCCESS}) AS succeeded,
    min(answer) FILTER (WHERE point = {REPORTED}) AS reported,
    min(answer) FILTER (WHERE point = {REPORTED} AND verdict < {SUCCESS}) AS reported_failed"""


def _verdict(answer: str) -> str:
    return f"whole_div({answer} % {ANSWERS}, {CODES})"


SQL = f"""
WITH told_srvs AS ({told_srvs_sql("picked_rows")}
),
-- Signed, or sent at once; what was only transformed or returned for local delivery was never asked of the device (DUIS variants 4, 2, 6).
asked AS (
  SELECT request_id, device_id, user_id, first_at, execution_at, told_device_type, told_region, told_provider,
    whole_div(coalesce(signed, received), {VARIANTS}) AS requested_at,
    {_verdict("answered")} AS first_verdict,
    -- By final evidence: an error told before the device answered, or beside it, takes no success back (domain.md 8.3).
    CASE WHEN execution_at IS NULL THEN succeeded WHEN reported_failed IS NULL THEN reported END AS success,
    CASE WHEN execution_at IS NULL THEN failed ELSE coalesce(reported_failed, failed) END AS failure
  FROM ({requests_sql(_ROWS, _REPORTS)}
  ) AS activation_requests
  WHERE srv = '11.3' AND coalesce(coalesce(signed, received) % {VARIANTS}, 0) NOT IN (2, 4, 6)
),
-- One that was refused, or that nobody answered, calls nothing off (service_request_withdrawals.py).
cancellations AS (
  SELECT device_id, user_id, requested_at AS cancelled_at FROM asked
  WHERE execution_at >= {_YEAR_3000_US} AND first_verdict = {SUCCESS}
),
activations AS (
  SELECT a.*,
    whole_div(success, {ANSWERS}) AS answered_at,
    {_verdict("failure")} AS failed_as,
    greatest_of(requested_at, execution_at) AS started_at
  FROM asked a
  WHERE coalesce(execution_at, 0) < {_YEAR_3000_US}
),
reads AS (
  SELECT device_id, observed_at AS read_at
  FROM ({points_sql(_READ_ROWS)}
  ) AS read_points
  WHERE point = {ANSWERED} AND verdict = {SUCCESS} AND device_id IS NOT NULL
),
devices AS (
  SELECT device_id, coalesce(valid_from, 0) AS valid_from, device_type, model, region, generation, service_provider, firmware_version,
    lead(coalesce(valid_from, 0)) OVER (PARTITION BY device_id ORDER BY coalesce(valid_from, 0), delivery_no, line) AS valid_until,
    lag(firmware_version) OVER (PARTITION BY device_id ORDER BY coalesce(valid_from, 0), delivery_no, line) AS version_before
  FROM device_inventory
  WHERE device_id IN (SELECT device_id FROM activations)
),
-- Every later sign that the version runs, and when: another 11.3 answered with success, or the inventory's own change.
signs AS (
  SELECT device_id, answered_at AS sign_at FROM activations WHERE answered_at IS NOT NULL
  UNION ALL
  SELECT device_id, valid_from FROM devices WHERE firmware_version <> version_before
),
confirmed AS (
  SELECT a.request_id, a.device_id, min(s.sign_at) AS confirmed_at
  FROM activations a CROSS JOIN firmware_limits JOIN signs s ON s.device_id = a.device_id
  WHERE s.sign_at > a.requested_at AND s.sign_at <= a.started_at + target_us
  GROUP BY a.request_id, a.device_id
),
read_later AS (
  SELECT a.request_id, a.device_id, min(r.read_at) AS read_at
  FROM activations a CROSS JOIN firmware_limits JOIN reads r ON r.device_id = a.device_id
  WHERE r.read_at > a.requested_at AND r.read_at <= a.started_at + target_us
  GROUP BY a.request_id, a.device_id
),
withdrawn AS (
  SELECT a.request_id, a.device_id
  FROM activations a JOIN cancellations c ON c.device_id = a.device_id AND c.user_id = a.user_id
  WHERE c.cancelled_at >= a.requested_at AND c.cancelled_at < a.execution_at
  GROUP BY a.request_id, a.device_id
),
judged AS (
  SELECT a.*, coalesce(a.requested_at, a.first_at) AS began_at, skew_us, r.read_at,
    CASE
      WHEN a.answered_at IS NOT NULL THEN 'activated'
      WHEN a.failed_as = {USER_REJECT} THEN 'refused'
      WHEN c.confirmed_at IS NOT NULL THEN 'confirmed'
      WHEN a.failed_as IS NOT NULL THEN 'failed'
      WHEN w.request_id IS NOT NULL THEN 'withdrawn'
      WHEN :as_at <= a.started_at + target_us THEN 'open'
      WHEN r.read_at IS NOT NULL THEN 'version_unknown'
      ELSE 'no_answer'
    END AS outcome
  FROM activations a CROSS JOIN firmware_limits
    LEFT JOIN confirmed c ON c.request_id = a.request_id AND c.device_id = a.device_id
    LEFT JOIN read_later r ON r.request_id = a.request_id AND r.device_id = a.device_id
    LEFT JOIN withdrawn w ON w.request_id = a.request_id AND w.device_id = a.device_id
)
SELECT day_of(began_at) AS day, began_at,
  coalesce(devices.device_type, told_device_type, 'UNKNOWN') AS device_type,
  coalesce(devices.model, 'UNKNOWN') AS model,
  coalesce(devices.service_provider, CASE WHEN told_provider = '~' THEN 'DSP' ELSE told_provider END, 'UNKNOWN') AS service_provider,
  coalesce(region_words.region, devices.region, told_region, 'UNKNOWN') AS region,
  coalesce(devices.generation, region_words.generation, 'UNKNOWN') AS generation,
  outcome,
  CASE WHEN outcome = 'activated' AND judged.answered_at >= started_at THEN judged.answered_at - started_at END AS activation_us,
  CASE WHEN outcome = 'activated' THEN judged.answered_at END AS answered_at,
  CASE
    WHEN requested_at IS NULL THEN 'no_request'
    WHEN judged.answered_at <= requested_at - skew_us THEN 'negative_span'
    ELSE ''
  END AS set_aside,
  judged.request_id AS request_key, coalesce(judged.device_id, 0) AS device_key
FROM judged
  LEFT JOIN devices ON devices.device_id = judged.device_id AND began_at >= devices.valid_from
    AND (devices.valid_until IS NULL OR began_at < devices.valid_until)
  LEFT JOIN region_words ON region_words.word = coalesce(devices.region, told_region)
WHERE began_at >= :start_at AND began_at < :end_at
"""
