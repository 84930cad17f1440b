"""Exceptions and commentary: what was left out and by whom, what nobody told, and words that stay words in every format."""

import io
import zipfile
from dataclasses import replace

from lxml import etree

from frozen_run import HOSTILE, figure, made_up_run
from tocsin.reports.blocks import Block, Note, Prose, Shown, Status, Table
from tocsin.reports.document import document_of
from tocsin.reports.frozen import OddityLine
from tocsin.reports.frozen_words import NO_PROVIDER_WORDS, CommentLine, ProviderWords
from tocsin.reports.html_page import html_of
from tocsin.reports.sections import commentary, exceptions
from tocsin.reports.workbook import workbook_of

RUN = made_up_run()


def table(blocks: list[Block], caption: str) -> Table:
    (found,) = [block for block in blocks if isinstance(block, Table) and block.caption == caption]
    return found


def rows(blocks: list[Block], caption: str) -> list[tuple[object, ...]]:
    plain = table(blocks, caption).rows
    return [
        tuple(cell.words if isinstance(cell, Status) else cell.text if isinstance(cell, Shown) else cell for cell in row) for row in plain
    ]


def test_exceptions_stand_the_most_first_then_what_is_not_told_then_none():
    found = rows(exceptions.build(RUN), "Events left out by allowed exceptions")
    assert [(row[0], row[2], row[-3], row[-2], row[-1]) for row in found] == [
        ("CSPN", "no measure", "minutes", 35, 44_640),
        ("CSPN", "CPM 1", "events", 27, 8_905),
        ("S1SP-8", "CPM 1", "events", "not told", "not told"),
        ("CSPC", "CPM 1", "events", 0, 4_310),
    ]


def test_units_are_not_added_and_who_does_not_tell_is_named():
    prose = " ".join(block.text for block in exceptions.build(RUN) if isinstance(block, Prose))
    assert "Reported levels: 4. With exceptions: 2 (27 events and 35 minutes left out); told to have none: 1; not told: 1." in prose
    assert "Not told, by levels: S1SP-8 (1)." in prose


def test_the_page_prints_those_that_tell_of_some_and_the_workbook_all():
    found = table(exceptions.build(RUN), "Events left out by allowed exceptions")
    assert (len(found.printed), len(found.rows)) == (2, 4)


def test_devices_that_cannot_acknowledge_are_told_by_the_dated_table():
    (row,) = rows(exceptions.build(RUN), "Stages of a firmware delivery that nobody tells")
    assert row == ("every one", "PPMID", "IOC", "every one", "delivered over the HAN to the device", "Verified")


def test_what_is_set_aside_names_what_it_was_left_out_of_and_a_remark_is_none():
    lines = (
        OddityLine("service_requests.negative_span", "Set aside as negative span.", 4, ("cpm_1", "cpm_2", "prepayment", "meter_reads")),
        OddityLine("late_copy", "A late copy: kept once.", 1_204),
    )
    found = rows(exceptions.build(replace(RUN, oddities=lines)), "Set aside, and in no measure")
    assert found == [("Set aside as negative span.", 4, "CPM 1, CPM 2, Business Processes")]


def test_maintenance_is_told_by_service():
    ssi = (("service", "ssi"),)
    figures = [
        figure("availability_minutes", name, ssi, shown=str(n), counted=n, unit="count")
        for name, n in (("maintenance", 129), ("untimely", 1))
    ]
    found = rows(exceptions.build(replace(RUN, figures=tuple(figures))), "Planned Maintenance by service")
    assert found == [("Self-Service Interface", 129, 1)]


def test_an_older_run_says_that_nothing_was_kept():
    older = replace(RUN, provider_words=NO_PROVIDER_WORDS)
    assert [block.text for block in commentary.build(older) if isinstance(block, Note)] == [NO_PROVIDER_WORDS.why]
    assert NO_PROVIDER_WORDS.why in [block.text for block in exceptions.build(older) if isinstance(block, Note)]


def test_no_report_and_no_commentary_are_two_things():
    nobody, silent = (replace(RUN, provider_words=ProviderWords(reporting=codes)) for codes in ((), ("CSPN", "DSP")))
    assert [block.text for block in commentary.build(nobody) if isinstance(block, Note)] == [
        "No commentary: no Service Provider reported a level of the period."
    ]
    assert [block.text for block in commentary.build(silent) if isinstance(block, Note)] == [
        "None was sent by any of the Service Providers that reported (2)."
    ]


def test_commentary_stands_as_sent_and_who_sent_none_is_named():
    blocks = commentary.build(RUN)
    found = rows(blocks, "Commentary by Service Provider and measure")
    assert [row[:-1] for row in found] == [("CSPN", "4.3", "CPM 1", "North", "ESI-101"), ("CSPN", "6.2", "no measure", "North", "Monthly")]
    assert found[0][-1] == HOSTILE
    assert [block.text for block in blocks if isinstance(block, Note)] == ["Reported without commentary: CSPC, S1SP-8."]


def test_a_text_longer_than_a_cell_of_a_spreadsheet_is_parted_and_never_cut():
    text = "".join(str(n % 10) for n in range(70_000))
    long = replace(RUN.provider_words, comments=(CommentLine("DSP", "all", "1.1", "cpm_1", "esi_101", "final", text),))
    parts = [
        str(row[-1]) for row in rows(commentary.build(replace(RUN, provider_words=long)), "Commentary by Service Provider and measure")
    ]
    assert "".join(parts) == text and max(map(len, parts)) <= 32_767


def test_hostile_commentary_is_inert_in_html_and_xlsx():
    document = document_of(RUN, [commentary.COMMENTARY])
    page = html_of(document)
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page
    with zipfile.ZipFile(io.BytesIO(workbook_of(document))) as book:
        sheets = [etree.fromstring(book.read(name)) for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        shared = etree.fromstring(book.read("xl/sharedStrings.xml"))
    assert not [one for sheet in sheets for one in sheet.iter("{*}f")]
    told = ["".join(one.itertext()) for one in shared.iter("{*}si")]
    assert f"'{HOSTILE}" in told and HOSTILE not in told
