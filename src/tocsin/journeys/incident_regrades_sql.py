"""The SQL text of category changes: the incident journey's episodes, and what was left of each clock when a category was changed."""

from tocsin.journeys.incident_clocks_sql import EPISODES

SQL = f"""{EPISODES},
regraded AS (
  SELECT n.incident_id, n.episode, n.place, n.changed_at, n.category_before AS from_category, n.category AS to_category,
    b.submitted_at, b.last_place
  FROM numbered n JOIN bounded b ON b.incident_id = n.incident_id AND b.episode = n.episode
  WHERE n.category <> n.category_before AND n.changed_at >= :start_at AND n.changed_at < :end_at
),
-- Whose it was is asked as at the change; whether the DCC must resolve it, by all that is known.
facts AS (
  SELECT r.incident_id, r.episode, r.place, r.changed_at, r.from_category, r.to_category, r.submitted_at,
    latest(c.resolver_group, c.place, c.resolver_group IS NOT NULL AND c.place <= r.place) AS resolver_group,
    latest(c.responsible_party, c.place, c.responsible_party IS NOT NULL) AS responsible_party,
    latest(c.exclusion, c.place, c.exclusion IS NOT NULL) AS exclusion,
    latest(c.status, c.place, TRUE) AS last_status,
    latest(c.is_over, c.place, c.place < r.place AND c.episode = r.episode) AS was_over,
    min(CASE WHEN c.episode = r.episode AND c.status NOT IN ('new', 'reopened') THEN c.changed_at END) AS responded_at,
    coalesce(whole_sum(CASE WHEN c.episode = r.episode AND c.place < r.place AND (c.is_pausing OR c.is_over)
      THEN greatest_of(least_of(coalesce(c.until_at, r.changed_at), r.changed_at) - greatest_of(c.changed_at, r.submitted_at), 0)
      ELSE 0 END), 0) AS paused_us
  FROM regraded r JOIN numbered c ON c.incident_id = r.incident_id AND c.place <= r.last_place
  GROUP BY r.incident_id, r.episode, r.place, r.changed_at, r.from_category, r.to_category, r.submitted_at
),
-- The initial response clock stands from the first response on; the resolution clock while the Incident waits or is over.
clocks AS (
  SELECT incident_id, episode, place, changed_at, 'initial_response' AS clock, from_category, to_category, resolver_group,
    responsible_party, exclusion, last_status, submitted_at,
    least_of(coalesce(responded_at, changed_at), changed_at) - submitted_at AS spent_us,
    responded_at IS NULL OR responded_at >= changed_at AS is_running
  FROM facts
  UNION ALL
  SELECT incident_id, episode, place, changed_at, 'resolution', from_category, to_category, resolver_group,
    responsible_party, exclusion, last_status, submitted_at,
    changed_at - submitted_at - paused_us,
    NOT coalesce(was_over, FALSE)
  FROM facts
),
judged AS (
  SELECT k.incident_id, k.episode, k.place, k.changed_at, k.clock, k.from_category, k.to_category, k.resolver_group, k.responsible_party,
    k.exclusion, k.last_status, k.submitted_at, k.spent_us, k.is_running, o.target_us, n.target_us AS new_target_us,
    o.target_us - k.spent_us AS left_us, n.target_us > o.target_us AS is_eased
  FROM clocks k LEFT JOIN incident_targets o ON o.category = k.from_category AND o.clock = k.clock
    LEFT JOIN incident_targets n ON n.category = k.to_category AND n.clock = k.clock
)
SELECT day_of(j.changed_at) AS day, j.changed_at AS began_at, j.incident_id, j.episode, j.place, j.clock, j.from_category, j.to_category,
  coalesce(j.resolver_group, s.resolver_group, 'UNASSIGNED') AS resolver_group,
  coalesce(j.responsible_party, s.responsible_party, 'dcc') AS responsible_party,
  coalesce(j.exclusion, s.exclusion, CASE WHEN j.last_status = 'cancelled' THEN 'cancelled' ELSE '' END) AS exclusion,
  j.submitted_at, j.spent_us, j.target_us, j.new_target_us, j.left_us,
  CASE WHEN j.left_us >= 0 THEN whole_div(j.left_us, 60000000) ELSE 0 - whole_div(0 - j.left_us, 60000000) END AS minutes_before_breach,
  j.is_running, coalesce(j.is_eased, FALSE) AS is_eased,
  coalesce(j.is_eased AND (j.left_us < 0 OR (j.is_running AND j.left_us * 100 <= j.target_us * w.near_breach_percent)), FALSE) AS is_near,
  CASE WHEN j.spent_us < 0 THEN 'negative_span' ELSE '' END AS set_aside
FROM judged j CROSS JOIN incident_settings w LEFT JOIN snapshot s ON s.incident_id = j.incident_id
"""
