"""Graphs: what they draw, what they say, and that they carry nothing else."""

import json
from dataclasses import replace

import pytest
import vl_convert
from lxml import etree

from frozen_run import PERIOD, made_up_run
from tocsin.reports import drawing
from tocsin.reports.blocks import Graph
from tocsin.reports.document import Document
from tocsin.reports.drawing import measured, svg_of, tidy_svg
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_rhythm import HoursLine
from tocsin.reports.graphs import PERCENTILES, daily_graph
from tocsin.reports.html_page import html_of
from tocsin.reports.typefaces import width_em
from tocsin.reports.typst_pdf import pdf_of


def daily(run: FrozenRun, process: str) -> Graph:
    graph = daily_graph(run, next(found for found in run.processes if found.name == process))
    assert graph is not None
    return graph


def test_a_day_without_data_is_drawn_as_a_hole(run: FrozenRun) -> None:
    values = {value["day"]: value for value in daily(run, "prepayment").spec["data"]["values"]}
    assert len(values) == len(PERIOD.days())
    assert values["2021-08-13"] == {"day": "2021-08-13", "has_data": False, "volume": None, "rate": None}
    assert values["2021-08-21"]["volume"] == 33_684
    assert values["2021-08-21"]["rate"] is None


def test_bars_start_at_zero_and_only_dots_stand_on_a_cut_axis(run: FrozenRun) -> None:
    volume, rate = (panel["layer"][1] for panel in daily(run, "prepayment").spec["vconcat"])
    assert volume["mark"]["type"] == "bar"
    assert "scale" not in volume["encoding"]["y"]
    assert rate["mark"]["type"] == "line"
    assert rate["encoding"]["y"]["scale"]["domain"] == [94, 100]


def test_the_words_tell_what_the_graph_shows(run: FrozenRun) -> None:
    assert daily(run, "prepayment").alt == (
        "Bars of daily volume for Pre-Payment in August 2021: lowest 24,060 on Sun 1 Aug, highest 36,090 on Wed 4 Aug. "
        "Points of daily success rate: lowest 95.10 % on Sun 1 Aug, highest 98.37 % on Sat 28 Aug. "
        "Days without data: Fri 13 Aug to Sat 14 Aug."
    )


def test_each_graph_stands_beside_the_table_of_its_numbers(document: Document) -> None:
    graphs = [block for _, blocks in document.sections for block in blocks if isinstance(block, Graph)]
    assert len(graphs) > 6
    for graph in graphs:
        assert graph.twin.rows
    told = {cell for row in daily(document.run, "prepayment").twin.rows for cell in row if isinstance(cell, int)}
    drawn = {value["volume"] for value in daily(document.run, "prepayment").spec["data"]["values"]} - {None}
    assert drawn <= told


def test_percentiles_differ_in_shape_as_well_as_in_colour() -> None:
    assert len({shape for _, shape, _ in PERCENTILES.values()}) == len({colour for _, _, colour in PERCENTILES.values()}) == 4


def test_a_day_that_told_none_of_a_process_is_nought_and_no_hole(run: FrozenRun) -> None:
    """Other processes were told on 13 August: this one had no request, which is not the same as no file."""
    day = PERIOD.days()[12]
    nought = (0,) * 24
    hours = (*run.rhythm.hours, HoursLine("prepayment", day, nought, nought, nought, ("",) * 24))
    told = replace(run, rhythm=replace(run.rhythm, hours=hours))
    values = {value["day"]: value for value in daily(told, "prepayment").spec["data"]["values"]}
    assert values["2021-08-13"] == {"day": "2021-08-13", "has_data": True, "volume": 0, "rate": None}
    assert values["2021-08-14"]["has_data"] is False


def test_each_drawing_is_made_once_for_all_formats(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    draw = vl_convert.vegalite_to_svg
    monkeypatch.setattr(vl_convert, "vegalite_to_svg", lambda spec, **options: made.append(spec) or draw(spec, **options))
    drawing.svg_of_spec.cache_clear()
    pdf_of(document)
    html_of(document)
    assert len(made) == sum(isinstance(block, Graph) for _, blocks in document.sections for block in blocks)


def test_a_page_tells_the_width_of_every_text(run: FrozenRun) -> None:
    """Where the page is read with another typeface, its texts take the room that was laid out for them, and keep their words."""
    svg = svg_of(daily(run, "prepayment"))
    texts, told = (etree.fromstring(one).findall(".//{*}text") for one in (svg, measured(svg)))
    assert [text.text for text in texts] == [text.text for text in told]
    assert all(text.get("textLength") is None for text in texts)
    day, volume = (next(text for text in told if text.text == words) for words in ("31", "Volume"))
    assert float(day.get("textLength")) == pytest.approx(11 * width_em("31"), abs=0.01)
    assert float(volume.get("textLength")) > 2 * float(day.get("textLength"))
    assert {text.get("lengthAdjust") for text in told} == {"spacingAndGlyphs"}


def test_a_process_without_days_has_no_graph(run: FrozenRun) -> None:
    assert daily_graph(run, next(found for found in run.processes if found.name == "device_alerts")) is None


def test_a_specification_names_no_address(document: Document) -> None:
    for _, blocks in document.sections:
        for block in blocks:
            if isinstance(block, Graph):
                assert "url" not in json.dumps(block.spec)
                assert "http" not in json.dumps(block.spec)


def test_the_drawing_is_the_same_twice_and_has_only_shapes_and_text(run: FrozenRun) -> None:
    graph = daily(run, "prepayment")
    drawn = svg_of(graph)
    assert drawn == svg_of(daily(made_up_run(), "prepayment"))
    root = etree.fromstring(drawn)
    assert {etree.QName(element).localname for element in root.iter()} <= {"svg", "g", "path", "rect", "line", "text", "defs", "clipPath"}
    assert root.get("aria-hidden") == "true"


def test_a_graph_is_the_same_whatever_was_drawn_before_it() -> None:
    """Once a report's HTML was another in a process that had drawn before: its gradients are numbered through all drawings."""
    before, after = (
        f'<svg xmlns="http://www.w3.org/2000/svg"><path fill="url(#gradient_{n})"/><g id="clip{n}"/><path fill="url(#gradient_{n + 1})"/>'
        f'<g id="gradient_{n}"/><g id="gradient_{n + 1}"/></svg>'
        for n in (0, 9)
    )
    assert tidy_svg(before, "one") == tidy_svg(after, "one")
    ids = [element.get("id") for element in etree.fromstring(tidy_svg(after, "one").encode()).iter() if element.get("id")]
    assert ids == ["one-clip1", "one-gradient_0", "one-gradient_2"]


def test_a_drawing_is_stripped_of_what_could_run_or_ask() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="1" height="1">'
        '<script>alert(1)</script><a xlink:href="http://x"><text>t</text></a><g id="c" onclick="x()" role="x" aria-label="y" '
        'clip-path="url(#c)"><text>&lt;script&gt;</text></g><!-- note --></svg>'
    )
    tidy = tidy_svg(svg, "one")
    assert "alert" not in tidy
    assert "http://x" not in tidy
    assert "onclick" not in tidy
    assert "note" not in tidy
    assert 'id="one-c0"' in tidy
    assert "url(#one-c0)" in tidy
    assert "&lt;script&gt;" in tidy
