"""CPM 1: On-Demand Service Responses sent within their Target Response Time, as observed in the audit trail."""

from tocsin.measuring.measure import Level, Measure, Rule

FLOWS = "flow IN ('on_demand', 'critical', 'dcc_only') AND target_response_us IS NOT NULL"

CPM_1 = Measure(
    name="cpm_1",
    title="On-Demand Service Responses sent within their Target Response Time",
    clause="SEC H13.1",
    of="service_requests",
    counted=Rule(
        "Every On-Demand Service Request received in the period, answered or not; for a critical one the signed pre-command is the "
        "request. Requests rejected at validation, and those still inside their waiting time, are left out.",
        f"{FLOWS} AND outcome NOT IN ('user_reject', 'open')",
    ),
    # A notice that the command could not be delivered is no Service Response: counted, and not met (domain.md 6.4).
    met=Rule(
        "Answered by the device or the DCC within its Target Response Time; the last microsecond still counts.",
        "outcome IN ('success', 'device_fail') AND round_trip_us <= target_response_us",
    ),
    waiting=Rule("Still inside its waiting time as at the run.", f"{FLOWS} AND outcome = 'open'"),
    split_by=("service_provider", "region"),
    # Recalled, with no first day known: taken as in force whenever they are asked for (domain.md 2.2).
    levels=(Level(since="2012-01-01", target="99", minimum="96", status="assumed"),),
    feeds=("audit_trail",),
    order=10,
    # In 2018 it was combined from Service Provider reports, with sampled test commands for the WAN (domain.md 2.3).
    reading="Observed: each User's own requests in the audit trail, not the Service Providers' reports.",
    is_combined=True,
    beside="cpm_1_reported",
)
