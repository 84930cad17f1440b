"""Graphs of hours and of times: what they draw equals what the run holds, a hole is a hole, and their words say what they show."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from frozen_run import PERIOD, made_up_run
from tocsin.reports.blocks import Chart, ColourGrid, Graph, Shown
from tocsin.reports.drawing import svg_of
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_rhythm import NO_RHYTHM_LINES
from tocsin.reports.graph_style import STACK
from tocsin.reports.rhythm_graphs import RATE_STEPS, hours_graph
from tocsin.reports.time_graphs import COLOURS, span_words, times_graph


def process(run: FrozenRun, name: str = "prepayment") -> Any:
    return next(found for found in run.processes if found.name == name)


def hours(run: FrozenRun) -> Graph:
    graph = hours_graph(run, process(run))
    assert graph is not None
    return graph


def times(run: FrozenRun) -> Graph:
    graph = times_graph(run, process(run))
    assert graph is not None
    return graph


def luminance(colour: str) -> float:
    """Relative luminance as WCAG reckons it: what is left of a colour in grey."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_hour_of_every_day_is_drawn_as_the_run_has_it(run: FrozenRun) -> None:
    values = hours(run).spec["data"]["values"]
    assert len(values) == 24 * len(PERIOD.days())
    by_cell = {(value["day"], value["hour"]): value for value in values}
    first = run.rhythm.hours[0]
    assert by_cell["Sun 1 Aug", "07"]["volume"] == first.volume[7]
    assert by_cell["Sun 1 Aug", "07"]["step"] == next(word for word, below, _ in RATE_STEPS if float(first.rates[7]) < below)
    # Of the hour from nine nothing was counted, of that from midnight nothing was there: nought and no rate, which is no hole.
    assert (by_cell["Sun 1 Aug", "09"]["volume"], by_cell["Sun 1 Aug", "09"]["step"]) == (100, None)
    assert (by_cell["Sun 1 Aug", "00"]["volume"], by_cell["Sun 1 Aug", "00"]["hole"]) == (0, False)


@pytest.mark.parametrize(
    ("rate", "step"),
    [
        ("0.00", "under 80"),
        ("79.99", "under 80"),
        ("80.00", "80 to 90"),
        ("99.49", "98 to 99.5"),
        ("99.50", "99.5 to 100"),
        ("100.00", "99.5 to 100"),
    ],
)
def test_a_rate_on_an_edge_is_of_the_better_step(run: FrozenRun, rate: str, step: str) -> None:
    first = replace(run.rhythm.hours[0], rates=(rate,) * 24)
    told = replace(run, rhythm=replace(run.rhythm, hours=(first,)))
    assert hours(told).spec["data"]["values"][0]["step"] == step


def test_a_day_without_data_is_a_hole_in_every_hour(run: FrozenRun) -> None:
    day = [value for value in hours(run).spec["data"]["values"] if value["day"] == "Fri 13 Aug"]
    assert {(value["volume"], value["step"], value["hole"]) for value in day} == {(None, None, True)}
    assert "Stroke: no data" in hours(run).caption
    assert "Days without data: Fri 13 Aug to Sat 14 Aug." in hours(run).alt


def test_the_words_of_the_hours_name_the_busiest_and_the_worst(run: FrozenRun) -> None:
    sums = {line.hour: line.volume for line in run.rhythm.of_the_day}
    assert f"most in the hours from 07:00 ({sums[7]:,} in the period), fewest in those from 00:00 (0)" in hours(run).alt
    assert "the busiest single hour is Wed 4 Aug, 07:00, with 35,790." in hours(run).alt
    assert "lowest 97.00 % from 07:00, highest 98.00 % from 08:00." in hours(run).alt


def test_the_twin_holds_the_hours_of_the_day_and_the_grids_every_cell(run: FrozenRun) -> None:
    graph = hours(run)
    assert [row[0] for row in graph.twin.rows][:2] == ["00:00", "01:00"]
    assert [row[1] for row in graph.twin.rows] == [line.volume for line in run.rhythm.of_the_day]
    volumes, rates = (drawn.table for drawn in graph.drawn_as if isinstance(drawn, ColourGrid))
    assert volumes.rows[0][1:] == run.rhythm.hours[0].volume
    assert rates.rows[0][8] == Shown(run.rhythm.hours[0].rates[7], "percent", True)
    assert set(volumes.rows[12][1:]) == set(rates.rows[12][1:]) == {"no data"}


def test_the_bars_of_a_band_stack_the_targets_in_whole_numbers(run: FrozenRun) -> None:
    bars = times(run).spec["vconcat"][0]["layer"][0]["data"]["values"]
    assert [(bar["key"], bar["low"], bar["high"]) for bar in bars] == [
        ("No target", 0, 1), ("Target 30 s", 0, 90), ("Target 30 s", 0, 30), ("Target 24 h", 30, 69),
    ]  # fmt: skip
    assert [row[1:4] for row in times(run).twin.rows] == [(1, 0, 0), (0, 90, 0), (0, 30, 39)]


def test_regions_stand_beside_each_other_on_one_scale_with_the_unknown_last(run: FrozenRun) -> None:
    panels = times(run).spec["vconcat"][1]["concat"]
    assert [panel["title"]["text"] for panel in panels] == ["North, 120", "South, 39", "Unknown, 1"]
    scales = [panel["layer"][0]["encoding"]["y"]["scale"]["domain"] for panel in panels]
    assert scales == [[0, 100.0]] * 3
    north = panels[0]["layer"][0]["data"]["values"]
    assert [bar["high"] - bar["low"] for bar in north] == [75.0, 25.0]


def test_a_target_is_a_rule_at_its_own_edge(run: FrozenRun) -> None:
    layers = times(run).spec["vconcat"][0]["layer"]
    rules = [layer["data"]["values"][0]["at"] for layer in layers if layer["mark"].get("type") == "rule"]
    assert [run.rhythm.edges_ms[place - 1] for place in rules] == [30_000, 86_400_000]
    assert "83.33 % within 30 s; 100.00 % within 24 h" in times(run).caption
    assert "Target 30 s: 120 in all, 100 or 83.33 % within it; the fullest band is 0.5 s to 30 s with 90." in times(run).alt


def test_alerts_are_timed_to_the_user_and_not_round(run: FrozenRun) -> None:
    delivery = replace(run.figures[0], name="prepayment.delivery_p50", subject="prepayment", indicator="delivery_p50", breakdown=())
    graph = times(replace(run, figures=(delivery,)))
    assert "time to the User" in graph.caption
    assert "Round Trip" not in graph.caption + graph.alt


@pytest.mark.parametrize(
    ("span_us", "words"),
    [
        (500_000, "0.5 s"), (1_000_000, "1 s"), (45_000_000, "45 s"), (60_000_000, "1 min"), (90_000_000, "90 s"),
        (86_400_000_000, "24 h"), (432_000_000_000, "5 days"), (1, "0.000001 s"),
    ],
)  # fmt: skip
def test_a_span_is_spoken_of_in_its_own_unit(span_us: int, words: str) -> None:
    assert span_words(span_us) == words


def test_of_a_month_whose_files_are_not_in_no_share_of_the_whole_is_told(run: FrozenRun) -> None:
    """The figures give no share then; a graph of the same must not either. What came is drawn as it came."""
    names = ("prepayment.success_rate", "prepayment.within_target")
    figures = tuple(replace(one, status="incomplete", value=None) if one.name in names else one for one in run.figures)
    part = replace(run, figures=figures)
    assert "%" not in times(part).caption + times(part).alt
    assert times(part).caption.endswith("incomplete, owed files are not in")
    assert times(part).spec == times(run).spec
    assert "no success rate is told of the hours of the day" in hours(part).alt
    assert {row[4] for row in hours(part).twin.rows} == {Shown("n/a (incomplete)", "percent", False)}
    assert [drawn.kind for drawn in hours(part).drawn_as if isinstance(drawn, Chart)] == ["column"]


def test_a_run_of_before_has_neither(run: FrozenRun) -> None:
    older = replace(run, rhythm=NO_RHYTHM_LINES)
    assert hours_graph(older, process(older)) is None
    assert times_graph(older, process(older)) is None
    assert hours_graph(run, process(run, "meter_reads")) is None


def test_scales_and_stacks_are_told_apart_in_grey() -> None:
    """A page printed in black and white keeps the order of the steps, and a clear step between neighbours of a stack."""
    steps = [luminance(colour) for _, _, colour in RATE_STEPS]
    assert steps == sorted(steps)
    for colours in (STACK, COLOURS):
        grey = sorted(map(luminance, colours))
        assert min(high - low for low, high in pairwise(grey)) > 0.1


def test_charts_name_columns_of_the_twin(run: FrozenRun) -> None:
    for graph in (hours(run), times(run)):
        charts = [drawn for drawn in graph.drawn_as if isinstance(drawn, Chart)]
        assert charts
        assert {title for chart in charts for title in (chart.along, *chart.series)} <= {column.title for column in graph.twin.columns}


def test_they_are_drawn_without_a_word_of_warning(run: FrozenRun) -> None:
    for graph in (hours(run), times(run)):
        assert svg_of(graph).startswith("<svg")
    assert svg_of(hours(run)) == svg_of(hours(made_up_run()))
