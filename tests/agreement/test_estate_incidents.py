"""Incidents of the simulated estate: what the product's journey and figures make of them equals the truth, to the last whole number."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, astuple, replace
from fractions import Fraction
from itertools import pairwise

import pytest

from journey_rows import accepted, add_accepted
from tocsin.areas.incident_regrades import INCIDENT_REGRADES_AREA
from tocsin.areas.incidents import INCIDENTS_AREA
from tocsin.areas.outage_incidents import OUTAGE_INCIDENTS_AREA
from tocsin.engines import Relation
from tocsin.estate.events.incident_draw import GROUPS, incidents
from tocsin.estate.events.incident_stories import Change, Extract
from tocsin.estate.events.incidents import days, delivered
from tocsin.estate.events.outages import outages
from tocsin.estate.faults.fates import Fates
from tocsin.estate.faults.profile import fault_profile
from tocsin.estate.plan import Plan
from tocsin.estate.truth import incident_regrades
from tocsin.estate.truth.incident_clocks import Clock, clocks
from tocsin.estate.truth.incidents import IncidentTruth, oddities
from tocsin.feeds.feed import Feed
from tocsin.feeds.incident_log import INCIDENT_LOG
from tocsin.feeds.incidents import INCIDENTS
from tocsin.feeds.outages import OUTAGES
from tocsin.journeys.incident_clocks import INCIDENT_CLOCKS, dated_relations
from tocsin.journeys.incident_days import INCIDENT_DAYS
from tocsin.journeys.incident_regrades import INCIDENT_REGRADES
from tocsin.journeys.outage_incidents import OUTAGE_INCIDENTS
from tocsin.measures import measures_on
from tocsin.measuring.figures import Making, indicator_figures, measure_figures, measure_groupings
from tocsin.measuring.journey import DELIVERIES, Journey
from tocsin.measuring.measure import Area
from tocsin.measuring.presence import Presence
from tocsin.measuring.tally import Tally, counters, tally_sql
from tocsin.reports.incident_lines import changes
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.instants import DAY_US

SEPTEMBER = Period.parse("2021-09")
HERE = Presence(60, 60)


def plan_of(seed: int, faults: str, period: Period = SEPTEMBER, scale: Fraction = Fraction(1, 400), until_at: int | None = None) -> Plan:
    return Plan(period, scale, seed, Plan.settled_at(period) if until_at is None else until_at, fault_profile(faults))


def truth_of(plan: Plan) -> IncidentTruth:
    return delivered(plan, days(plan, tuple(incidents(plan))), Fates(plan))


def by_product(engine, truth: IncidentTruth) -> tuple[dict[str, tuple[int | None, int | None]], dict[str, int]]:
    """Figures by name and oddities, from the rows that were delivered, by the journey's own SQL."""
    plan, on = truth.plan, truth.plan.period.first_on
    lines = [line._asdict() for of in truth.lines.values() for line in of]
    wanted = [measure for measure in measures_on(on).values() if measure.of == INCIDENT_CLOCKS.name]
    every = {counter.name: counter for one in (*wanted, *INCIDENTS_AREA.indicators) for counter in counters(one)}
    with engine.session() as session:
        add_accepted(session, INCIDENT_LOG, accepted(INCIDENT_LOG, lines))
        add_accepted(session, INCIDENTS, accepted(INCIDENTS, (extract._asdict() for extract in truth.extracts.values())))
        session.add_rows(DELIVERIES, [])
        for relation, rows in dated_relations(on):
            session.add_rows(relation, rows)
        at = {"start_at": plan.period.start_at, "end_at": plan.period.end_at, "as_at": plan.until_at}
        session.add_rows(Relation(INCIDENT_CLOCKS.name, INCIDENT_CLOCKS.columns), session.rows(INCIDENT_CLOCKS.sql, at))
        tally = Tally(INCIDENT_CLOCKS, tuple(every.values()))
        session.add_rows(tally.relation(()), session.rows(tally_sql(INCIDENT_CLOCKS, tally.counters)))
        groupings = {by for measure in wanted for by in measure_groupings(measure)} | set(INCIDENTS_AREA.groupings)
        sums = {by: tally.read(by, session.rows(tally.sums_sql(by))) for by in groupings}
        odd = dict(session.rows("SELECT set_aside, count(*) FROM incident_clocks WHERE set_aside <> '' GROUP BY set_aside"))
        for name, _, predicate in INCIDENT_CLOCKS.remarks:
            odd[name] = session.rows(f"SELECT count_where({predicate}) FROM incident_clocks")[0][0]
    figures = []
    for measure in wanted:
        of = [line for by in measure_groupings(measure) for line in sums[by]]
        figures += measure_figures(measure, INCIDENT_CLOCKS, of, HERE, plan.period)
    cube = [line for by in INCIDENTS_AREA.groupings for line in sums[by]]
    making = Making(INCIDENTS_AREA.name, INCIDENT_CLOCKS, HERE)
    figures += [figure for figure in indicator_figures(making, INCIDENTS_AREA.indicators, cube) if figure.breakdown]
    told = {figure.name: (figure.counted, figure.met) for figure in figures}
    return told, {f"incident_clocks.{name}": count for name, count in odd.items() if count}


def by_truth(truth: IncidentTruth) -> tuple[dict[str, tuple[int | None, int | None]], dict[str, int]]:
    found = list(truth.clocks())
    return {name: (counted, met) for name, counted, met in truth.figures(found)}, dict(oddities(found))


@pytest.mark.parametrize("faults", ["none", "hard"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_truth_and_product(embedded, seed, faults):
    truth = truth_of(plan_of(seed, faults))
    assert by_product(embedded, truth) == by_truth(truth)


@pytest.mark.parametrize("hours", [1, 26, 12 * 24])
def test_truth_and_product_inside_the_month(embedded, hours):
    """Simulated until an instant of the month, the truth is what is known then."""
    truth = truth_of(plan_of(5, "hard", until_at=SEPTEMBER.start_at + hours * DAY_US // 24))
    if truth.has_files:
        assert by_product(embedded, truth) == by_truth(truth)
    else:
        assert set(by_truth(truth)[0].values()) == {(None, None)}


def counted_by_area(engine, journey: Journey, area: Area, feeds: dict[Feed, list[dict]], plan: Plan) -> dict[str, int | None]:
    """What an area counts, by figure, from rows that were delivered, by the journey's own SQL."""
    with engine.session() as session:
        for feed, rows in feeds.items():
            add_accepted(session, feed, accepted(feed, rows))
        for relation, rows in dated_relations(plan.period.first_on):
            session.add_rows(relation, rows)
        # accepted() gives the rows of every feed the number 1.
        session.add_rows(DELIVERIES, [(1, "DSP", None, None, "final", plan.until_at)])
        at = {"start_at": plan.period.start_at, "end_at": plan.period.end_at, "as_at": plan.until_at}
        session.add_rows(Relation(journey.name, journey.columns), session.rows(journey.sql, at))
        tally = Tally(journey, tuple(counter for indicator in area.indicators for counter in counters(indicator)))
        session.add_rows(tally.relation(()), session.rows(tally_sql(journey, tally.counters)))
        sums = [line for by in area.groupings for line in tally.read(by, session.rows(tally.sums_sql(by)))]
    found = indicator_figures(Making(area.name, journey, HERE), area.indicators, sums)
    return {figure.name: figure.counted for figure in found if figure.breakdown or () in area.groupings}


def incident_rows(truth: IncidentTruth) -> dict[Feed, list[dict]]:
    lines = [line._asdict() for of in truth.lines.values() for line in of]
    return {INCIDENT_LOG: lines, INCIDENTS: [extract._asdict() for extract in truth.extracts.values()]}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_category_changes_are_the_truth(either_engine, seed):
    """Every change, those made less severe and those near a breach, by clock, Resolver Group and categories."""
    truth = truth_of(plan_of(seed, "hard"))
    expected = {name: counted for name, counted, _ in incident_regrades.figures(truth.regrades(), has_log=True)}
    found = counted_by_area(either_engine, INCIDENT_REGRADES, INCIDENT_REGRADES_AREA, incident_rows(truth), truth.plan)
    assert found == expected
    assert 0 < expected["incident_regrades.near_breach/clock=resolution"] < expected["incident_regrades.changed/clock=resolution"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_outages_without_incident_are_the_truth(either_engine, seed):
    """Of an estate whose files were lost in part, so that some outages name an Incident that nobody told of."""
    truth = truth_of(plan_of(seed, "hard"))
    rows = {**incident_rows(truth), OUTAGES: [asdict(outage) for outage in outages(truth.plan)]}
    expected = {name: counted for name, counted, _ in replace(truth, has_outages=True).outage_figures()}
    assert counted_by_area(either_engine, OUTAGE_INCIDENTS, OUTAGE_INCIDENTS_AREA, rows, truth.plan) == expected
    assert expected["outage_incidents.without_incident"] >= 2


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_each_working_day_is_the_truth_of_what_had_come(either_engine, seed):
    """As known on Working Days 1, 2, 3 and 5: the fewer files, the less is known; the figures are those of the same rules."""
    truth = truth_of(plan_of(seed, "usual"))
    assert list(truth.then) == [1, 2, 3, 5]
    known = [sum(map(len, then.lines.values())) for then in truth.then.values()]
    assert known == sorted(known) and known[-1] <= sum(map(len, truth.lines.values()))
    for then in truth.then.values():
        assert by_product(either_engine, then) == by_truth(then)


@pytest.mark.parametrize(("seed", "faults"), [(1, "usual"), (2, "hard"), (5, "hard")])
def test_what_changed_between_looks_is_the_truth(either_engine, seed, faults):
    """From the twelfth of the month to its end, and from there to Working Day 5 and to the run: each Incident's cell on either side."""
    plan = plan_of(seed, faults)
    ends = {1: SEPTEMBER.start_at + 12 * DAY_US, 2: SEPTEMBER.end_at, 5: SEPTEMBER.end_at + 7 * DAY_US, 0: plan.until_at}
    looks = {day: truth_of(replace(plan, until_at=at)) for day, at in ends.items()}
    expected = Counter()
    for before, after in pairwise(looks):
        old, new = cells_of(looks[before]), cells_of(looks[after])
        for key in old.keys() | new.keys():
            was, now = old.get(key, (0, "", "absent")), new.get(key, (0, "", "absent"))
            if was != now and not {was[2], now[2]} <= {"absent", "not_counted"}:
                expected[(before, after, key[2], *was, *now)] += 1
    found = changes_by_product(either_engine, looks)
    assert found == expected
    assert {"met", "missed", "open", "absent"} <= {cells[5] for cells in found} | {cells[8] for cells in found}


def cells_of(truth: IncidentTruth) -> dict[tuple[str, int, str], tuple[int, str, str]]:
    """Category, Resolver Group and standing of each clock of each episode, by the truth's own walk."""
    found = {}
    for incident in {*truth.lines, *truth.extracts}:
        told = clocks(truth.lines.get(incident, ()), truth.extracts.get(incident), truth.rules())
        found |= {(incident, n // 2, clock.clock): (clock.category, clock.resolver_group, standing(clock)) for n, clock in enumerate(told)}
    return found


def standing(clock: Clock) -> str:
    if not clock.of_dcc or (clock.is_resolved and clock.set_aside):
        return "not_counted"
    if not clock.is_resolved:
        return "open"
    if not clock.has_target:
        return "no_target"
    return "met" if clock.is_met else "missed"


def changes_by_product(engine, looks: dict[int, IncidentTruth]) -> Counter[tuple]:
    """The rows of each look worked out from what had come by then, and the changes asked of them all."""
    rows = {INCIDENT_DAYS: [], INCIDENT_CLOCKS: []}
    for day, truth in looks.items():
        journey = INCIDENT_DAYS if day else INCIDENT_CLOCKS
        with engine.session() as session:
            for feed, told in incident_rows(truth).items():
                add_accepted(session, feed, accepted(feed, told))
            session.add_rows(DELIVERIES, [])
            for relation, cells in dated_relations(SEPTEMBER.first_on):
                session.add_rows(relation, cells)
            at = {"start_at": SEPTEMBER.start_at, "end_at": SEPTEMBER.end_at, "as_at": truth.plan.until_at}
            rows[journey] += session.rows(journey.sql, {**at, "working_day": day} if day else at)
    with engine.session() as session:
        for journey, told in rows.items():
            session.add_rows(Relation(journey.name, journey.columns), told)
        lines = changes(session, [day for day in looks if day])
    return Counter({astuple(line)[:-1]: line.incidents for line in lines})


def test_a_month_has_every_case():
    """Every category, Resolver Group and state, both kinds of oddity, Incidents met and missed, however small the scale."""
    truth = truth_of(plan_of(7, "none", scale=Fraction(1, 100_000)))
    found = list(truth.clocks())
    kept = [clock for clock in found if not clock.set_aside]
    assert {clock.category for clock in kept} == {0, 1, 2, 3, 4, 5}
    assert {*GROUPS, "UNASSIGNED"} == {clock.resolver_group for clock in kept}
    assert {"no_log", "no_resolution_time", ""} == {clock.set_aside for clock in found}
    for truth_told in ("of_dcc", "is_resolved", "is_met", "is_breached_open", "is_recategorised", "reported_met"):
        assert {True, False} <= {getattr(clock, truth_told) for clock in kept}, truth_told
    figures = dict(by_truth(truth)[0])
    assert all(figures[name][0] for name in ("cpm_4", "cpm_5", "cpm_5a"))


def test_files_lost_are_lines_lost():
    """With files missing fewer lines are known; with none everything is, and each line once."""
    whole, holed = (truth_of(plan_of(8, faults)) for faults in ("none", "hard"))
    lines = told(whole.lines.values())
    assert len(set(lines)) == len(lines)
    assert set(told(holed.lines.values())) < set(lines)
    assert {extract.incident_id for extract in holed.extracts.values()} <= {extract.incident_id for extract in whole.extracts.values()}


def test_another_seed_is_another_month_and_the_same_one_the_same():
    first, again, other = (tuple(incidents(plan_of(seed, "none"))) for seed in (9, 9, 10))
    assert first == again
    assert {story.changes for story in first}.isdisjoint(story.changes for story in other)


def told(groups: Iterable[Iterable[Change]] | Iterable[Iterable[Extract]]) -> list[Change | Extract]:
    return [row for group in groups for row in group]
