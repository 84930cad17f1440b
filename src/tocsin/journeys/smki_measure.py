"""Code Performance Measures of SMKI: answered within the Target Response Time, of those received in the period (domain.md 2.2)."""

from tocsin.journeys.smki_requests import FEED, SMKI_REQUESTS
from tocsin.measuring.measure import Level, Measure, Rule

# Recalled, with no first day known: taken as in force whenever they are asked for (domain.md 2.2).
LEVELS = (Level(since="2012-01-01", target="99", minimum="96", status="assumed"),)
IN_TARGET = Rule("Answered within its Target Response Time; the last microsecond still counts.", "response_us <= target_us")


def smki_measure(name: str, title: str, services: str, order: int) -> Measure:
    """The measure over some services, named as SQL texts with commas between."""
    asked = f"service IN ({services}) AND target_us IS NOT NULL AND exclusion = ''"
    return Measure(
        name=name,
        title=title,
        clause="SEC H13.1",
        of=SMKI_REQUESTS.name,
        counted=Rule(
            "Requests received in the period, answered or not; agreed exceptions and those still inside their waiting time are left out.",
            f"{asked} AND outcome <> 'open'",
        ),
        met=IN_TARGET,
        waiting=Rule("Still inside its waiting time as at the run.", f"{asked} AND outcome = 'open'"),
        split_by=("service",),
        levels=LEVELS,
        feeds=(FEED,),
        order=order,
        reading="By the requests as the DSP records them; the level that the DSP reports stands beside it.",
        source="provider_feed",
    )
