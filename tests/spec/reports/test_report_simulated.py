"""A report of a simulated network says so where nobody can miss it, in every format that has pages; any other report says nothing of it."""

import json
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from told import squeezed

from tocsin.reports.document import document_of
from tocsin.reports.frozen import FrozenRun, from_json, to_json
from tocsin.reports.html_page import html_of
from tocsin.reports.sections import all_sections
from tocsin.reports.typst_pdf import pdf_of

SENTENCE = "Simulated estate, 2021-09, seed 7, scale 0.0002, faults usual"


@pytest.fixture(scope="module")
def simulated(run: FrozenRun) -> FrozenRun:
    return replace(run, title="Our own estate", simulated=SENTENCE)


def test_the_first_page_says_that_it_is_simulated(simulated: FrozenRun) -> None:
    document = document_of(simulated, all_sections()[:1])
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf_of(document))).pages]
    page, text = html_of(document), pages[0]
    header = page.partition("<nav")[0]
    assert SENTENCE in header
    assert squeezed(SENTENCE) in squeezed(text)
    assert "it says nothing of the real network" in page
    assert "Our own estate" in page
    assert all("(simulated)" in inner for inner in pages[1:])
    assert len(pages) > 1


def test_a_report_of_received_records_says_nothing_of_simulation(html: str) -> None:
    assert "imulated" not in html


def test_a_run_made_before_there_were_simulations_still_reads(run: FrozenRun, simulated: FrozenRun) -> None:
    assert from_json(to_json(simulated)) == simulated
    told = json.loads(to_json(run))
    older = json.dumps({key: value for key, value in told.items() if key not in ("title", "simulated")})
    assert from_json(older) == run
