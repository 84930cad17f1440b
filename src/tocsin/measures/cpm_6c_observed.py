"""CPM 6C as the TOC can observe it: every 11.3 of the audit trail (domain.md 8.3); beside the Service Providers' own tracking."""

from tocsin.measuring.measure import Measure, Rule

CPM_6C_OBSERVED = Measure(
    name="cpm_6c_observed",
    title="Device firmware activated, by the audit trail",
    clause="SEC H13.1 and H13.1A",
    of="trail_activations",
    counted=Rule(
        "Every 11.3 received in the period, signed and sent; refused and withdrawn ones, and those that may still be answered, left out.",
        "outcome IN ('activated', 'confirmed', 'failed', 'version_unknown', 'no_answer')",
    ),
    met=Rule(
        "Answered with success; or a later 11.3 to the device was, or the inventory's version changed, within the waiting time.",
        "outcome IN ('activated', 'confirmed')",
    ),
    waiting=Rule("May still be answered as at the run.", "outcome = 'open'"),
    split_by=("service_provider", "region", "device_type"),
    feeds=("audit_trail",),
    order=66,
    reading=(
        "Observed: the 11.3 of the audit trail. An 11.2 that was answered does not tell which version it found there, so it is no success;"
        " an 11.4 activates of itself and is not among them."
    ),
    beside="cpm_6c",
)
