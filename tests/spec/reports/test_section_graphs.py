"""Graphs of sections: Incidents by category, levels of both sources, funnels: drawn from the twin's own numbers, holes not at all."""

from frozen_run import figure
from tocsin.reports.alert_graphs import NOT_PROVIDED, funnel_graph
from tocsin.reports.blocks import Chart, Column, Graph, Shown, Table
from tocsin.reports.drawing import svg_of
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.graph_style import BLUE
from tocsin.reports.incident_graph import incident_graph
from tocsin.reports.order_graph import DRAWN, order_graph
from tocsin.reports.source_graph import source_graph
from tocsin.vocabulary.alerts import ALERT_STAGES

LEVELS = ("Reported, %", "Observed, %")


def incidents(run: FrozenRun) -> Graph:
    rows = [
        ("Category 1", "Initial response", 1_500, 1_400, 100),
        ("Category 1", "Resolution", 1_500, 1_500, 0),
        ("No category given", "Resolution", 2, 0, 2),
    ]
    columns = (Column("Category"), Column("Clock"), *(Column(title, "whole") for title in ("Counted", "Met", "Missed")))
    return incident_graph(run, rows, Table("Incidents by category and clock", columns, tuple(rows), "None."))


def sources(run: FrozenRun, *rows: tuple[str, str, str]) -> Graph | None:
    def cell(text: str) -> Shown:
        return Shown(text, "percent", text.replace(".", "").isdigit())

    columns = (Column("CSP Region"), *(Column(title, "figure") for title in LEVELS))
    twin = Table("CPM 1 reported: by region", columns, tuple((name, *map(cell, levels)) for name, *levels in rows), "None.")
    return source_graph(run, "cpm_1_reported_by_region", "CPM 1", twin, LEVELS)


def test_incidents_of_a_clock_stack_met_and_missed_to_all(run: FrozenRun) -> None:
    initial, resolution = incidents(run).spec["hconcat"]
    drawn = [(bar["category"], bar["is"], bar["from"], bar["to"]) for bar in initial["layer"][0]["data"]["values"]]
    assert drawn == [("Category 1", "Within target", 0, 1_400), ("Category 1", "Missed", 1_400, 1_500)]
    assert [words["label"] for words in resolution["layer"][1]["data"]["values"]] == ["1,500 of 1,500", "0 of 2"]
    scales = [panel["layer"][0]["encoding"]["x"]["scale"]["domain"] for panel in (initial, resolution)]
    assert scales == [[0, 1_500]] * 2


def test_incidents_are_told_in_words_and_charted_by_category_and_clock(run: FrozenRun) -> None:
    graph = incidents(run)
    assert "Category 1, initial response: 1,400 of 1,500 met" in graph.alt
    (chart,) = graph.drawn_as
    assert isinstance(chart, Chart)
    assert (chart.along, chart.also_along, chart.series, chart.is_stacked) == ("Category", "Clock", ("Met", "Missed"), True)
    assert svg_of(graph).startswith("<svg")


def test_a_level_that_is_incomplete_has_no_dot_and_keeps_its_words(run: FrozenRun) -> None:
    graph = sources(run, ("North", "99.10", "97.25"), ("SMETS1", "97.00 stated", "80.50"))
    assert graph is not None
    dots = [(value["row"], value["source"], value["level"]) for value in graph.spec["data"]["values"]]
    assert dots == [("North", "Reported", 99.1), ("North", "Observed", 97.25), ("SMETS1", "Observed", 80.5)]
    assert graph.spec["layer"][1]["encoding"]["x"]["scale"]["domain"] == [79, 100]
    assert "North: reported 99.10 %, observed 97.25 %; SMETS1: reported 97.00 stated, observed 80.50 %." in graph.alt
    assert svg_of(graph).startswith("<svg")


def test_without_a_pair_there_is_nothing_to_compare(run: FrozenRun) -> None:
    assert sources(run, ("North", "incomplete", "97.25"), ("South", "99.00", "n/a (0 events)")) is None


def test_a_stage_that_some_regions_cannot_tell_is_light_and_named(run: FrozenRun) -> None:
    """Fewer alerts of stage b are known since two regions do not tell it: it must not read as a loss."""
    counts = {"a": 1_200, "b": 700}
    reached = [
        (stage, figure("alerts", f"reached_{stage}", unit="count", shown=str(count), counted=count)) for stage, count in counts.items()
    ]
    columns = (Column("Stage"), *(Column(title, "figure") for title in ("All", "North", "South")))
    told = {"a": (700, 500), "b": (700, NOT_PROVIDED)}
    rows = tuple((f"{stage}: {ALERT_STAGES[stage]}", one.counted or 0, *told[stage]) for stage, one in reached)
    graph = funnel_graph(run, reached, Table("Stages", columns, rows, "None."))
    a, b = graph.spec["data"]["values"]
    assert (a["alerts"], a["label"], a["colour"]) == (1_200, "1,200", BLUE)
    assert (b["alerts"], b["label"]) == (700, "700; not provided: South")
    assert b["colour"] != BLUE
    assert "stage b, received by the Communications Hub Function: 700 (not provided of South)" in graph.alt
    assert graph.caption.endswith("Light: not provided of every CSP Region")


def orders(run: FrozenRun, *rows: tuple[str | int, ...]) -> Graph | None:
    columns = (Column("Service Provider"), Column("CSP Region"), *(Column(title, "whole") for title in DRAWN))
    return order_graph(run, Table("Hubs", columns, rows, "None."))


def test_hubs_ordered_delivered_and_returned_stand_beside_each_other(run: FrozenRun) -> None:
    graph = orders(run, ("All", "All regions", 1_500, 1_450, 6), ("CSPN", "North", 700, "incomplete", 2))
    assert graph is not None
    assert [(value["row"], value["kind"], value["hubs"]) for value in graph.spec["data"]["values"]] == [
        ("All regions", "Hubs ordered", 1_500),
        ("All regions", "Hubs delivered", 1_450),
        ("All regions", "Hubs returned", 6),
        ("CSPN, North", "Hubs ordered", 700),
        ("CSPN, North", "Hubs returned", 2),
    ]
    assert (
        "All regions: ordered 1,500, delivered 1,450, returned 6; CSPN, North: ordered 700, delivered incomplete, returned 2." in graph.alt
    )
    assert svg_of(graph).startswith("<svg")


def test_without_any_hub_there_is_a_table_alone(run: FrozenRun) -> None:
    assert orders(run, ("All", "All regions", 0, 0, 0)) is None
