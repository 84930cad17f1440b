"""Installed and commissioned against installed and left, day by day, by the status updates of the audit trail alone (CR1429)."""

from tocsin.journeys.hub_installs import HUB_INSTALLS
from tocsin.measuring.measure import Area, Indicator, Rule

INSTALLS = Area(
    name="installs",
    title="Installed and commissioned, installed and left",
    sentence="Communications Hubs by the day of their first 8.14.1 or 8.14.2 and by what the audit trail says of them as at the run.",
    of=HUB_INSTALLS.name,
    feeds=("audit_trail",),
    groupings=((), ("installed_on",), ("region",), ("service_provider",)),
    order=50,
    beside="installs_listed",
    indicators=(
        Indicator("installed", "Installed", "count", Rule("Communications Hubs whose first 8.14.1 or 8.14.2 came in the period.", "TRUE")),
        Indicator(
            "commissioned",
            "Installed and commissioned",
            "count",
            Rule(
                "Of them, connected at once (8.14.1), or with a sign of the WAN since: an 8.14.1, a response of the hub or behind it.",
                "trail_state = 'commissioned'",
            ),
        ),
        Indicator(
            "awaiting",
            "Awaiting a decision",
            "count",
            Rule("Of them, without SM WAN (8.14.2), no sign of it since, and inside the 90 days.", "trail_state = 'pending_90'"),
        ),
        Indicator(
            "left",
            "Installed and left",
            "count",
            Rule("Of them, without SM WAN (8.14.2), no sign of it since, and the 90 days are over.", "trail_state = 'left'"),
        ),
        Indicator(
            "replaced",
            "Returned",
            "count",
            Rule("Of them, returned since (8.14.3 or 8.14.4).", "trail_state = 'replaced'"),
        ),
        Indicator(
            "first_time_connectivity",
            "First-time connectivity",
            "percent",
            Rule("Communications Hubs whose first 8.14.1 or 8.14.2 came in the period.", "TRUE"),
            Rule("The first was an 8.14.1.", "is_first_time"),
        ),
    ),
)
