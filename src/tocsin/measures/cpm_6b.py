"""CPM 6B: images distributed to devices within five days of their acceptance, a target device each (CR1421, CR1440; domain.md 2.7, 8.4)."""

from tocsin.measuring.measure import Measure, Rule

CPM_6B = Measure(
    name="cpm_6b",
    title="Device firmware distributed within the target time",
    clause="SEC H13.1 and H13.1A",
    of="firmware_uploads",
    counted=Rule(
        "Devices for which the DSP accepted an image in the period; refused ones, those named again before the first attempt was over, and"
        " those of a Service Provider that tells of no delivery are left out, as are those whose target time still runs.",
        "outcome IN ('delivered', 'late', 'failed', 'expired')",
    ),
    met=Rule(
        "Delivered to the device within its target time, or to the Communications Hub where the device cannot report; the last microsecond"
        " still counts.",
        "outcome = 'delivered'",
    ),
    waiting=Rule("The target time still runs as at the run.", "outcome = 'open'"),
    split_by=("service_provider", "region", "device_type"),
    feeds=("device_firmware",),
    order=64,
    reading=(
        "Taken as the distribution of the image; the wording was not found (domain.md 2.7). Not available from data already held:"
        " the audit trail tells that an 11.1 was accepted, and nothing of the devices it lists."
    ),
    source="provider_feed",
)
