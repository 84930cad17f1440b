"""The cube of Incidents, category x clock x Resolver Group, and the slices of it that are Code Performance Measures (domain.md 2.5).

Which slice CPM 5 and 5A are, the papers leave open. It is counted once as a cube; a measure is a slice named by a dated table, so a
reading found wrong is one changed line (the setting `incident_measure_reading`) and no code.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

from tocsin.journeys.incident_clocks import INCIDENT_CLOCKS
from tocsin.measuring.measure import Indicator, Level, Measure, Rule
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.incidents import IncidentSlice, incident_slices

FEEDS = ("incident_log", "incidents")
OF_THE_DCC = "responsible_party <> 'user' AND exclusion = ''"
RESOLVED = f"state = 'resolved' AND {OF_THE_DCC}"
OPEN = f"state = 'open' AND {OF_THE_DCC}"
MET = Rule("Ended within its target; exactly on target is met.", "is_met")

# Each Incident has two clocks: without a clock named, it would be counted twice.
GROUPINGS = (("clock",), ("clock", "category"), ("clock", "resolver_group"), ("clock", "category", "resolver_group"))

# What is told of the cube, for the month and for each Working Day after it.
INDICATORS = (
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
    # Both sources read the same Incidents (MP122B): where the flag and our clock differ, the difference is told in whole Incidents.
    Indicator(
        "judged_otherwise",
        "Flag says otherwise than the clock",
        "count",
        Rule(
            "Incidents of the DCC that were resolved in the period, with a target, whose flag says otherwise than their clock.",
            f"{RESOLVED} AND clock = 'resolution' AND target_us IS NOT NULL AND reported_met <> is_met",
        ),
    ),
    Indicator("open", "Open at the end of the period", "count", Rule("Incidents of the DCC that are open at the end.", OPEN)),
    Indicator(
        "open_breached",
        "Open and already over target",
        "count",
        Rule("Incidents of the DCC, open and already over target: a miss must not hide by never closing.", f"{OPEN} AND is_breached_open"),
    ),
    Indicator(
        "recategorised",
        "Category changed",
        "count",
        Rule("Incidents of the DCC, resolved in the period, whose category was changed.", f"{RESOLVED} AND category_changes > 0"),
    ),
)

_CLOCKS = {"initial_response": "responded to within the target initial response time", "resolution": "resolved within the target time"}


def incident_measure(name: str, order: int, levels: tuple[Level, ...] = ()) -> Measure:
    """A measure that is a slice of the cube, as the shipped tables read it; `Measure.on` reads it again for a period."""
    measure = Measure(
        name=name,
        title="Incidents",
        clause="SEC H13.1",
        of=INCIDENT_CLOCKS.name,
        counted=Rule("", RESOLVED),
        met=MET,
        split_by=("category", "resolver_group"),
        levels=levels,
        feeds=FEEDS,
        order=order,
        dated=sliced,
    )
    return measure.on(date.max)


def sliced(measure: Measure, on: date, override: Path | None = None) -> Measure:
    """The measure as the slice that the reading in force on a date makes it."""
    part = incident_slices(on, override).get(measure.name)
    if part is None:
        raise BadDeclaration(
            f"incident_measure_readings: the reading in force on {on.isoformat()} has no line for {measure.name}. "
            "Add one to reference/incident_measure_readings.csv of the workspace."
        )
    categories = ", ".join(str(category) for category in part.categories)
    words = f"Incidents of category {_listed(part.categories)} that the DCC must resolve, resolved in the period; not cancelled, duplicate,"
    return replace(
        measure,
        title=f"Incidents of category {_listed(part.categories)} {_CLOCKS[part.clock]}",
        counted=Rule(f"{words} test or problem.", f"{RESOLVED} AND category IN ({categories}) AND clock = '{part.clock}'"),
        reading=_told(part),
    )


def _told(part: IncidentSlice) -> str:
    apart = ", each category shown apart" if part.is_by_category else ""
    return f"Reading {part.reading} ({part.status}): category {_listed(part.categories)}, {part.clock.replace('_', ' ')} clock{apart}."


def _listed(categories: tuple[int, ...]) -> str:
    *first, last = [str(category) for category in categories]
    return f"{', '.join(first)} and {last}" if first else last
