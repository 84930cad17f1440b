"""Alerts that each sender tells of at each stage, from records and from counts (CR1418, CR1438: throughput each quarter-hour)."""

from tocsin.journeys.alert_slices import ALERT_SLICES
from tocsin.measuring.measure import Area, Indicator, Rule

ALERT_THROUGHPUT = Area(
    name="alert_throughput",
    title="Throughput of alerts",
    sentence="Alerts that each sender says passed a stage, by its own stamp; several senders tell the same alerts.",
    of=ALERT_SLICES.name,
    feeds=("alert_stages", "alert_counts"),
    # Several senders tell the same alerts of the same stage: only within a sender and a stage do they add up.
    groupings=(("sender", "stage"), ("sender", "stage", "region")),
    order=23,
    source="provider_feed",
    indicators=(
        Indicator("told", "Alerts", "count", Rule("Alerts told to have passed the stage.", "TRUE", amount="alert_count")),
        Indicator("told_held_back", "Held back", "count", Rule("Those told to be held back.", "TRUE", amount="consolidated_count")),
    ),
)
