"""Downloads of firmware to Communications Hubs, day by day and by Service Provider: attempts and successes (CR1423)."""

from tocsin.journeys.hub_downloads import HUB_DOWNLOADS
from tocsin.measuring.measure import Area, Indicator, Rule

HUB_DOWNLOADS_AREA = Area(
    name="hub_downloads",
    title="Communications Hub firmware",
    sentence="Downloads of firmware to Communications Hubs that began in the period, by the latest told of each.",
    of=HUB_DOWNLOADS.name,
    feeds=("hub_firmware",),
    groupings=((), ("attempted_on",), ("service_provider",), ("region",), ("model",)),
    order=72,
    source="provider_feed",
    beside="hub_versions",
    indicators=(
        Indicator("attempts", "Attempts", "count", Rule("Downloads that began.", "TRUE")),
        Indicator("succeeded", "Succeeded", "count", Rule("Of them, those that succeeded.", "outcome = 'ok'")),
        Indicator("failed", "Failed", "count", Rule("Of them, those that failed.", "outcome = 'failed'")),
        Indicator("in_progress", "In progress", "count", Rule("Of them, those that may still end.", "outcome = 'open'")),
        Indicator("unfinished", "Unfinished", "count", Rule("Of them, those of whose end nothing was told.", "outcome = 'unfinished'")),
        Indicator(
            "attempt_success",
            "Success of attempts",
            "percent",
            Rule("Downloads that began, without those that may still end.", "outcome <> 'open'"),
            Rule("Of them, those that succeeded.", "outcome = 'ok'"),
            waiting=Rule("Downloads that may still end.", "outcome = 'open'"),
        ),
        Indicator("hubs", "Hubs tried", "count", Rule("Communications Hubs, each once.", "is_last_of_hub")),
    ),
)
