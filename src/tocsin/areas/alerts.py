"""Alerts stage by stage: how many reach each point, are held back, passed on or lost (CR1418, CR1438; domain.md 7.3 to 7.5)."""

from tocsin.journeys.alerts import ALERTS
from tocsin.measuring.measure import Area, Indicator, Rule
from tocsin.vocabulary.alerts import ALERT_STAGES

FORWARDED = "outcome IN ('delivered', 'late')"
DECIDED = "outcome IN ('delivered', 'late', 'lost')"
OUTAGE = "alert_code = 'AD1'"

_FUNNEL = tuple(
    Indicator(
        f"reached_{stage}",
        f"Stage {stage}: {told}",
        "count",
        Rule(f"Alerts with a stamp of stage {stage}: {told}.", f"{stage}_at IS NOT NULL"),
    )
    for stage, told in ALERT_STAGES.items()
)

ALERTS_AREA = Area(
    name="alerts",
    title="Alerts by stage",
    sentence="Alerts of the period by the stages they are known to have passed, and what became of them.",
    of=ALERTS.name,
    feeds=("alert_stages",),
    groupings=((), ("kind",), ("region",), ("service_provider",), ("device_type",), ("kind", "alert_code")),
    order=20,
    source="provider_feed",
    beside="alerts_at_dsp",
    indicators=(
        Indicator("raised", "Alerts", "count", Rule("All alerts of the period.", "TRUE")),
        *_FUNNEL,
        Indicator(
            "forwarded",
            "Passed to the User",
            "percent",
            Rule("Alerts that were to be passed on: not held back, and received at least a day before the run.", DECIDED),
            Rule("Passed to the User, in time or late.", FORWARDED),
            waiting=Rule("Received less than a day before the run and not passed on yet.", "outcome = 'open'"),
        ),
        Indicator(
            "consolidated",
            "Held back in storms",
            "count",
            Rule("Held back by the DSP: another alert stands for them.", "outcome = 'consolidated'"),
        ),
        Indicator(
            "stood_for",
            "Stood for by an alert passed on",
            "count",
            Rule("Alerts that those passed on stand for, themselves among them.", FORWARDED, amount="stands_for"),
        ),
        Indicator("late", "Passed on late", "count", Rule("Passed to the User after the target.", "outcome = 'late'")),
        Indicator(
            "still_open",
            "Not passed on yet",
            "count",
            Rule("Received less than a day before the run and not passed on yet.", "outcome = 'open'"),
        ),
        Indicator(
            "lost_before_dsp",
            "Lost before the DSP",
            "count",
            Rule("Never passed on, and never received by the DSP.", "outcome = 'lost' AND e_at IS NULL"),
        ),
        Indicator(
            "lost_inside_dsp",
            "Lost inside the DSP",
            "count",
            Rule("Received by the DSP, not held back and never passed on.", "outcome = 'lost' AND e_at IS NOT NULL"),
        ),
        Indicator(
            "by_proxy",
            "Timed by proxy",
            "count",
            Rule("The stamp of the Communications Hub Function is not provided: a later stage stands in for it.", "is_proxy"),
        ),
        Indicator("power_outages", "Power outage alerts", "count", Rule("AD1, those after a firmware activation among them.", OUTAGE)),
        Indicator(
            "false_outages",
            "Power outage alerts after a firmware activation",
            "count",
            Rule(
                "AD1 soon after a firmware activation behind the same Communications Hub; it stays in CPM 3.",
                f"{OUTAGE} AND is_after_activation",
            ),
        ),
    ),
)
