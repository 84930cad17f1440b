"""Feeds of a simulated month, taken in and closed by the product on one engine: what its measures and areas make of them."""

from collections.abc import Sequence
from pathlib import Path

from estate_files import TAKEN_IN_AT, TakenIn
from tocsin.areas import all_areas
from tocsin.deliveries.ledger import Ledger
from tocsin.engines import Engine, engine_named
from tocsin.estate.plan import Plan
from tocsin.journeys import all_journeys
from tocsin.measures import measures_on
from tocsin.measuring.figures import Figure, Making, indicator_figures, measure_figures, measure_groupings
from tocsin.measuring.presence import Presence
from tocsin.reports.closing import Close, close_journeys, compared_feeds
from tocsin.reports.counting import Counted, count_journeys
from tocsin.reports.figuring import counters_of
from tocsin.reports.oddities import odd_happenings
from tocsin.vocabulary.calendar import Period

HERE = Presence(1, 1)


def closed(
    engine: Engine, taken: TakenIn, plan: Plan, names: Sequence[str], folder: Path
) -> tuple[dict[str, Figure], dict[str, int], dict[str, Counted]]:
    """Figures of the measures and areas of some journeys by name, their oddities, and the tallies behind them."""
    journeys = [all_journeys()[name] for name in names]
    (folder / "reference").mkdir()
    ledger = Ledger(taken.store)
    basis = ledger.basis(TAKEN_IN_AT + 1)
    superseded = ledger.superseded(basis, TAKEN_IN_AT + 1, compared_feeds(journeys))
    ledger.close()
    tables = close_journeys(
        Close(plan.period, plan.until_at, basis, engine, taken.store.root, folder / "reference", superseded), journeys, lambda step: None
    )
    counted = {
        name: count_journeys(engine, table, counters_of(name, plan.period.first_on, folder / "reference"), folder)
        for name, table in tables.items()
    }
    odd = {line.name: line.count for table in tables.values() for line in odd_happenings(engine, table)}
    return {figure.name: figure for figure in _figures(counted, plan.period)}, odd, counted


def _figures(counted: dict[str, Counted], period: Period) -> list[Figure]:
    figures: list[Figure] = []
    with engine_named("duckdb", {"threads": 1}).session() as session:
        for one in counted.values():
            for relation in one.relations:
                session.add(relation)
        for measure in measures_on(period.first_on).values():
            if measure.of in counted:
                sums = [line for by in measure_groupings(measure) for line in counted[measure.of].sums(session, by)]
                figures += measure_figures(measure, all_journeys()[measure.of], sums, HERE, period)
        for area in all_areas().values():
            if area.of in counted:
                sums = [line for by in area.groupings for line in counted[area.of].sums(session, by)]
                spans = [line for by in area.groupings for line in counted[area.of].percentiles(session, by)]
                made = indicator_figures(Making(area.name, all_journeys()[area.of], HERE), area.indicators, sums, spans)
                figures += [figure for figure in made if figure.breakdown or () in area.groupings]
    return figures
