"""The SQL text of availability, in the kernel's words; each step says what it adds."""

SQL = """
WITH
-- An outage told again, in the file of the next month or by a correction, is as its sender told it last.
told AS (
  SELECT o.service, o.kind, o.started_at, o.ended_at, o.incident_id, coalesce(o.is_compliant, FALSE) AS is_compliant,
    row_number() OVER (PARTITION BY d.sender, o.outage_id ORDER BY d.received_at DESC, o.delivery_no DESC, o.line DESC) AS copy
  FROM outages o JOIN deliveries d ON d.delivery_no = o.delivery_no
),
-- Within the month; one that is not over lasts until the month's end, or as far as is known.
clipped AS (
  SELECT service, kind, is_compliant, incident_id, ended_at IS NULL AS is_open, started_at, ended_at,
    greatest_of(started_at, :start_at) AS from_at,
    least_of(coalesce(ended_at, least_of(:end_at, :as_at)), :end_at) AS until_at,
    CASE WHEN kind = 'planned' AND is_compliant THEN 1 ELSE 0 END AS is_arranged
  FROM told
  WHERE copy = 1
),
inside AS (
  SELECT service, kind, is_compliant, incident_id, is_open, from_at, until_at, is_arranged, until_at - from_at AS span_us,
    is_arranged = 1 AND NOT EXISTS (
      SELECT 1 FROM maintenance_windows w WHERE w.from_at <= clipped.started_at AND clipped.ended_at <= w.until_at
    ) AS is_untimely
  FROM clipped
  WHERE from_at < until_at
),
-- Each stretch as what it adds where it begins and takes away where it ends: two outages at once are one, not two.
edges AS (
  SELECT service, from_at AS edge_at, is_arranged AS arranged, 1 - is_arranged AS down FROM inside WHERE kind <> 'failover'
  UNION ALL
  SELECT service, until_at, 0 - is_arranged, is_arranged - 1 FROM inside WHERE kind <> 'failover'
),
moments AS (
  SELECT service, edge_at, whole_sum(arranged) AS arranged, whole_sum(down) AS down FROM edges GROUP BY service, edge_at
),
depths AS (
  SELECT service, edge_at,
    whole_sum(arranged) OVER (PARTITION BY service ORDER BY edge_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS arranged,
    whole_sum(down) OVER (PARTITION BY service ORDER BY edge_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS down
  FROM moments
),
-- Arranged maintenance takes its time out of all else; what is down beside it is down.
states AS (
  SELECT service, edge_at, CASE WHEN arranged > 0 THEN 'arranged' WHEN down > 0 THEN 'down' ELSE 'up' END AS state FROM depths
),
turns AS (
  SELECT service, edge_at, state, coalesce(lag(state) OVER (PARTITION BY service ORDER BY edge_at), 'up') AS state_before FROM states
),
stretches AS (
  SELECT service, state, edge_at, lead(edge_at) OVER (PARTITION BY service ORDER BY edge_at) AS until_at
  FROM turns WHERE state <> state_before
),
-- Complete minutes of each stretch: 299 s are four, 30 s none (domain.md 15.3).
minutes AS (
  SELECT service,
    coalesce(whole_sum(CASE WHEN state = 'arranged' THEN whole_div(until_at - edge_at, 60000000) END), 0) AS arranged_minutes,
    coalesce(whole_sum(CASE WHEN state = 'down' THEN whole_div(until_at - edge_at, 60000000) END), 0) AS down_minutes
  FROM stretches
  WHERE state <> 'up'
  GROUP BY service
),
counts AS (
  SELECT service, count(*) AS outages, count_where(kind = 'failover') AS failovers,
    count_where(kind = 'unplanned' AND incident_id IS NULL) AS unrecorded,
    count_where(kind = 'planned' AND NOT is_compliant) AS not_compliant,
    count_where(is_untimely) AS untimely, count_where(is_open) AS still_down,
    count_where(kind NOT IN ('planned', 'unplanned', 'failover')) AS unknown_kind
  FROM inside
  GROUP BY service
),
-- A service without an outage was there all the month: the list of outages says so by leaving it out.
services AS (
  SELECT service FROM outage_services
  UNION
  SELECT service FROM counts
)
SELECT day_of(:start_at) AS day, :start_at AS began_at, s.service, whole_div(:end_at - :start_at, 60000000) AS month_minutes,
  coalesce(m.arranged_minutes, 0) AS maintenance_minutes,
  whole_div(:end_at - :start_at, 60000000) - coalesce(m.arranged_minutes, 0) AS tap_minutes,
  coalesce(m.down_minutes, 0) AS down_minutes,
  whole_div(:end_at - :start_at, 60000000) - coalesce(m.arranged_minutes, 0) - coalesce(m.down_minutes, 0) AS available_minutes,
  whole_div(:end_at - :start_at, 60000000) - coalesce(m.down_minutes, 0) AS month_available_minutes,
  coalesce(c.outages, 0) AS outage_count, coalesce(c.failovers, 0) AS failover_count, coalesce(c.unrecorded, 0) AS no_incident_count,
  coalesce(c.not_compliant, 0) AS not_compliant_count, coalesce(c.untimely, 0) AS untimely_count,
  coalesce(c.still_down, 0) AS still_down_count, coalesce(c.unknown_kind, 0) AS unknown_kind_count,
  s.service = 'ssi' AND coalesce(m.arranged_minutes, 0) > l.limit_minutes AS is_over_limit,
  '' AS set_aside
FROM services s CROSS JOIN maintenance_limit l
  LEFT JOIN minutes m ON m.service = s.service
  LEFT JOIN counts c ON c.service = s.service
"""
