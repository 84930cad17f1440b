"""Alerts as the DSP alone sees them: the TOC proxy beside what Service Providers send of every stage (MP122B)."""

from tocsin.journeys.alerts import ALERTS
from tocsin.measuring.measure import Area, Indicator, Rule

ALERTS_AT_DSP = Area(
    name="alerts_at_dsp",
    title="Alerts as seen at the DSP",
    sentence="Alerts that the DSP tells of: received, held back, passed on or lost inside it.",
    of=ALERTS.name,
    feeds=("alert_stages",),
    groupings=((), ("kind",), ("region",), ("service_provider",)),
    order=21,
    source="toc_proxy",
    beside="alerts",
    indicators=(
        Indicator("at_dsp_raised", "Alerts", "count", Rule("Alerts that the DSP tells of.", "outcome_at_dsp <> 'unseen'")),
        Indicator(
            "at_dsp_forwarded",
            "Passed to the User",
            "percent",
            Rule("Those that were to be passed on.", "outcome_at_dsp IN ('delivered', 'late', 'lost')"),
            Rule("Passed to the User, in time or late.", "outcome_at_dsp IN ('delivered', 'late')"),
            waiting=Rule("Received less than a day before the run and not passed on yet.", "outcome_at_dsp = 'open'"),
        ),
        Indicator("at_dsp_consolidated", "Held back in storms", "count", Rule("Held back by the DSP.", "outcome_at_dsp = 'consolidated'")),
        Indicator("at_dsp_late", "Passed on late", "count", Rule("Passed to the User after the target.", "outcome_at_dsp = 'late'")),
        Indicator("at_dsp_lost", "Lost", "count", Rule("Never passed on.", "outcome_at_dsp = 'lost'")),
    ),
)
