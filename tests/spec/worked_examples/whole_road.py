"""From accepted rows to a figure: the journey's SQL, the tally's SQL, the division. Nothing is drawn in between."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from journey_rows import accepted, add_accepted
from tocsin.engines import Engine, Relation
from tocsin.feeds.incident_log import INCIDENT_LOG
from tocsin.feeds.incidents import INCIDENTS
from tocsin.journeys.incident_clocks import INCIDENT_CLOCKS, dated_relations
from tocsin.measuring.figures import Figure, measure_figures
from tocsin.measuring.journey import DELIVERIES, Journey
from tocsin.measuring.ladder import Ladder, read_percentiles
from tocsin.measuring.measure import Measure
from tocsin.measuring.presence import Presence
from tocsin.measuring.tally import Tally, counters, tally_sql
from tocsin.vocabulary.calendar import Period

AUGUST = Period(2021, 8)
ON = date(2021, 8, 1)
ALL_THERE = Presence(31, 31)


def figure(engine: Engine, measure: Measure, journey: Journey, happenings: Sequence[Mapping[str, Any]]) -> Figure:
    """The published figure of a measure over a journey's happenings."""
    tally = Tally(journey, counters(measure))
    with engine.session() as session:
        _add(session, journey, happenings)
        session.add_rows(tally.relation(()), session.rows(tally_sql(journey, tally.counters)))
        sums = tally.read((), session.rows(tally.sums_sql(())))
    return measure_figures(measure, journey, sums, ALL_THERE, AUGUST)[0]


def percentiles(engine: Engine, journey: Journey, happenings: Sequence[Mapping[str, Any]], per_mille: Sequence[int]) -> dict[int, int]:
    """Nearest-rank percentiles of a journey's spans through its stored ladder, in rungs of a tenth of a second."""
    ladder = Ladder.of(journey)
    with engine.session() as session:
        _add(session, journey, happenings)
        session.add_rows(ladder.relation(()), session.rows(ladder.sql()))
        (found,) = read_percentiles((), per_mille, session.rows(ladder.percentiles_sql((), (), per_mille)))
    return dict(found.at)


def incident_clocks(engine: Engine, log: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Both clocks of every Incident of August 2021 out of its audit log, as known in October."""
    with engine.session() as session:
        add_accepted(session, INCIDENT_LOG, accepted(INCIDENT_LOG, log))
        add_accepted(session, INCIDENTS, [])
        session.add_rows(DELIVERIES, [])
        for relation, rows in dated_relations(ON):
            session.add_rows(relation, rows)
        at = {"start_at": AUGUST.start_at, "end_at": AUGUST.end_at, "as_at": Period(2021, 10).start_at}
        found = session.rows(INCIDENT_CLOCKS.sql, at)
    return [dict(zip([name for name, _ in INCIDENT_CLOCKS.columns], row, strict=True)) for row in found]


def _add(session: Any, journey: Journey, happenings: Sequence[Mapping[str, Any]]) -> None:
    rows = [tuple(happening[name] for name, _ in journey.columns) for happening in happenings]
    session.add_rows(Relation(journey.name, journey.columns), rows)
