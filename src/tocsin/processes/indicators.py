"""The indicators of Business Processes: volume, success, Round Trip Time of Service Requests, path times of alerts (domain.md 5 to 7)."""

from collections.abc import Mapping

from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measuring.measure import Indicator, Rule

DECIDED = "outcome IN ('success', 'device_fail', 'dcc_fail', 'timeout')"
SUCCESS = Rule("Answered with a success code and, as far as the DCC can see, no error from the device.", "outcome = 'success'")
WAITING = Rule("Still inside its waiting time as at the run.", "outcome = 'open'")
# A fast error must not improve the median: successful answers only.
TIMED = Rule("Successful answers that have a Round Trip Time.", SERVICE_REQUESTS.span_counts)

PASSED_ON = Rule("Passed to the User, in time or late.", "outcome IN ('delivered', 'late')")

# What a process's TOML may ask for, and the indicators that stand for it.
INDICATORS: Mapping[str, tuple[Indicator, ...]] = {
    "volume": (Indicator("volume", "Volume", "count", Rule("All of the period, rejected and unanswered ones among them.", "TRUE")),),
    "user_rejects": (
        Indicator(
            "user_rejects",
            "Rejected at validation because of the request",
            "count",
            Rule("Refused for its format, authorisation or role.", "outcome = 'user_reject'"),
            is_broken_down=False,
        ),
    ),
    "success_rate": (
        Indicator(
            "success_rate",
            "Success rate",
            "percent",
            Rule("Answered, failed or timed out; rejects of the request and open ones left out.", DECIDED),
            SUCCESS,
            waiting=WAITING,
        ),
        Indicator(
            "success_rate_with_rejects",
            "Success rate with rejects counted",
            "percent",
            Rule("As the success rate, and with what was rejected at validation.", f"({DECIDED} OR outcome = 'user_reject')"),
            SUCCESS,
            waiting=WAITING,
            is_broken_down=False,
        ),
    ),
    "round_trip_time": (
        *(
            Indicator(f"round_trip_{name}", f"Round Trip Time {name}", "seconds", TIMED, per_mille=per_mille)
            for name, per_mille in (("p50", 500), ("p90", 900), ("p95", 950), ("p99", 990), ("max", 1000))
        ),
        Indicator(
            "within_target",
            "Within target",
            "percent",
            Rule("Successful answers that have a Round Trip Time and a target.", f"{TIMED.predicate} AND target_response_us IS NOT NULL"),
            Rule("Round Trip Time no longer than the Target Response Time.", "round_trip_us <= target_response_us"),
        ),
    ),
    "path": (
        Indicator(
            "success_rate",
            "Passed to the User",
            "percent",
            Rule(
                "Alerts to be passed on: not held back in a storm, and received at least a day before the run.",
                "outcome IN ('delivered', 'late', 'lost')",
            ),
            PASSED_ON,
            waiting=Rule("Received less than a day before the run and not passed on yet.", "outcome = 'open'"),
        ),
        *(
            Indicator(
                f"delivery_{name}",
                f"Delivery time {name}",
                "seconds",
                Rule("Alerts passed on, from the first stage known to the User.", "delivery_us IS NOT NULL"),
                per_mille=per_mille,
            )
            for name, per_mille in (("p50", 500), ("p90", 900), ("p95", 950), ("p99", 990), ("max", 1000))
        ),
        Indicator(
            "within_target",
            "Within target",
            "percent",
            PASSED_ON,
            Rule("Passed on within the target; the last microsecond still counts.", "outcome = 'delivered'"),
        ),
    ),
}

# Told of pairs too (an SRV in a CSP Region): the others say little more of a cell, and a month has thousands of cells.
CROSSED = ("volume", "success_rate", "round_trip_p50", "round_trip_p95", "within_target")

# The numbers that figures by SEC Party rest on, each part of the one before it: what is kept back of one is not told by another
# (decision 0007). Shares are places in it, of a counted and a met.
NESTED = (
    "volume_counted",
    "success_rate_with_rejects_counted",
    "success_rate_counted",
    "success_rate_met",
    "round_trip_p50_counted",
    "within_target_counted",
    "within_target_met",
)
SHARES = ((1, 3), (2, 3), (5, 6))
