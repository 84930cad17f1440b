"""Communications Hubs ordered, due, delivered and returned: one row a record of the CSP, and one an order whose promise fell due."""

from datetime import date
from pathlib import Path
from typing import Any

from tocsin.engines.engine import Relation
from tocsin.journeys.hub_order_records_sql import SQL
from tocsin.measuring.journey import DELIVERIES, Attribute, Journey
from tocsin.vocabulary.service_providers import service_providers

PROVIDERS = Relation("hub_providers", (("service_provider", "VARCHAR"), ("region", "VARCHAR")))
FEED = "hub_orders"


def dated_relations(on: date, override: Path | None = None) -> list[tuple[Relation, list[tuple[Any, ...]]]]:
    """The region that each Service Provider serves, as on a date."""
    return [(PROVIDERS, [(code, provider.region) for code, provider in service_providers(on, override).items()])]


HUB_ORDER_RECORDS = Journey(
    name="hub_order_records",
    title="Communications Hub orders and returns",
    source="domain.md 10.1 (SRV 8.14.3 and 8.14.4); layout our own",
    reads=(FEED, DELIVERIES.name, PROVIDERS.name),
    attributes=(
        Attribute("day", "BIGINT", "UTC day number of began_at."),
        Attribute("began_at", "BIGINT", "When it was ordered, delivered or returned; of an order that fell due, when it was promised."),
        Attribute("happening", "VARCHAR", "ordered, due, delivered, returned, or another that a sender names."),
        Attribute("record_id", "VARCHAR", "Reference of the record; of an order that fell due, the order's."),
        Attribute("service_provider", "VARCHAR", "CSP that delivers: as told, else the sender."),
        Attribute("region", "VARCHAR", "CSP Region told, else the one the CSP serves."),
        Attribute("hub_count", "BIGINT", "Communications Hubs that it is of."),
        Attribute("in_time_count", "BIGINT", "Those delivered no later than promised; unknown where nothing was promised."),
        Attribute("fault", "VARCHAR", "Of a return: fault, no_fault, or UNKNOWN where not told; none of anything else."),
        Attribute("has_no_order", "BOOLEAN", "A delivery whose order no file has told of."),
        Attribute("delivery_no", "BIGINT", "The delivery that tells it."),
        Attribute("line", "BIGINT", "Its line there."),
        Attribute("set_aside", "VARCHAR", "delivered_before_ordered; empty where it counts."),
    ),
    sql=SQL,
    began="began_at",
    day="day",
    splits=("happening", "service_provider", "region", "fault"),
    set_aside="set_aside <> ''",
    sorted_by=("happening", "service_provider", "region", "began_at", "record_id", "delivery_no", "line"),
    dated=dated_relations,
    remarks=(
        ("no_order", "Deliveries of Communications Hubs whose order no file has told of: counted, and not judged.", "has_no_order"),
        (
            "unknown_kind",
            "Records of Communications Hubs that are no order, delivery or return.",
            "happening NOT IN ('ordered', 'due', 'delivered', 'returned')",
        ),
    ),
    traced_to=((FEED, (("delivery_no", "delivery_no"), ("line", "line"))),),
)
