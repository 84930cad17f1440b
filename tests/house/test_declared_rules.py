"""Every rule and every SQL text that is declared stays inside the kernel; every wrong one is refused naming file, rule and word."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tocsin.areas import all_areas, check_area
from tocsin.areas.incidents import INCIDENTS_AREA
from tocsin.engines.kernel import check
from tocsin.feeds import all_feeds
from tocsin.journeys import all_journeys
from tocsin.journeys.incident_clocks import INCIDENT_CLOCKS, SETTINGS, STOPS, TARGETS
from tocsin.measures import all_measures, check_measure
from tocsin.measures.cpm_1 import CPM_1
from tocsin.measuring.anonymity import PARTY_CODE, PARTY_CODES
from tocsin.measuring.buckets import PARAMETERS
from tocsin.measuring.journey import DELIVERIES
from tocsin.measuring.ladder import Ladder, exact_percentiles_sql
from tocsin.measuring.measure import Indicator, Rule
from tocsin.measuring.tally import Tally, counters, tally_sql
from tocsin.processes import all_processes
from tocsin.processes.business_process import PROCESS_OF_SRV, SRV_PROCESSES
from tocsin.reports.figuring import counters_of
from tocsin.vocabulary.errors import BadDeclaration

LOOKUPS = (PROCESS_OF_SRV, PARTY_CODE)
LOOKED_UP = {relation.name: relation.columns for relation in (SRV_PROCESSES, PARTY_CODES)}


def test_measures_stand_in_order_with_a_sentence_each():
    measures = all_measures()
    assert list(measures) == [
        *("cpm_1", "cpm_1_reported", "cpm_2", "cpm_2_reported", "cpm_3", "cpm_3_reported", "cpm_3_at_dsp", "cpm_4", "cpm_5", "cpm_5a"),
        *("cpm_6", "cpm_6a", "cpm_6b", "cpm_6c", "cpm_6c_observed", "cpm_7", "cpm_8"),
    ]
    for measure in measures.values():
        for rule in (measure.counted, measure.met):
            assert rule.sentence.endswith(".")
        assert measure.clause and measure.title and measure.reading


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"counted": Rule("x", "flow = 'on_demand' AND lucky")}, "measures/cpm_1.py: counted"),
        ({"met": Rule("x", "round_trip_us <= now()")}, "measures/cpm_1.py: met"),
        ({"met": Rule("x", "round_trip_us / 2 <= 1")}, "measures/cpm_1.py: met"),
        ({"waiting": Rule("x", "percentile_cont(0.5) > 1")}, "measures/cpm_1.py: waiting"),
        ({"split_by": ("colour",)}, 'measures/cpm_1.py: split_by "colour"'),
        ({"of": "dreams"}, 'measures/cpm_1.py: of = "dreams"'),
    ],
)
def test_a_wrong_measure_is_refused_naming_file_and_rule(wrong, said):
    with pytest.raises(BadDeclaration) as refusal:
        check_measure(replace(CPM_1, **wrong))
    assert said in str(refusal.value)


def test_the_incident_journey_stays_in_the_kernel():
    feeds = {
        name: [(column.name, column.stored_as) for column in all_feeds()[name].columns] + [("line", "BIGINT"), ("delivery_no", "BIGINT")]
        for name in ("incident_log", "incidents")
    }
    tables = {relation.name: relation.columns for relation in (DELIVERIES, TARGETS, STOPS, SETTINGS)}
    check(INCIDENT_CLOCKS.sql, {**feeds, **tables}, "journeys/incident_clocks.py", {"start_at", "end_at", "as_at"})


@pytest.mark.parametrize("name", [name for name, journey in all_journeys().items() if journey.traced_by])
def test_the_way_back_stays_in_the_kernel(name):
    """It asks for the relations and parameters of the journey itself, and gives the columns by which happenings are traced."""
    journey = all_journeys()[name]
    feeds = {
        feed: [*((column.name, column.stored_as) for column in all_feeds()[feed].columns), ("line", "BIGINT"), ("delivery_no", "BIGINT")]
        for feed in all_feeds()
    }
    dated = {relation.name: relation.columns for relation, _ in journey.dated(date(2021, 8, 1), None)}
    there = {**feeds, **dated, DELIVERIES.name: DELIVERIES.columns, **{other: all_journeys()[other].columns for other in all_journeys()}}
    asked = {relation: there[relation] for relation in (*journey.reads, *(feed for feed, _ in journey.traced_to))}
    for feed, text in journey.traced_by:
        theirs = ", ".join(column for _, column in dict(journey.traced_to)[feed])
        whole = f"SELECT delivery_no, line, {theirs} FROM ({text}) AS told"
        check(whole, asked, f"journeys/{name}.py: {feed}", PARAMETERS)


@pytest.mark.parametrize("name", list(all_journeys()))
def test_tallies_and_ladders_stay_in_the_kernel(name):
    """The SQL made out of declarations is checked as if it had been written by hand."""
    journey = all_journeys()[name]
    told = {counter.name: counter for measure in all_measures().values() if measure.of == name for counter in counters(measure)}
    declared = [indicator for process in all_processes().values() if process.journey == name for indicator in process.declared]
    declared += [indicator for area in all_areas().values() if area.of == name for indicator in area.indicators]
    told |= {counter.name: counter for indicator in declared for counter in counters(indicator)}
    tally = Tally(journey, tuple(told.values()))
    lookups = LOOKUPS if "srv" in journey.splits else ()
    by = ("business_process", "party_code") if lookups else journey.splits[:2]
    check(tally_sql(journey, tally.counters), {name: journey.columns}, f"tally of {name}", ())
    check(tally.sums_sql(by, lookups), {tally.name: tally.columns, **LOOKED_UP}, f"sums of {name}", ())
    if journey.span is not None:
        ladder = Ladder.of(journey)
        check(ladder.sql(), {name: journey.columns}, f"ladder of {name}", ())
        for asked in (by, (*by, "srv")) if lookups else (by,):
            check(ladder.percentiles_sql(asked, lookups), {ladder.name: ladder.columns, **LOOKED_UP}, f"percentiles of {name}", ())
        check(exact_percentiles_sql(journey, journey.splits), {name: journey.columns}, f"exact percentiles of {name}", ())


def test_no_two_subjects_share_a_name():
    """A figure's name begins with its subject: names are unique in a run because subjects, and indicators in each, are."""
    subjects = [*all_measures(), *all_processes(), *all_areas()]
    assert len(set(subjects)) == len(subjects)
    for indicators in (*(area.indicators for area in all_areas().values()), *(process.declared for process in all_processes().values())):
        assert len({indicator.name for indicator in indicators}) == len(indicators)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"of": "dreams"}, 'areas/incidents.py: of = "dreams"'),
        ({"groupings": (("colour",),)}, 'areas/incidents.py: grouping "colour"'),
        ({"indicators": (Indicator("x", "X", "count", Rule("x", "lucky")),)}, "areas/incidents.py: x"),
        ({"indicators": (Indicator("x", "X", "count", Rule("x", "TRUE", "clock")),)}, 'areas/incidents.py: x: amount "clock"'),
    ],
)
def test_a_wrong_area_is_refused_naming_file_and_rule(wrong, said):
    with pytest.raises(BadDeclaration) as refusal:
        check_area(replace(INCIDENTS_AREA, **wrong))
    assert said in str(refusal.value)


def test_two_rules_of_one_name_are_refused(monkeypatch):
    """Their counters would be one: a figure would be counted by the other's rule."""
    wrong = replace(INCIDENTS_AREA, name="double", indicators=(Indicator("open", "Open", "count", Rule("All.", "TRUE")),))
    monkeypatch.setattr("tocsin.reports.figuring.all_areas", lambda: {**all_areas(), "double": wrong})
    with pytest.raises(BadDeclaration, match="open_counted"):
        counters_of(INCIDENT_CLOCKS.name, date(2021, 8, 1), Path())
