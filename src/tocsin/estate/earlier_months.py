"""What months simulated before into the same workspace leave for the next: what registers go on telling, and what was told of Incidents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tocsin.estate.plan import Plan
from tocsin.estate.population import Population

if TYPE_CHECKING:
    from tocsin.estate.events.incident_stories import Change, Extract
    from tocsin.estate.truth.hubs import HubMonth


@dataclass
class EarlierMonths:
    """Empty for a month on its own. Each month adds itself when it is drawn.

    `drawn`: the months' plans and populations; `lines` and `extracts` of Incidents by reference, as in IncidentTruth; `hubs`: what the
    truth of Communications Hubs is counted from; `orders`: the records of each file of Communications Hub orders that came.
    """

    drawn: list[tuple[Plan, Population]] = field(default_factory=list)
    lines: dict[str, Sequence["Change"]] = field(default_factory=dict)
    extracts: dict[str, "Extract"] = field(default_factory=dict)
    hubs: list["HubMonth"] = field(default_factory=list)
    orders: list[list[dict[str, Any]]] = field(default_factory=list)

    def add_incidents(self, lines: Mapping[str, Sequence["Change"]], extracts: Mapping[str, "Extract"]) -> None:
        """What was delivered of Incidents by the end of a month, of the months before it too."""
        self.lines |= lines
        self.extracts |= extracts
