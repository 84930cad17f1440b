"""Trace: from a figure back to its happenings, the deliveries that carried them and the very lines (architecture section 3)."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from tocsin.areas import area_named
from tocsin.deliveries.ledger import Basis, Delivery, Ledger
from tocsin.engines import Relation, Session
from tocsin.engines.failing import asked_for
from tocsin.feeds import all_feeds
from tocsin.journeys import journey_named
from tocsin.measuring.anonymity import PARTY_CODES, party_codes, reporting_year
from tocsin.measuring.figures import Figure
from tocsin.measuring.journey import WORKING_DAY, Journey
from tocsin.measuring.ladder import RUNG_US
from tocsin.measuring.measure import Indicator, Rule
from tocsin.measuring.tally import summed, with_lookups
from tocsin.processes import all_processes
from tocsin.processes.business_process import SRV_PROCESSES, srv_processes
from tocsin.reports.figuring import LOOKUPS
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.traced_rows import Ask, TracedRow, TraceMeans, add_rows, basis_of, journeys_of, rows_of
from tocsin.vocabulary.errors import BadDeclaration

ANSWERS_KEPT = 4
# From so many figures on, what all of them are counted from is worth taking out of its files once; a few read less than that.
HELD_FROM = 50


@dataclass(frozen=True)
class Trace:
    """The way back from a figure. `agrees` says whether the journeys, counted again, give the figure's own whole numbers."""

    figure: Figure
    counted: int
    met: int | None
    percentile: int | None
    days: tuple[tuple[int, int], ...]
    deliveries: tuple[tuple[Delivery, int], ...]
    rows: tuple[TracedRow, ...]
    row_count: int
    agrees: bool


@dataclass(frozen=True)
class Asked:
    """A figure, the run it stands in and the deliveries that run rests on."""

    figure: Figure
    run: FrozenRun
    basis: Basis


def figure_named(run: FrozenRun, name: str) -> Figure:
    """The figure of that name. Raises BadDeclaration with the nearest names when there is none, or it holds no numbers to trace."""
    by_name = {figure.name: figure for figure in run.figures}
    if name not in by_name:
        near = difflib.get_close_matches(name, by_name, n=3, cutoff=0.4)
        raise BadDeclaration(
            f'run {run.run_id} has no figure "{name}". Nearest: {", ".join(near) or "none"}. tocsin figures lists them all.'
        )
    figure = by_name[name]
    if "suppressed" in figure.marks:
        raise BadDeclaration(f"{name} is suppressed: its rows would tell whose it is (domain.md 6.5).")
    if figure.counted is None:
        raise BadDeclaration(f"{name} is {figure.shown}: nothing was counted, so there is nothing to trace.")
    return figure


def trace(means: TraceMeans, run: FrozenRun, figure: Figure, most: int | None = 20) -> Trace:
    """Count the figure's happenings again from the journeys of the run, and find the rows they were made of; `most` rows are listed.

    Raises EngineUnavailable where the journeys of the run are not there any more.
    """
    return next(traces(means, run, [figure], most))


def traces(means: TraceMeans, run: FrozenRun, figures: Iterable[Figure], most: int | None = 20) -> Iterator[Trace]:
    """The traces of several figures, those of one kind of journey together; for many of them the engine reads the run's journeys once."""
    by_journey: dict[tuple[str, int], list[Figure]] = {}
    for figure in figures:
        by_journey.setdefault((figure.journey, _working_day(figure)), []).append(figure)
    ledger = Ledger(means.store)
    try:
        bases = {day: basis_of(run, ledger, day) for _, day in by_journey}
    finally:
        ledger.close()
    for (name, day), own in by_journey.items():
        journey, basis = journey_named(name), bases[day]
        with asked_for(f"trace over {name}"), means.engine.session() as session:
            journeys = journeys_of(run, journey, means)
            session.add(journeys)
            at = add_rows(session, journey, basis, run, means)
            if len(own) >= HELD_FROM:
                for read in (journeys, *(basis.relation(all_feeds()[feed]) for feed, _ in journey.traced_to)):
                    session.add(replace(read, name=f"stored_{read.name}"))
                    session.hold(read.name, f"SELECT * FROM stored_{read.name}")
            source = _source(session, run, journeys, means)
            # The percentiles of one breakdown rest on the same happenings: side by side, what was just asked is not asked again.
            ask = lru_cache(ANSWERS_KEPT)(partial(session.rows, parameters=at))
            for figure in sorted(own, key=lambda figure: figure.predicate):
                with asked_for(figure.name):
                    traced = _traced(ask, source, Asked(figure, run, basis), most)
                yield traced


def _traced(ask: Ask, source: str, asked: Asked, most: int | None) -> Trace:
    figure, journey = asked.figure, journey_named(asked.figure.journey)
    happenings = f"{source} WHERE {figure.predicate}"
    met_rule = _met_of(figure, asked.run)
    counts, is_met = summed(Rule("", "TRUE", figure.amounts[0])), "0"
    if met_rule is not None:
        is_met = summed(Rule("", met_rule, figure.amounts[1]))
    days = ask(f"SELECT {journey.day}, {counts}, {is_met} FROM {happenings} GROUP BY {journey.day} ORDER BY {journey.day}")
    counted, met = sum(count for _, count, _ in days), sum(count for _, _, count in days) if met_rule is not None else None
    percentile = _percentile(ask, happenings, figure, journey)
    per_delivery, rows = rows_of(ask, happenings, journey, asked.basis, most)
    agrees = counted == figure.counted and (figure.met is None or met == figure.met) and _same_percentile(figure, percentile)
    return Trace(
        figure=figure,
        counted=counted,
        met=met,
        percentile=percentile,
        days=tuple((day, count) for day, count, _ in days),
        deliveries=tuple(per_delivery),
        rows=tuple(rows),
        row_count=sum(count for _, count in per_delivery),
        agrees=agrees,
    )


def _working_day(figure: Figure) -> int:
    """The Working Day a figure is told for; 0 where it is told as the run knows it."""
    return int(dict(figure.breakdown).get(WORKING_DAY, "0"))


def _source(session: Session, run: FrozenRun, journeys: Relation, means: TraceMeans) -> str:
    """The journeys with what figures look up: an SRV's process and a party's published code."""
    columns = [name for name, _ in journeys.columns]
    lookups = [lookup for lookup in LOOKUPS if lookup.by in columns]
    if lookups:
        on = run.period.first_on
        parties = [row[0] for row in session.rows(f"SELECT DISTINCT sec_party FROM {journeys.name}")]
        codes = party_codes(parties, reporting_year(run.period), means.secret)
        session.add_rows(SRV_PROCESSES, srv_processes(on, means.reference))
        session.add_rows(PARTY_CODES, sorted(codes.items()))
    return with_lookups(journeys.name, columns, lookups)


def _met_of(figure: Figure, run: FrozenRun) -> str | None:
    frozen = next((measure for measure in run.measures if measure.name == figure.subject), None)
    if frozen is not None:
        return frozen.met_predicate
    return next((one.met.predicate for one in _declared(figure) if one.name == figure.indicator and one.met is not None), None)


def indicator_of(figure: Figure) -> Indicator | None:
    """The indicator of an area or Business Process as this version declares it; None for a measure's share, or one it no longer has."""
    area = area_named(figure.subject)
    if area is None and figure.subject not in all_processes():
        return None
    return next((one for one in _declared(figure) if one.name == figure.indicator), None)


def _declared(figure: Figure) -> tuple[Indicator, ...]:
    """The indicators of the figure's Business Process or reporting area."""
    area = area_named(figure.subject)
    return area.indicators if area is not None else all_processes()[figure.subject].declared


def _percentile(ask: Ask, happenings: str, figure: Figure, journey: Journey) -> int | None:
    """The span at the figure's rank among its own happenings, in microseconds as the journey holds it."""
    if figure.unit != "seconds" or not figure.counted:
        return None
    per_mille = next(indicator.per_mille for indicator in _declared(figure) if indicator.name == figure.indicator)
    rank = ((per_mille or 0) * figure.counted + 999) // 1000
    # The place of the last that a row stands for; a row that stands for itself alone has just the one.
    place = f"whole_sum({journey.stands_for or 1}) OVER (ORDER BY {journey.span} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    ranked = f"SELECT {journey.span} AS span, {place} AS place FROM {happenings}"
    found = ask(f"SELECT min(span) FROM ({ranked}) AS ranked WHERE place >= {rank}")
    return int(found[0][0]) if found[0][0] is not None else None


def _same_percentile(figure: Figure, percentile: int | None) -> bool:
    if figure.unit != "seconds" or figure.value is None or percentile is None:
        return True
    return percentile // RUNG_US == int(figure.value * (1_000_000 // RUNG_US))
