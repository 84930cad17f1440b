"""The shelf of sections, and what the blocks of a section refuse to be."""

import importlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from frozen_run import figure
from tocsin.deliveries.slots import State
from tocsin.measuring.figures import STATUSES
from tocsin.processes.indicators import INDICATORS
from tocsin.reports import wording
from tocsin.reports.blocks import STATUS_WORDS, Block, Column, Graph, Heading, Note, Shown, Status, Table, shown
from tocsin.reports.document import document_of
from tocsin.reports.frozen import CubeLine, FrozenRun
from tocsin.reports.section import Section
from tocsin.reports.sections import all_sections, in_order
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.shelf import walk
from tocsin.vocabulary.table_file import STATUSES as KNOWN_AS

GOOD = """
from tocsin.reports.section import Section
def build(run): return []
ONE = Section(name="{name}", title="A title", order=1, build=build)
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Path]:
    """An empty package to put sections on; forgotten afterwards, so that the next test walks its own."""
    folder = tmp_path / "drawn_sections"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    sys.path.insert(0, str(tmp_path))
    yield folder
    sys.path.remove(str(tmp_path))
    for name in [name for name in sys.modules if name.startswith("drawn_sections")]:
        del sys.modules[name]


def business_processes(run: FrozenRun) -> tuple[Block, ...]:
    return {section.name: blocks for section, blocks in document_of(run).sections}["business_processes"]


def walked() -> dict[str, Section]:
    return walk(importlib.import_module("drawn_sections"), Section, lambda section: section.name)


def test_a_section_is_a_file_and_nothing_lists_it(shelf: Path) -> None:
    (shelf / "availability.py").write_text(GOOD.format(name="availability"))
    assert list(walked()) == ["availability"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "expected exactly one Section, found 0"),
        (GOOD.format(name="alerts") + "TWO = Section('alerts', 'Another', 2, build)\n", "expected exactly one Section, found 2"),
        (GOOD.format(name="firmware"), 'expected a Section named "alerts", found "firmware"'),
    ],
)
def test_a_misdeclared_file_is_refused_by_name(shelf: Path, text: str, told: str) -> None:
    (shelf / "alerts.py").write_text(text)
    with pytest.raises(BadDeclaration, match=r"drawn_sections/alerts\.py") as refused:
        walked()
    assert told in str(refused.value)


def test_two_sections_do_not_claim_one_place() -> None:
    def built(run: FrozenRun) -> list[object]:
        return []

    one, two = (Section(name, name, 5, built) for name in ("one", "two"))  # type: ignore[arg-type]  # an empty list of blocks
    with pytest.raises(BadDeclaration, match=r"two.py: order 5 is taken by one"):
        in_order({"one": one, "two": two})


@pytest.mark.parametrize("wrong", [{"title": " "}, {"sheets": "page"}])
def test_a_section_needs_a_title_and_a_known_way_to_be_divided(wrong: dict[str, str]) -> None:
    with pytest.raises(BadDeclaration, match="section cover"):
        replace(all_sections()[0], **wrong)


def test_the_sections_of_the_report_come_in_order() -> None:
    """What changed and the measures first, then the reporting areas around the Business Processes, then what all of it rests on."""
    names = [section.name for section in all_sections()]
    first, last = (
        ["cover", "completeness", "sign_offs", "changes", "cpm_summary", "cpm_detail"],
        ["data_quality", "restatements", "definitions", "assumptions"],
    )
    assert (names[:6], names[-4:]) == (first, last)
    areas = [name for name in names if name in {"provider_reports", "availability", "incidents", "business_processes", "hub_ordering"}]
    assert areas == ["provider_reports", "availability", "incidents", "business_processes", "hub_ordering"]


def test_a_run_with_nothing_in_it_still_says_why_everywhere(run: FrozenRun) -> None:
    empty = FrozenRun(
        *(getattr(run, name) for name in ("run_id", "period", "as_at", "made_at", "code_version", "engine")), "p", "b", False, ()
    )
    for section, blocks in document_of(empty).sections:
        assert blocks, section.name
        for block in blocks:
            if isinstance(block, Table):
                assert block.rows or block.empty
            assert not isinstance(block, Graph), "a graph of nothing"


def test_a_process_without_data_takes_one_line_and_says_why(run: FrozenRun) -> None:
    blocks = business_processes(run)
    rows = [block for block in blocks if isinstance(block, Table)][-1].rows
    assert rows == (
        ("Tariff Updates", "TAR", "No events: what it rests on was received, and held nothing of this process."),
        ("Device Alerts", "VAL", "No data: no feed of this version carries alerts."),
    )


def test_figures_of_an_undeclared_subject_are_shown_and_not_dropped(run: FrozenRun) -> None:
    blocks = business_processes(run)
    tables = {block.caption: block for block in blocks if isinstance(block, Table)}
    assert tables["Other: the whole period"].rows == (("Volume", 12),)


def test_service_request_variants_stand_in_the_order_of_their_numbers(run: FrozenRun) -> None:
    blocks = business_processes(run)
    tables = {block.caption: block for block in blocks if isinstance(block, Table)}
    srvs = [str(row[0]).split()[0] for row in tables["Pre-Payment: by Service Request Variant"].rows]
    assert srvs == ["1.5", "2.1", "2.2", "4.3", "4.18", "11.1"]


def tables(run: FrozenRun, section: str) -> dict[str, Table]:
    blocks = {section.name: blocks for section, blocks in document_of(run).sections}[section]
    found = [block.twin if isinstance(block, Graph) else block for block in blocks]
    return {block.caption: block for block in found if isinstance(block, Table)}


def test_what_senders_report_stands_beside_what_was_observed(run: FrozenRun) -> None:
    clock = (("clock", "resolution"),)
    cube = (
        figure("incidents", "within_target", clock, shown="74.60", counted=7_681, met=5_730),
        figure("incidents", "reported_within_target", clock, shown="46.41", counted=7_681, met=3_565),
        figure("incidents", "open", clock, shown="1483", counted=1_483, unit="count"),
    )
    drawn = tables(replace(run, figures=run.figures + cube), "incidents")["Incidents by clock"]
    assert [column.title for column in drawn.columns] == ["Clock", "Within target, %", "Within target as reported, %", "Open at the end"]
    assert drawn.rows == (("Resolution", Shown("74.60", "percent", True), Shown("46.41", "percent", True), 1_483),)
    assert "Incidents: the whole period" not in tables(replace(run, figures=run.figures + cube), "business_processes")


def test_incidents_stand_in_the_order_of_categories_and_groups(run: FrozenRun) -> None:
    cube = tuple(
        CubeLine(category, "resolution", group, 2, 1) for category, group in ((0, "DSP"), (2, "Group 12"), (2, "Group 3"), (1, "DSP"))
    )
    found = tables(replace(run, incident_cube=cube), "incidents")
    rows = found["Incidents by category, clock and resolver group"].rows
    assert [row[:3:2] for row in rows] == [
        ("Category 1: major", "DSP"),
        ("Category 2", "Group 3"),
        ("Category 2", "Group 12"),
        ("No category given", "DSP"),
    ]
    assert found["Incidents by category and clock"].rows[1] == ("Category 2", "Resolution", 4, 2, 2)


def test_a_process_of_zero_events_takes_one_line(run: FrozenRun) -> None:
    none_came = (
        figure("tariff_updates", "volume", shown="0", counted=0, unit="count"),
        figure("tariff_updates", "success_rate", counted=0, met=0, status="no_events"),
    )
    titles = [block.text for block in business_processes(replace(run, figures=none_came)) if isinstance(block, Heading)]
    assert titles == ["Processes without figures"]


def test_a_measure_without_data_is_told_in_one_sentence(run: FrozenRun) -> None:
    nothing = replace(run, figures=(figure("cpm_1", status="no_data", level=("99", "96")),))
    blocks = {section.name: blocks for section, blocks in document_of(nothing).sections}["cpm_detail"]
    assert not [block for block in blocks if isinstance(block, Table)]
    assert Note("No data: nothing that this measure rests on was received for the period.") in blocks


def test_all_incomplete_breakdowns_are_one_note(run: FrozenRun) -> None:
    unfinished = tuple(
        replace(figure, value=None, status="incomplete", shown="n/a (incomplete: 1 of 2 files)")
        for figure in run.figures
        if figure.subject == "prepayment"
    )
    told = [getattr(block, "text", "") for block in business_processes(replace(run, figures=unfinished, days=()))]
    assert "By CSP Region: incomplete, as above; the counts received so far are in figures.csv." in told


def test_a_graph_without_alternative_text_is_an_error() -> None:
    twin = Table("t", (Column("a"),), (), "nothing")
    with pytest.raises(BadDeclaration, match='graph "daily": the alternative text is missing'):
        Graph("daily", "caption", " ", {}, twin)


def test_a_table_must_say_what_its_emptiness_means_and_be_even() -> None:
    with pytest.raises(BadDeclaration, match="the sentence for no rows is missing"):
        Table("t", (Column("a"),), (), "")
    with pytest.raises(BadDeclaration, match="a row has 2 cells, expected 1"):
        Table("t", (Column("a"),), (("x", "y"),), "nothing")
    with pytest.raises(BadDeclaration, match='kind "number"'):
        Column("a", "number")


def test_a_status_has_words_and_a_shape_no_other_judgement_has() -> None:
    with pytest.raises(BadDeclaration, match='status "amber" has no words'):
        Status("amber")
    judged = [STATUS_WORDS[name] for name in ("met", "below_target", "below_minimum", "incomplete", "no_data", "no_events")]
    assert len({words for words, _ in judged}) == len({shape for _, shape in judged}) == 6


@pytest.mark.parametrize("status", [*STATUSES, *get_args(State), *KNOWN_AS])
def test_every_status_there_is_has_words(status: str) -> None:
    assert Status(status).words


@pytest.mark.parametrize("indicator", [indicator.name for found in INDICATORS.values() for indicator in found])
def test_every_declared_indicator_has_a_title(indicator: str) -> None:
    assert indicator in wording.INDICATORS


def test_words_of_the_code_are_told_as_words(run: FrozenRun) -> None:
    told = [wording.value_title(run, column, value) for column, value in (("region", "UNKNOWN"), ("device_type", "NONE"), ("srv", "2.2"))]
    assert told == ["Unknown", "No device", "2.2 Top Up Device"]
    assert wording.value_title(run, "resolver_group", " ") == "(none given)"
    assert wording.spoken("service_requests.negative_span") == "Service requests: negative span"


def test_a_figure_with_nothing_to_show_is_refused(run: FrozenRun) -> None:
    with pytest.raises(BadDeclaration, match="figure cpm_1: nothing to show"):
        shown(replace(run.figures[0], shown=""))
    assert shown(run.figures[0]) == Shown("98.9996", "percent", True)


def test_a_shortened_table_says_that_it_is() -> None:
    table = Table("t", (Column("a"),), (("x",), ("y",), ("z",)), "nothing", page_rows=2)
    assert table.printed == (("x",), ("y",))
    assert table.left_off == "1 further rows are in the workbook; every figure is in figures.csv."
