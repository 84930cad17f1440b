"""The SQL text of Communications Hub orders, in the kernel's words; each step says what it adds."""

SQL = """
WITH
-- A record told again is as its sender told it last.
told AS (
  SELECT d.sender, o.record_id, o.record_kind, o.order_id, coalesce(o.service_provider, d.sender) AS service_provider, o.region,
    o.hub_count, o.recorded_at, o.promised_at, o.is_fault, o.delivery_no, o.line,
    row_number() OVER (
      PARTITION BY d.sender, o.record_kind, o.record_id ORDER BY d.received_at DESC, o.delivery_no DESC, o.line DESC
    ) AS copy
  FROM hub_orders o JOIN deliveries d ON d.delivery_no = o.delivery_no
  WHERE o.recorded_at <= :as_at
),
records AS (
  SELECT t.sender, t.record_id, t.record_kind, t.order_id, t.service_provider, coalesce(t.region, s.region, 'UNKNOWN') AS region,
    t.hub_count, t.recorded_at, t.promised_at, t.is_fault, t.delivery_no, t.line
  FROM told t LEFT JOIN hub_providers s ON s.service_provider = t.service_provider
  WHERE t.copy = 1
),
orders AS (
  SELECT sender, record_id, service_provider, region, hub_count, recorded_at, promised_at, delivery_no, line
  FROM records WHERE record_kind = 'order'
),
-- What came of an order by the day promised: in one delivery or in several.
filled AS (
  SELECT o.sender, o.record_id, coalesce(whole_sum(CASE WHEN r.recorded_at <= o.promised_at THEN r.hub_count END), 0) AS in_time_count
  FROM orders o LEFT JOIN records r
    ON r.record_kind = 'delivery' AND r.sender = o.sender AND r.order_id = o.record_id AND r.recorded_at >= o.recorded_at
  GROUP BY o.sender, o.record_id
),
happenings AS (
  SELECT CASE WHEN r.record_kind = 'order' THEN 'ordered' WHEN r.record_kind = 'delivery' THEN 'delivered'
      WHEN r.record_kind = 'return' THEN 'returned' ELSE r.record_kind END AS happening,
    r.recorded_at AS began_at, r.record_id, r.service_provider, r.region, r.hub_count,
    CASE WHEN r.recorded_at <= o.promised_at THEN r.hub_count WHEN o.promised_at IS NOT NULL THEN 0 END AS in_time_count,
    CASE WHEN r.record_kind <> 'return' THEN 'none' WHEN r.is_fault THEN 'fault' WHEN NOT r.is_fault THEN 'no_fault'
      ELSE 'UNKNOWN' END AS fault,
    r.record_kind = 'delivery' AND o.record_id IS NULL AS has_no_order, r.delivery_no, r.line,
    CASE WHEN r.recorded_at < o.recorded_at THEN 'delivered_before_ordered' ELSE '' END AS set_aside
  FROM records r LEFT JOIN orders o ON r.record_kind = 'delivery' AND o.sender = r.sender AND o.record_id = r.order_id
  UNION ALL
  SELECT 'due', o.promised_at, o.record_id, o.service_provider, o.region, o.hub_count, least_of(f.in_time_count, o.hub_count), 'none',
    FALSE, o.delivery_no, o.line, ''
  FROM orders o JOIN filled f ON f.sender = o.sender AND f.record_id = o.record_id
  WHERE o.promised_at <= :as_at
)
SELECT day_of(began_at) AS day, began_at, happening, record_id, service_provider, region, hub_count, in_time_count, fault, has_no_order,
  delivery_no, line, set_aside
FROM happenings
WHERE began_at >= :start_at AND began_at < :end_at
"""
