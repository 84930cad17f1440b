"""Alerts by quarter-hour: one row a quarter-hour, stage, sender and region, told alert by alert or as counts (CR1418, CR1438)."""

from tocsin.engines.words import PLACES
from tocsin.journeys.alert_facts import QUARTER_US, REGION_WORDS, SENDERS, dated_relations
from tocsin.journeys.alert_late_rows import LATE_SLICES
from tocsin.measuring.journey import DELIVERIES, Attribute, Journey
from tocsin.vocabulary.alerts import ALERT_STAGES

QUARTER = f"whole_div(s.observed_at, {QUARTER_US})"
# Each use reads the rows anew: kept between them, the rows of a month would have to be held in memory. A bucket is a stretch of
# quarter-hours, so that a row of the journey is whole, and a file of another quarter-hour is passed over by what its footer says.
WITHIN = "s.observed_at >= :from_at AND s.observed_at < :until_at"
HELD = "coalesce(s.is_consolidated, FALSE)"
# A place for each stage of each sender. Several have one place where more than nine tell, or a stage is unknown: see `suspected`.
# The stages that the DSP tells come first, of which there are most: less is compared.
FREQUENT_FIRST = sorted(((stage, place) for place, stage in enumerate(ALERT_STAGES)), key=lambda one: one[0] not in "efg")
PLACE = f"""c.sender_place * {len(ALERT_STAGES)} + CASE s.stage
    {" ".join(f"WHEN '{stage}' THEN {place}" for stage, place in FREQUENT_FIRST)} ELSE 0 END"""

SQL = f"""
WITH
came AS (
  SELECT delivery_no, sender, dense_rank() OVER (ORDER BY sender) % {PLACES // len(ALERT_STAGES)} AS sender_place FROM deliveries
),
-- An alert is counted once at a stage of a sender, however often its record was sent. Few are sent twice: they alone are looked at one by
-- one. Whoever has more records than places is suspected: to group by the key alone costs less than half of grouping by stage and sender
-- as well, and one who is suspected for nothing (two senders at one place, one stage in two quarter-hours) is only looked at for nothing.
suspected AS (
  SELECT s.alert_key
  FROM alert_stages s JOIN came c ON c.delivery_no = s.delivery_no
  WHERE {WITHIN}
  GROUP BY s.alert_key
  HAVING count(*) > places_taken({PLACE})
),
again AS (
  SELECT s.alert_key, {QUARTER} AS quarter, s.stage, c.sender, s.region, s.service_provider, {HELD} AS is_held, s.delivery_no
  FROM alert_stages s JOIN came c ON c.delivery_no = s.delivery_no
  WHERE {WITHIN} AND s.alert_key IN (SELECT alert_key FROM suspected)
),
received AS (
  SELECT {QUARTER} AS quarter, s.stage, s.region, s.service_provider, {HELD} AS is_held, s.delivery_no, count(*) AS alert_count
  FROM alert_stages s
  WHERE {WITHIN}
  GROUP BY {QUARTER}, s.stage, s.region, s.service_provider, {HELD}, s.delivery_no
),
told AS (
  SELECT quarter, stage, sender, region, service_provider, is_held, r.delivery_no, alert_count
  FROM received r JOIN came c ON c.delivery_no = r.delivery_no
  UNION ALL
  SELECT quarter, stage, sender, region, service_provider, is_held, delivery_no, -1 FROM again
  UNION ALL
  SELECT quarter, stage, sender, min(region), min(service_provider), count_where(is_held) > 0, min(delivery_no), 1
  FROM again
  GROUP BY alert_key, stage, quarter, sender
),
counts AS (
  SELECT c.slice_at, c.stage, c.alert_code, c.region, c.service_provider, c.alert_count, c.consolidated_count, d.sender, c.delivery_no,
    -- A count told again replaces the one before it.
    row_number() OVER (
      PARTITION BY d.sender, c.slice_at, c.stage, c.alert_code, c.region, c.service_provider
      ORDER BY d.received_at DESC, c.delivery_no DESC, c.line DESC
    ) AS copy,
    count(c.alert_code) OVER (PARTITION BY d.sender, c.slice_at, c.stage) AS with_code,
    count(c.region) OVER (PARTITION BY d.sender, c.slice_at, c.stage) AS with_region,
    count(c.service_provider) OVER (PARTITION BY d.sender, c.slice_at, c.stage) AS with_provider
  FROM alert_counts c JOIN deliveries d ON d.delivery_no = c.delivery_no
  WHERE c.slice_at >= :from_at AND c.slice_at < :until_at
),
together AS (
  SELECT 'alert_stages' AS feed, quarter * {QUARTER_US} AS slice_at, stage, sender, region, service_provider, alert_count,
    CASE WHEN is_held THEN alert_count ELSE 0 END AS consolidated_count, delivery_no, '' AS set_aside
  FROM told
  UNION ALL
  SELECT 'alert_counts', slice_at, stage, sender, region, service_provider, alert_count, consolidated_count, delivery_no,
    -- A line for all of them beside lines of some is their sum.
    CASE
      WHEN copy > 1 THEN 'told_again'
      WHEN alert_code IS NULL AND with_code > 0 THEN 'sum_of_codes'
      WHEN region IS NULL AND with_region > 0 THEN 'sum_of_regions'
      WHEN service_provider IS NULL AND with_provider > 0 THEN 'sum_of_providers'
      ELSE ''
    END
  FROM counts
)
SELECT day_of(slice_at) AS day, slice_at AS began_at, feed, stage, t.sender,
  coalesce(w.region, t.region, s.region, 'all') AS region,
  coalesce(t.service_provider, s.service_provider, 'all') AS service_provider,
  whole_sum(alert_count) AS alert_count, whole_sum(consolidated_count) AS consolidated_count, delivery_no, slice_at, set_aside
FROM together t LEFT JOIN alert_senders s ON s.sender = t.sender LEFT JOIN region_words w ON w.word = t.region
GROUP BY slice_at, feed, stage, t.sender, coalesce(w.region, t.region, s.region, 'all'),
  coalesce(t.service_provider, s.service_provider, 'all'), delivery_no, set_aside
-- A number that is taken back whole is no row; one that a sender counts as none is.
HAVING feed = 'alert_counts' OR whole_sum(t.alert_count) > 0
"""

ALERT_SLICES = Journey(
    name="alert_slices",
    title="Alerts by quarter-hour",
    source="CR1418, CR1438; domain.md 7.3 and 7.4",
    reads=("alert_stages", "alert_counts", DELIVERIES.name, SENDERS.name, REGION_WORDS.name),
    attributes=(
        Attribute("day", "BIGINT", "UTC day number of the quarter-hour."),
        Attribute("began_at", "BIGINT", "Start of the quarter-hour in which the stage was passed, by the sender's stamp."),
        Attribute("feed", "VARCHAR", "alert_stages (a record for each alert) or alert_counts (the sender's own counts)."),
        Attribute("stage", "VARCHAR", "Stage passed, a to g."),
        Attribute("sender", "VARCHAR", "Who tells it; several may tell the same stage of the same alerts."),
        Attribute("region", "VARCHAR", "CSP Region as told, else the one the sender serves; all where it serves several."),
        Attribute("service_provider", "VARCHAR", "CSP or S1SP on whose leg they travel, as told, else the sender; all where not told."),
        Attribute("alert_count", "BIGINT", "How many passed the stage."),
        Attribute("consolidated_count", "BIGINT", "How many of them were held back as part of a storm; unknown where not told."),
        Attribute("delivery_no", "BIGINT", "The delivery that tells it."),
        Attribute("slice_at", "BIGINT", "The same as began_at, by the name the counts have for it."),
        Attribute("set_aside", "VARCHAR", "told_again, sum_of_codes, sum_of_regions, sum_of_providers; empty where it counts."),
    ),
    sql=SQL,
    began="began_at",
    day="day",
    splits=("feed", "stage", "sender", "region", "service_provider"),
    set_aside="set_aside <> ''",
    sorted_by=("day", "began_at", "feed", "stage", "sender", "region", "service_provider", "delivery_no", "set_aside"),
    dated=dated_relations,
    late=LATE_SLICES,
    traced_to=(
        ("alert_stages", (("delivery_no", "delivery_no"), ("stage", "stage"))),
        ("alert_counts", (("delivery_no", "delivery_no"), ("slice_at", "slice_at"), ("stage", "stage"))),
    ),
)
