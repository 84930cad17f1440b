"""What an incomplete figure tells so far, beside its hole and never in it (docs/decisions/0008)."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from drawn_journey import QUICK, WAITS

from tocsin.measuring.figures import Figure, Making, Numbers, absent_figures, measure_figures, suppressed
from tocsin.measuring.measure import Indicator, Level, Rule
from tocsin.measuring.presence import Presence
from tocsin.measuring.tally import Sums
from tocsin.vocabulary.calendar import Period

PART, WHOLE = Presence(12, 30), Presence(30, 30)
LEVEL = Level("2021-02-25", "99", "96", "assumed")
RULE = Rule("Every one.", "TRUE")


def making(presence: Presence = PART, level: Level | None = LEVEL) -> Making:
    return Making("cpm_1", WAITS, presence, level=level)


def share(met: int, counted: int, presence: Presence = PART, value: Fraction | None = None, **told: int) -> Figure:
    own = making(presence)
    return own.share(own.blank("", (), "percent", RULE, RULE), Numbers(counted, met, **told), value)


def test_every_figure_says_how_many_files_it_rests_on_and_how_many_are_in():
    assert [(one.filled, one.expected) for one in (share(1, 2), share(1, 2, WHOLE), share(0, 0, Presence(0, 30)))] == [
        (12, 30), (30, 30), (0, 30)
    ]  # fmt: skip


def test_where_nobody_owes_a_file_it_is_nought_of_nought():
    """Four files of a feed that nobody was expected to send complete nothing."""
    found = share(1, 2, Presence(4, 0))
    assert (found.filled, found.expected, found.status) == (0, 0, "below_minimum")
    (absent, *_) = absent_figures("other", "waits", (Indicator("volume", "Volume", "count", RULE),))
    assert (absent.filled, absent.expected, absent.so_far) == (0, 0, "")


def test_a_share_so_far_is_no_value_and_judged_by_no_level():
    found = share(9731, 10_000)
    assert (found.so_far, found.value, found.status, found.shown) == ("97.31", None, "incomplete", "n/a (incomplete: 12 of 30 files)")
    assert (found.counted, found.met, found.marks) == (10_000, 9731, ("assumed_level",))


def test_its_digits_never_say_other_than_a_judged_share_would():
    """98.9996 is below 99: told as 99.00 it would be read as met."""
    assert (share(989_996, 1_000_000).so_far, share(989_996, 1_000_000, WHOLE).shown) == ("98.9996", "98.9996")


def test_the_mean_of_components_so_far_is_that_of_those_there_are():
    measure = replace(QUICK, name="cpm_1", split_by=("service_provider",), levels=(LEVEL,), is_combined=True)
    parts = {"DSP": (99, 100), "CSPN": (10, 20)}
    sums = [Sums((("service_provider", name),), _told(met, counted)) for name, (met, counted) in parts.items()]
    figures = {one.name: one for one in measure_figures(measure, WAITS, [*sums, Sums((), _told(109, 120))], PART, Period(2021, 9))}
    assert figures["cpm_1"].so_far == "90.83"
    assert (figures["cpm_1.component_mean"].so_far, figures["cpm_1.component_mean"].value) == ("74.50", None)
    assert figures["cpm_1.component_min"].so_far == "50.00"


def _told(met: int, counted: int) -> dict[str, int]:
    return {"cpm_1_counted": counted, "cpm_1_met": met, "cpm_1_waiting": 0}


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(share(0, 0), id="nothing was counted so far"),
        pytest.param(share(9, 10, lacking=1), id="a part told no whole numbers"),
        pytest.param(share(9, 10, WHOLE, lacking=1), id="a part told no whole numbers, and all files are in"),
        pytest.param(share(9, 10, WHOLE), id="it is complete"),
        pytest.param(share(9, 10, Presence(0, 30)), id="nothing is in"),
        pytest.param(suppressed(share(9, 10)), id="it is kept back"),
    ],
)
def test_where_there_is_no_number_so_far(found: Figure):
    assert found.so_far == ""


def test_a_count_and_a_span_so_far():
    own = making(level=None)
    count = own.count(own.blank("volume", (), "count", RULE), 1_204)
    span = own.span(own.blank("round_trip_p95", (), "seconds", RULE), 24, 217)
    assert (count.so_far, count.value, span.so_far, span.value) == ("1204", None, "21.7", None)
    assert own.span(own.blank("round_trip_p95", (), "seconds", RULE), 0, None).so_far == ""
    whole = making(WHOLE, None)
    assert whole.span(whole.blank("round_trip_p95", (), "seconds", RULE), 24, 217).value == Decimal("21.7")
