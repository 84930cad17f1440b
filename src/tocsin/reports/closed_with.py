"""Which runs were closed with a delivery: they stay as they were when it is taken back, and somebody must be told that they are there."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tocsin.deliveries.ledger import Delivery, Ledger
from tocsin.deliveries.withdrawing import stands_now, withdrawn_deliveries
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_received import WithdrawnLine
from tocsin.reports.received import withdrawn_line
from tocsin.reports.run_store import FILE


@dataclass(frozen=True)
class ClosedRun:
    """A run that rests on some of the deliveries asked for. `as_at` is µs UTC."""

    month: str
    run_id: str
    as_at: int
    is_complete: bool


def closed_with(runs: Path, deliveries: Collection[Delivery]) -> list[ClosedRun]:
    """The runs that rest on any of some deliveries, by month and as-at. A run that cannot be read is passed over: doctor tells of it."""
    wanted = {one.delivery_id for one in deliveries}
    found = []
    for path in sorted(runs.glob(f"*/[!.]*/{FILE}")):
        text = path.read_text(encoding="utf-8", errors="replace")
        # A run of a whole network is tens of megabytes: most need not be parsed to be told apart.
        if not any(name in text for name in wanted):
            continue
        try:
            told = json.loads(text)
            if wanted & {line["delivery_id"] for line in told["deliveries"]}:
                found.append(ClosedRun(path.parent.parent.name, path.parent.name, told["as_at"], told["is_complete"]))
        except (ValueError, KeyError, TypeError):
            continue
    return sorted(found, key=lambda run: (run.month, run.as_at, run.run_id))


def withdrawn_since(ledger: Ledger, run: FrozenRun, at: int) -> tuple[WithdrawnLine, ...]:
    """The deliveries of a run that were taken back after it was closed and by `at` (µs UTC), each with what stands in its slot then."""
    own = {line.delivery_id for line in run.deliveries}
    return tuple(
        withdrawn_line(one, word, stands_now(ledger, one, at)) for one, word in withdrawn_deliveries(ledger, at) if one.delivery_id in own
    )
