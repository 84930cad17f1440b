"""The same as `ninety_days`, with the CSPs' lists: what they connected, and the exceptions they claim (domain.md 10.1: PM1.2)."""

from tocsin.journeys.hub_quarters import HUB_QUARTERS
from tocsin.measuring.measure import Area, Indicator, Rule

WAITING = "NOT is_decided AND NOT is_within_90 AND exception = ''"

NINETY_DAYS_LISTED = Area(
    name="ninety_days_listed",
    title="Connectivity within 90 days, in arrears, with the CSPs' lists",
    sentence="Communications Hubs of the quarter before: connected at the latest on the 90th day, by the audit trail and the CSPs' lists.",
    of=HUB_QUARTERS.name,
    feeds=("audit_trail", "no_sm_wan_incidents"),
    groupings=(("quarter",), ("quarter", "region"), ("quarter", "service_provider")),
    order=53,
    source="provider_feed",
    beside="ninety_days",
    indicators=(
        Indicator(
            "connected_listed",
            "Connected within 90 days",
            "percent",
            # Installation exceptions and sites without access for the remedial visit leave PM1.2 (domain.md 10.1).
            Rule(
                "Communications Hubs whose first 8.14.1 or 8.14.2 came in the quarter before; without those still inside their 90 days "
                "and those for which the CSP claims an exception.",
                f"exception = '' AND NOT ({WAITING})",
            ),
            Rule("A sign of the WAN came at the latest on the 90th day, or the CSP connected it by then.", "is_within_90"),
            waiting=Rule("Not connected, without an exception, and still inside the 90 days as at the run.", WAITING),
        ),
        Indicator(
            "excepted_hubs",
            "Exception claimed",
            "count",
            Rule("Communications Hubs of the quarter before for which the CSP claims an exception.", "exception <> ''"),
        ),
    ),
)
