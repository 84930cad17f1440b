"""No text of anybody's becomes a formula: every free text of a run begins like one, and stands as text in every format."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from lxml import html as parser
from python_calamine import CalamineWorkbook

from frozen_run import made_up_run
from tocsin.reports.document import document_of
from tocsin.reports.figure_files import figures_csv
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.html_page import html_of
from tocsin.reports.typst_pdf import pdf_of
from tocsin.reports.workbook import workbook_of
from tocsin.vocabulary.calendar import Period

# What other people write: in files, in comments, in actions, in names of their groups, services, models and reasons.
WRITTEN = frozenset(
    {
        "file_name", "reason", "sentence", "covers", "sender", "text", "owner", "by", "title", "key", "source", "comment", "resolver_group",
        "service_provider", "old_group", "new_group", "model", "service", "stands", "delivery_id", "same_as", "incident_id", "outage_id",
        "check_id", "counted_sentence", "met_sentence", "reading", "clause", "why", "simulated", "measure_ref", "note", "signatory", "told",
        "due", "action",
    }
)  # fmt: skip
FORMULAE = ("=", "+", "-", "@", "\t", "\r")
STARTS = ('=HYPERLINK("//x","y")', "+1+cmd|'/C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1")


def poisoned(value: Any, start: str, name: str = "") -> Any:
    """The same with every free text beginning with `start`."""
    match value:
        case Period():
            return value
        case str():
            return f"{start} {value}" if name in WRITTEN and value else value
        case tuple():
            return tuple(poisoned(one, start, name) for one in value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{field.name: poisoned(getattr(value, field.name), start, field.name) for field in fields(value)})
        case _:
            return value


@pytest.fixture(scope="module", params=STARTS, ids=lambda start: start[:4].strip() or "blank")
def run(request: pytest.FixtureRequest) -> FrozenRun:
    made = made_up_run()
    # Measures and processes are declared by the product; every other text is poisoned.
    found: FrozenRun = poisoned(replace(made, measures=()), request.param)
    figures = tuple(
        replace(
            figure,
            breakdown=tuple(
                (column, f"{request.param} {value}" if column == "resolver_group" else value) for column, value in figure.breakdown
            ),
        )
        for figure in made.figures
    )
    return replace(found, figures=figures, measures=made.measures, processes=made.processes)


def texts(book: bytes) -> Iterator[str]:
    read = CalamineWorkbook.from_filelike(io.BytesIO(book))
    for name in read.sheet_names:
        yield from (cell for row in read.get_sheet_by_name(name).to_python() for cell in row if isinstance(cell, str))


def test_in_the_workbook(run: FrozenRun) -> None:
    book = workbook_of(document_of(run))
    found = list(texts(book))
    assert not [text for text in found if text.startswith(FORMULAE)]
    # The apostrophe stands before them: they are there, and not left out.
    assert len([text for text in found if text.startswith(tuple(f"'{start}" for start in FORMULAE))]) > 50
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        for part in archive.namelist():
            content = archive.read(part)
            if part.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in content and b"<f " not in content, part
            # A link to elsewhere would be asked for when the workbook is opened.
            assert b'TargetMode="External"' not in content, part


def test_in_the_csv(run: FrozenRun) -> None:
    cells = [cell for row in csv.reader(io.StringIO(figures_csv(run.figures), newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(FORMULAE) and not cell.lstrip("-").replace(".", "").isdigit()]


def test_in_the_page(run: FrozenRun) -> None:
    page = parser.fromstring(html_of(document_of(run)))
    assert not list(page.iter("script", "iframe", "object", "form"))
    assert all((link.get("href") or "").startswith("#") for link in page.iter("a"))


def test_the_pages_can_be_set(run: FrozenRun) -> None:
    assert pdf_of(document_of(run)).startswith(b"%PDF-")
