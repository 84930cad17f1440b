"""Tallies: counters per day and split in one scan; what is set aside or unknown is in none of them."""

import pytest
from drawn_journey import ROWS, TALLY, WAITS, drawn, spans, stored

from tocsin.engines.engine import Relation
from tocsin.measuring.measure import Counter, Indicator, Rule
from tocsin.measuring.tally import LookedUp, Tally, counters, tally_sql
from tocsin.vocabulary.errors import BadDeclaration


def test_counters_of_a_day_and_split():
    """On target is met; unanswered is counted, not met; open is in neither; set aside is nowhere, unknown is not set aside."""
    with drawn(ROWS) as session:
        assert sorted(session.rows(tally_sql(WAITS, TALLY.counters))) == [
            (1, "north", 1, 2, 1, 0),
            (1, "north", 2, 1, 0, 0),
            (2, "O'Neill", 1, 1, 1, 0),
            (2, "north", 1, 1, 1, 1),
        ]


def test_more_predicates_than_one_number_has_marks_for():
    """The last mark of one number, the first of the next, the same question under two names, and an amount beside them."""
    spanned = (0, 61, 62, 63, 124, 129)
    asked = [Counter(f"c{place}", Rule("", f"wait_us >= {place}")) for place in range(130)]
    beside = [Counter("again", Rule("", "wait_us >= 62")), Counter("amount", Rule("", "wait_us >= 62", "wait_us"))]
    with drawn(spans(spanned)) as session:
        (row,) = session.rows(tally_sql(WAITS, [*asked, *beside]))
    assert row[:3] == (1, "north", 1)
    assert list(row[3:133]) == [sum(span >= place for span in spanned) for place in range(130)]
    assert row[133:] == (4, 62 + 63 + 124 + 129)


def test_columns_are_typed_as_the_journey_types_them():
    names = [("day", "BIGINT"), ("region", "VARCHAR"), ("category", "BIGINT")]
    assert TALLY.columns == (*names, ("quick_counted", "BIGINT"), ("quick_met", "BIGINT"), ("quick_waiting", "BIGINT"))
    assert TALLY.relation(["a.parquet"]) == Relation("waits_tally", TALLY.columns, ("a.parquet",))


def test_a_month_is_the_sum_of_its_days():
    with drawn(ROWS) as session:
        stored(session)
        (whole,) = TALLY.read((), session.rows(TALLY.sums_sql()))
        by_region = TALLY.read(("region",), session.rows(TALLY.sums_sql(("region",))))
    assert whole.breakdown == ()
    assert whole.counters == {"quick_counted": 5, "quick_met": 3, "quick_waiting": 1}
    assert [(line.breakdown, line.counters["quick_counted"]) for line in by_region] == [
        ((("region", "O'Neill"),), 1),
        ((("region", "north"),), 4),
    ]


def test_nothing_sums_to_zero():
    with drawn([]) as session:
        stored(session)
        assert TALLY.read((), session.rows(TALLY.sums_sql()))[0].counters == {"quick_counted": 0, "quick_met": 0, "quick_waiting": 0}
        assert TALLY.read(("region",), session.rows(TALLY.sums_sql(("region",)))) == []


def test_sums_by_a_looked_up_column_lose_nobody():
    """What the small relation does not know falls under the other word, a quote in the word is a letter, and totals reconcile."""
    area = LookedUp("area", "region", "areas", "nobody's")
    with drawn(ROWS) as session:
        stored(session)
        session.add_rows(Relation("areas", (("region", "VARCHAR"), ("area", "VARCHAR"))), [("north", "up")])
        found = TALLY.read(("area", "category"), session.rows(TALLY.sums_sql(("area", "category"), (area,))))
    assert [(dict(line.breakdown)["area"], line.counters["quick_counted"]) for line in found] == [("nobody's", 1), ("up", 3), ("up", 1)]


def test_an_empty_split_is_refused():
    with pytest.raises(BadDeclaration, match='split "region" is empty'):
        TALLY.read(("region",), [(None, 1, 1, 0)])


def test_two_counters_of_one_name_are_refused():
    with pytest.raises(BadDeclaration, match='"a" stands twice'):
        Tally(WAITS, (Counter("a", Rule("x", "TRUE")), Counter("a", Rule("y", "TRUE"))))
    with pytest.raises(BadDeclaration, match="found none"):
        Tally(WAITS, ())


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit": "hours"},
        {"unit": "percent"},
        {"unit": "seconds"},
        {"unit": "count", "per_mille": 500},
    ],
)
def test_an_indicator_says_what_its_unit_needs(wrong):
    with pytest.raises(BadDeclaration, match="indicator odd"):
        Indicator(name="odd", title="Odd", counted=Rule("x", "TRUE"), **wrong)


def test_an_amount_is_added_up_where_a_row_stands_for_many():
    """Minutes and senders' own counts: the amounts of the rows a rule is true of; an empty amount adds none, no row makes zero."""
    minutes = Indicator(
        "minutes", "Minutes", "percent", Rule("All.", "outcome <> 'open'", "wait_us"), Rule("Of category 1.", "category = 1", "category")
    )
    tally = Tally(WAITS, counters(minutes))
    rows = [(1, "north", 1, "success", 7, ""), (1, "north", 1, "success", None, ""), (1, "south", 2, "open", 5, "")]
    with drawn(rows) as session:
        found = sorted(session.rows(tally_sql(WAITS, tally.counters)))
    assert found == [(1, "north", 1, 7, 2), (1, "south", 2, 0, 0)]
