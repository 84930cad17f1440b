"""CPM 3 by the TOC proxy: what the DSP alone sees of alerts, without any other Service Provider's stamps (MP122B)."""

from tocsin.measuring.measure import Level, Measure, Rule

CPM_3_AT_DSP = Measure(
    name="cpm_3_at_dsp",
    title="Alerts delivered within their target, as seen at the DSP",
    clause="SEC H13.1",
    of="alerts",
    counted=Rule(
        "Every alert that the DSP tells of, passed on or lost inside it; those held back as part of a storm and those received less than "
        "a day before the run are left out. What is lost before the DSP cannot be seen.",
        "outcome_at_dsp IN ('delivered', 'late', 'lost')",
    ),
    met=Rule(
        "Passed to the User within the target from the first stage the DSP tells: the CSP's receipt for Central and South, else its own.",
        "outcome_at_dsp = 'delivered'",
    ),
    waiting=Rule("Received less than a day before the run and not passed on yet.", "outcome_at_dsp = 'open'"),
    split_by=("service_provider", "region"),
    # Recalled, with no first day known: taken as in force whenever they are asked for (domain.md 2.2).
    levels=(Level(since="2012-01-01", target="99", minimum="96", status="assumed"),),
    feeds=("alert_stages",),
    order=32,
    reading="TOC proxy: the DSP's own stages (e to f, c to f for CSP Central & South); the way over the WAN is mostly not in it.",
    is_combined=True,
    source="toc_proxy",
    beside="cpm_3",
)
