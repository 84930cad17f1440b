"""The SQL of the lists: each Incident's record on each side, the hub it is of, and whether it is of that hub's 8.14.2 (domain.md 10.3)."""

# A CSP's lists of received and of closed are one record; the raised list is the DSP's, out of the Service Management System.
RECORD_PARTS = """
listed AS (
  SELECT CASE list_kind WHEN 'raised' THEN 'raised' WHEN 'received' THEN 'csp' WHEN 'closed' THEN 'csp' ELSE 'unknown' END AS side,
    coalesce(service_provider, 'UNKNOWN') AS service_provider, incident_id, category, submitted_at, closed_at, comms_hub_id, mpxn,
    coalesce(region_words.region, no_sm_wan_incidents.region) AS region, outcome, exception,
    -- The same line of a list told again on a later day: the last told stands.
    row_number() OVER (
      PARTITION BY incident_id, list_kind, no_sm_wan_incidents.service_provider
      ORDER BY coalesce(listed_at, 0) DESC, delivery_no DESC, line DESC
    ) AS copy
  FROM no_sm_wan_incidents LEFT JOIN region_words ON region_words.word = no_sm_wan_incidents.region
  WHERE submitted_at <= :as_at AND (listed_at IS NULL OR listed_at <= :as_at)
),
told_records AS (
  SELECT side, service_provider, incident_id, side || ' ' || service_provider || ' ' || incident_id AS record,
    max(comms_hub_id) AS told_hub, max(mpxn) AS mpxn, min(submitted_at) AS submitted_at, max(closed_at) AS closed_at,
    min(closed_at) AS first_closed_at, min(category) AS least_category, max(category) AS most_category,
    min(region) AS least_region, max(region) AS most_region, min(outcome) AS least_outcome, max(outcome) AS outcome,
    max(exception) AS exception
  FROM listed
  WHERE copy = 1
  GROUP BY side, service_provider, incident_id
),
-- A record that names no hub is of the hub that another record of the same premises names, if their dates lie near; of several the nearest.
near_hubs AS (
  SELECT r.record, n.told_hub AS near_hub,
    row_number() OVER (PARTITION BY r.record ORDER BY abs(day_of(r.submitted_at) - day_of(n.submitted_at)), n.told_hub) AS place
  FROM told_records r JOIN told_records n ON n.mpxn = r.mpxn CROSS JOIN install_limits w
  WHERE r.told_hub IS NULL AND n.told_hub IS NOT NULL AND abs(day_of(r.submitted_at) - day_of(n.submitted_at)) <= w.match_days
),
-- Where neither side names a hub, a CSP's record stands with the Incident of the same premises.
near_incidents AS (
  SELECT r.record, n.record AS raised_record,
    row_number() OVER (PARTITION BY r.record ORDER BY abs(day_of(r.submitted_at) - day_of(n.submitted_at)), n.record) AS place
  FROM told_records r JOIN told_records n ON n.mpxn = r.mpxn CROSS JOIN install_limits w
  WHERE r.side = 'csp' AND n.side = 'raised' AND r.told_hub IS NULL AND n.told_hub IS NULL
    AND abs(day_of(r.submitted_at) - day_of(n.submitted_at)) <= w.match_days
),
placed AS (
  SELECT r.side, r.service_provider, r.incident_id, r.mpxn, r.submitted_at, r.closed_at, r.first_closed_at, r.least_category,
    r.most_category, r.least_region, r.most_region, r.least_outcome, r.outcome, r.exception,
    coalesce(r.told_hub, h.near_hub) AS record_hub,
    CASE WHEN coalesce(r.told_hub, h.near_hub) IS NULL THEN coalesce(i.raised_record, r.record) ELSE '' END AS anchor
  FROM told_records r
  LEFT JOIN near_hubs h ON h.record = r.record AND h.place = 1
  LEFT JOIN near_incidents i ON i.record = r.record AND i.place = 1
),
-- An Incident closed before the 8.14.2 came was of an earlier installation; a time of closing before that of submission tells nothing.
linked AS (
  SELECT p.side, p.service_provider, p.incident_id, p.mpxn, p.submitted_at, p.closed_at, p.first_closed_at, p.least_category,
    p.most_category, p.least_region, p.most_region, p.least_outcome, p.outcome, p.exception, p.record_hub, p.anchor,
    h.no_wan_at IS NOT NULL AND coalesce(p.closed_at >= h.no_wan_at OR p.closed_at < p.submitted_at, TRUE) AS is_of_update
  FROM placed p LEFT JOIN hubs h ON h.hub_key = p.record_hub
),
-- Another hub at the same premises later: this one was replaced.
homes AS (
  SELECT record_hub, mpxn, min(submitted_at) AS submitted_at
  FROM placed WHERE record_hub IS NOT NULL AND mpxn IS NOT NULL GROUP BY record_hub, mpxn
),
successors AS (
  SELECT a.record_hub AS former_hub, min(b.submitted_at) AS succeeded_at
  FROM homes a JOIN homes b ON b.mpxn = a.mpxn
  WHERE b.record_hub <> a.record_hub AND b.submitted_at > a.submitted_at
  GROUP BY a.record_hub
),
subjects AS (
  SELECT
    record_hub, anchor, is_of_update,
    count_where(side = 'raised') > 0 AS is_raised,
    count_where(side = 'csp') > 0 AS is_listed,
    count_where(side = 'unknown') > 0 AND count_where(side <> 'unknown') = 0 AS is_of_no_list,
    min(submitted_at) AS submitted_at,
    max(closed_at) AS closed_at,
    earliest(incident_id, submitted_at, side = 'raised') AS raised_id,
    earliest(incident_id, submitted_at, side <> 'raised') AS csp_id,
    max(CASE WHEN service_provider <> 'UNKNOWN' THEN service_provider END) AS service_provider,
    max(most_region) AS region,
    latest(outcome, closed_at, side = 'csp') AS outcome,
    max(exception) AS exception,
    min(CASE WHEN outcome = 'connected' THEN closed_at END) AS list_connected_at,
    min(CASE WHEN outcome = 'replaced' THEN closed_at END) AS list_replaced_at,
    count_where(outcome = 'not_achievable' OR (exception IS NOT NULL AND closed_at IS NOT NULL)) > 0 AS is_not_achievable,
    min(least_category) <> max(most_category) AS is_category_told_twice,
    min(mpxn) <> max(mpxn) AS is_mpxn_told_twice,
    min(least_region) <> max(most_region) AS is_region_told_twice,
    count_where(first_closed_at <> closed_at) > 0
      OR max(CASE WHEN side = 'raised' THEN closed_at END) <> max(CASE WHEN side = 'csp' THEN closed_at END) AS is_closing_told_twice,
    count_where(least_outcome <> outcome) > 0 AS is_outcome_told_twice,
    count_where(first_closed_at < submitted_at) > 0 AS is_closed_before_submitted
  FROM linked
  GROUP BY record_hub, anchor, is_of_update
),
-- What the lists add to what the trail tells of a hub.
hubs_with_lists AS (
  SELECT
    h.hub_key, h.first_at, h.first_srv, h.first_request_key, h.no_wan_at, h.no_wan_request_key, h.update_count, h.connected_at,
    h.connected_by, h.returned_at, h.region, h.service_provider,
    day_of(:as_at) - day_of(h.first_at) AS age_days,
    s.list_connected_at,
    h.returned_at IS NOT NULL OR s.list_replaced_at IS NOT NULL OR n.succeeded_at IS NOT NULL AS is_replaced,
    coalesce(s.is_not_achievable, FALSE) AS is_not_achievable,
    coalesce(s.exception, '') AS exception,
    coalesce(s.raised_id, s.csp_id, '') AS incident_id
  FROM hubs h
  LEFT JOIN subjects s ON s.record_hub = h.hub_key AND s.is_of_update
  LEFT JOIN successors n ON n.former_hub = h.hub_key
),
stated AS (
  SELECT
    h.hub_key, first_at, first_srv, first_request_key, no_wan_at, no_wan_request_key, update_count, connected_at, connected_by,
    returned_at, region, service_provider, age_days, list_connected_at, exception, incident_id,
    CASE WHEN returned_at IS NOT NULL THEN 'replaced' WHEN connected_at IS NOT NULL THEN 'commissioned'
      WHEN age_days > w.decision_days THEN 'left' ELSE 'pending_90' END AS trail_state,
    CASE WHEN is_replaced THEN 'replaced' WHEN connected_at IS NOT NULL OR list_connected_at IS NOT NULL THEN 'commissioned'
      WHEN age_days > w.decision_days OR is_not_achievable THEN 'left' ELSE 'pending_90' END AS state,
    coalesce(day_of(connected_at) - day_of(first_at) <= w.decision_days, FALSE) AS is_within_90_by_trail,
    coalesce(day_of(least_of(connected_at, list_connected_at)) - day_of(first_at) <= w.decision_days, FALSE) AS is_within_90,
    age_days > w.decision_days AS is_decided
  FROM hubs_with_lists h CROSS JOIN install_limits w
)"""
