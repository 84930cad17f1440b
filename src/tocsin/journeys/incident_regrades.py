"""Category changes of Incidents: one row for each clock of each change made in the period, with what was left of the old target.

An Incident is judged by its final category, so making it less severe just before a breach is the classic way to hide one (domain.md 3.3):
what was left of the target it had is told in minutes, and less than nothing where the target was over already.
"""

from tocsin.journeys.incident_clocks import SETTINGS, STOPS, TARGETS, dated_relations
from tocsin.journeys.incident_regrades_sql import SQL
from tocsin.measuring.journey import DELIVERIES, Attribute, Journey

INCIDENT_REGRADES = Journey(
    name="incident_regrades",
    title="Category changes of Incidents, by clock",
    source="domain.md 3.3; CR1420",
    reads=("incident_log", "incidents", DELIVERIES.name, TARGETS.name, STOPS.name, SETTINGS.name),
    attributes=(
        Attribute("day", "BIGINT", "UTC day number of began_at."),
        Attribute("began_at", "BIGINT", "When the category was changed, by which the change belongs to a month."),
        Attribute("incident_id", "VARCHAR", "Incident reference."),
        Attribute("episode", "BIGINT", "1, or higher after a re-opening later than the closure window."),
        Attribute("place", "BIGINT", "Which of the lines of its log the change is."),
        Attribute("clock", "VARCHAR", "initial_response or resolution."),
        Attribute("from_category", "BIGINT", "Category held before the change."),
        Attribute("to_category", "BIGINT", "Category after it."),
        Attribute("resolver_group", "VARCHAR", "Group that owned it at the change; UNASSIGNED where none was told."),
        Attribute("responsible_party", "VARCHAR", "Who must resolve it: dcc or user."),
        Attribute("exclusion", "VARCHAR", "Why it does not count; empty where it does."),
        Attribute("submitted_at", "BIGINT", "When the DCC logged it; for a later episode, when it was opened again."),
        Attribute("spent_us", "BIGINT", "What of the clock had run at the change, less what it was stopped; all of it where it had ended."),
        Attribute("target_us", "BIGINT", "Target of this clock for the category before; unknown where there is none."),
        Attribute("new_target_us", "BIGINT", "Target of this clock for the category after; unknown where there is none."),
        Attribute("left_us", "BIGINT", "The target before, less what was spent; below zero where it was over already."),
        Attribute("minutes_before_breach", "BIGINT", "The same in whole minutes, cut towards zero."),
        Attribute("is_running", "BOOLEAN", "The clock had not ended when the category was changed."),
        Attribute("is_eased", "BOOLEAN", "The change made the target longer."),
        Attribute(
            "is_near", "BOOLEAN", "Eased with no more than the listed share of a running clock's target left, or after the target was over."
        ),
        Attribute("set_aside", "VARCHAR", "Why no indicator sees it: negative_span; empty where they do."),
    ),
    sql=SQL,
    began="began_at",
    day="day",
    splits=("clock", "from_category", "to_category", "resolver_group"),
    set_aside="set_aside <> ''",
    sorted_by=("clock", "from_category", "to_category", "resolver_group", "began_at", "incident_id", "place"),
    dated=dated_relations,
    traced_to=(("incident_log", (("incident_id", "incident_id"),)),),
)
