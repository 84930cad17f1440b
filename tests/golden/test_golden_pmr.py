"""The golden report, under review in `pmr/then/`: the same from the same files on every machine; `make golden` writes it anew.

And what holds of the made-up run's report holds of one closed from files: every number is a figure, a line of the run or a named sum.
"""

import difflib
from pathlib import Path

import pytest

from dyed_run import dyed
from golden.golden_month import THEN, Made, closed_months, golden_run, golden_texts, made_of
from report_reading import misprints_of_html, misprints_of_pdf, misprints_of_xlsx, numbers_of
from report_sources import misplaced, unexplained
from tocsin.reports.document import document_of
from tocsin.reports.frozen import FrozenRun

SHOWN = 60


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> FrozenRun:
    return golden_run(closed_months(tmp_path_factory.mktemp("golden") / "workspace"))


@pytest.fixture(scope="module")
def report(run: FrozenRun) -> Made:
    return made_of(run)


def test_the_report_is_the_one_under_review(report: Made) -> None:
    """A figure or a sentence that moved is seen here: look at the difference, and if it is meant, `make golden`."""
    made = golden_texts(report)
    kept = {path.relative_to(THEN).as_posix(): path.read_text(encoding="utf-8") for path in THEN.rglob("*") if path.is_file()}
    told: list[str] = []
    for name in sorted(made.keys() | kept.keys()):
        before, now = kept.get(name, "").splitlines(), made.get(name, "").splitlines()
        told += difflib.unified_diff(before, now, f"golden/{name}", f"made/{name}", lineterm="", n=0)
    assert not told, "\n".join([*told[:SHOWN], f"{len(told)} lines in all. If this is meant: make golden"])


def test_the_golden_files_name_nobody() -> None:
    """Parties stand by their codes; the golden report is public, as every report is."""
    names = {line.split(",")[1] for line in (THEN.parent / "when" / "SECAS_PL_ALL.csv").read_text(encoding="utf-8").splitlines()[1:]}
    for path in (path for path in THEN.rglob("*") if path.is_file()):
        text = Path(path).read_text(encoding="utf-8")
        assert not [name for name in names if name in text], path.name


def test_every_format_says_what_the_blocks_say(report: Made) -> None:
    assert list(misprints_of_html(report.document, report.html)) == []
    assert list(misprints_of_xlsx(report.document, report.xlsx)) == []
    assert list(misprints_of_pdf(report.document, report.pdf)) == []


def test_every_number_is_a_figure_or_a_line_of_the_run(run: FrozenRun) -> None:
    other, dye = dyed(run)
    document = document_of(other)
    assert len(list(numbers_of(document))) > 1_000
    assert list(unexplained(other, dye, document)) == []
    assert list(misplaced(other, dye, document)) == []
