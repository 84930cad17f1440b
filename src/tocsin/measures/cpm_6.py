"""CPM 6: availability of the Self-Service Interface in the Target Availability Period, in whole minutes (domain.md 2.6)."""

from tocsin.measuring.measure import Level, Measure, Rule

CPM_6 = Measure(
    name="cpm_6",
    title="Self-Service Interface available in the Target Availability Period",
    clause="SEC H13.1",
    of="availability",
    counted=Rule(
        "Minutes of the Target Availability Period: those of the month without Planned Maintenance arranged in compliance.",
        "service = 'ssi'",
        amount="tap_minutes",
    ),
    met=Rule("Those of them in which it was not down, less the complete minutes of each outage.", "TRUE", amount="available_minutes"),
    split_by=("service",),
    # Recalled, with no first day known: taken as in force whenever they are asked for (domain.md 2.2).
    levels=(Level(since="2012-01-01", target="99.5", minimum="98", status="assumed"),),
    feeds=("outages",),
    order=60,
    reading="By the DSP's records of outages; the level that the DSP reports (measure 3.5) stands beside it.",
    source="provider_feed",
)
