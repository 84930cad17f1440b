"""The same as `installs`, with what the CSPs list: connected, not achievable, replaced, and the exceptions they claim (CR1429)."""

from tocsin.journeys.hub_installs import HUB_INSTALLS
from tocsin.measuring.measure import Area, Indicator, Rule

INSTALLS_LISTED = Area(
    name="installs_listed",
    title="Installed and commissioned, installed and left, with the CSPs' lists",
    sentence="Communications Hubs by the day of their first 8.14.1 or 8.14.2 and by what the audit trail and the CSPs' lists say of them.",
    of=HUB_INSTALLS.name,
    feeds=("audit_trail", "no_sm_wan_incidents"),
    groupings=((), ("installed_on",), ("region",), ("service_provider",)),
    order=51,
    source="provider_feed",
    beside="installs",
    indicators=(
        Indicator(
            "commissioned_listed",
            "Installed and commissioned",
            "count",
            Rule("Connected at once (8.14.1), with a sign of the WAN since, or connected by its CSP.", "state = 'commissioned'"),
        ),
        Indicator(
            "awaiting_listed",
            "Awaiting a decision",
            "count",
            Rule("Without SM WAN (8.14.2), undecided by its CSP, and inside the 90 days.", "state = 'pending_90'"),
        ),
        Indicator(
            "left_listed",
            "Installed and left",
            "count",
            Rule(
                "Without SM WAN (8.14.2), and the 90 days are over or its CSP cannot provide it or claims an exception.", "state = 'left'"
            ),
        ),
        Indicator(
            "replaced_listed",
            "Replaced or returned",
            "count",
            Rule("Returned (8.14.3 or 8.14.4), replaced by its CSP, or followed by another hub at its premises.", "state = 'replaced'"),
        ),
        Indicator(
            "excepted",
            "Exception claimed",
            "count",
            Rule("Communications Hubs for which the CSP claims an exception.", "exception <> ''"),
        ),
        Indicator(
            "first_time_connectivity_listed",
            "First-time connectivity",
            "percent",
            Rule(
                "Communications Hubs whose first 8.14.1 or 8.14.2 came in the period, without those the CSP excepts as an installation.",
                "exception <> 'installation'",
            ),
            Rule("The first was an 8.14.1.", "is_first_time"),
        ),
    ),
)
