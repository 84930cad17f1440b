"""Ladders and nearest rank: the published percentile by whole numbers, on the engine and by hand."""

import random
from dataclasses import replace

import pytest
from drawn_journey import WAITS, drawn, spans
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.engines.engine import Relation
from tocsin.measuring.ladder import (
    PUBLISHED_PER_MILLE,
    RUNG_US,
    RUNGS_A_STEP,
    Ladder,
    exact_percentiles_sql,
    ladder_sql,
    nearest_rank,
    read_percentiles,
)
from tocsin.measuring.tally import LookedUp

LADDER = Ladder.of(WAITS)
# On a few rungs, over several of the steps by which ranks are looked for, at both ends of a step, and weeks later.
SPANS = st.one_of(
    st.integers(0, 3_000_000),
    st.integers(0, 12 * RUNGS_A_STEP * RUNG_US),
    st.builds(lambda step, rung: (step * RUNGS_A_STEP + rung) * RUNG_US, st.integers(1, 400_000), st.integers(-1, 1)),
)


def ladder_percentiles(session, by=(), per_mille=PUBLISHED_PER_MILLE, lookups=()):
    session.add_rows(LADDER.relation(()), session.rows(LADDER.sql()))
    return read_percentiles(by, per_mille, session.rows(LADDER.percentiles_sql(by, lookups, per_mille)))


def test_worked_example_of_ten_round_trips():
    """domain.md 15.6: p50 = 4, p90 = 21, p95 = 40 seconds; interpolation would give 4.5, 22.9 and 31.45."""
    seconds = [1, 2, 2, 3, 4, 5, 8, 13, 21, 40]
    with drawn(spans(second * 1_000_000 for second in seconds)) as session:
        (found,) = ladder_percentiles(session)
    assert found.spans == 10
    assert found.at == {500: 40, 900: 210, 950: 400, 990: 400, 1000: 400}


def test_trap_of_the_fraction():
    """0.55 of 1 to 100 is the 55th; a float 0.55 * 100 is a little more than 55, and three engines' own functions answer 56."""
    assert nearest_rank(range(1, 101), 550) == 55
    with drawn(spans(RUNG_US * n for n in range(1, 101))) as session:
        assert ladder_percentiles(session, per_mille=(550,))[0].at == {550: 55}
        assert read_percentiles((), (550,), session.rows(exact_percentiles_sql(WAITS, (), (550,))))[0].at == {550: 55 * RUNG_US}


@pytest.mark.parametrize(("values", "per_mille"), [([], 500), ([1], 0), ([1], 1001)])
def test_nearest_rank_refuses_what_has_no_place(values, per_mille):
    with pytest.raises(ValueError, match="nearest rank needs values"):
        nearest_rank(values, per_mille)


def test_only_spans_that_count_stand_on_the_ladder():
    """A failed answer, a hole and a row set aside are on no rung; just under a step is the step below."""
    rows = [
        (1, "north", 1, "success", 99_999, ""),
        (1, "north", 1, "success", 100_000, ""),
        (1, "north", 1, "device_fail", 100, ""),
        (1, "north", 1, "success", None, ""),
        (1, "north", 1, "success", -5, "negative_span"),
        (1, "north", 1, "success", 7, None),
    ]
    with drawn(rows) as session:
        assert sorted(session.rows(ladder_sql(WAITS, ("region",)))) == [("north", 0, 2), ("north", 1, 1)]


def test_failed_answers_have_a_ladder_of_their_own():
    failed = Ladder.of(WAITS, ("region",), "outcome = 'device_fail'")
    with drawn([(1, "north", 1, "device_fail", 100, ""), (1, "north", 1, "success", 900_000, "")]) as session:
        assert session.rows(failed.sql()) == [("north", 0, 1)]


def test_no_spans_give_no_percentiles():
    with drawn([]) as session:
        assert ladder_percentiles(session) == []
        assert ladder_percentiles(session, ("region",)) == []
        assert read_percentiles((), (500,), session.rows(exact_percentiles_sql(WAITS, (), (500,)))) == []


def test_percentiles_by_a_looked_up_column():
    """A region without a row in the small relation falls under the other word, and is not lost."""
    area = LookedUp("area", "region", "areas", "elsewhere")
    with drawn(spans([100_000, 300_000], region="north") + spans([500_000], region="moon")) as session:
        session.add_rows(Relation("areas", (("region", "VARCHAR"), ("area", "VARCHAR"))), [("north", "up")])
        found = ladder_percentiles(session, ("area",), (500,), (area,))
    assert [(line.breakdown, line.spans, line.at) for line in found] == [
        ((("area", "elsewhere"),), 1, {500: 5}),
        ((("area", "up"),), 2, {500: 1}),
    ]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["north", "south"]), SPANS), min_size=1, max_size=60),
    st.lists(st.integers(1, 1000), min_size=1, max_size=4, unique=True),
)
def test_the_ladder_is_the_exact_percentile_rounded_down(happenings, per_mille):
    """Ladder of all days == exact percentiles of the journeys rounded down == nearest rank in Python, for any per-mille."""
    with drawn([(day, region, 1, "success", span, "") for day, region, span in happenings]) as session:
        laddered = ladder_percentiles(session, ("region",), per_mille)
        exact = read_percentiles(("region",), per_mille, session.rows(exact_percentiles_sql(WAITS, ("region",), per_mille)))
    for line, precise in zip(laddered, exact, strict=True):
        values = [span for _, region, span in happenings if line.breakdown == (("region", region),)]
        assert line.spans == precise.spans == len(values)
        for mille in per_mille:
            assert precise.at[mille] == nearest_rank(values, mille)
            assert line.at[mille] == precise.at[mille] // RUNG_US


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(SPANS, st.integers(1, 50)), min_size=1, max_size=30), st.integers(1, 1000))
def test_a_row_that_stands_for_several_is_as_many(told, per_mille):
    """So many alike in one row are on the ladder, and rank, as if each had a row."""
    together = replace(WAITS, stands_for="category")
    values = [span for span, times in told for _ in range(times)]
    with drawn([(1, "north", times, "success", span, "") for span, times in told]) as session:
        (exact,) = read_percentiles((), (per_mille,), session.rows(exact_percentiles_sql(together, (), (per_mille,))))
        session.add_rows(LADDER.relation(()), session.rows(Ladder.of(together).sql()))
        (laddered,) = read_percentiles((), (per_mille,), session.rows(LADDER.percentiles_sql((), (), (per_mille,))))
    assert exact.spans == laddered.spans == len(values)
    assert exact.at[per_mille] == nearest_rank(values, per_mille) and laddered.at[per_mille] == exact.at[per_mille] // RUNG_US


def test_ladders_of_days_merge_by_adding():
    """Percentiles of the whole come from the added ladders; percentiles of days averaged would be another number."""
    draw = random.Random(15)
    days = {day: [draw.randrange(0, 60_000_000) for _ in range(40 * day)] for day in (1, 2, 3)}
    with drawn([row for day, values in days.items() for row in spans(values, day)]) as session:
        (found,) = ladder_percentiles(session)
    everything = [value for values in days.values() for value in values]
    assert found.at == {mille: nearest_rank(everything, mille) // RUNG_US for mille in PUBLISHED_PER_MILLE}
