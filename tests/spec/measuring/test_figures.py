"""Figures: divided once, judged unrounded, a hole is a status and never a number (domain.md 2.4, 2.8, 15.2, 15.3)."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from drawn_journey import QUICK, ROWS, TALLY, WAITS, drawn, stored
from hypothesis import given
from hypothesis import strategies as st

from tocsin.measuring.figures import Making, indicator_figures, measure_figures, measure_groupings, suppressed
from tocsin.measuring.ladder import Percentiles
from tocsin.measuring.measure import Indicator, Level, Rule
from tocsin.measuring.presence import Presence
from tocsin.measuring.shares import judge, percent, rounded
from tocsin.measuring.tally import Sums
from tocsin.vocabulary.calendar import Period

MONTH = Period.parse("2021-09")
HERE = Presence(30, 30)
CPM_1 = replace(
    QUICK,
    name="cpm_1",
    split_by=("service_provider", "measure_ref"),
    levels=(Level("2021-02-25", "99", "96", "assumed"),),
    is_combined=True,
)

# domain.md 15.2, component by component: met, counted.
COMPONENTS = {
    ("DSP", "1.1"): (9_950_000, 10_000_000),
    ("DSP", "1.4"): (39_600, 40_000),
    ("CSPN", "2"): (900, 1_000),
    ("CSPC", "2"): (1_980, 2_000),
    ("CSPS", "2"): (2_970, 3_000),
    ("CSPN", "4.3"): (180_000, 200_000),
    ("CSPC", "4.3"): (396_000, 400_000),
    ("CSPS", "4.3"): (495_000, 500_000),
}


def numbers(met, counted, waiting=0, name="cpm_1"):
    return {f"{name}_counted": counted, f"{name}_met": met, f"{name}_waiting": waiting}


def whole(met, counted, waiting=0):
    return [Sums((), numbers(met, counted, waiting))]


def one(sums, presence=HERE, measure=CPM_1, period=MONTH):
    return measure_figures(measure, WAITS, sums, presence, period)[0]


def test_pooled_mean_and_worst_component():
    """domain.md 15.2: pooled 99.29 met, mean 96.81 below target, worst 90.00 below minimum; all three stand side by side."""
    sums = [
        Sums((("service_provider", provider), ("measure_ref", ref)), numbers(met, counted))
        for (provider, ref), (met, counted) in COMPONENTS.items()
    ]
    sums += whole(sum(met for met, _ in COMPONENTS.values()), sum(counted for _, counted in COMPONENTS.values()))
    figures = {figure.name: figure for figure in measure_figures(CPM_1, WAITS, sums, HERE, MONTH)}
    pooled, mean, worst = figures["cpm_1"], figures["cpm_1.component_mean"], figures["cpm_1.component_min"]
    assert (pooled.met, pooled.counted, pooled.shown, pooled.status) == (11_066_450, 11_146_000, "99.29", "met")
    assert (mean.value, mean.shown, mean.status) == (Decimal("96.8125"), "96.81", "below_target")
    assert (worst.shown, worst.status, worst.breakdown) == ("90.00", "below_minimum", (("service_provider", "CSPN"), ("measure_ref", "2")))
    assert figures["cpm_1/service_provider=DSP/measure_ref=1.1"].shown == "99.50"
    assert len(figures) == len(COMPONENTS) + 3


@pytest.mark.parametrize(
    ("met", "counted", "shown", "status"),
    [
        (42_760, 42_960, "99.53", "met"),
        # domain.md 15.3: 99.4995 % prints as 99.50 at two and 99.500 at three places; four tell the truth.
        (42_745, 42_960, "99.4995", "below_target"),
        (199, 200, "99.50", "met"),
        (98, 100, "98.00", "below_target"),
        (97_999_999, 100_000_000, "97.999999", "below_minimum"),
        (0, 1, "0.00", "below_minimum"),
        (1, 1, "100.00", "met"),
    ],
)
def test_judged_unrounded_and_shown_honestly(met, counted, shown, status):
    judgement = judge(percent(met, counted), Level("2021-02-25", "99.5", "98", "assumed"))
    assert (judgement.shown, judgement.status) == (shown, status)


@given(
    st.integers(1, 10**12),
    st.integers(0, 10**12),
    st.sampled_from(["99", "99.5", "100", "85", "33.33"]),
    st.sampled_from(["0", "80", "33.32"]),
)
def test_the_digits_never_contradict_the_status(counted, part, target, minimum):
    value = percent(min(part, counted), counted)
    judgement = judge(value, Level("2021-02-25", target, minimum, "assumed"))
    shown = Decimal(judgement.shown)
    assert (shown >= Decimal(target)) == (judgement.status == "met")
    assert (shown < Decimal(minimum)) == (judgement.status == "below_minimum") or Decimal(minimum) > Decimal(target)
    assert abs(Fraction(shown) - value) <= Fraction(1, 200)


def test_half_is_rounded_away_from_zero():
    """99.285 is 99.29; a float 99.285 would round to 99.28, and so would half-to-even of 99.285."""
    assert rounded(Fraction("99.285"), 2) == "99.29"
    assert rounded(Fraction("0.005"), 2) == "0.01"


def test_boundary_and_silence():
    """domain.md 15.4: 100 received, 96 on time, 1 late, 3 unanswered is 96.00; one of the three still open is 96/99, provisional."""
    assert one(whole(96, 100)).shown == "96.00"
    waiting = one(whole(96, 99, waiting=1))
    assert waiting.shown == "96.97"
    assert "provisional" in waiting.marks


def test_a_hole_is_a_status():
    nothing, silent, part = one([], Presence(0, 30)), one(whole(0, 0)), one(whole(90, 100), Presence(27, 30))
    assert (nothing.value, nothing.counted, nothing.status, nothing.shown) == (None, None, "no_data", "n/a (no data)")
    assert (silent.value, silent.counted, silent.status, silent.shown) == (None, 0, "no_events", "n/a (0 events)")
    assert (part.value, part.counted, part.met, part.status) == (None, 100, 90, "incomplete")
    assert part.shown == "n/a (incomplete: 27 of 30 files)"


def test_small_numbers_are_marked_and_kept():
    assert one(whole(19, 19)).marks == ("assumed_level", "small_numbers")
    assert one(whole(20, 20)).marks == ("assumed_level",)
    assert one(whole(0, 0)).marks == ("assumed_level",)


def test_a_verified_level_carries_no_mark_and_no_level_is_stated():
    assert one(whole(99, 100), measure=replace(CPM_1, levels=(Level("2021-02-25", "99", "96", "verified"),))).marks == ()
    stated = one(whole(99, 100), measure=replace(CPM_1, levels=()))
    assert (stated.status, stated.shown, stated.target, stated.minimum, stated.marks) == ("stated", "99.00", None, None, ())


def test_a_level_judges_the_months_that_begin_under_it():
    later = (*CPM_1.levels, Level("2021-09-02", "10", "5", "verified"))
    assert one(whole(50, 100), measure=replace(CPM_1, levels=later)).status == "below_minimum"
    assert one(whole(50, 100), measure=replace(CPM_1, levels=later), period=Period.parse("2021-10")).status == "met"


def test_names_can_be_taken_apart_in_one_way():
    figures = measure_figures(CPM_1, WAITS, [Sums((("service_provider", "A/B=50%"),), numbers(1, 1))], HERE, MONTH)
    assert [figure.name for figure in figures] == ["cpm_1", "cpm_1/service_provider=A%2FB%3D50%25"]


def test_a_measure_that_combines_nothing_has_no_components():
    """CPM 4 and 5 come from the Incidents themselves: no mean of Resolver Groups stands beside them (domain.md 2.2)."""
    plain = replace(CPM_1, is_combined=False)
    assert measure_groupings(plain) == [(), ("service_provider",), ("measure_ref",)]
    sums = [*whole(3, 4), Sums((("service_provider", "DSP"),), numbers(3, 4))]
    assert [figure.name for figure in measure_figures(plain, WAITS, sums, HERE, MONTH)] == ["cpm_1", "cpm_1/service_provider=DSP"]


def test_the_predicate_selects_what_was_counted():
    """Every figure of a drawn table: its predicate, asked of the journey again, counts its `counted`; names are unique."""
    with drawn(ROWS) as session:
        stored(session)
        combined = replace(QUICK, is_combined=True)
        sums = [line for by in measure_groupings(combined) for line in TALLY.read(by, session.rows(TALLY.sums_sql(by)))]
        figures = measure_figures(combined, WAITS, sums, HERE, MONTH)
        recounted = {figure.name: session.rows(f"SELECT count(*) FROM waits WHERE {figure.predicate}")[0][0] for figure in figures}
    assert {figure.name: figure.counted for figure in figures} == recounted
    assert len(recounted) == len(figures)
    assert set(recounted) >= {"quick", "quick/region=O'Neill", "quick/category=2", "quick/region=north/category=1", "quick.component_mean"}


VOLUME = Indicator("volume", "Volume", "count", Rule("Every wait.", "TRUE"))
SUCCESS = Indicator(
    "success_rate", "Success rate", "percent", Rule("Decided.", "outcome <> 'open'"), Rule("Success.", "outcome = 'success'")
)
MEDIAN = Indicator("round_trip_p50", "Median", "seconds", Rule("Answered.", "outcome = 'success'"), per_mille=500)


def process_figures(presence=HERE):
    counted = {"volume_counted": 30, "success_rate_counted": 25, "success_rate_met": 24}
    north = {"volume_counted": 2, "success_rate_counted": 0, "success_rate_met": 0}
    sums = [Sums((), counted), Sums((("region", "north"),), north)]
    making = Making("prepayment", WAITS, presence, within="category = 1")
    return {figure.name: figure for figure in indicator_figures(making, (VOLUME, SUCCESS, MEDIAN), sums, [Percentiles((), 24, {500: 217})])}


def test_indicators_are_stated():
    figures = process_figures()
    assert [(name, figure.shown, figure.status) for name, figure in figures.items()] == [
        ("prepayment.volume", "30", "stated"),
        ("prepayment.volume/region=north", "2", "stated"),
        ("prepayment.success_rate", "96.00", "stated"),
        ("prepayment.success_rate/region=north", "n/a (0 events)", "no_events"),
        ("prepayment.round_trip_p50", "21.7", "stated"),
        ("prepayment.round_trip_p50/region=north", "n/a (0 events)", "no_events"),
    ]
    assert figures["prepayment.round_trip_p50"].counted == 24
    assert figures["prepayment.volume/region=north"].predicate.endswith("(TRUE) AND (category = 1) AND region = 'north'")


def test_indicators_without_data_say_so_once():
    figures = process_figures(Presence(0, 30))
    assert list(figures) == ["prepayment.volume", "prepayment.success_rate", "prepayment.round_trip_p50"]
    assert {figure.status for figure in figures.values()} == {"no_data"}
    assert {figure.value for figure in figures.values()} == {None}


def test_incomplete_indicators_keep_their_whole_numbers():
    figure = process_figures(Presence(1, 30))["prepayment.volume"]
    assert (figure.counted, figure.value, figure.status) == (30, None, "incomplete")


def test_a_suppressed_figure_tells_nothing():
    figure = suppressed(process_figures()["prepayment.success_rate"])
    assert (figure.counted, figure.met, figure.value, figure.shown, figure.marks) == (None, None, None, "suppressed", ("suppressed",))


def test_nor_do_its_marks_and_status():
    """Small, waited for or no events would narrow its number down; that files are missing or a level is assumed would not."""
    plain = process_figures()["prepayment.success_rate"]
    for status, marks in (("stated", ("small_numbers", "provisional")), ("no_events", ()), ("met", ("assumed_level", "small_numbers"))):
        figure = suppressed(replace(plain, status=status, marks=marks))
        assert (figure.status, figure.marks) == ("stated", (*(mark for mark in marks if mark == "assumed_level"), "suppressed"))
    assert suppressed(replace(plain, status="incomplete")).status == "incomplete"


@pytest.mark.parametrize(
    ("feeds", "state"),
    [
        ([Presence(30, 30)], "complete"),
        ([Presence(0, 30)], "no_data"),
        ([Presence(29, 30)], "incomplete"),
        # Nobody was expected to send the second feed: it is not missing.
        ([Presence(30, 30), Presence(0, 0)], "complete"),
        ([Presence(4, 0)], "complete"),
        # Ten files too many of one feed do not stand for ten missing of another.
        ([Presence(40, 30), Presence(20, 30)], "incomplete"),
        ([], "no_data"),
    ],
)
def test_presence_of_several_feeds(feeds, state):
    assert Presence.together(feeds).state == state


def test_a_part_without_whole_numbers_makes_the_measure_incomplete():
    """A sender's percentage without counts: pooled over the rest, the figure would speak for events it does not hold (domain.md 2.4)."""
    measure = replace(CPM_1, lacking=Rule("A percentage alone.", "category = 9"))
    told = {"cpm_1_lacking": 0} | numbers(9, 10)
    parts = [((("service_provider", "DSP"), ("measure_ref", "1.1")), 0), ((("service_provider", "CSPN"), ("measure_ref", "2")), 1)]
    sums = [Sums((), told | {"cpm_1_lacking": 1}), *(Sums(by, told | {"cpm_1_lacking": lacking}) for by, lacking in parts)]
    figures = {figure.name: figure for figure in measure_figures(measure, WAITS, sums, HERE, MONTH)}
    whole_figure = figures["cpm_1"]
    assert (whole_figure.status, whole_figure.value) == ("incomplete", None)
    assert whole_figure.shown == "n/a (incomplete: 1 part without whole numbers)"
    assert figures["cpm_1/service_provider=CSPN/measure_ref=2"].value is None
    assert figures["cpm_1/service_provider=DSP/measure_ref=1.1"].shown == "90.00"
