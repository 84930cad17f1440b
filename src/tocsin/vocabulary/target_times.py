"""Target Response Times, by Service Request Variant and flow, dated (domain.md 4.1 and 6.2; SEC Appendix E was not at hand)."""

from datetime import date
from functools import cache
from pathlib import Path

from tocsin.vocabulary.dated import DatedTable
from tocsin.vocabulary.settings import setting

FLOWS = (
    "on_demand",
    "critical",
    "transform_only",
    "local_only",
    "dcc_only",
    "future_dsp",
    "future_device_set_up",
    "future_device_outcome",
    "future_both",
    "scheduled",
    "cancellation",
    "firmware",
)

# In place of an SRV: the class of the flow, for every SRV without a row of its own.
ANY_SRV = "*"


def target_response_us(srv: str, flow: str, on: date, override: Path | None = None) -> int | None:
    """The Target Response Time in force on a date, in microseconds: the SRV's own row, else its flow's; None where there is no target."""
    targets = _targets(DatedTable.load("target_response_times", override), on)
    return targets.get((srv, flow), targets.get((ANY_SRV, flow)))


def target_rows(on: date, override: Path | None = None) -> list[tuple[str, str, int]]:
    """(SRV or "*", flow, microseconds) of every target in force on a date; a flow without a target has no row.

    An SRV's own row always has a target: without one it would be left out here and its flow's class would speak for it.
    Raises BadDeclaration on a bad row of the override.
    """
    targets = _targets(DatedTable.load("target_response_times", override), on)
    return [(srv, flow, target_us) for (srv, flow), target_us in sorted(targets.items()) if target_us is not None]


def grace_us(on: date, override: Path | None = None) -> int:
    """How long after its Target Response Time a request without a final answer has timed out, in microseconds (domain.md 6.4)."""
    return setting("timeout_grace", on, override).us


def longest_wait_us(on: date, override: Path | None = None) -> int:
    """How long after a month's end an answer to a request of it may still count: the longest target with its grace, in microseconds.

    An image has five days and no grace: it is the target itself that ends the wait (domain.md 2.7).
    """
    targets = target_rows(on, override)
    graced = max((target_us + grace_us(on, override) for _, flow, target_us in targets if flow != "firmware"), default=0)
    return max(graced, *(target_us for _, flow, target_us in targets if flow == "firmware"), 0)


def alert_target_us(on: date, override: Path | None = None) -> int:
    """The Target Response Time of an alert, in microseconds."""
    return setting("alert_target", on, override).us


@cache
def _targets(table: DatedTable, on: date) -> dict[tuple[str, str], int | None]:
    targets: dict[tuple[str, str], int | None] = {}
    for (srv, flow), row in table.at(on).items():
        row.one_of("flow", FLOWS)
        if row.cells["target_us"] == "" and srv != ANY_SRV:
            raise row.bad("target_us", "a whole number of microseconds (only a flow's class may have no target)")
        targets[srv, flow] = row.whole("target_us") if row.cells["target_us"] else None
    return targets
