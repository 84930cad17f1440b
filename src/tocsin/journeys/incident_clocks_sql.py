"""The SQL text of the incident journeys, in the kernel's words; each step says what it adds."""

# From the lines of the log to the episodes of each Incident, as far as they are known at :as_at; other journeys begin with it too.
EPISODES = """
WITH
-- Two rows with the same key are one change told twice; the copy delivered last stands.
told AS (
  SELECT incident_id, changed_at, coalesce(sequence, 0) AS sequence, status, pending_reason, category, resolver_group, responsible_party,
    submitted_at, reported_met, exclusion, delivery_no, line,
    row_number() OVER (
      PARTITION BY incident_id, changed_at, sequence, status, pending_reason, category, resolver_group
      ORDER BY delivery_no DESC, line DESC
    ) AS copy
  FROM incident_log
  WHERE changed_at <= :as_at
),
-- An extract that tells no time of its own is of the end of what its file covers: an older day's that comes late is older still.
extracts AS (
  SELECT i.incident_id, i.submitted_at, i.category, i.resolver_group, i.responsible_party, i.status, i.resolved_at, i.closed_at,
    i.reported_met, i.exclusion, i.delivery_no, i.line,
    row_number() OVER (
      PARTITION BY i.incident_id
      ORDER BY coalesce(i.extracted_at, d.covers_end_at, d.received_at, 0) DESC, coalesce(d.received_at, 0) DESC, i.delivery_no DESC,
        i.line DESC
    ) AS copy
  FROM incidents i LEFT JOIN deliveries d ON d.delivery_no = i.delivery_no
  WHERE i.extracted_at IS NULL OR i.extracted_at <= :as_at
),
snapshot AS (
  SELECT incident_id, submitted_at, category, resolver_group, responsible_party, status, coalesce(resolved_at, closed_at) AS resolved_at,
    reported_met, exclusion, delivery_no, line, status IN ('resolved', 'closed', 'cancelled') AS is_over
  FROM extracts
  WHERE copy = 1
),
logged AS (SELECT incident_id, 1 AS is_logged FROM told GROUP BY incident_id),
-- An Incident with a snapshot and no log still counts: its submission and its resolution are all that is known of it.
unlogged AS (
  SELECT s.incident_id, s.submitted_at, s.resolved_at, s.status, s.is_over, s.delivery_no, s.line
  FROM snapshot s LEFT JOIN logged l ON l.incident_id = s.incident_id
  WHERE l.is_logged IS NULL
),
changes AS (
  SELECT incident_id, changed_at, sequence, status, pending_reason, category, resolver_group, responsible_party, submitted_at,
    reported_met, exclusion, delivery_no, line, 1 AS is_logged
  FROM told WHERE copy = 1
  UNION ALL
  SELECT incident_id, submitted_at, -1, 'new', CAST(NULL AS VARCHAR), CAST(NULL AS BIGINT), CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR),
    submitted_at, CAST(NULL AS BOOLEAN), CAST(NULL AS VARCHAR), delivery_no, line, 0
  FROM unlogged
  UNION ALL
  SELECT incident_id, resolved_at, 0, status, CAST(NULL AS VARCHAR), CAST(NULL AS BIGINT), CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR),
    submitted_at, CAST(NULL AS BOOLEAN), CAST(NULL AS VARCHAR), delivery_no, line, 0
  FROM unlogged WHERE is_over AND resolved_at IS NOT NULL
),
ordered AS (
  SELECT c.incident_id, c.changed_at, c.status, c.category, c.resolver_group, c.responsible_party, c.submitted_at, c.reported_met,
    c.exclusion, c.is_logged, c.status IN ('resolved', 'closed', 'cancelled') AS is_over,
    c.status = 'pending' AND s.pending_reason IS NOT NULL AS is_pausing,
    row_number() OVER (PARTITION BY c.incident_id ORDER BY c.changed_at, c.sequence, c.delivery_no, c.line) AS place
  FROM changes c LEFT JOIN clock_stops s ON s.pending_reason = c.pending_reason
),
stepped AS (
  SELECT incident_id, changed_at, status, category, resolver_group, responsible_party, submitted_at, reported_met, exclusion, is_logged,
    is_over, is_pausing, place,
    coalesce(lag(is_over) OVER (PARTITION BY incident_id ORDER BY place), FALSE) AS was_over,
    lead(changed_at) OVER (PARTITION BY incident_id ORDER BY place) AS until_at,
    -- The category held before this change: the place stands in front, so the greatest number is of the last change that told one.
    max(CASE WHEN category IS NOT NULL THEN place * 10 + category END)
      OVER (PARTITION BY incident_id ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) % 10 AS category_before
  FROM ordered
),
-- Over since: a second row saying resolved or closed, with nothing between, does not move the resolution.
ends AS (
  SELECT incident_id, changed_at, status, category, resolver_group, responsible_party, submitted_at, reported_met, exclusion, is_logged,
    is_over, is_pausing, place, was_over, until_at, category_before,
    max(CASE WHEN is_over AND NOT was_over THEN changed_at END)
      OVER (PARTITION BY incident_id ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS over_since_at
  FROM stepped
),
numbered AS (
  SELECT incident_id, changed_at, status, category, resolver_group, responsible_party, submitted_at, reported_met, exclusion, is_logged,
    is_over, is_pausing, place, was_over, until_at, category_before,
    1 + whole_sum(CASE WHEN was_over AND NOT is_over AND changed_at - over_since_at > w.reopen_window_us THEN 1 ELSE 0 END)
      OVER (PARTITION BY incident_id ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS episode
  FROM ends CROSS JOIN incident_settings w
),
episodes AS (
  SELECT incident_id, episode, min(changed_at) AS first_at, min(submitted_at) AS told_submitted_at, max(is_logged) AS is_logged,
    max(place) AS last_place,
    max(CASE WHEN is_over AND NOT was_over THEN changed_at END) AS over_at,
    max(CASE WHEN is_over AND NOT was_over THEN place END) AS over_place,
    max(CASE WHEN is_over THEN place END) AS last_over_place
  FROM numbered
  GROUP BY incident_id, episode
),
bounded AS (
  SELECT e.incident_id, e.episode, e.is_logged, e.last_place, e.over_place,
    CASE WHEN e.episode = 1 THEN coalesce(e.told_submitted_at, s.submitted_at, e.first_at) ELSE e.first_at END AS submitted_at,
    CASE WHEN e.last_over_place = e.last_place THEN e.over_at END AS resolved_at,
    e.is_logged = 0 AND s.is_over AND s.resolved_at IS NULL AS is_over_untold
  FROM episodes e LEFT JOIN snapshot s ON s.incident_id = e.incident_id
)
"""

SQL = f"""{EPISODES},
-- An Incident is resolved in the period by all that is known at :as_at; an open one is looked at as it stood at the period's end.
seen AS (
  SELECT incident_id, episode, is_logged, last_place, submitted_at, is_over_untold,
    CASE WHEN resolved_at < :end_at THEN 'resolved' ELSE 'open' END AS state,
    CASE WHEN resolved_at < :end_at THEN resolved_at END AS resolved_at,
    CASE WHEN resolved_at < :end_at THEN resolved_at ELSE least_of(:end_at, :as_at) END AS until_at,
    CASE WHEN resolved_at < :end_at THEN :as_at + 1 ELSE least_of(:end_at, :as_at) END AS told_before_at,
    CASE WHEN resolved_at < :end_at THEN over_place ELSE last_place END AS owner_place
  FROM bounded
  WHERE (resolved_at >= :start_at AND resolved_at < :end_at)
    OR ((resolved_at IS NULL OR resolved_at >= :end_at) AND submitted_at < least_of(:end_at, :as_at))
),
facts AS (
  SELECT e.incident_id, e.episode, e.is_logged, e.state, e.submitted_at, e.resolved_at, e.until_at, e.is_over_untold,
    latest(c.category, c.place, c.category IS NOT NULL) AS category,
    earliest(coalesce(c.category_before, c.category), c.place,
      c.episode = e.episode AND coalesce(c.category_before, c.category) IS NOT NULL) AS first_category,
    count_where(c.episode = e.episode AND c.category <> c.category_before) AS category_changes,
    latest(c.resolver_group, c.place, c.resolver_group IS NOT NULL AND c.place <= e.owner_place) AS resolver_group,
    latest(c.responsible_party, c.place, c.responsible_party IS NOT NULL) AS responsible_party,
    latest(c.exclusion, c.place, c.exclusion IS NOT NULL) AS exclusion,
    latest(c.status, c.place, TRUE) AS last_status,
    latest(c.reported_met, c.place, c.reported_met IS NOT NULL) AS reported_met,
    min(CASE WHEN c.is_logged = 1 AND c.episode = e.episode AND c.status NOT IN ('new', 'reopened') THEN c.changed_at END)
      AS responded_at,
    coalesce(whole_sum(CASE WHEN c.episode = e.episode AND (c.is_pausing OR c.is_over)
      THEN greatest_of(least_of(coalesce(c.until_at, e.until_at), e.until_at) - greatest_of(c.changed_at, e.submitted_at), 0)
      ELSE 0 END), 0) AS paused_us
  -- Left: an open Incident whose log begins after the period's end was submitted in it all the same.
  FROM seen e LEFT JOIN numbered c
    ON c.incident_id = e.incident_id AND c.place <= e.last_place AND c.changed_at < e.told_before_at
  GROUP BY e.incident_id, e.episode, e.is_logged, e.state, e.submitted_at, e.resolved_at, e.until_at, e.is_over_untold
),
filled AS (
  SELECT f.incident_id, f.episode, f.is_logged, f.state, f.submitted_at, f.resolved_at, f.until_at, f.is_over_untold, f.responded_at,
    f.category_changes, f.paused_us, coalesce(f.category, s.category, 0) AS category,
    coalesce(f.first_category, s.category, 0) AS first_category,
    coalesce(f.resolver_group, s.resolver_group, 'UNASSIGNED') AS resolver_group,
    coalesce(f.responsible_party, s.responsible_party, 'dcc') AS responsible_party,
    coalesce(f.exclusion, s.exclusion, CASE WHEN f.last_status = 'cancelled' THEN 'cancelled' ELSE '' END) AS exclusion,
    coalesce(f.reported_met, s.reported_met) AS reported_met
  FROM facts f LEFT JOIN snapshot s ON s.incident_id = f.incident_id
),
-- The initial response clock is never stopped by waiting.
clocks AS (
  SELECT incident_id, episode, 'initial_response' AS clock, category, first_category, category_changes, resolver_group, responsible_party,
    exclusion, state, submitted_at, until_at, responded_at AS ended_at, 0 AS paused_us, reported_met,
    CASE WHEN is_logged = 0 THEN 'no_log' ELSE '' END AS unknown
  FROM filled
  UNION ALL
  SELECT incident_id, episode, 'resolution', category, first_category, category_changes, resolver_group, responsible_party,
    exclusion, state, submitted_at, until_at, resolved_at, paused_us, reported_met,
    CASE WHEN is_over_untold THEN 'no_resolution_time' ELSE '' END
  FROM filled
),
timed AS (
  SELECT incident_id, episode, clock, category, first_category, category_changes, resolver_group, responsible_party, exclusion, state,
    submitted_at, ended_at, coalesce(ended_at, until_at) - submitted_at AS elapsed_us, paused_us, reported_met, unknown,
    CASE WHEN state = 'resolved' THEN until_at ELSE until_at - 1 END AS began_at
  FROM clocks
)
SELECT day_of(t.began_at) AS day, t.began_at, t.incident_id, t.episode, t.clock, t.category, t.first_category, t.category_changes,
  t.resolver_group, t.responsible_party, t.exclusion, t.state, t.submitted_at, t.ended_at, t.elapsed_us, t.paused_us,
  t.elapsed_us - t.paused_us AS span_us, g.target_us,
  coalesce(t.ended_at IS NOT NULL AND t.elapsed_us - t.paused_us <= g.target_us, FALSE) AS is_met,
  coalesce(t.state = 'open' AND t.elapsed_us - t.paused_us > g.target_us, FALSE) AS is_breached_open,
  t.reported_met,
  CASE WHEN t.unknown <> '' THEN t.unknown WHEN t.elapsed_us - t.paused_us < 0 THEN 'negative_span' ELSE '' END AS set_aside
FROM timed t LEFT JOIN incident_targets g ON g.category = t.category AND g.clock = t.clock
"""
