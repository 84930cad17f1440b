"""Incidents by category, clock and Resolver Group together (CR1420); the Code Performance Measures are slices of it (domain.md 2.5)."""

from tocsin.journeys.incident_clocks import INCIDENT_CLOCKS
from tocsin.journeys.incident_cube import FEEDS, MET, OPEN, RESOLVED
from tocsin.measuring.measure import Area, Indicator, Rule

INCIDENTS_AREA = Area(
    name="incidents",
    title="Incidents",
    sentence="Incidents that the DCC must resolve, by both clocks: how many, and how many within their target.",
    of=INCIDENT_CLOCKS.name,
    feeds=FEEDS,
    # Each Incident has two clocks: without a clock named, it would be counted twice.
    groupings=(("clock",), ("clock", "category"), ("clock", "resolver_group"), ("clock", "category", "resolver_group")),
    order=10,
    indicators=(
        Indicator(
            "within_target",
            "Within target",
            "percent",
            Rule("Incidents of the DCC that were resolved in the period and have a target.", f"{RESOLVED} AND target_us IS NOT NULL"),
            MET,
        ),
        # Without a category there is no target: neither met nor missed, in no Code Performance Measure, and said apart (domain.md 2.8).
        Indicator(
            "no_target",
            "Without a target",
            "count",
            Rule(
                "Incidents of the DCC that were resolved in the period and have no category, so no target.",
                f"{RESOLVED} AND target_us IS NULL",
            ),
        ),
        Indicator(
            "reported_within_target",
            "Within target, by the sending system's own flag",
            "percent",
            # The flag is told once an Incident, of its resolution: beside the initial response clock it would judge what it is not of.
            Rule(
                "Incidents of the DCC that were resolved in the period and carry a flag, which is that of their resolution.",
                f"{RESOLVED} AND clock = 'resolution' AND reported_met IS NOT NULL",
            ),
            Rule("The flag says met.", "reported_met"),
        ),
        Indicator("open", "Open at the end of the period", "count", Rule("Incidents of the DCC that are open at the end.", OPEN)),
        Indicator(
            "open_breached",
            "Open and already over target",
            "count",
            Rule(
                "Incidents of the DCC, open and already over target: a miss must not hide by never closing.", f"{OPEN} AND is_breached_open"
            ),
        ),
        Indicator(
            "recategorised",
            "Category changed",
            "count",
            Rule("Incidents of the DCC, resolved in the period, whose category was changed.", f"{RESOLVED} AND category_changes > 0"),
        ),
    ),
)
