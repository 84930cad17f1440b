"""The three-way reconciliation: how many 8.14.2 and records stand in each of the eight buckets (domain.md 10.3; CR1429)."""

from tocsin.journeys.no_wan_matches import NO_WAN_MATCHES
from tocsin.measuring.measure import Area, Indicator, Rule
from tocsin.vocabulary.comms_hubs import BUCKETS

NO_WAN_MATCHES_AREA = Area(
    name="no_wan_matches",
    title="8.14.2, Incident and CSP record: reconciliation",
    sentence="Every Communications Hub with an 8.14.2, and every record that goes with none, in exactly one of eight buckets.",
    of=NO_WAN_MATCHES.name,
    feeds=("audit_trail", "no_sm_wan_incidents"),
    groupings=(("cohort",), ("cohort", "service_provider"), ("cohort", "region")),
    order=54,
    source="provider_feed",
    indicators=(
        Indicator("updates", "8.14.2", "count", Rule("Communications Hubs with an 8.14.2.", "has_update")),
        Indicator("incidents_raised", "Incidents", "count", Rule("Those that the DSP's list of raised Incidents has.", "is_raised")),
        Indicator("csp_records", "CSP records", "count", Rule("Those that the CSP's lists have.", "is_listed")),
        Indicator("leftovers", "Without an 8.14.2", "count", Rule("Incidents and CSP records without an 8.14.2.", "NOT has_update")),
        *(
            Indicator(f"bucket_{bucket.lower()}", f"{bucket}: {title}", "count", Rule(f"{title}.", f"bucket = '{bucket}'"))
            for bucket, title in BUCKETS.items()
        ),
        Indicator(
            "reconciled",
            "8.14.2 that both sides confirm",
            "percent",
            Rule(
                "Communications Hubs with an 8.14.2, without those whose missing record may still come.", "has_update AND NOT is_within_lag"
            ),
            Rule("Incident and CSP record are there and nothing is in conflict.", "bucket = 'M3'"),
            waiting=Rule("What is missing may still come: the allowed lag is not over.", "has_update AND is_within_lag"),
        ),
    ),
)
