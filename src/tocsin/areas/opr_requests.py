"""Success by region of the Service Requests that the Operational Performance Regime rests on (domain.md 13)."""

from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measuring.measure import Area, Indicator, Rule

# The success rate of the Business Processes, of one SRV: rejects of the request and open ones left out.
DECIDED = "outcome IN ('success', 'device_fail', 'dcc_fail', 'timeout')"


def _success(name: str, title: str, srv: str) -> Indicator:
    return Indicator(
        name,
        title,
        "percent",
        Rule(f"Service Requests {srv} answered, failed or timed out.", f"srv = '{srv}' AND {DECIDED}"),
        Rule("Answered with a success code and, as far as the DCC can see, no error from the device.", "outcome = 'success'"),
        waiting=Rule("Still inside its waiting time as at the run.", f"srv = '{srv}' AND outcome = 'open'"),
    )


OPR_REQUESTS = Area(
    name="opr_requests",
    title="Service Requests of the Operational Performance Regime",
    sentence="Success of topping up (2.2) and of the change of supplier's credentials (6.23), by region and for SMETS1.",
    of=SERVICE_REQUESTS.name,
    feeds=("audit_trail",),
    groupings=(("region",),),
    order=90,
    indicators=(
        _success("top_up_success", "Top-ups that succeeded", "2.2"),
        _success("supplier_change_success", "Changes of supplier that succeeded", "6.23"),
    ),
)
