"""The SQL text of the Service Providers' reported levels, in the kernel's words; each step says what it adds."""

# How the same line is found in an initial and in its final: the report, the measure, whose level it is, and the region told with it.
_LINE = "sender, report, measure_ref, service_provider, told_region"


def _told(feed: str) -> str:
    """Rows of a feed with what their delivery tells: whose they are and of which month.

    A month is told in UTC or in UK local time, an hour apart: a beginning within a day of the period's is the period's.
    """
    return f"""
  SELECT d.sender, r.report, r.measure_ref, coalesce(r.service_provider, d.sender) AS service_provider,
    coalesce(r.region, '') AS told_region, coalesce(r.unit, 'events') AS unit, r.counted, r.met, r.percent_hundredths,
    r.exception_count, r.comment, d.submission, d.received_at,
    r.delivery_no, r.line,
    coalesce(r.month_start_at, d.covers_start_at) BETWEEN :start_at - 86400000000 AND :start_at + 86400000000 AS is_of_month
  FROM {feed} r JOIN deliveries d ON d.delivery_no = r.delivery_no
  -- A row belongs to the month of its file; where the file tells none, to the month it says itself.
  WHERE coalesce(d.covers_start_at, r.month_start_at) BETWEEN :start_at - 86400000000 AND :start_at + 86400000000"""


SQL = f"""
WITH
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
placed AS (
  SELECT sender, report, measure_ref, service_provider, told_region, unit, counted, met, percent_hundredths, exception_count, comment,
    submission, delivery_no, line, is_of_month, copy,
    rank() OVER (PARTITION BY copy, is_of_month, measure_ref, service_provider ORDER BY report) AS report_place,
    count_where(told_region <> '') OVER (PARTITION BY copy, is_of_month, report, measure_ref, service_provider) AS regions,
    min(coalesce(counted, -1)) OVER (PARTITION BY copy, is_of_month, measure_ref, service_provider, told_region)
      <> max(coalesce(counted, -1)) OVER (PARTITION BY copy, is_of_month, measure_ref, service_provider, told_region)
    OR min(coalesce(met, -1)) OVER (PARTITION BY copy, is_of_month, measure_ref, service_provider, told_region)
      <> max(coalesce(met, -1)) OVER (PARTITION BY copy, is_of_month, measure_ref, service_provider, told_region) AS is_contradicted
  FROM ranked
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
  SELECT p.report, p.measure_ref, p.service_provider, p.told_region, p.unit, p.counted, p.met, p.percent_hundredths, p.exception_count,
    p.comment, p.submission, i.counted AS initial_counted, i.met AS initial_met, i.percent_hundredths AS initial_percent_hundredths,
    i.copy IS NOT NULL AS has_initial, p.is_contradicted, p.delivery_no, p.line,
    CASE
      WHEN NOT p.is_of_month THEN 'another_month'
      WHEN p.copy > 1 THEN 'told_again'
      WHEN p.report_place > 1 THEN 'in_another_report'
      WHEN p.told_region = '' AND p.regions > 0 THEN 'sum_of_regions'
      ELSE ''
    END AS set_aside
  FROM placed p LEFT JOIN initials i
    ON p.submission = 'final' AND i.copy = 1 AND i.sender = p.sender AND i.report = p.report AND i.measure_ref = p.measure_ref
      AND i.service_provider = p.service_provider AND i.told_region = p.told_region
),
reporting AS (SELECT service_provider FROM lines WHERE set_aside = '' GROUP BY service_provider),
-- A relevant measure that a Service Provider leaves out of its reports is a hole, and must not pass for no events.
untold AS (
  SELECT m.measure_ref, m.service_provider
  FROM relevant_measures m JOIN reporting s ON s.service_provider = m.service_provider
    LEFT JOIN lines l ON l.service_provider = m.service_provider AND l.measure_ref = m.measure_ref AND l.set_aside = ''
  WHERE l.report IS NULL AND m.cpm <> 'none'
),
happenings AS (
  SELECT report, measure_ref, service_provider, told_region, unit, counted, met, percent_hundredths, exception_count, comment,
    submission, initial_counted, initial_met, initial_percent_hundredths, has_initial, is_contradicted, delivery_no, line, set_aside,
    CASE WHEN counted IS NOT NULL AND met IS NOT NULL THEN 'counts' ELSE 'percentage' END AS told
  FROM lines
  UNION ALL
  SELECT 'none', measure_ref, service_provider, '', 'events', CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT),
    CAST(NULL AS BIGINT), CAST(NULL AS VARCHAR), 'none', CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), FALSE, FALSE,
    CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), '', 'nothing'
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
  h.delivery_no, h.line, h.set_aside
FROM happenings h
  LEFT JOIN reporting_providers s ON s.service_provider = h.service_provider
  LEFT JOIN relevant_measures m ON m.service_provider = h.service_provider AND m.measure_ref = h.measure_ref
"""
