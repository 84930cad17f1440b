"""CPM 2: Future-Dated Service Responses (DCC-scheduled ones among them) sent within their Target Response Time, as observed."""

from tocsin.measuring.measure import Level, Measure, Rule

# The set-up of a device-held command is no second response: what was due is the outcome at its execution time.
FLOWS = "flow IN ('future_dsp', 'future_device_outcome', 'future_both', 'scheduled') AND target_response_us IS NOT NULL"

CPM_2 = Measure(
    name="cpm_2",
    title="Future-Dated Service Responses sent within their Target Response Time",
    clause="SEC H13.1",
    of="service_requests",
    counted=Rule(
        "Every Future-Dated Service Request due in the period and every planned occurrence of a DCC schedule that the audit trail tells "
        "of, answered or not. Those rejected at validation or cancelled, and those still inside their waiting time, are left out.",
        f"{FLOWS} AND outcome NOT IN ('user_reject', 'open')",
    ),
    met=Rule(
        "Answered by the device or the DCC within its Target Response Time of the execution or planned time; the last microsecond "
        "still counts.",
        "outcome IN ('success', 'device_fail') AND round_trip_us <= target_response_us",
    ),
    waiting=Rule("Still inside its waiting time as at the run.", f"{FLOWS} AND outcome = 'open'"),
    split_by=("service_provider", "region"),
    # Recalled, with no first day known: taken as in force whenever they are asked for (domain.md 2.2).
    levels=(Level(since="2012-01-01", target="99", minimum="96", status="assumed"),),
    feeds=("audit_trail",),
    order=20,
    reading="Observed: each User's own requests in the audit trail, not the Service Providers' reports.",
    is_combined=True,
    beside="cpm_2_reported",
)
