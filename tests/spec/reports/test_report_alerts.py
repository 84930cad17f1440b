"""The section of alerts: both sources with their difference, stages not provided, quarter-hours drawn; a month without alerts says so."""

from dataclasses import replace

from frozen_run import figure, made_up_run
from tocsin.reports.blocks import Graph, Note, Table
from tocsin.reports.drawing import svg_of
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_alerts import AlertLines, SliceLine, StageLine
from tocsin.reports.sections.alerts import ALERTS
from tocsin.vocabulary.alerts import ALERT_STAGES
from tocsin.vocabulary.instants import QUARTER_HOUR_US


def count(subject, indicator, counted, *breakdown):
    return figure(subject, indicator, breakdown, unit="count", shown=str(counted), counted=counted)


RAISED, AT_DSP = ("raised", 1045), ("at_dsp_raised", 1035)
BECAME = (RAISED, ("consolidated", 45), ("late", 8), ("false_outages", 2))
BECAME_AT_DSP = (AT_DSP, ("at_dsp_consolidated", 45), ("at_dsp_late", 1))
PROXY = (("leg", "delivery"), ("measured", "proxy"))
LEG = ("leg", "provider_to_dsp")


def told() -> FrozenRun:
    run = made_up_run(is_complete=True)
    figures = [
        figure("cpm_3", shown="99.00", counted=1000, met=990),
        figure("cpm_3_at_dsp", shown="99.90", counted=990, met=989),
        *(count("alerts", f"reached_{stage}", 1000 - 10 * place) for place, stage in enumerate(ALERT_STAGES)),
        *(count("alerts", f"reached_{stage}", 500 - place, ("region", "north")) for place, stage in enumerate(ALERT_STAGES)),
        *(count("alerts", name, number) for name, number in BECAME),
        *(count("alerts_at_dsp", name, number) for name, number in BECAME_AT_DSP),
        count("alert_throughput", "told", 700, ("sender", "CSPN"), ("stage", "c")),
        *(figure("alert_legs", name, PROXY, unit="seconds", shown="30.0", counted=30) for name in ("time_p50", "time_max")),
        figure("alert_losses", "lost_share", (LEG,), shown="1.00", counted=1000, met=10),
        *(count("alert_losses", name, number, LEG) for name, number in (("arrived", 986), ("skewed", 4))),
    ]
    start_at = run.period.start_at
    lines = tuple(SliceLine(start_at + place * QUARTER_HOUR_US, 990 + place, 45, 940) for place in range(5))
    stages = tuple(StageLine("CSPN", stage, stage in "bcd") for stage in ALERT_STAGES)
    return replace(run, figures=tuple(figures), alerts=AlertLines(lines, stages))


def tables(run: FrozenRun) -> dict[str, Table]:
    found = [block.twin if isinstance(block, Graph) else block for block in ALERTS.build(run)]
    return {block.caption: block for block in found if isinstance(block, Table)}


def test_both_sources_stand_side_by_side_with_their_difference():
    measures = tables(told())["CPM 3 by each source"]
    assert [row[0] for row in measures.rows] == [
        "Each alert, stages b to f",
        "Each alert, the DSP's stages alone",
        "Difference of the first two",
    ]
    assert measures.rows[-1][3:5] == (10, 1)
    became = {row[0]: row[1:] for row in tables(told())["What became of the alerts, by each source"].rows}
    assert became["Alerts"] == (1045, 1035, 10)
    assert became["Of these after a firmware activation"] == (2, "not available from this source", "none")


def test_a_stage_that_cannot_be_given_is_not_provided_and_one_not_told_is_said():
    (row,) = tables(told())["Alerts told by sender and stage (Service Provider feed)"].rows
    assert row == ("CSPN", "not provided", "none told", 700, "none told", *("not provided",) * 3)


def test_a_stage_of_a_region_that_nobody_tells_is_not_provided():
    run = told()
    none = tuple(
        count("alerts", "reached_b", 0, ("region", "north")) if figure.name == "alerts.reached_b/region=north" else figure
        for figure in run.figures
    )
    by_stage = {
        row[0][0]: row[2] for row in tables(replace(run, figures=none))["Alerts known to have passed each stage, by CSP Region"].rows
    }
    assert (by_stage["a"], by_stage["b"]) == (500, "not provided")


def test_a_quarter_hour_that_was_not_told_breaks_the_line():
    run = told()
    holed = replace(run, alerts=replace(run.alerts, slices=run.alerts.slices[:2] + run.alerts.slices[3:]))
    graph = next(block for block in ALERTS.build(holed) if isinstance(block, Graph) and block.name == "alert_throughput")
    assert [value["place"] for value in graph.spec["data"]["values"] if value["alerts"] is None] == [2, 2, 2]


def test_graphs_are_drawn_and_told_in_words():
    graphs = {block.name: block for block in ALERTS.build(told()) if isinstance(block, Graph)}
    assert set(graphs) == {"alert_funnel", "alert_throughput"}
    assert "stage a, condition arises in the device: 1000" in graphs["alert_funnel"].alt
    assert "5 quarter-hours; most received 994" in graphs["alert_throughput"].alt
    assert len(graphs["alert_throughput"].twin.rows) == 5
    assert all("<svg" in svg_of(graph) for graph in graphs.values())


def test_without_alerts_there_is_one_note():
    run = made_up_run()
    (note,) = ALERTS.build(replace(run, figures=(figure("alerts", "raised", (), status="no_data"),)))
    assert isinstance(note, Note) and note.text.startswith("No data: ")
    assert len(ALERTS.build(replace(run, figures=()))) == 1
