"""The SQL text of losses of alerts between two ends of a leg, in the kernel's words; each step says what it adds."""

from tocsin.journeys.alert_facts import LOOK_US, QUARTER_US
from tocsin.measuring.gathering import Gathered
from tocsin.vocabulary.instants import DAY_US

# A quarter-hour to either side of the period, for what crosses its edges.
_EDGE = 2 * QUARTER_US

_GROUP = "leg, service_provider, slice_at"
_NEXT = "lead({0}) OVER (PARTITION BY leg, service_provider ORDER BY slice_at)"
_LAST = "lag({0}) OVER (PARTITION BY leg, service_provider ORDER BY slice_at)"


def _slice(at: str) -> str:
    return f"whole_div({at}, {QUARTER_US}) * {QUARTER_US}"


def _within(at: str) -> str:
    return f"{at} >= :start_at - {_EDGE} AND {at} < :end_at + {_EDGE}"


# A stamp and the place of a Service Provider as one number: the least is the earliest, with who told it.
_PLACES = 1024
# What is said of few alerts, counted in one number: held back; a DCC Alert; one that Communications Hubs raise.
_HELD, _DCC, _RAISED = 1, 1 << 20, 1 << 40

# Every alert of a bucket, and where and when it was told at each end. Of a nation's day this looks at 170 million rows, and each number
# that is kept of an alert costs as much as reading the row: so there are few of them, and those are made out of many. CASE costs less than
# FILTER here, and two bounds of the stage less than IN; a word for a stage between them that is not known tells no end.
_FOLLOWED = f"""
came AS (
  SELECT d.delivery_no, coalesce(o.is_dsp, FALSE) AS is_dsp, o.service_provider AS own_provider,
    CASE WHEN o.service_provider IS NOT NULL THEN dense_rank() OVER (ORDER BY o.service_provider) END AS own_place
  FROM deliveries d LEFT JOIN alert_senders o ON o.sender = d.sender
),
places AS (SELECT own_place, min(own_provider) AS own_provider FROM came WHERE own_place IS NOT NULL GROUP BY own_place),
told AS (
  SELECT s.alert_key,
    -- By a Service Provider: the DSP, and whoever is not known, has no place.
    min(CASE WHEN s.stage = 'd' THEN s.observed_at * {_PLACES} + c.own_place END) AS passed,
    min(CASE WHEN s.stage = 'e' AND c.is_dsp THEN s.observed_at END) AS received_at,
    min(CASE WHEN s.stage = 'f' AND c.is_dsp THEN s.observed_at END) AS forwarded_at,
    min(s.service_provider) AS told_provider,
    whole_sum(
      CASE WHEN s.is_consolidated THEN {_HELD} ELSE 0 END + CASE WHEN coalesce(s.kind, k.kind) = 'dcc' THEN {_DCC} ELSE 0 END
      + CASE WHEN k.is_raised_by_hub THEN {_RAISED} ELSE 0 END
    ) AS said
  FROM alert_stages s JOIN came c ON c.delivery_no = s.delivery_no LEFT JOIN alert_code_facts k ON k.alert_code = s.alert_code
  WHERE s.stage >= 'd' AND s.stage <= 'f'
    AND s.observed_at >= :start_at - {LOOK_US} AND s.observed_at < :end_at + {LOOK_US}
    AND s.alert_key BETWEEN :first_key AND :last_key
  GROUP BY s.alert_key
),
followed AS (
  SELECT alert_key, 1 AS alert_count, whole_div(passed, {QUARTER_US * _PLACES}) * {QUARTER_US} AS passed_slice,
    passed % {_PLACES} AS passed_place, {_slice("received_at")} AS received_slice, told_provider,
    -- A DCC Alert that no Communications Hub raises begins inside the DCC.
    said >= {_DCC} AND said < {_RAISED} AS is_from_inside,
    CASE
      WHEN forwarded_at - received_at < least_of(lost_after_us, {DAY_US}) THEN 'forwarded'
      WHEN said % {_DCC} > 0 THEN 'held'
      WHEN :as_at < received_at + lost_after_us THEN 'open'
      ELSE 'lost'
    END AS became
  FROM told CROSS JOIN alert_limits
)"""


def _ends(source: str, key: str = "") -> str:
    """Both ends of each leg, in the quarter-hour of each end's own stamp."""
    inside = ", ".join(f"CASE WHEN became = '{became}' THEN alert_count ELSE 0 END" for became in ("forwarded", "held", "open"))
    return f"""
named AS (
  SELECT f.passed_slice, f.received_slice, p.own_provider AS passed_by,
    coalesce(f.told_provider, p.own_provider, 'all') AS service_provider, f.is_from_inside, f.became, f.alert_count{key}
  FROM {source} f LEFT JOIN places p ON p.own_place = f.passed_place
),
record_ends AS (
  SELECT 'provider_to_dsp' AS leg, passed_slice AS slice_at, passed_by AS service_provider, alert_count AS passed, 0 AS arrived,
    0 AS held, 0 AS still_open{key}
  FROM named WHERE passed_slice IS NOT NULL
  UNION ALL
  -- What begins inside the DCC is passed to the DSP by nobody.
  SELECT 'provider_to_dsp', received_slice, service_provider, 0, alert_count, 0, 0{key}
  FROM named WHERE received_slice IS NOT NULL AND NOT is_from_inside
  UNION ALL
  -- Inside the DSP each alert is followed by its key: received = passed on + held back + still waiting + lost.
  SELECT 'inside_dsp', received_slice, service_provider, alert_count, {inside}{key}
  FROM named WHERE received_slice IS NOT NULL
)"""


_RECORDS = f"""WITH {_FOLLOWED},
-- Alerts of which the same is to be said stand together before anything else is done with them.
alike AS (
  SELECT passed_slice, passed_place, received_slice, told_provider, is_from_inside, became, count(*) AS alert_count
  FROM followed
  GROUP BY passed_slice, passed_place, received_slice, told_provider, is_from_inside, became
),{_ends("alike")}
SELECT {_GROUP}, whole_sum(passed) AS passed, whole_sum(arrived) AS arrived, whole_sum(held) AS held, whole_sum(still_open) AS still_open
FROM record_ends
WHERE {_within("slice_at")}
GROUP BY {_GROUP}"""

_COUNT_ENDS = f"""
counts AS (
  SELECT c.slice_at, c.stage, coalesce(o.is_dsp, FALSE) AS is_dsp,
    coalesce(c.service_provider, o.service_provider, 'all') AS service_provider,
    c.alert_code, c.alert_count, c.consolidated_count AS held_count,
    row_number() OVER (
      PARTITION BY d.sender, c.slice_at, c.stage, c.alert_code, c.region, c.service_provider
      ORDER BY d.received_at DESC, c.delivery_no DESC, c.line DESC
    ) AS copy,
    count(c.alert_code) OVER (PARTITION BY d.sender, c.slice_at, c.stage) AS with_code,
    count(c.region) OVER (PARTITION BY d.sender, c.slice_at, c.stage) AS with_region,
    count(c.service_provider) OVER (PARTITION BY d.sender, c.slice_at, c.stage) AS with_provider,
    c.region, c.service_provider AS told_provider, c.delivery_no, c.line
  FROM alert_counts c JOIN deliveries d ON d.delivery_no = c.delivery_no LEFT JOIN alert_senders o ON o.sender = d.sender
  WHERE c.stage IN ('d', 'e', 'f') AND {_within("c.slice_at")}
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

_REST = f"""{_COUNT_ENDS},
ends AS (
  SELECT leg, slice_at, service_provider, passed, arrived, held, still_open, 0 AS passed_counted, 0 AS arrived_counted,
    0 AS held_counted, 0 AS held_untold
  FROM alert_ends
  UNION ALL
  SELECT leg, slice_at, service_provider, 0, 0, 0, 0, CASE WHEN is_start THEN alert_count ELSE 0 END,
    CASE WHEN is_start THEN 0 ELSE alert_count END, coalesce(held_count, 0), CASE WHEN held_count IS NULL THEN 1 ELSE 0 END
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
    -- What of a storm was held back is missing on purpose: where that is not told, nobody knows what was lost.
    CASE WHEN whole_sum(passed) > 0 THEN 0 ELSE whole_sum(held_untold) END AS held_untold,
    whole_sum(still_open) AS open_count
  FROM ends
  GROUP BY {_GROUP}
),
-- Two ends are compared only where both have told the quarter-hour: a file that is not in must not pass for a loss.
compared AS (
  SELECT s.leg, s.service_provider, s.slice_at, s.passed_count, s.arrived_count, s.consolidated_count, s.open_count,
    s.held_untold, s.passed_count - s.arrived_count - s.consolidated_count - s.open_count AS difference
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
  SELECT {_GROUP}, passed_count, arrived_count, consolidated_count, open_count, held_untold,
    greatest_of(difference, 0) AS lacking, greatest_of(-difference, 0) AS beyond,
    coalesce({_NEXT.format("slice_at")} = slice_at + {QUARTER_US}, FALSE) AS has_next,
    coalesce({_LAST.format("slice_at")} = slice_at - {QUARTER_US}, FALSE) AS has_last,
    coalesce({_NEXT.format("greatest_of(-difference, 0)")}, 0) AS beyond_next,
    coalesce({_LAST.format("greatest_of(difference, 0)")}, 0) AS lacking_last
  FROM compared
),
-- What one quarter-hour lacks the next may have too many of: it was on its way; then, for clocks that differ, the one before (7.3).
later AS (
  SELECT {_GROUP}, passed_count, arrived_count, consolidated_count, open_count, held_untold, has_next, has_last,
    CASE WHEN has_next THEN least_of(lacking, beyond_next) ELSE 0 END AS to_next,
    lacking - CASE WHEN has_next THEN least_of(lacking, beyond_next) ELSE 0 END AS lacking,
    beyond - CASE WHEN has_last THEN least_of(beyond, lacking_last) ELSE 0 END AS beyond
  FROM neighbours
),
earlier AS (
  SELECT {_GROUP}, passed_count, arrived_count, consolidated_count, open_count, held_untold, to_next, lacking, beyond,
    CASE WHEN has_last THEN least_of(lacking, coalesce({_LAST.format("beyond")}, 0)) ELSE 0 END AS to_last,
    CASE WHEN has_next THEN least_of(beyond, coalesce({_NEXT.format("lacking")}, 0)) ELSE 0 END AS from_next
  FROM later
)
SELECT day_of(slice_at) AS day, slice_at AS began_at, leg, e.service_provider, coalesce(p.region, 'all') AS region, passed_count,
  arrived_count, consolidated_count, open_count, to_next + to_last AS skewed_count, lacking - to_last AS lost_count,
  beyond - from_next AS surplus_count, slice_at,
  CASE WHEN held_untold > 0 THEN 'held_back_not_told' ELSE '' END AS set_aside
FROM earlier e LEFT JOIN alert_providers p ON p.service_provider = e.service_provider
WHERE slice_at >= :start_at AND slice_at < :end_at
"""

# A quarter-hour is of alerts with any key: each bucket, a range of keys, adds its own, so that an alert is told of once however many days
# lie between its rows.
ALERT_ENDS = Gathered(
    "alert_ends",
    (
        ("leg", "VARCHAR"),
        ("service_provider", "VARCHAR"),
        ("slice_at", "BIGINT"),
        *((name, "BIGINT") for name in ("passed", "arrived", "held", "still_open")),
    ),
    _RECORDS,
    _REST,
)
# The ends of each alert, and of the counts, for the way back to their lines.
ENDS = f"""{_FOLLOWED},{_ends("followed", ", alert_key")},{_COUNT_ENDS}"""
