"""Connectivity within 90 days, one quarter in arrears, by the audit trail alone (domain.md 10.1: PM1.2)."""

from tocsin.journeys.hub_quarters import HUB_QUARTERS
from tocsin.measuring.measure import Area, Indicator, Rule

WAITING = "NOT is_decided AND NOT is_within_90_by_trail"

NINETY_DAYS = Area(
    name="ninety_days",
    title="Connectivity within 90 days, in arrears",
    sentence="Communications Hubs of the quarter before: connected at the latest on the 90th day, by the audit trail.",
    of=HUB_QUARTERS.name,
    feeds=("audit_trail",),
    groupings=(("quarter",), ("quarter", "region"), ("quarter", "service_provider")),
    order=52,
    beside="ninety_days_listed",
    indicators=(
        Indicator(
            "connected",
            "Connected within 90 days",
            "percent",
            Rule(
                "Communications Hubs whose first 8.14.1 or 8.14.2 came in the quarter before; without those still inside their 90 days.",
                f"NOT ({WAITING})",
            ),
            Rule("A sign of the WAN came at the latest on the 90th day.", "is_within_90_by_trail"),
            waiting=Rule("Not connected, and still inside the 90 days as at the run.", WAITING),
        ),
        Indicator(
            "recovered",
            "Of those without SM WAN at first, connected within 90 days",
            "percent",
            Rule(
                "Communications Hubs whose first update was an 8.14.2 of the quarter before; without those still inside their 90 days.",
                f"first_srv = '8.14.2' AND NOT ({WAITING})",
            ),
            Rule("A sign of the WAN came at the latest on the 90th day.", "is_within_90_by_trail"),
            waiting=Rule("Not connected, and still inside the 90 days as at the run.", f"first_srv = '8.14.2' AND {WAITING}"),
        ),
    ),
)
