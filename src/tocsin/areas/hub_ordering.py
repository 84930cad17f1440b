"""Communications Hubs ordered, delivered and returned, as the CSPs record them (domain.md 10.1)."""

from tocsin.journeys.hub_order_records import FEED, HUB_ORDER_RECORDS
from tocsin.measuring.measure import Area, Indicator, Rule


def _hubs(name: str, title: str, sentence: str, predicate: str) -> Indicator:
    return Indicator(name, title, "count", Rule(sentence, predicate, amount="hub_count"))


HUB_ORDERING = Area(
    name="hub_ordering",
    title="Communications Hub ordering and returns",
    sentence="Communications Hubs ordered, due, delivered and returned in the period, by the CSPs' own records.",
    of=HUB_ORDER_RECORDS.name,
    feeds=(FEED,),
    groupings=((), ("service_provider",), ("service_provider", "region")),
    order=60,
    source="provider_feed",
    indicators=(
        Indicator("orders", "Orders", "count", Rule("Orders placed in the period.", "happening = 'ordered'")),
        _hubs("ordered", "Hubs ordered", "Communications Hubs of those orders.", "happening = 'ordered'"),
        _hubs("delivered", "Hubs delivered", "Communications Hubs delivered in the period.", "happening = 'delivered'"),
        Indicator(
            "due_in_time",
            "Promised for the period and delivered in time",
            "percent",
            Rule("Communications Hubs whose delivery was promised for the period.", "happening = 'due'", amount="hub_count"),
            Rule("Those of them delivered no later than promised.", "TRUE", amount="in_time_count"),
        ),
        _hubs("returned", "Hubs returned", "Communications Hubs returned in the period.", "happening = 'returned'"),
        _hubs(
            "returned_faulty",
            "Returned as faulty",
            "Those returned with a fault (SRV 8.14.3).",
            "happening = 'returned' AND fault = 'fault'",
        ),
        _hubs(
            "returned_sound",
            "Returned without a fault",
            "Those returned without a fault (SRV 8.14.4).",
            "happening = 'returned' AND fault = 'no_fault'",
        ),
    ),
)
