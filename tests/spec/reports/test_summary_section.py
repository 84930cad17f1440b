"""The one-page summary: every measure with its level, result, status and months; reasons stand below, and not in narrow cells."""

import io
from dataclasses import replace

from pypdf import PdfReader

from frozen_run import figure, made_up_run
from tocsin.reports.blocks import Block, Graph, Note, Prose, Shown, Status, Table
from tocsin.reports.document import document_of
from tocsin.reports.frozen import FrozenRun, MeasureText
from tocsin.reports.frozen_trend import NO_RUN, TrendLine
from tocsin.reports.sections import cpm_detail, cpm_summary
from tocsin.reports.texts import measure_texts
from tocsin.reports.typst_pdf import pdf_of
from tocsin.reports.wording import measure_label

RUN = made_up_run()
REPORTED = replace(RUN.measures[0], name="cpm_1_reported", title="On-Demand, as reported", beside="cpm_1")


def month(label: str, shown: str, status: str, change: str = "", measure: str = "cpm_1", *, is_alike: bool = True) -> TrendLine:
    (value,) = [figure(measure, shown=shown, counted=100, met=99).value] if shown else [None]
    return TrendLine(measure, label, "run" if status != NO_RUN else "", status, shown or "n/a", value, is_alike=is_alike, change=change)


TREND = (
    month("2021-05", "", NO_RUN), month("2021-06", "99.10", "met"), month("2021-07", "", "no_data"),
    month("2021-08", "98.9996", "below_target", "+0.40"),
)  # fmt: skip


def run_of(measures: tuple[MeasureText, ...] = RUN.measures, trend: tuple[TrendLine, ...] = (), **told: object) -> FrozenRun:
    return replace(RUN, measures=measures, trend=trend, **told)  # type: ignore[arg-type]  # fields of FrozenRun by name


def rows(blocks: list[Block]) -> dict[str, tuple[object, ...]]:
    """The table, by itself or under the graph, as the words of its cells."""
    (table,) = [block.twin if isinstance(block, Graph) else block for block in blocks if isinstance(block, Graph | Table)][:1]
    assert isinstance(table, Table)
    plain = [
        [cell.text if isinstance(cell, Shown) else cell.words if isinstance(cell, Status) else cell for cell in row] for row in table.rows
    ]
    return {str(row[0]).partition(":")[0]: tuple(row[1:]) for row in plain}


def test_a_measure_tells_its_months_by_status_and_its_change():
    found = rows(cpm_summary.build(run_of(trend=TREND)))
    assert found["CPM 1"] == ("99", "96", "98.9996", 11_146_000, "Below target", "+0.40", "1 met, 1 below target, 1 no data")
    assert found["CPM 4"][-2:] == ("n/a", "not worked out")


def test_the_months_without_a_run_are_told_once_for_all():
    prose = next(block.text for block in cpm_summary.build(run_of(trend=TREND)) if isinstance(block, Prose))
    assert prose.endswith("Of the 4 months to August 2021, 3 have a run; each is told by its own and judged by its own level.")
    assert "Change is that on July 2021." in prose


def test_a_first_month_has_no_trend_and_says_so():
    blocks = cpm_summary.build(run_of(trend=(month("2021-07", "", NO_RUN), TREND[-1])))
    assert rows(blocks)["CPM 1"][-1] == "n/a"
    assert not [block for block in blocks if isinstance(block, Graph)]
    assert next(block.text for block in blocks if isinstance(block, Note)).startswith("No trend is drawn:")


def test_another_reading_goes_by_its_short_name_and_is_not_drawn_beside_the_measure():
    trend = (*TREND, *(replace(line, measure="cpm_1_reported") for line in TREND))
    blocks = cpm_summary.build(
        run_of((*RUN.measures, REPORTED), trend, figures=(*RUN.figures, figure("cpm_1_reported", shown="97.00", counted=50, met=49)))
    )
    assert "CPM 1 reported" in rows(blocks)
    (graph,) = [block for block in blocks if isinstance(block, Graph)]
    assert len(graph.spec["concat"]) == 1
    (months,) = [block for block in blocks if isinstance(block, Table) and block.only_in == "workbook"]
    assert [row[0] for row in months.rows] == ["CPM 1", "CPM 1 reported"]


def test_why_there_is_no_result_stands_below_once_with_the_marks():
    notes = [block.text for block in cpm_summary.build(run_of()) if isinstance(block, Note)]
    assert notes[-1] == (
        "No result, incomplete: 30 of 31 files: CPM 2; 0 events: CPM 5. "
        "Marks, assumed level: CPM 1, CPM 2, CPM 4, CPM 5; provisional: CPM 2; small numbers: CPM 4."
    )


def test_a_month_with_another_definition_is_named():
    trend = (*TREND[:1], replace(TREND[1], is_alike=False), *TREND[2:])
    notes = [block.text for block in cpm_summary.build(run_of(trend=trend)) if isinstance(block, Note)]
    assert notes[0] == "Measures were defined otherwise in 2021-06: those months are told, and not compared."


def test_the_detail_draws_the_months_of_a_measure_and_puts_reasons_below_its_table():
    blocks = cpm_detail.build(run_of(trend=TREND))
    assert [block.name for block in blocks if isinstance(block, Graph)] == ["cpm_1_trend"]
    assert "No result: incomplete: 30 of 31 files." in [block.text for block in blocks if isinstance(block, Note)]
    result = next(block for block in blocks if isinstance(block, Table) and "CPM 2" in block.caption)
    assert result.rows[0][2] == Shown("98.57 so far", "percent", False)


def test_all_measures_of_the_product_their_graph_and_the_notes_fit_on_one_page(tmp_path):
    """The one-page summary: seventeen readings, thirteen months each, and a note of two lines."""
    measures = measure_texts(RUN.period, tmp_path)
    months = [f"2020-{n:02d}" for n in range(8, 13)] + [f"2021-{n:02d}" for n in range(1, 9)]
    told = [("98.76", "below_target"), ("99.40", "met"), ("95.12", "below_minimum")]
    trend = tuple(month(label, *told[n % 3], "+0.64" if n else "", measure.name) for measure in measures for n, label in enumerate(months))
    figures = tuple(
        figure(measure.name, status="incomplete", counted=10_204_311, met=10_104_290, marks=("assumed_level",))
        if measure.name.endswith("_reported")
        else figure(measure.name, shown="99.02", counted=10_204_311, met=10_104_290, status="below_minimum", marks=("assumed_level",))
        for measure in measures
    )  # fmt: skip
    run = run_of(measures, trend, figures=figures)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf_of(document_of(run, [cpm_summary.CPM_SUMMARY])))).pages]
    (page,) = [text for text in pages if "Months by status" in text]
    assert page == pages[-1], "a page more was taken"
    assert all(measure_label(measure.name) in page for measure in measures) and "Marks, assumed level: every measure." in squeezed_words(
        page
    )


def squeezed_words(text: str) -> str:
    return " ".join(text.replace("\u200b", "").split())


def test_the_title_page_names_the_levels_that_are_missed():
    """Complete says that no file is missing; a reader of that one line would take it for a good month."""
    missed = document_of(RUN, ()).lead.partition(" Below target: ")[2]
    assert missed.startswith(("CPM 1. ", "CPM 1, "))
    first = replace(RUN.measures[0], name="cpm_9")
    assert document_of(run_of((first,)), ()).lead.endswith(" No data: CPM 9.")
    met = figure("cpm_9", shown="99.50", counted=1000, met=995, status="met")
    assert document_of(run_of((first,), figures=(met,)), ()).lead.endswith(" Every level that is set is met.")
