"""What each Service Provider reports of itself: the measures of the Performance Measurement Methodology of 2018 (domain.md 2.3).

Which of them stands in ESI-101, in ESI-102 and in the Service Provider's own report was not found, and references of alerts, SMKI and
SMETS1 measures were not readable: both are our own (assumed).
"""

from dataclasses import dataclass
from typing import Literal

from tocsin.vocabulary.service_providers import ServiceProvider, service_providers

# What the number of a measure's events follows.
Follows = Literal["messages", "future_dated", "scheduled", "test_commands", "alerts", "hubs", "few", "minutes"]


@dataclass(frozen=True)
class ReportMeasure:
    """One line of a report: `level` is the share met in a usual month, of 10,000; `per_mille` of what it follows are its events."""

    report: str
    ref: str
    follows: Follows
    per_mille: int
    level: int

    @property
    def unit(self) -> str:
        return "minutes" if self.follows == "minutes" else "events"


OF_DSP = (
    ReportMeasure("esi_101", "1.1", "messages", 1000, 9951),
    ReportMeasure("esi_101", "1.4", "messages", 4, 9902),
    ReportMeasure("esi_102", "1.2", "future_dated", 1000, 9963),
    ReportMeasure("esi_102", "1.3", "scheduled", 1000, 9978),
    ReportMeasure("esi_102", "alerts", "alerts", 1000, 9940),
    ReportMeasure("monthly", "3.5", "minutes", 1000, 9962),
    ReportMeasure("monthly", "smki_certificates", "few", 600, 9990),
    ReportMeasure("monthly", "smki_documents", "few", 200, 9985),
)
OF_CSP = (
    ReportMeasure("esi_101", "2", "few", 100, 9890),
    ReportMeasure("esi_101", "4.3", "test_commands", 500, 9910),
    ReportMeasure("esi_102", "3.1", "scheduled", 200, 9935),
    ReportMeasure("esi_102", "4.1", "test_commands", 500, 9970),
    ReportMeasure("esi_102", "4.2", "test_commands", 500, 9955),
    ReportMeasure("esi_102", "category_3_alerts", "alerts", 250, 9870),
    ReportMeasure("monthly", "6.2", "minutes", 1000, 9981),
)
OF_S1SP = (
    ReportMeasure("esi_101", "s1_on_demand", "hubs", 4000, 9760),
    ReportMeasure("esi_102", "s1_future_dated", "hubs", 300, 9850),
    ReportMeasure("monthly", "s1_alerts", "hubs", 9000, 9800),
)


def measures_of(provider: ServiceProvider) -> tuple[ReportMeasure, ...]:
    return {"dsp": OF_DSP, "csp": OF_CSP}.get(provider.role, OF_S1SP)


def providers_of(sender: str) -> list[ServiceProvider]:
    """The Service Providers one sender reports for: one company sends for two regions, so thirteen senders report for fourteen."""
    return [provider for _, provider in sorted(service_providers().items()) if provider.sender == sender]
