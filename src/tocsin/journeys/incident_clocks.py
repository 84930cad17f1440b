"""Incidents and their clocks: one row for each clock of an Incident that was resolved in the period, or was open at its end.

The rules are domain.md 3.3, the policy text itself being out of reach: submission starts both clocks; the first change away from new
ends the initial response clock, which nothing stops; the last resolution ends the resolution clock, which stops while the Incident
waits for a reason on the list, and between a resolution and a re-opening inside the window. A later re-opening is an episode of its own.
"""

from datetime import date
from pathlib import Path
from typing import Any

from tocsin.engines.engine import Relation
from tocsin.journeys.incident_clocks_sql import SQL
from tocsin.measuring.journey import DELIVERIES, Attribute, Journey
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.incidents import clock_stops, incident_targets
from tocsin.vocabulary.settings import setting

TARGETS = Relation("incident_targets", (("category", "BIGINT"), ("clock", "VARCHAR"), ("target_us", "BIGINT")))
STOPS = Relation("clock_stops", (("pending_reason", "VARCHAR"),))
SETTINGS = Relation("incident_settings", (("reopen_window_us", "BIGINT"), ("near_breach_percent", "BIGINT")))


def dated_relations(on: date, override: Path | None = None) -> list[tuple[Relation, list[tuple[Any, ...]]]]:
    """The small relations of the vocabulary that the SQL reads, as in force on a date.

    Raises BadDeclaration for a target on the calendar of Working Days: these clocks run day and night, and must not be judged otherwise.
    """
    targets = incident_targets(on, override)
    for target in targets.values():
        if target.calendar != "24x7":
            raise BadDeclaration(
                f'incident_targets: category {target.category}, {target.clock}: calendar "{target.calendar}"; '
                "expected 24x7: incident clocks run day and night (domain.md 3.2). Put the row right in reference/incident_targets.csv."
            )
    folder = override if override is None or override.is_dir() else None
    return [
        (TARGETS, [(target.category, target.clock, target.seconds * 1_000_000) for target in targets.values()]),
        (STOPS, [(reason,) for reason, pauses in clock_stops(on, override).items() if pauses]),
        (SETTINGS, [(setting("reopen_window", on, folder).us, setting("incident_near_breach", on, folder).whole)]),
    ]


INCIDENT_CLOCKS = Journey(
    name="incident_clocks",
    title="Incidents, by clock",
    source="domain.md 3.3; SEC H9.1; CR1420",
    reads=("incident_log", "incidents", DELIVERIES.name, TARGETS.name, STOPS.name, SETTINGS.name),
    attributes=(
        Attribute("day", "BIGINT", "UTC day number of began_at."),
        Attribute("began_at", "BIGINT", "By which it belongs to a month: its resolution; for an open one, the month's last instant."),
        Attribute("incident_id", "VARCHAR", "Incident reference."),
        Attribute("episode", "BIGINT", "1, or higher after a re-opening later than the closure window."),
        Attribute("clock", "VARCHAR", "initial_response or resolution."),
        Attribute("category", "BIGINT", "Final category, against which both clocks are judged; 0 where none was told."),
        Attribute("first_category", "BIGINT", "Category first told, or held when re-opened; 0 where none was told."),
        Attribute("category_changes", "BIGINT", "How often the category was changed: downgrading just before a breach must show."),
        Attribute("resolver_group", "VARCHAR", "Group that owned it last, up to its resolution; UNASSIGNED where none was told."),
        Attribute("responsible_party", "VARCHAR", "Who must resolve it: dcc or user."),
        Attribute("exclusion", "VARCHAR", "Why it does not count; empty where it does."),
        Attribute("state", "VARCHAR", "resolved in the period, or open at its end."),
        Attribute("submitted_at", "BIGINT", "When the DCC logged it; for a later episode, when it was opened again."),
        Attribute("ended_at", "BIGINT", "When this clock ended; unknown while it runs."),
        Attribute("elapsed_us", "BIGINT", "From submission to the clock's end, or to the end of the period while it runs."),
        Attribute("paused_us", "BIGINT", "How long of that the clock was stopped; always 0 for the initial response."),
        Attribute("span_us", "BIGINT", "What counts: elapsed less paused."),
        Attribute("target_us", "BIGINT", "Target of this clock for the final category; unknown where there is none."),
        Attribute("is_met", "BOOLEAN", "Ended within its target; exactly on target is met."),
        Attribute("is_breached_open", "BOOLEAN", "Open at the end of the period and already over its target."),
        Attribute("reported_met", "BOOLEAN", "Service-level flag of the sending system; unknown where not reported."),
        Attribute("set_aside", "VARCHAR", "Why no measure sees it: negative_span, no_log, no_resolution_time; empty where they do."),
    ),
    sql=SQL,
    began="began_at",
    day="day",
    splits=("clock", "category", "resolver_group"),
    set_aside="set_aside <> ''",
    sorted_by=("clock", "category", "resolver_group", "began_at", "incident_id", "episode"),
    dated=dated_relations,
    remarks=(
        (
            "uncategorised",
            "Incidents without a category: judged by no target, and in no Code Performance Measure.",
            "category = 0 AND clock = 'resolution'",
        ),
    ),
    traced_to=(("incident_log", (("incident_id", "incident_id"),)), ("incidents", (("incident_id", "incident_id"),))),
)
