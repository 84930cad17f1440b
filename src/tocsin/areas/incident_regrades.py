"""Category changes of Incidents and those made near a breach (domain.md 3.3): the classic way to hide one must show."""

from tocsin.journeys.incident_cube import OF_THE_DCC
from tocsin.journeys.incident_regrades import INCIDENT_REGRADES
from tocsin.measuring.measure import Area, Indicator, Rule

INCIDENT_REGRADES_AREA = Area(
    name="incident_regrades",
    title="Category changes of Incidents",
    sentence="Changes of category made in the period to Incidents that the DCC must resolve, and how near a breach they were made.",
    of=INCIDENT_REGRADES.name,
    feeds=("incident_log",),
    # Each change is told for both clocks: without a clock named, it would be counted twice.
    groupings=(("clock",), ("clock", "resolver_group"), ("clock", "from_category", "to_category")),
    order=12,
    indicators=(
        Indicator("changed", "Category changed", "count", Rule("Changes of category made in the period.", OF_THE_DCC)),
        Indicator(
            "eased", "Made less severe", "count", Rule("Changes of category that made the target longer.", f"{OF_THE_DCC} AND is_eased")
        ),
        Indicator(
            "near_breach",
            "Made less severe near a breach",
            "count",
            Rule(
                "Changes that made the target longer when little of a running clock's target was left, or when it was over already.",
                f"{OF_THE_DCC} AND is_near",
            ),
        ),
    ),
)
