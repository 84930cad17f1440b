"""Graphs of the trend: a hole is no line, a month defined otherwise stands alone, levels are named, and the words say the same."""

from dataclasses import replace
from decimal import Decimal

import pytest

from frozen_run import made_up_run
from tocsin.reports.blocks import DOTS_ALONE, Chart, Graph, Shown, Status
from tocsin.reports.drawing import svg_of
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_trend import NO_RUN, TrendLine
from tocsin.reports.trend_graph import trend_graph, trend_summary

TARGET, MINIMUM = Decimal(99), Decimal(96)


def line(month: str, shown: str = "", status: str = "met", measure: str = "cpm_1", **told: bool) -> TrendLine:
    if not shown:
        return TrendLine(measure, month, "", NO_RUN, "n/a (no run is known)", is_complete=False, why="no run is known")
    return TrendLine(measure, month, "run", status, shown, Decimal(shown), TARGET, MINIMUM, **told)


@pytest.fixture
def run() -> FrozenRun:
    lines = (
        line("2021-04", "99.50", is_alike=False),
        line("2021-05", "97.10", "below_target"),
        line("2021-06"),
        line("2021-07", "95.00", "below_minimum"),
        line("2021-08", "99.00", is_complete=False),
        *(line(f"2021-0{month}", measure="cpm_4") for month in (4, 5, 6)),
        line("2021-07", "91.00", measure="cpm_4"),
        line("2021-08", "92.00", measure="cpm_4"),
        line("2021-08", measure="cpm_2"),
    )
    return replace(made_up_run(), trend=lines)


def graph(run: FrozenRun, measure: str = "cpm_1") -> Graph:
    found = trend_graph(run, measure)
    assert found is not None
    return found


def test_a_line_joins_neither_over_a_hole_nor_to_a_month_defined_otherwise(run: FrozenRun) -> None:
    values = graph(run).spec["data"]["values"]
    assert [value["value"] for value in values] == [99.5, 97.1, None, 95.0, 99.0]
    april, may, _, july, august = (value["stretch"] for value in values)
    assert july == august
    assert len({april, may, july}) == 3


def test_a_status_is_a_shape_and_a_provisional_month_is_hollow(run: FrozenRun) -> None:
    values = [value for value in graph(run).spec["data"]["values"] if value["value"] is not None]
    assert [value["shape"] for value in values] == ["circle", "triangle-up", "diamond", "circle"]
    assert [value["is_firm"] for value in values] == [True, True, True, False]
    assert "hollow: provisional; grey: no value" in graph(run).caption
    assert "square" not in graph(run).caption


def test_the_axis_begins_below_the_lowest_of_values_and_levels(run: FrozenRun) -> None:
    assert graph(run).spec["layer"][1]["encoding"]["y"]["scale"]["domain"] == [94, 100]
    assert [drawn.least for drawn in graph(run).drawn_as if isinstance(drawn, Chart)] == [94]


def test_levels_and_the_last_value_are_named_beside_it_and_stand_apart(run: FrozenRun) -> None:
    """The value equals the target: its words stand below those of the target, and not on them."""
    labels = graph(run).spec["layer"][-1]["data"]["values"]
    assert [label["label"] for label in labels] == ["Target 99 %", "99.00 %", "Minimum 96 %"]
    heights = [label["at"] for label in labels]
    assert heights[0] == 99 and heights[0] - heights[1] >= 0.5


def test_the_words_tell_the_last_month_the_extremes_the_holes_and_the_levels(run: FrozenRun) -> None:
    assert graph(run).alt.endswith(
        "Aug 2021: 99.00 %, met. Lowest of 4 months 95.00 % in Jul 2021, highest 99.50 % in Apr 2021. "
        "1 of 5 months have no value. Target 99 %, minimum 96 %."
    )


def test_the_twin_says_the_same_month_by_month(run: FrozenRun) -> None:
    rows = {row[0]: row for row in graph(run).twin.rows}
    assert rows["Jul 2021"][1] == Shown("95.00", "percent", True)
    assert rows["Jul 2021"][5] == Status("below_minimum")
    assert rows["Jun 2021"][1] == Shown("no run", "percent", False)
    assert (rows["Jun 2021"][6], rows["Aug 2021"][6]) == ("no run is known", "provisional")


def test_the_summary_draws_every_measure_that_has_a_value_and_names_the_rest(run: FrozenRun) -> None:
    found = trend_summary(run)
    assert found is not None
    assert [panel["title"]["text"] for panel in found.spec["concat"]] == ["CPM 1  99.00", "CPM 4  92.00"]
    assert "Without any value, so not drawn: CPM 2" in found.caption
    assert [row[0] for row in found.twin.rows] == ["CPM 1", "CPM 4"]
    assert svg_of(found).startswith("<svg")
    assert svg_of(graph(run)).startswith("<svg")


def test_a_run_of_before_has_no_trend(run: FrozenRun) -> None:
    assert trend_graph(replace(run, trend=()), "cpm_1") is None
    assert trend_summary(replace(run, trend=())) is None
    assert trend_graph(run, "cpm_9") is None


def test_a_workbook_joins_no_month_to_one_defined_otherwise(run: FrozenRun) -> None:
    (chart,) = (drawn for drawn in graph(run).drawn_as if isinstance(drawn, Chart))
    assert chart.dashes[0] == DOTS_ALONE
    alike = replace(run, trend=tuple(replace(line, is_alike=True) for line in run.trend))
    (chart,) = (drawn for drawn in graph(alike).drawn_as if isinstance(drawn, Chart))
    assert (chart.dashes[0], chart.series) == ("", ("Result, %", "Target, %", "Minimum, %"))
