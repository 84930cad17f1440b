"""CPM 4, 5 and 5A: slices of one cube, by the reading in force (domain.md 2.5, 3.3, 15.7)."""

from datetime import date

import pytest
from drawn_happenings import happenings

from tocsin.areas.incidents import INCIDENTS_AREA
from tocsin.engines import Relation
from tocsin.journeys.incident_clocks import INCIDENT_CLOCKS
from tocsin.measures import measures_on
from tocsin.measures.cpm_4 import CPM_4
from tocsin.measures.cpm_5 import CPM_5
from tocsin.measures.cpm_5a import CPM_5A
from tocsin.measuring.figures import Making, indicator_figures, measure_figures
from tocsin.measuring.presence import Presence
from tocsin.measuring.tally import Sums, Tally, counters, tally_sql
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.errors import BadDeclaration

ON = date(2021, 8, 1)
HERE = Presence(5, 5)

EVERY_CELL = "\n".join(
    ["category | clock | is_met | times"]
    + [
        f"{category} | {clock} | {met} | {times}"
        for category in (1, 2, 3, 4, 5)
        for clock, met, times in (
            ("resolution", "yes", category),
            ("resolution", "no", 1),
            ("initial_response", "yes", 10 * category),
            ("initial_response", "no", 10),
        )
    ]
)


def test_only_what_the_dcc_resolved_counts(spec):
    """Open, the User's own, cancelled and set aside are left out; a party nobody knows is not the User, and is counted."""
    spec(
        CPM_5,
        """
           | state    | responsible_party | exclusion | set_aside     | is_met
        i1 | resolved | dcc               |           |               | yes
        i2 | resolved | dcc               |           |               | no
        i3 | resolved | csp               |           |               | yes
        i4 | resolved | user              |           |               | no
        i5 | resolved | dcc               | duplicate |               | no
        i6 | open     | dcc               |           |               | no
        i7 | resolved | dcc               |           | negative_span | yes
        """,
        events=3,
        met=2,
    )


@pytest.mark.parametrize(("measure", "events", "met"), [(CPM_4, 5, 3), (CPM_5, 4, 3), (CPM_5A, 11, 9)])
def test_shipped_reading(spec, measure, events, met):
    """R1: CPM 4 is categories 1 and 2, CPM 5 category 3, CPM 5A categories 4 and 5, all by the resolution clock."""
    spec(measure, EVERY_CELL, events=events, met=met)


@pytest.mark.parametrize(
    ("reading", "cpm_5", "cpm_5a"),
    [("R1", (4, 3), (11, 9)), ("R2", (15, 12), (150, 120)), ("R3", (15, 12), (15, 12))],
)
def test_another_reading_is_one_line(spec, tmp_path, reading, cpm_5, cpm_5a):
    """One dated line of the workspace changes the slices and the sentences; CPM 4 is the same in every reading."""
    line = f"incident_measure_reading,2021-01-01,{reading},reading,Which reading is in force.,assumed,asked of the OPSG\n"
    (tmp_path / "settings.csv").write_text("name,since,value,unit,sentence,status,source\n" + line)
    measures = measures_on(ON, tmp_path)
    for name, (events, met) in {"cpm_4": (5, 3), "cpm_5": cpm_5, "cpm_5a": cpm_5a}.items():
        spec(measures[name], EVERY_CELL, events=events, met=met)
        assert measures[name].reading.startswith(f"Reading {reading} (assumed): category ")
    assert ("initial response" in measures["cpm_5a"].title) is (reading == "R2")
    assert measures["cpm_5a"].reading.endswith("shown apart.") is (reading == "R3")


def test_a_month_before_any_reading_is_refused_in_words():
    with pytest.raises(BadDeclaration, match="incident_measure_reading"):
        measures_on(date(2010, 3, 1))


@pytest.mark.parametrize(
    ("met", "counted", "shown", "status"),
    [(6, 7, "85.71", "below_target"), (5, 7, "71.43", "below_minimum"), (7, 7, "100.00", "met"), (0, 0, "n/a (0 events)", "no_events")],
)
def test_worked_month(met, counted, shown, status):
    """domain.md 15.7: one miss of seven is below the target of 100 and above the minimum of 85; two are below; none at all is no events."""
    sums = [Sums((), {"cpm_4_counted": counted, "cpm_4_met": met})]
    figure = measure_figures(CPM_4, INCIDENT_CLOCKS, sums, HERE, Period.parse("2021-08"))[0]
    assert (figure.shown, figure.status) == (shown, status)


def test_cpm_5a_is_stated_since_no_level_is_known():
    sums = [Sums((), {"cpm_5a_counted": 9, "cpm_5a_met": 9})]
    figure = measure_figures(CPM_5A, INCIDENT_CLOCKS, sums, HERE, Period.parse("2021-08"))[0]
    assert (figure.shown, figure.status, figure.target) == ("100.00", "stated", None)


def test_the_cube_holds_every_cell_once(either_engine):
    """Category x clock x Resolver Group in one tally; open and breached, the sender's own flag and changed categories beside it."""
    tally = Tally(INCIDENT_CLOCKS, tuple(counter for indicator in INCIDENTS_AREA.indicators for counter in counters(indicator)))
    table = """
        category | clock            | resolver_group | state    | is_met | is_breached_open | category_changes | reported_met
        3        | resolution       | DSP            | resolved | yes    |                  | 1                | no
        3        | initial_response | DSP            | resolved | yes    |                  | 1                | no
        3        | resolution       | CSPN           | open     |        | yes              | 0                |
        3        | resolution       | CSPN           | open     |        | no               | 0                |
    """
    with either_engine.session() as session:
        session.add_rows(Relation(INCIDENT_CLOCKS.name, INCIDENT_CLOCKS.columns), happenings(INCIDENT_CLOCKS.name, table))
        session.add_rows(tally.relation(()), session.rows(tally_sql(INCIDENT_CLOCKS, tally.counters)))
        sums = tally.read(INCIDENT_CLOCKS.splits, session.rows(tally.sums_sql(INCIDENT_CLOCKS.splits)))
    making = Making(INCIDENTS_AREA.name, INCIDENT_CLOCKS, HERE)
    figures = {figure.name: figure for figure in indicator_figures(making, INCIDENTS_AREA.indicators, sums)}
    dsp, cspn = "/clock=resolution/category=3/resolver_group=DSP", "/clock=resolution/category=3/resolver_group=CSPN"
    assert (figures[f"incidents.within_target{dsp}"].shown, figures[f"incidents.reported_within_target{dsp}"].shown) == ("100.00", "0.00")
    assert figures[f"incidents.recategorised{dsp}"].shown == "1"
    assert (figures[f"incidents.open{cspn}"].shown, figures[f"incidents.open_breached{cspn}"].shown) == ("2", "1")
    assert figures[f"incidents.within_target{cspn}"].status == "no_events"
    assert len(sums) == 3
