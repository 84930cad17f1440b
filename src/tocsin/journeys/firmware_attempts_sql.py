"""The steps from rows of firmware stages to one row an attempt (a request and a device), in the kernel's words (domain.md 8.2, 8.3)."""

from tocsin.journeys.firmware_facts import LOOK_US


def _stage(stage: str, result: str, name: str) -> str:
    return f"min(observed_at) FILTER (WHERE stage = '{stage}' AND result = '{result}') AS {name}"


# Whether a row of F5 or F6 shows the image's version: what the device says it runs outranks how the row says it ended, so that a repeated
# 11.3 answered with "already active" is a success (domain.md 8.3).
_HOLDS = "CASE WHEN t.version_found IS NULL OR a.image_version IS NULL THEN t.result = 'ok' ELSE t.version_found = a.image_version END"

ATTEMPTS = f"""
seen AS (
  SELECT coalesce(request_id, 0) AS request_id, request_id IS NULL AS is_nameless, device_id, stage, observed_at, result, evidence,
    image_version, version_found, execution_at, device_type, model, cohort, region, service_provider, delivery_no, line
  FROM device_firmware
  WHERE (device_id % :buckets) = :bucket AND observed_at >= :start_at - {LOOK_US} AND observed_at < :end_at + {LOOK_US}
),
acceptances AS (
  SELECT request_id, device_id, min(observed_at) AS accepted_at, min(image_version) AS image_version
  FROM seen
  WHERE stage = 'F0' AND result = 'ok' AND NOT is_nameless
  GROUP BY request_id, device_id
),
-- A sender that knows no request tells of the attempt of the device and version that was accepted last before.
nameless AS (
  SELECT s.delivery_no, s.line, s.stage, latest(c.request_id, c.accepted_at, TRUE) AS request_id
  FROM seen s CROSS JOIN firmware_limits JOIN acceptances c ON c.device_id = s.device_id
    AND coalesce(s.image_version, c.image_version) = c.image_version
  WHERE s.is_nameless AND c.accepted_at < s.observed_at + skew_us
  GROUP BY s.delivery_no, s.line, s.stage
),
told AS (
  SELECT * FROM seen WHERE NOT is_nameless
  UNION ALL
  SELECT coalesce(n.request_id, 0), TRUE, s.device_id, s.stage, s.observed_at, s.result, s.evidence, s.image_version, s.version_found,
    s.execution_at, s.device_type, s.model, s.cohort, s.region, s.service_provider, s.delivery_no, s.line
  FROM seen s LEFT JOIN nameless n ON n.delivery_no = s.delivery_no AND n.line = s.line AND n.stage = s.stage
  WHERE s.is_nameless
),
-- One row an attempt. Copies, rows out of order and rows of several senders fall together here: the earliest stamp of a stage counts.
gathered AS (
  SELECT request_id, device_id,
    min(observed_at) AS first_at,
    {_stage("F0", "ok", "accepted_at")},
    {_stage("F0", "refused", "refused_at")},
    {_stage("F1", "ok", "sent_at")},
    {_stage("F2", "ok", "hub_at")},
    {_stage("F2", "failed", "hub_failed_at")},
    {_stage("F3", "ok", "device_at")},
    {_stage("F3", "failed", "device_failed_at")},
    {_stage("F4", "ok", "requested_at")},
    max(observed_at) FILTER (WHERE stage = 'F4' AND result = 'ok') AS last_requested_at,
    {_stage("F4", "refused", "activation_refused_at")},
    -- What was refused, a cancellation too, changes nothing.
    max(execution_at) FILTER (WHERE stage = 'F4' AND result = 'ok') AS execution_at,
    min(observed_at) FILTER (WHERE stage = 'F5') AS replied_at,
    count_where(stage IN ('F2', 'F3') AND evidence = 'alert') > 0 AS is_alerted,
    min(image_version) AS image_version,
    min(device_type) AS told_device_type,
    min(model) AS told_model,
    min(cohort) AS told_cohort,
    min(region) AS told_region,
    min(service_provider) AS told_provider
  FROM told
  GROUP BY request_id, device_id
),
-- The device is named again: what was not over by then is superseded (domain.md 8.3). Refusals and attempts never accepted name nobody.
attempts AS (
  SELECT g.*,
    lead(g.accepted_at) OVER (PARTITION BY g.device_id, g.accepted_at IS NULL ORDER BY g.accepted_at, g.request_id) AS next_accepted_at
  FROM gathered g
),
proofs AS (
  SELECT t.request_id, t.device_id,
    min(t.observed_at) FILTER (WHERE t.stage = 'F5' AND {_HOLDS}) AS answered_at,
    min(t.observed_at) FILTER (WHERE t.stage = 'F6' AND {_HOLDS}) AS confirmed_at,
    min(t.observed_at) FILTER (WHERE NOT {_HOLDS}) AS denied_at,
    count_where(t.result = 'ok' AND t.version_found <> a.image_version) > 0 AS is_other_version
  FROM told t JOIN gathered a ON a.request_id = t.request_id AND a.device_id = t.device_id
  WHERE t.stage IN ('F5', 'F6')
  GROUP BY t.request_id, t.device_id
)"""


def described(began: str, of: str) -> str:
    """Steps that say of the attempts of a relation what device each is for, by the sender, else by the inventory as at its beginning."""
    return f"""
-- A version of a device holds until the next; of versions from one instant the last delivered one.
devices AS (
  SELECT device_id, coalesce(valid_from, 0) AS valid_from, device_type, model, region, generation, service_provider,
    lead(coalesce(valid_from, 0)) OVER (PARTITION BY device_id ORDER BY coalesce(valid_from, 0), delivery_no, line) AS valid_until
  FROM device_inventory
  WHERE device_id IN (SELECT device_id FROM {of})
),
described AS (
  SELECT p.*,
    coalesce(p.told_device_type, i.device_type, 'UNKNOWN') AS device_type,
    coalesce(p.told_model, i.model, 'UNKNOWN') AS model,
    coalesce(w.region, p.told_region, i.region, 'UNKNOWN') AS region,
    coalesce(i.generation, w.generation, 'UNKNOWN') AS generation,
    coalesce(p.told_provider, i.service_provider, 'UNKNOWN') AS service_provider,
    coalesce(p.told_cohort, '') AS cohort
  FROM {of} p
    LEFT JOIN devices i ON i.device_id = p.device_id AND p.{began} >= i.valid_from AND (i.valid_until IS NULL OR p.{began} < i.valid_until)
    LEFT JOIN firmware_region_words w ON w.word = coalesce(p.told_region, i.region)
)"""


# Few kinds of devices: each is looked up once, and not each of a million attempts against every row of the table.
TOLD_STAGES = """
kinds AS (
  SELECT DISTINCT service_provider, device_type, cohort, model FROM described
),
reach AS (
  SELECT k.service_provider, k.device_type, k.cohort, k.model, min(r.tells_hub) AS tells_hub, min(r.tells_device) AS tells_device
  FROM kinds k JOIN firmware_stages_told r ON (r.service_provider = '*' OR r.service_provider = k.service_provider)
    AND (r.device_type = '*' OR r.device_type = k.device_type) AND (r.cohort = '*' OR r.cohort = k.cohort)
    AND (r.model = '*' OR r.model = k.model)
  GROUP BY k.service_provider, k.device_type, k.cohort, k.model
)"""
