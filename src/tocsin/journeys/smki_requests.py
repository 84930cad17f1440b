"""Requests for SMKI certificates and repository documents: one row a request, by when it was received (CPM 7 and 8; domain.md 2.2).

Response time is from receipt to sending, as the method of CPM 8 has it; a request that is never answered stays in the measure and is not
met. One that is still inside its target and grace is open: in neither number.
"""

from datetime import date
from pathlib import Path
from typing import Any

from tocsin.engines.engine import Relation
from tocsin.measuring.journey import DELIVERIES, Attribute, Journey
from tocsin.vocabulary.smki import smki_targets
from tocsin.vocabulary.target_times import grace_us

TARGETS = Relation("smki_targets", (("service", "VARCHAR"), ("target_us", "BIGINT")))
GRACE = Relation("smki_grace", (("grace_us", "BIGINT"),))
FEED = "smki_services"


def dated_relations(on: date, override: Path | None = None) -> list[tuple[Relation, list[tuple[Any, ...]]]]:
    """The Target Response Times in force on a date, and the grace after which silence is a failure."""
    return [(TARGETS, sorted(smki_targets(on, override).items())), (GRACE, [(grace_us(on, override),)])]


SQL = """
WITH
-- A request told again, with the answer that had not come before, is as its sender told it last.
told AS (
  SELECT r.request_id, r.service, r.requested_at, CASE WHEN r.responded_at <= :as_at THEN r.responded_at END AS responded_at,
    coalesce(r.item_count, 1) AS item_count, coalesce(r.exclusion, '') AS exclusion, r.delivery_no, r.line,
    row_number() OVER (PARTITION BY d.sender, r.request_id ORDER BY d.received_at DESC, r.delivery_no DESC, r.line DESC) AS copy
  FROM smki_services r JOIN deliveries d ON d.delivery_no = r.delivery_no
  WHERE r.requested_at <= :as_at
)
SELECT day_of(t.requested_at) AS day, t.requested_at AS began_at, t.request_id, t.service, t.item_count, t.exclusion, t.responded_at,
  t.responded_at - t.requested_at AS response_us, g.target_us,
  CASE
    WHEN t.responded_at IS NOT NULL THEN 'answered'
    WHEN :as_at - t.requested_at <= coalesce(g.target_us, 0) + w.grace_us THEN 'open'
    ELSE 'unanswered'
  END AS outcome,
  t.delivery_no, t.line,
  CASE WHEN t.responded_at < t.requested_at THEN 'negative_span' ELSE '' END AS set_aside
FROM told t CROSS JOIN smki_grace w LEFT JOIN smki_targets g ON g.service = t.service
WHERE t.copy = 1 AND t.requested_at >= :start_at AND t.requested_at < :end_at
"""

SMKI_REQUESTS = Journey(
    name="smki_requests",
    title="SMKI requests",
    source="SEC H13.1 and L8; PMM of 2018, CPM 8 (domain.md 2.2)",
    reads=(FEED, DELIVERIES.name, TARGETS.name, GRACE.name),
    attributes=(
        Attribute("day", "BIGINT", "UTC day number of began_at."),
        Attribute("began_at", "BIGINT", "When the request was received."),
        Attribute("request_id", "VARCHAR", "Reference of the request at its sender."),
        Attribute("service", "VARCHAR", "certificate, certificate_batch, repository_document, or another that a sender names."),
        Attribute("item_count", "BIGINT", "Certificates or documents asked for; one where none is told."),
        Attribute("exclusion", "VARCHAR", "Agreed exception; empty where it counts."),
        Attribute("responded_at", "BIGINT", "When the response was sent; unknown where none was."),
        Attribute("response_us", "BIGINT", "From receipt to sending; unknown without a response."),
        Attribute("target_us", "BIGINT", "Target Response Time of the service; unknown where there is none."),
        Attribute("outcome", "VARCHAR", "answered, open while it may still be in time or its grace, or unanswered."),
        Attribute("delivery_no", "BIGINT", "The delivery that tells it."),
        Attribute("line", "BIGINT", "Its line there."),
        Attribute("set_aside", "VARCHAR", "negative_span where it was answered before it was received; empty where it counts."),
    ),
    sql=SQL,
    began="began_at",
    day="day",
    splits=("service",),
    set_aside="set_aside <> ''",
    sorted_by=("service", "began_at", "request_id", "delivery_no", "line"),
    span="response_us",
    span_counts="outcome = 'answered' AND exclusion = ''",
    dated=dated_relations,
    remarks=(("unknown_service", "SMKI requests for something that has no target: in no measure.", "target_us IS NULL"),),
    traced_to=((FEED, (("delivery_no", "delivery_no"), ("line", "line"))),),
)
