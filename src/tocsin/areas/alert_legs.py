"""How long each leg of an alert's way takes (CR1418, CR1438; domain.md 7.3)."""

from tocsin.journeys.alert_legs import ALERT_LEGS
from tocsin.measuring.measure import Area, Indicator, Rule

TIMED = Rule("Alerts that have both stamps of the leg.", "TRUE", amount="alert_count")

ALERT_LEGS_AREA = Area(
    name="alert_legs",
    title="Times of the legs of alerts",
    sentence="Times of each leg; where a stage is not provided, delivery is timed from the next one known, and said to be by proxy.",
    of=ALERT_LEGS.name,
    feeds=("alert_stages",),
    # Legs do not add up: each stands alone.
    groupings=(("leg",), ("leg", "measured"), ("leg", "kind"), ("leg", "region"), ("leg", "service_provider")),
    order=22,
    source="provider_feed",
    indicators=(
        Indicator("timed", "Alerts timed", "count", TIMED),
        *(
            Indicator(f"time_{name}", f"Time {name}", "seconds", TIMED, per_mille=per_mille)
            for name, per_mille in (("p50", 500), ("p90", 900), ("p95", 950), ("p99", 990), ("max", 1000))
        ),
    ),
)
