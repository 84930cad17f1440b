"""Oddities: happenings set aside or remarked on, counted over the journeys: nothing odd is silent (architecture section 4, rule 9)."""

from functools import cache

from tocsin.areas import all_areas
from tocsin.engines import Engine
from tocsin.engines.failing import asked_for
from tocsin.measures import all_measures
from tocsin.measuring.journey import Journey
from tocsin.processes import all_processes
from tocsin.reports.closing import JourneyTable
from tocsin.reports.frozen import OddityLine
from tocsin.reports.reporting_store import counted_by


def odd_happenings(engine: Engine, closed: JourneyTable) -> list[OddityLine]:
    """What was set aside, by reason, and what the journey remarks on; a count of zero is left out."""
    journey = closed.journey
    if not closed.rows:
        return []
    remarks = journey.remarks
    with asked_for(f"oddities of {journey.name}"), engine.session() as session:
        session.add(counted_by(closed, [journey.set_aside, *(predicate for _, _, predicate in remarks)]))
        # A journey that sets nothing aside need not have a column for why.
        asked = f"SELECT set_aside, count(*) FROM {journey.name} WHERE {journey.set_aside} GROUP BY set_aside ORDER BY set_aside"
        reasons = session.rows(asked) if journey.set_aside != "FALSE" else []
        # One question for all of them: each costs a cluster a second. The first count is there for a journey that remarks on nothing.
        wanted = ", ".join(["count(*)", *(f"count_where({predicate})" for _, _, predicate in remarks)])
        counts = session.rows(f"SELECT {wanted} FROM {journey.name}")[0][1:]
    resting = resting_on(journey.name)
    lines = [OddityLine(f"{journey.name}.{reason}", set_aside_sentence(journey, reason), n, resting) for reason, n in reasons]
    lines += [OddityLine(f"{journey.name}.{name}", sentence, n) for (name, sentence, _), n in zip(remarks, counts, strict=True)]
    return [line for line in lines if line.count]


@cache
def resting_on(journey: str) -> tuple[str, ...]:
    """The measures, reporting areas and Business Processes that are counted over a kind of journey, in the order of the report."""
    measures = [measure.name for measure in all_measures().values() if measure.of == journey]
    areas = [area.name for area in all_areas().values() if area.of == journey]
    return (*measures, *areas, *(name for name, process in all_processes().items() if process.journey == journey))


def set_aside_sentence(journey: Journey, reason: str) -> str:
    """How a report names happenings that were set aside for a reason."""
    return f"{journey.title}: set aside as {reason.replace('_', ' ')}."
