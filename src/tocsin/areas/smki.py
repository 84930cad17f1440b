"""SMKI services: how many requests, how fast they were answered (CPM 7 and 8; domain.md 2.2)."""

from tocsin.journeys.smki_measure import IN_TARGET
from tocsin.journeys.smki_requests import FEED, SMKI_REQUESTS
from tocsin.measuring.measure import Area, Indicator, Rule

_TIMED = Rule("Requests that were answered, agreed exceptions left out.", SMKI_REQUESTS.span_counts)

SMKI_AREA = Area(
    name="smki",
    title="SMKI services",
    sentence="Requests for certificates and for documents of the SMKI Repository, by service.",
    of=SMKI_REQUESTS.name,
    feeds=(FEED,),
    groupings=(("service",),),
    order=50,
    source="provider_feed",
    indicators=(
        Indicator("volume", "Volume", "count", Rule("Requests received in the period.", "TRUE")),
        Indicator("items", "Certificates or documents", "count", Rule("What those requests ask for.", "TRUE", amount="item_count")),
        Indicator(
            "within_target",
            "Within target",
            "percent",
            Rule("Requests that have a target, answered or not.", "target_us IS NOT NULL AND exclusion = '' AND outcome <> 'open'"),
            IN_TARGET,
        ),
        *(
            Indicator(f"response_{name}", f"Response time {name}", "seconds", _TIMED, per_mille=per_mille)
            for name, per_mille in (("p50", 500), ("p95", 950), ("p99", 990))
        ),
        Indicator("unanswered", "Never answered", "count", Rule("Requests without an answer, past all waiting.", "outcome = 'unanswered'")),
        Indicator("excluded", "Agreed exceptions", "count", Rule("Requests that an agreed exception leaves out.", "exclusion <> ''")),
    ),
)
