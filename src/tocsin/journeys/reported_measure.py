"""A Code Performance Measure as the Service Providers report it: their levels, weighed by events (domain.md 2.4, option A)."""

from tocsin.journeys.provider_levels import FEED, PROVIDER_LEVELS
from tocsin.measuring.measure import Level, Measure, Rule

# Recalled, with no first day known: taken as in force whenever they are asked for (domain.md 2.2).
LEVELS = (Level(since="2012-01-01", target="99", minimum="96", status="assumed"),)


def reported_measure(cpm: str, title: str, order: int) -> Measure:
    """The reported reading of a measure; `cpm` names the observed one that stands beside it."""
    return Measure(
        name=f"{cpm}_reported",
        title=title,
        clause="SEC H13.1",
        of=PROVIDER_LEVELS.name,
        counted=Rule(
            "Events that Service Providers report as due, of each measure that is relevant for this one, final before initial.",
            f"cpm = '{cpm}' AND told = 'counts'",
            amount="counted",
        ),
        met=Rule("Those of them that they report as on time.", "TRUE", amount="met"),
        lacking=Rule(
            "Relevant measures reported as a percentage alone, which cannot be weighed, or left out of a report.",
            f"cpm = '{cpm}' AND told <> 'counts'",
        ),
        split_by=("service_provider", "region", "measure_ref"),
        levels=LEVELS,
        feeds=(FEED,),
        order=order,
        reading="Reported: the Service Providers' own levels, pooled by events; mean and worst of the components beside it (assumed).",
        is_combined=True,
        source="provider_feed",
        beside=cpm,
    )
