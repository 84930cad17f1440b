"""Alerts lost between two ends, quarter-hour by quarter-hour (CR1418, CR1438; domain.md 7.3 and 7.4)."""

from tocsin.journeys.alert_losses import ALERT_LOSSES
from tocsin.measuring.measure import Area, Indicator, Rule

ALERT_LOSSES_AREA = Area(
    name="alert_losses",
    title="Alerts lost on the way",
    sentence="Both ends of a leg in the same quarter-hour; what is missing is first looked for in the next and in the one before.",
    of=ALERT_LOSSES.name,
    feeds=("alert_stages", "alert_counts"),
    # What one leg passes on sets out on the next: legs do not add up.
    groupings=(("leg",), ("leg", "service_provider"), ("leg", "region")),
    order=24,
    source="provider_feed",
    indicators=(
        Indicator(
            "lost_share",
            "Lost",
            "percent",
            Rule("Alerts that set out.", "TRUE", amount="passed_count"),
            Rule("Those nowhere found.", "TRUE", amount="lost_count"),
        ),
        *(
            Indicator(name, title, "count", Rule(sentence, "TRUE", amount=f"{name}_count"))
            for name, title, sentence in (
                ("arrived", "Arrived", "Arrived, by the stamp of the leg's end."),
                ("consolidated", "Held back in storms", "Held back by the DSP as part of a storm."),
                ("open", "Not passed on yet", "Received less than a day before the run and not passed on yet."),
                ("skewed", "Found in a neighbouring quarter-hour", "Found in the quarter-hour after, or before."),
                ("surplus", "Surplus", "Arrived beyond what set out."),
            )
        ),
    ),
)
