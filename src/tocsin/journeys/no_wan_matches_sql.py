"""The SQL of the reconciliation: every 8.14.2, and every record that goes with none, in exactly one bucket (domain.md 10.3)."""

from tocsin.journeys.hub_records_sql import RECORD_PARTS
from tocsin.journeys.hub_updates_sql import HUB_PARTS

SQL = f"""
WITH {HUB_PARTS},
{RECORD_PARTS},
matched AS (
  SELECT h.no_wan_at AS anchor_at, TRUE AS has_update, h.hub_key, h.no_wan_request_key, h.region, h.service_provider, h.no_wan_at, h.state,
    s.region AS list_region, s.service_provider AS list_provider, s.is_raised, s.is_listed, s.is_of_no_list, s.submitted_at, s.closed_at,
    s.raised_id, s.csp_id, s.outcome, s.exception, s.is_category_told_twice, s.is_mpxn_told_twice, s.is_region_told_twice,
    s.is_closing_told_twice, s.is_outcome_told_twice, s.is_closed_before_submitted
  FROM stated h LEFT JOIN subjects s ON s.record_hub = h.hub_key AND s.is_of_update
  WHERE h.no_wan_at IS NOT NULL
  UNION ALL
  SELECT submitted_at, FALSE, record_hub, 0, coalesce(devices.region, 'UNKNOWN'), coalesce(devices.service_provider, 'UNKNOWN'),
    CAST(NULL AS BIGINT), 'UNKNOWN', s.region, s.service_provider, is_raised, is_listed, is_of_no_list, submitted_at, closed_at, raised_id,
    csp_id, outcome, exception, is_category_told_twice, is_mpxn_told_twice, is_region_told_twice, is_closing_told_twice,
    is_outcome_told_twice, is_closed_before_submitted
  FROM subjects s LEFT JOIN devices ON devices.device_id = s.record_hub
    AND s.submitted_at >= devices.valid_from AND (devices.valid_until IS NULL OR s.submitted_at < devices.valid_until)
  WHERE NOT s.is_of_update
),
judged AS (
  SELECT anchor_at, has_update, hub_key, no_wan_request_key, no_wan_at, state, submitted_at, closed_at, outcome, exception,
    coalesce(raised_id, csp_id, '') AS incident_id, coalesce(csp_id, '') AS csp_incident_id,
    coalesce(is_raised, FALSE) AS is_raised, coalesce(is_listed, FALSE) AS is_listed,
    coalesce(is_of_no_list, FALSE) AND NOT has_update AS is_of_no_list,
    CASE WHEN matched.region <> 'UNKNOWN' THEN matched.region ELSE coalesce(list_region, 'UNKNOWN') END AS region,
    CASE WHEN service_provider <> 'UNKNOWN' THEN service_provider ELSE coalesce(list_provider, 'UNKNOWN') END AS service_provider,
    CASE
      WHEN is_category_told_twice THEN 'category'
      WHEN is_mpxn_told_twice THEN 'mpxn'
      WHEN is_region_told_twice OR (matched.region <> 'UNKNOWN' AND list_region <> matched.region) THEN 'region'
      WHEN is_closed_before_submitted THEN 'closed_before_submitted'
      WHEN is_closing_told_twice THEN 'closing'
      WHEN is_outcome_told_twice THEN 'outcome'
      ELSE ''
    END AS conflict
  FROM matched
  WHERE anchor_at < :end_at
),
bucketed AS (
  SELECT anchor_at, has_update, hub_key, no_wan_request_key, no_wan_at, state, submitted_at, closed_at, outcome, exception, incident_id,
    csp_incident_id, is_raised, is_listed, is_of_no_list, region, service_provider, conflict,
    CASE
      WHEN conflict <> '' THEN 'X'
      WHEN has_update AND is_raised AND is_listed THEN 'M3'
      WHEN has_update AND is_raised THEN 'M2a'
      WHEN has_update AND is_listed THEN 'M2b'
      WHEN has_update THEN 'U1'
      WHEN is_raised AND is_listed THEN 'U2'
      WHEN is_raised THEN 'U4'
      WHEN is_listed THEN 'U3'
      ELSE 'UNKNOWN'
    END AS bucket
  FROM judged
)
SELECT
  day_of(greatest_of(anchor_at, :start_at)) AS day,
  greatest_of(anchor_at, :start_at) AS began_at,
  CASE WHEN anchor_at >= :start_at THEN 'period' ELSE 'before' END AS cohort,
  bucket, conflict, region, service_provider, hub_key, incident_id, csp_incident_id, has_update, is_raised, is_listed, no_wan_at,
  submitted_at, closed_at, coalesce(outcome, '') AS outcome, coalesce(exception, '') AS exception,
  -- Of a hub without an 8.14.2 the records alone speak.
  CASE WHEN has_update THEN state WHEN outcome = 'replaced' THEN 'replaced' WHEN outcome = 'connected' THEN 'commissioned'
    WHEN outcome = 'not_achievable' OR day_of(:as_at) - day_of(anchor_at) > w.decision_days THEN 'left' ELSE 'pending_90' END AS state,
  day_of(:as_at) - day_of(anchor_at) AS age_days,
  w.decision_days - (day_of(:as_at) - day_of(anchor_at)) AS days_left,
  (bucket IN ('M2b', 'U1') AND :as_at - no_wan_at <= w.incident_lag_us)
    OR (bucket IN ('M2a', 'U1') AND :as_at - no_wan_at <= w.csp_lag_us) AS is_within_lag,
  no_wan_request_key,
  CASE WHEN is_of_no_list THEN 'unknown_list' ELSE '' END AS set_aside
FROM bucketed CROSS JOIN install_limits w
WHERE day_of(anchor_at) >= day_of(:start_at) - w.decision_days
"""
