"""The SQL text of the Service Providers' reported levels, in the kernel's words; each step says what it adds."""

# How the same line is found in an initial and in its final: the report, the measure, whose level it is, and the region told with it.
_LINE = "sender, report, measure_ref, service_provider, told_region"


def _told(feed: str) -> str:
    """Rows of a feed with what their delivery tells: whose they are and of which month.

    A month is told in UTC or in UK local time, an hour apart: a beginning within a day of the period's is the period's.
    One company may send for two Service Providers (CSP Central & South): where a row names neither, its region tells which.
    """
    return f"""
  SELECT d.sender, r.report, r.measure_ref, coalesce(r.service_provider, own.service_provider, d.sender) AS service_provider,
    coalesce(w.region, r.region, '') AS told_region, coalesce(r.unit, 'events') AS unit, r.counted, r.met, r.percent_hundredths,
    r.exception_count, r.comment, d.submission, d.received_at,
    r.delivery_no, r.line,
    coalesce(r.month_start_at, d.covers_start_at) BETWEEN :start_at - 86400000000 AND :start_at + 86400000000 AS is_of_month
  FROM {feed} r JOIN deliveries d ON d.delivery_no = r.delivery_no
    LEFT JOIN provider_region_words w ON w.word = r.region
    LEFT JOIN served own ON own.sender = d.sender AND own.region = coalesce(w.region, r.region)
  -- A row belongs to the month of its file; where the file tells none, to the month it says itself.
  WHERE coalesce(d.covers_start_at, r.month_start_at) BETWEEN :start_at - 86400000000 AND :start_at + 86400000000"""


SQL = f"""
WITH
served AS (
  SELECT sender, region, min(service_provider) AS service_provider
  FROM reporting_providers WHERE service_provider <> sender GROUP BY sender, region HAVING count(*) = 1
),
told AS ({_told("provider_reports")}
),
-- Of lines that several deliveries tell, the one that stands as a delivery would: a final before an initial, then the last received.
ranked AS (
  SELECT sender, report, measure_ref, service_provider, told_region, unit, counted, met, percent_hundredths, exception_count, comment,
    submission, delivery_no, line, is_of_month,
    row_number() OVER (
      PARTITION BY is_of_month, report, measure_ref, service_provider, told_region
      ORDER BY CASE WHEN submission = 'final' THEN 1 ELSE 0 END DESC, received_at DESC, delivery_no DESC, line DESC
    ) AS copy
  FROM told
),
-- ESI-101 before ESI-102 before the Service Provider's own report; a line for all it serves beside lines of its regions is their sum.
-- A line of a sender that sends for two Service Providers and names neither is the sum of both: it counts where no line tells of one.
placed AS (
  SELECT r.sender, report, measure_ref, r.service_provider, told_region, unit, counted, met, percent_hundredths, exception_count, comment,
    submission, delivery_no, line, is_of_month, copy, s.service_provider IS NULL AS is_unknown_provider,
    count_where(s.service_provider IS NOT NULL)
      OVER (PARTITION BY copy, is_of_month, measure_ref, coalesce(s.sender, r.service_provider)) AS parts,
    rank() OVER (PARTITION BY copy, is_of_month, measure_ref, r.service_provider ORDER BY report) AS report_place,
    count_where(told_region <> '') OVER (PARTITION BY copy, is_of_month, report, measure_ref, r.service_provider) AS regions,
    min(coalesce(counted, -1)) OVER (PARTITION BY copy, is_of_month, measure_ref, r.service_provider, told_region)
      <> max(coalesce(counted, -1)) OVER (PARTITION BY copy, is_of_month, measure_ref, r.service_provider, told_region)
    OR min(coalesce(met, -1)) OVER (PARTITION BY copy, is_of_month, measure_ref, r.service_provider, told_region)
      <> max(coalesce(met, -1)) OVER (PARTITION BY copy, is_of_month, measure_ref, r.service_provider, told_region) AS is_contradicted
  FROM ranked r LEFT JOIN reporting_providers s ON s.service_provider = r.service_provider
),
first_told AS ({_told("provider_reports_superseded")}
),
initials AS (
  SELECT {_LINE}, counted, met, percent_hundredths,
    row_number() OVER (PARTITION BY {_LINE} ORDER BY received_at DESC, delivery_no DESC, line DESC) AS copy
  FROM first_told
  WHERE submission = 'initial' AND is_of_month
),
lines AS (
  SELECT p.sender, p.report, p.measure_ref, p.service_provider, p.told_region, p.unit, p.counted, p.met, p.percent_hundredths,
    p.exception_count, p.comment, p.submission, p.is_contradicted, p.is_unknown_provider, p.delivery_no, p.line,
    i.copy IS NOT NULL AS has_initial, i.counted AS initial_counted, i.met AS initial_met,
    i.percent_hundredths AS initial_percent_hundredths,
    CASE
      WHEN NOT p.is_of_month THEN 'another_month'
      WHEN p.copy > 1 THEN 'told_again'
      WHEN p.report_place > 1 THEN 'in_another_report'
      WHEN p.told_region = '' AND p.regions > 0 OR p.is_unknown_provider AND p.parts > 0 THEN 'sum_of_regions'
      ELSE ''
    END AS set_aside
  FROM placed p LEFT JOIN initials i
    ON p.submission = 'final' AND i.copy = 1 AND i.sender = p.sender AND i.report = p.report AND i.measure_ref = p.measure_ref
      AND i.service_provider = p.service_provider AND i.told_region = p.told_region
),
-- Who sends for two Service Providers reports for both: one of them that is left out is a hole, too.
reporting AS (
  SELECT service_provider FROM lines WHERE set_aside = ''
  UNION
  SELECT p.service_provider FROM lines l JOIN reporting_providers p ON p.sender = l.sender AND p.service_provider <> l.sender
  WHERE l.set_aside = ''
),
answered AS (
  SELECT service_provider, measure_ref FROM lines WHERE set_aside = ''
  UNION
  SELECT p.service_provider, l.measure_ref FROM lines l JOIN reporting_providers p ON p.sender = l.service_provider
  WHERE l.set_aside = ''
),
-- A relevant measure that a Service Provider leaves out of its reports is a hole, and must not pass for no events.
untold AS (
  SELECT m.measure_ref, m.service_provider
  FROM relevant_measures m JOIN reporting s ON s.service_provider = m.service_provider
    JOIN reporting_providers p ON p.service_provider = m.service_provider
    LEFT JOIN answered a ON a.service_provider = m.service_provider AND a.measure_ref = m.measure_ref
  WHERE a.measure_ref IS NULL AND m.cpm <> 'none'
),
happenings AS (
  SELECT report, measure_ref, service_provider, told_region, unit, counted, met, percent_hundredths, exception_count, comment,
    submission, initial_counted, initial_met, initial_percent_hundredths, has_initial, is_contradicted,
    is_unknown_provider, delivery_no, line, set_aside,
    CASE WHEN counted IS NOT NULL AND met IS NOT NULL THEN 'counts' ELSE 'percentage' END AS told
  FROM lines
  UNION ALL
  SELECT 'none', measure_ref, service_provider, '', 'events', CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT),
    CAST(NULL AS BIGINT), CAST(NULL AS VARCHAR), 'none', CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT),
    FALSE, FALSE, FALSE, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), '', 'nothing'
  FROM untold
)
SELECT day_of(:start_at) AS day, :start_at AS began_at, h.report, h.measure_ref, h.service_provider,
  CASE WHEN h.told_region <> '' THEN h.told_region ELSE coalesce(s.region, 'UNKNOWN') END AS region,
  coalesce(m.cpm, 'none') AS cpm, h.unit, h.told, h.counted, h.met, h.percent_hundredths, h.exception_count,
  coalesce(h.comment, '') AS comment, h.submission,
  h.initial_counted, h.initial_met, h.initial_percent_hundredths,
  h.has_initial AND (
    coalesce(h.counted, -1) <> coalesce(h.initial_counted, -1) OR coalesce(h.met, -1) <> coalesce(h.initial_met, -1)
    OR coalesce(h.percent_hundredths, -1) <> coalesce(h.initial_percent_hundredths, -1)
  ) AS is_changed,
  h.is_contradicted,
  -- Cut off or rounded, a percentage is less than a hundredth away from that of its counts.
  coalesce(h.counted > 0 AND abs(10000 * h.met - h.percent_hundredths * h.counted) >= h.counted, FALSE) AS is_percentage_off,
  h.is_unknown_provider AND m.cpm IS NULL AS is_unknown_provider,
  h.delivery_no, h.line, h.set_aside
FROM happenings h
  LEFT JOIN reporting_providers s ON s.service_provider = h.service_provider
  LEFT JOIN relevant_measures m ON m.service_provider = h.service_provider AND m.measure_ref = h.measure_ref
"""
