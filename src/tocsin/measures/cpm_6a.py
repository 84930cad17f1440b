"""CPM 6A: firmware downloaded to Communications Hubs, a hub each (CR1423; domain.md 2.7, 8.4)."""

from tocsin.measuring.measure import Measure, Rule

CPM_6A = Measure(
    name="cpm_6a",
    title="Communications Hub firmware downloaded",
    clause="SEC H13.1 and H13.1A",
    of="hub_downloads",
    counted=Rule(
        "Communications Hubs to which a download was attempted in the period, each once; those whose only hope is still in progress are"
        " left out.",
        "hub_outcome IN ('ok', 'failed')",
    ),
    met=Rule("Of them, those with an attempt of the period that succeeded.", "hub_outcome = 'ok'"),
    waiting=Rule("Still in progress as at the run.", "hub_outcome = 'open'"),
    split_by=("service_provider", "region", "model"),
    feeds=("hub_firmware",),
    order=63,
    reading=(
        "By Communications Hub, not by attempt; the wording was not found (domain.md 2.7). Not available from data already held:"
        " images go to hubs inside the Service Providers' own networks."
    ),
    source="provider_feed",
)
