"""CPM 3: alerts passed to the User within their target, from the Communications Hub Function on, as the providers' stamps tell it."""

from tocsin.measuring.measure import Level, Measure, Rule

# Recalled, with no first day known: taken as in force whenever they are asked for (domain.md 2.2).
LEVELS = (Level(since="2012-01-01", target="99", minimum="96", status="assumed"),)

CPM_3 = Measure(
    name="cpm_3",
    title="Alerts delivered within their target, as stamped by Service Providers",
    clause="SEC H13.1",
    of="alerts",
    counted=Rule(
        "Every alert received in the period, passed on or lost. Those held back as part of a storm, for which another is passed on, and "
        "those received less than a day before the run are left out.",
        "outcome IN ('delivered', 'late', 'lost')",
    ),
    met=Rule(
        "Passed to the User within the target from receipt by the Communications Hub Function, or from the first stage known where a "
        "Service Provider gives none (proxy); the last microsecond still counts.",
        "outcome = 'delivered'",
    ),
    waiting=Rule("Received less than a day before the run and not passed on yet.", "outcome = 'open'"),
    split_by=("service_provider", "region"),
    levels=LEVELS,
    feeds=("alert_stages",),
    order=30,
    reading="Observed: each alert by its stamps, stage b to f; consolidated alerts are left out, lost ones are missed (inferred).",
    is_combined=True,
    source="provider_feed",
    beside="cpm_3_at_dsp",
)
