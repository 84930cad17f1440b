"""Outages and the Incidents they should have: one row an outage that touches the period, recorded in service management or not.

Unavailability that is an Incident must be recorded in the DCC Service Management System (domain.md 3.4): an unplanned outage that names
none, or one that no file of Incidents knows, is listed. Planned Maintenance and a failover to a standby need none (domain.md 2.6).
"""

from tocsin.measuring.journey import DELIVERIES, Attribute, Journey

SQL = """
WITH
-- An outage told again, mended or prolonged, stands as it was told last; the same reference at another sender is another outage.
told AS (
  SELECT outage_id, service, kind, started_at, ended_at, incident_id,
    row_number() OVER (PARTITION BY d.sender, outage_id ORDER BY d.received_at DESC, o.delivery_no DESC, o.line DESC) AS copy,
    min(service || ' ' || kind) OVER (PARTITION BY d.sender, outage_id)
      <> max(service || ' ' || kind) OVER (PARTITION BY d.sender, outage_id)
      OR min(started_at) OVER (PARTITION BY d.sender, outage_id) <> max(started_at) OVER (PARTITION BY d.sender, outage_id)
      AS is_contradicted
  FROM outages o JOIN deliveries d ON d.delivery_no = o.delivery_no
),
known AS (
  SELECT incident_id, min(submitted_at) AS submitted_at
  FROM (
    SELECT incident_id, coalesce(submitted_at, changed_at) AS submitted_at FROM incident_log WHERE changed_at <= :as_at
    UNION ALL
    SELECT incident_id, submitted_at FROM incidents WHERE extracted_at IS NULL OR extracted_at <= :as_at
  ) AS happened
  GROUP BY incident_id
),
checkable AS (SELECT count(*) AS incidents FROM known)
SELECT day_of(greatest_of(o.started_at, :start_at)) AS day, greatest_of(o.started_at, :start_at) AS began_at, o.outage_id, o.service,
  o.kind, o.started_at, o.ended_at, o.incident_id, k.submitted_at AS recorded_at,
  CASE WHEN o.incident_id IS NULL THEN 'none'
    WHEN k.incident_id IS NOT NULL THEN 'recorded'
    WHEN c.incidents = 0 THEN 'unchecked'
    ELSE 'unknown' END AS recording,
  o.is_contradicted,
  CASE WHEN o.ended_at < o.started_at THEN 'negative_span' ELSE '' END AS set_aside
FROM told o CROSS JOIN checkable c LEFT JOIN known k ON k.incident_id = o.incident_id
WHERE o.copy = 1 AND o.started_at < :end_at AND o.started_at <= :as_at
  AND (o.ended_at IS NULL OR o.ended_at > :start_at OR o.started_at >= :start_at)
"""

OUTAGE_INCIDENTS = Journey(
    name="outage_incidents",
    title="Outages and their Incidents",
    source="domain.md 2.6 and 3.4; CR1420",
    reads=("outages", DELIVERIES.name, "incident_log", "incidents"),
    attributes=(
        Attribute("day", "BIGINT", "UTC day number of began_at."),
        Attribute("began_at", "BIGINT", "When it began; for one that began before the month, the month's first instant."),
        Attribute("outage_id", "VARCHAR", "Reference of the outage at the sender."),
        Attribute("service", "VARCHAR", "The service that was down."),
        Attribute("kind", "VARCHAR", "planned, unplanned or failover."),
        Attribute("started_at", "BIGINT", "When the service went down."),
        Attribute("ended_at", "BIGINT", "When it was back; unknown while it is down."),
        Attribute("incident_id", "VARCHAR", "Incident that the outage names; unknown where it names none."),
        Attribute("recorded_at", "BIGINT", "When that Incident was submitted; unknown where no file knows it."),
        Attribute(
            "recording",
            "VARCHAR",
            "recorded: the Incident is known. none: no Incident is named. unknown: one is named that no file of Incidents knows."
            " unchecked: one is named, and no Incidents were received to find it among.",
        ),
        Attribute("is_contradicted", "BOOLEAN", "Told more than once, with another service, kind or beginning."),
        Attribute("set_aside", "VARCHAR", "Why no indicator sees it: negative_span; empty where they do."),
    ),
    sql=SQL,
    began="began_at",
    day="day",
    splits=("service", "kind", "recording"),
    set_aside="set_aside <> ''",
    sorted_by=("service", "kind", "began_at", "outage_id"),
    remarks=(
        (
            "told_otherwise",
            "Outages told more than once with another service, kind or beginning: the last telling stands.",
            "is_contradicted",
        ),
    ),
    traced_to=(("outages", (("outage_id", "outage_id"),)), ("incident_log", (("incident_id", "incident_id"),))),
)
