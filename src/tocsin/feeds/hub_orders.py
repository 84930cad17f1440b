"""Communications Hubs ordered, delivered and returned: one row a record of the CSP (domain.md 6.2 and 10.1)."""

from tocsin.feeds.feed import Check, Column, Due, Feed, Kind
from tocsin.vocabulary.comms_hubs import ORDER_RECORDS

HUB_ORDERS = Feed(
    name="hub_orders",
    code="HO",
    title="Communications Hub orders and returns",
    source="domain.md 10.1 (SRV 8.14.3 and 8.14.4); layout our own",
    every="month",
    due=Due(working_day=5),
    columns=(
        Column("record_id", Kind.TEXT, "Reference of the order, delivery or return."),
        Column("record_kind", Kind.CODE, "Order, delivery or return.", known=ORDER_RECORDS),
        Column("order_id", Kind.TEXT, "Order that a delivery fills.", may_be_empty=True, empty_means="a return, or not told"),
        Column(
            "user_id",
            Kind.TEXT,
            "EUI-64 of the User that ordered; the party list gives its SEC Party.",
            may_be_empty=True,
            empty_means="party unknown",
            personal=True,
            fold="upper",
        ),
        Column("region", Kind.CODE, "CSP Region.", may_be_empty=True, empty_means="all that the Service Provider serves"),
        Column("service_provider", Kind.CODE, "CSP that delivers.", may_be_empty=True, empty_means="the sender"),
        Column("hub_count", Kind.WHOLE, "How many Communications Hubs the record is of."),
        Column("recorded_at", Kind.INSTANT, "When it was ordered, delivered or returned."),
        Column(
            "promised_at",
            Kind.INSTANT,
            "Until when the order is to be delivered.",
            may_be_empty=True,
            empty_means="not an order, or not agreed",
            far_future_allowed=True,
        ),
        Column("comms_hub_id", Kind.IDENTIFIER, "EUI-64 of a Communications Hub returned.", may_be_empty=True, empty_means="not a return"),
        Column(
            "is_fault", Kind.FLAG, "Whether it was returned as faulty (8.14.3, else 8.14.4).", may_be_empty=True, empty_means="not a return"
        ),
    ),
    key=("record_id", "record_kind"),
    sorted_by=("recorded_at",),
    checks=(Check("HO-01", "a record is of one Communications Hub or more", "hub_count >= 1"),),
)
