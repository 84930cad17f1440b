"""One made-up run, and its report in every format, made once for all tests of this folder."""

import pytest

from frozen_run import made_up_run
from tocsin.reports.document import Document, document_of
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.html_page import html_of
from tocsin.reports.typst_pdf import pdf_of
from tocsin.reports.workbook import workbook_of


@pytest.fixture(scope="session")
def run() -> FrozenRun:
    return made_up_run()


@pytest.fixture(scope="session")
def document(run: FrozenRun) -> Document:
    return document_of(run)


@pytest.fixture(scope="session")
def pdf(document: Document) -> bytes:
    return pdf_of(document)


@pytest.fixture(scope="session")
def html(document: Document) -> str:
    return html_of(document)


@pytest.fixture(scope="session")
def xlsx(document: Document) -> bytes:
    return workbook_of(document)
