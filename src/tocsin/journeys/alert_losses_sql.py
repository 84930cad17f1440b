"""The SQL text of losses of alerts between two ends of a leg, in the kernel's words; each step says what it adds."""

from tocsin.journeys.alert_facts import LOOK_US, QUARTER_US
from tocsin.vocabulary.instants import DAY_US

# A quarter-hour to either side of the period, for what crosses its edges.
_EDGE = 2 * QUARTER_US

_GROUP = "leg, service_provider, slice_at"
_NEXT = "lead({0}) OVER (PARTITION BY leg, service_provider ORDER BY slice_at)"
_LAST = "lag({0}) OVER (PARTITION BY leg, service_provider ORDER BY slice_at)"


def _slice(at: str) -> str:
    return f"whole_div({at}, {QUARTER_US}) * {QUARTER_US}"


# A bucket is a day of quarter-hours, with the day after it (what was received in the one is passed on by then, or lost) and with the last
# quarter-hours before it, which are its neighbours.
_IN_BUCKET = f"""(
    :buckets = 1 OR (day_of(s.observed_at) % :buckets) = :bucket OR ((day_of(s.observed_at) - 1) % :buckets) = :bucket
    OR (((day_of(s.observed_at) + 1) % :buckets) = :bucket AND s.observed_at % {DAY_US} >= {DAY_US - _EDGE})
  )"""

# The steps up to both ends of each leg, and whose rows they are of.
ENDS = f"""
told AS (
  SELECT s.alert_key,
    min(s.observed_at) FILTER (WHERE s.stage = 'd' AND NOT coalesce(o.is_dsp, FALSE)) AS passed_at,
    min(o.service_provider) FILTER (WHERE s.stage = 'd' AND NOT coalesce(o.is_dsp, FALSE)) AS passed_by,
    min(s.observed_at) FILTER (WHERE s.stage = 'e' AND o.is_dsp) AS received_at,
    min(s.observed_at) FILTER (WHERE s.stage = 'f' AND o.is_dsp) AS forwarded_at,
    min(s.service_provider) AS service_provider,
    min(coalesce(s.kind, k.kind)) AS kind,
    count_where(coalesce(s.is_consolidated, FALSE)) > 0 AS is_held,
    count_where(coalesce(k.is_raised_by_hub, FALSE)) > 0 AS is_raised_by_hub
  FROM alert_stages s JOIN deliveries d ON d.delivery_no = s.delivery_no LEFT JOIN alert_senders o ON o.sender = d.sender
    LEFT JOIN alert_code_facts k ON k.alert_code = s.alert_code
  WHERE s.stage IN ('d', 'e', 'f') AND s.observed_at >= :start_at - {LOOK_US} AND s.observed_at < :end_at + {LOOK_US}
    AND {_IN_BUCKET}
  GROUP BY s.alert_key
),
followed AS (
  SELECT alert_key, passed_at, passed_by, received_at, service_provider, kind, is_held, is_raised_by_hub, lost_after_us,
    coalesce(forwarded_at - received_at < least_of(lost_after_us, {DAY_US}), FALSE) AS is_forwarded
  FROM told CROSS JOIN alert_limits
),
-- Both ends of each leg, in the quarter-hour of each end's own stamp, one by one where there are records.
record_ends AS (
  SELECT 'provider_to_dsp' AS leg, {_slice("passed_at")} AS slice_at, passed_by AS service_provider, 1 AS passed, 0 AS arrived,
    0 AS held, 0 AS still_open, alert_key
  FROM followed WHERE passed_at IS NOT NULL AND passed_by IS NOT NULL
  UNION ALL
  -- What begins inside the DCC is passed to the DSP by nobody.
  SELECT 'provider_to_dsp', {_slice("received_at")}, coalesce(service_provider, passed_by, 'all'), 0, 1, 0, 0, alert_key
  FROM followed WHERE received_at IS NOT NULL AND NOT (coalesce(kind, 'device') = 'dcc' AND NOT is_raised_by_hub)
  UNION ALL
  -- Inside the DSP each alert is followed by its key: received = passed on + held back + still waiting + lost.
  SELECT 'inside_dsp', {_slice("received_at")}, coalesce(service_provider, passed_by, 'all'), 1,
    CASE WHEN is_forwarded THEN 1 ELSE 0 END,
    CASE WHEN NOT is_forwarded AND is_held THEN 1 ELSE 0 END,
    CASE WHEN NOT is_forwarded AND NOT is_held AND :as_at < received_at + lost_after_us THEN 1 ELSE 0 END, alert_key
  FROM followed WHERE received_at IS NOT NULL
),
counts AS (
  SELECT c.slice_at, c.stage, coalesce(o.is_dsp, FALSE) AS is_dsp,
    coalesce(c.service_provider, o.service_provider, 'all') AS service_provider,
    c.alert_code, c.alert_count, coalesce(c.consolidated_count, 0) AS held_count,
    row_number() OVER (
      PARTITION BY d.sender, c.slice_at, c.stage, c.alert_code, c.region, c.service_provider
      ORDER BY d.received_at DESC, c.delivery_no DESC, c.line DESC
    ) AS copy,
    count(c.alert_code) OVER (PARTITION BY d.sender, c.slice_at, c.stage) AS with_code,
    count(c.region) OVER (PARTITION BY d.sender, c.slice_at, c.stage) AS with_region,
    count(c.service_provider) OVER (PARTITION BY d.sender, c.slice_at, c.stage) AS with_provider,
    c.region, c.service_provider AS told_provider, c.delivery_no, c.line
  FROM alert_counts c JOIN deliveries d ON d.delivery_no = c.delivery_no LEFT JOIN alert_senders o ON o.sender = d.sender
  WHERE c.stage IN ('d', 'e', 'f') AND c.slice_at >= :start_at - {_EDGE} AND c.slice_at < :end_at + {_EDGE}
),
-- And by the sender's counts: of each end, where there are no records of it.
standing AS (
  SELECT slice_at, stage, is_dsp, service_provider, alert_count, held_count, delivery_no, line
  FROM counts
  WHERE copy = 1 AND (alert_code IS NOT NULL OR with_code = 0) AND (region IS NOT NULL OR with_region = 0)
    AND (told_provider IS NOT NULL OR with_provider = 0)
),
count_ends AS (
  SELECT 'provider_to_dsp' AS leg, NOT is_dsp AS is_start, slice_at, service_provider, alert_count, 0 AS held_count, delivery_no, line
  FROM standing WHERE (stage = 'd' AND NOT is_dsp) OR (stage = 'e' AND is_dsp)
  UNION ALL
  SELECT 'inside_dsp', stage = 'e', slice_at, service_provider, alert_count, CASE WHEN stage = 'e' THEN held_count ELSE 0 END,
    delivery_no, line
  FROM standing WHERE stage IN ('e', 'f') AND is_dsp
)"""

SQL = f"""
WITH {ENDS},
ends AS (
  SELECT leg, slice_at, service_provider, passed, arrived, held, still_open, 0 AS passed_counted, 0 AS arrived_counted,
    0 AS held_counted
  FROM record_ends
  UNION ALL
  SELECT leg, slice_at, service_provider, 0, 0, 0, 0, CASE WHEN is_start THEN alert_count ELSE 0 END,
    CASE WHEN is_start THEN 0 ELSE alert_count END, held_count
  FROM count_ends
),
-- Who sent a file that covers a quarter-hour; of a sender whose files cover longer, or say nothing of time, all of theirs.
covered AS (
  SELECT sender, {_slice("covers_start_at")} AS slice_at FROM deliveries
  WHERE covers_end_at - covers_start_at <= {QUARTER_US} GROUP BY sender, {_slice("covers_start_at")}
),
loosely AS (
  SELECT sender FROM deliveries WHERE covers_start_at IS NULL OR covers_end_at - covers_start_at > {QUARTER_US} GROUP BY sender
),
dsp AS (SELECT min(sender) AS sender FROM alert_senders WHERE is_dsp),
slices AS (
  SELECT {_GROUP},
    CASE WHEN whole_sum(passed) > 0 THEN whole_sum(passed) ELSE whole_sum(passed_counted) END AS passed_count,
    CASE WHEN whole_sum(arrived) > 0 THEN whole_sum(arrived) ELSE whole_sum(arrived_counted) END AS arrived_count,
    CASE WHEN whole_sum(passed) > 0 THEN whole_sum(held) ELSE whole_sum(held_counted) END AS consolidated_count,
    whole_sum(still_open) AS open_count
  FROM ends
  WHERE slice_at >= :start_at - {_EDGE} AND slice_at < :end_at + {_EDGE}
  GROUP BY {_GROUP}
),
-- Two ends are compared only where both have told the quarter-hour: a file that is not in must not pass for a loss.
compared AS (
  SELECT s.leg, s.service_provider, s.slice_at, s.passed_count, s.arrived_count, s.consolidated_count, s.open_count,
    s.passed_count - s.arrived_count - s.consolidated_count - s.open_count AS difference
  FROM slices s CROSS JOIN dsp
    LEFT JOIN covered own ON own.sender = s.service_provider AND own.slice_at = s.slice_at
    LEFT JOIN covered far ON far.sender = dsp.sender AND far.slice_at = s.slice_at
    LEFT JOIN alert_stages_told t ON t.sender = s.service_provider AND t.stage = 'd'
    LEFT JOIN loosely own_loose ON own_loose.sender = s.service_provider
    LEFT JOIN loosely far_loose ON far_loose.sender = dsp.sender
  WHERE s.leg = 'inside_dsp' OR (
    coalesce(t.is_provided, TRUE) AND (own.sender IS NOT NULL OR own_loose.sender IS NOT NULL)
    AND (far.sender IS NOT NULL OR far_loose.sender IS NOT NULL)
  )
),
neighbours AS (
  SELECT {_GROUP}, passed_count, arrived_count, consolidated_count, open_count,
    greatest_of(difference, 0) AS lacking, greatest_of(-difference, 0) AS beyond,
    coalesce({_NEXT.format("slice_at")} = slice_at + {QUARTER_US}, FALSE) AS has_next,
    coalesce({_LAST.format("slice_at")} = slice_at - {QUARTER_US}, FALSE) AS has_last,
    coalesce({_NEXT.format("greatest_of(-difference, 0)")}, 0) AS beyond_next,
    coalesce({_LAST.format("greatest_of(difference, 0)")}, 0) AS lacking_last
  FROM compared
),
-- What one quarter-hour lacks the next may have too many of: it was on its way; then, for clocks that differ, the one before (7.3).
later AS (
  SELECT {_GROUP}, passed_count, arrived_count, consolidated_count, open_count, has_next, has_last,
    CASE WHEN has_next THEN least_of(lacking, beyond_next) ELSE 0 END AS to_next,
    lacking - CASE WHEN has_next THEN least_of(lacking, beyond_next) ELSE 0 END AS lacking,
    beyond - CASE WHEN has_last THEN least_of(beyond, lacking_last) ELSE 0 END AS beyond
  FROM neighbours
),
earlier AS (
  SELECT {_GROUP}, passed_count, arrived_count, consolidated_count, open_count, to_next, lacking, beyond,
    CASE WHEN has_last THEN least_of(lacking, coalesce({_LAST.format("beyond")}, 0)) ELSE 0 END AS to_last,
    CASE WHEN has_next THEN least_of(beyond, coalesce({_NEXT.format("lacking")}, 0)) ELSE 0 END AS from_next
  FROM later
)
SELECT day_of(slice_at) AS day, slice_at AS began_at, leg, e.service_provider, coalesce(p.region, 'all') AS region, passed_count,
  arrived_count, consolidated_count, open_count, to_next + to_last AS skewed_count, lacking - to_last AS lost_count,
  beyond - from_next AS surplus_count, slice_at, '' AS set_aside
FROM earlier e LEFT JOIN alert_providers p ON p.service_provider = e.service_provider
WHERE slice_at >= :start_at AND slice_at < :end_at AND (day_of(slice_at) % :buckets) = :bucket
"""
