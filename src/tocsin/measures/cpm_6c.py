"""CPM 6C: firmware activated on devices, by final evidence, a target device each (CR1440; domain.md 2.7, 8.3, 8.4)."""

from tocsin.measuring.measure import Measure, Rule

CPM_6C = Measure(
    name="cpm_6c",
    title="Device firmware activated",
    clause="SEC H13.1 and H13.1A",
    of="firmware_activations",
    counted=Rule(
        "Devices whose activation was first asked for in the period; refused and withdrawn ones, those named again before it was over, and"
        " those that may still be answered are left out.",
        "outcome IN ('activated', 'confirmed', 'failed', 'no_answer')",
    ),
    met=Rule(
        "Answered with success, or found to run the image's version though no answer came.",
        "outcome IN ('activated', 'confirmed')",
    ),
    waiting=Rule("May still be answered as at the run.", "outcome = 'open'"),
    split_by=("service_provider", "region", "device_type"),
    feeds=("device_firmware",),
    order=65,
    reading="Taken as the activation of the image; the wording was not found (domain.md 2.7).",
    source="provider_feed",
    beside="cpm_6c_observed",
)
