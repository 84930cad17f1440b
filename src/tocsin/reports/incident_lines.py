"""From the journeys of a run to what it keeps of Incidents beside its figures, in the kernel's words and whole numbers."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from tocsin.engines import Engine, Relation, Session
from tocsin.engines.failing import asked_for
from tocsin.journeys.incident_clocks import INCIDENT_CLOCKS
from tocsin.journeys.incident_cube import FEEDS, OF_THE_DCC
from tocsin.journeys.incident_days import INCIDENT_DAYS
from tocsin.journeys.incident_regrades import INCIDENT_REGRADES
from tocsin.journeys.outage_incidents import OUTAGE_INCIDENTS
from tocsin.measuring.presence import Presence
from tocsin.reports.closing import JourneyTable
from tocsin.reports.frozen_incidents import ChangeLine, IncidentLines, LookLine, OutageLine, RegradeLine
from tocsin.reports.looks import Look

# A run keeps so many rows of each list; the work list gives them all.
LISTED = 200
# The run itself, as a step after the last Working Day.
THE_RUN = 0
STEPS = Relation("steps", (("from_day", "BIGINT"), ("to_day", "BIGINT")))

_CELL = f"""CASE WHEN NOT ({OF_THE_DCC}) THEN 'not_counted' WHEN state = 'open' THEN 'open' WHEN set_aside <> '' THEN 'not_counted'
      WHEN target_us IS NULL THEN 'no_target' WHEN is_met THEN 'met' ELSE 'missed' END AS standing"""

# Each Incident's cell on either side of a step; one that is told on one side only is absent on the other.
CHANGES = f"""
WITH
told AS (
  SELECT working_day, incident_id, episode, clock, category, resolver_group, {_CELL} FROM {INCIDENT_DAYS.name}
  UNION ALL
  SELECT {THE_RUN}, incident_id, episode, clock, category, resolver_group, {_CELL} FROM {INCIDENT_CLOCKS.name}
),
sides AS (
  SELECT s.from_day, s.to_day, t.incident_id, t.episode, t.clock, t.category AS old_category, t.resolver_group AS old_group,
    t.standing AS old_standing, CAST(NULL AS BIGINT) AS new_category, CAST(NULL AS VARCHAR) AS new_group,
    CAST(NULL AS VARCHAR) AS new_standing
  FROM steps s JOIN told t ON t.working_day = s.from_day
  UNION ALL
  SELECT s.from_day, s.to_day, t.incident_id, t.episode, t.clock, CAST(NULL AS BIGINT), CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR),
    t.category, t.resolver_group, t.standing
  FROM steps s JOIN told t ON t.working_day = s.to_day
),
moves AS (
  SELECT from_day, to_day, incident_id, episode, clock,
    coalesce(max(old_category), 0) AS old_category, coalesce(max(old_group), '') AS old_group,
    coalesce(max(old_standing), 'absent') AS old_standing,
    coalesce(max(new_category), 0) AS new_category, coalesce(max(new_group), '') AS new_group,
    coalesce(max(new_standing), 'absent') AS new_standing
  FROM sides
  GROUP BY from_day, to_day, incident_id, episode, clock
)
SELECT from_day, to_day, clock, old_category, old_group, old_standing, new_category, new_group, new_standing, count(*) AS incidents
FROM moves
WHERE (old_category <> new_category OR old_group <> new_group OR old_standing <> new_standing)
  AND NOT (old_standing IN ('absent', 'not_counted') AND new_standing IN ('absent', 'not_counted'))
GROUP BY from_day, to_day, clock, old_category, old_group, old_standing, new_category, new_group, new_standing
"""

NEAR = f"{OF_THE_DCC} AND is_near AND set_aside = ''"
REGRADES = f"""
SELECT incident_id, clock, began_at, from_category, to_category, minutes_before_breach, resolver_group
FROM {INCIDENT_REGRADES.name} WHERE {NEAR}
ORDER BY began_at, incident_id, clock, place
LIMIT {LISTED}
"""

UNRECORDED = "kind = 'unplanned' AND recording IN ('none', 'unknown') AND set_aside = ''"
OUTAGES = f"""
SELECT outage_id, service, started_at, ended_at, coalesce(incident_id, '') AS incident_id, recording
FROM {OUTAGE_INCIDENTS.name} WHERE {UNRECORDED}
ORDER BY started_at, outage_id
LIMIT {LISTED}
"""


def incident_lines(engine: Engine, closed: Mapping[str, JourneyTable], looks: Sequence[Look]) -> IncidentLines:
    """What a run keeps of Incidents beside its figures. Raises EngineUnavailable."""
    with asked_for("what changed of incidents, and what was regraded"), engine.session() as session:
        for journey in (INCIDENT_CLOCKS, INCIDENT_DAYS, INCIDENT_REGRADES, OUTAGE_INCIDENTS):
            session.add(closed[journey.name].relation)
        return IncidentLines(
            looks=tuple(_look_line(look) for look in looks),
            changes=changes(session, [look.working_day for look in looks]),
            regrades=tuple(RegradeLine(*row) for row in session.rows(REGRADES)),
            regrade_count=_count(session, INCIDENT_REGRADES.name, NEAR),
            outages=tuple(OutageLine(*row) for row in session.rows(OUTAGES)),
            outage_count=_count(session, OUTAGE_INCIDENTS.name, UNRECORDED),
        )


def changes(session: Session, days: Sequence[int]) -> tuple[ChangeLine, ...]:
    """What changed from each Working Day to the next, and from the last to the run, in order."""
    order = {day: place for place, day in enumerate([*days, THE_RUN])}
    session.add_rows(STEPS, list(pairwise(order)))
    lines = [ChangeLine(*row) for row in session.rows(CHANGES)]
    return tuple(sorted(lines, key=lambda line: (order[line.from_day], line.clock, *_cells(line))))


def _cells(line: ChangeLine) -> tuple[int, str, str, int, str, str]:
    return line.old_category, line.old_group, line.old_standing, line.new_category, line.new_group, line.new_standing


def _count(session: Session, journey: str, predicate: str) -> int:
    return int(session.rows(f"SELECT count_where({predicate}) FROM {journey}")[0][0])


def _look_line(look: Look) -> LookLine:
    presence = Presence.together(look.presence[feed] for feed in FEEDS)
    return LookLine(look.working_day, look.as_at, presence.filled, presence.expected, presence.state)
