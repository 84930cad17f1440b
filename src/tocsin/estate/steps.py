"""The feeds beside the audit trail, in the order in which they are made: each posts its files and keeps its truth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tocsin.estate.events.alerts import expected_alerts, post_alerts
from tocsin.estate.events.firmware import expected_firmware, post_firmware
from tocsin.estate.events.hub_firmware import expected_hub_firmware, post_hub_firmware
from tocsin.estate.events.hub_orders import expected_hub_orders, post_hub_orders
from tocsin.estate.events.incidents import expected_incidents, post_incidents
from tocsin.estate.events.outage_file import expected_outages, post_outages
from tocsin.estate.events.provider_reports import expected_provider_reports, post_provider_reports
from tocsin.estate.events.registers import post_registers
from tocsin.estate.events.smki import expected_smki, post_smki
from tocsin.estate.outbox import Outbox
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population


class Told(Protocol):
    """The truth of a feed."""

    def write(self, truth: Path) -> None:
        """Write it into the folder truth/."""


Post = Callable[[Plan, Population, Outbox, Path], Told]
Expected = Callable[[Plan], Sequence[dict[str, Any]]]


@dataclass(frozen=True)
class Step:
    """One feed, or feeds made together: how its files are posted, and what is owed of it (None: told in senders/expected/)."""

    name: str
    post: Post
    expected: Expected | None = None


STEPS: tuple[Step, ...] = (
    Step("registers", post_registers),
    Step("incidents", post_incidents, expected_incidents),
    Step("outages", post_outages, expected_outages),
    Step("alerts", post_alerts, expected_alerts),
    Step("firmware of devices", post_firmware, expected_firmware),
    Step("firmware of Communications Hubs", post_hub_firmware, expected_hub_firmware),
    Step("Communications Hubs ordered", post_hub_orders, expected_hub_orders),
    Step("SMKI requests", post_smki, expected_smki),
    Step("provider reports", post_provider_reports, expected_provider_reports),
)
