"""The Performance Measurement Report: a frozen run told as PDF, HTML, XLSX, CSV, Parquet and JSON."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

from tocsin.engines.engine import Engine
from tocsin.reports.document import Document, document_of
from tocsin.reports.figure_files import figures_csv, write_figures_parquet
from tocsin.reports.figures_json import figures_json
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.html_page import html_of
from tocsin.reports.pdf_beside import PdfBeside
from tocsin.reports.section import Section
from tocsin.reports.typst_pdf import pdf_of
from tocsin.reports.workbook import workbook_of
from tocsin.vocabulary.errors import BadDeclaration

FORMATS = ("pdf", "html", "xlsx", "csv", "parquet", "json")
# Of every figure, and named so; the others are the report.
_FIGURES = frozenset({"csv", "parquet", "json"})
# Of fewer figures all is written sooner than another process would start.
_WORTH_BESIDE = 5_000
# What draws and sets pages keeps its memory to the end of its process (0.8 GB for a national month): it comes when the rest is done.
_LIGHTEST_FIRST = ("csv", "json", "parquet", "xlsx", "html", "pdf")

_MADE: dict[str, Callable[[Document], bytes]] = {
    "pdf": pdf_of,
    "html": lambda document: html_of(document).encode(),
    "xlsx": workbook_of,
    "csv": lambda document: figures_csv(document.run.figures).encode(),
    "json": lambda document: figures_json(document.run).encode(),
}


def write_report(
    run: FrozenRun,
    folder: Path,
    formats: Iterable[str] = FORMATS,
    *,
    engine: Engine | None = None,
    sections: Iterable[Section] | None = None,
) -> list[Path]:
    """Write the report of a run into `folder` and give the files written, in the order of `formats`.

    `pmr-<period>.pdf`, `.html`, `.xlsx`, and every figure as `figures.csv`, `.parquet` and `.json`. Each file is written aside and
    renamed, so that a reader never meets half of one. `engine` writes the Parquet; DuckDB in the process when none is given.
    Raises BadDeclaration for a format that is not known, ChildProcessError where the process that makes a large PDF is lost.
    """
    asked = list(dict.fromkeys(formats))
    if unknown := [word for word in asked if word not in FORMATS]:
        raise BadDeclaration(f'format "{unknown[0]}" is not known: expected one of {", ".join(FORMATS)}.')
    folder.mkdir(parents=True, exist_ok=True)
    paths = {word: folder / (f"figures.{word}" if word in _FIGURES else f"pmr-{run.period.label}.{word}") for word in asked}
    with ExitStack() as stack:
        made = dict(_MADE)
        beside = stack.enter_context(PdfBeside()) if _is_worth_beside(run, asked) else None
        document = document_of(run, sections)
        if beside is not None:
            beside.begin(document)
            made |= {"html": lambda document: html_of(document, beside.svg_of).encode(), "pdf": lambda _: beside.pdf()}
        for word in sorted(asked, key=_LIGHTEST_FIRST.index):
            if word == "parquet":
                write_figures_parquet(run.figures, paths[word], _embedded() if engine is None else engine)
            else:
                _put(paths[word], made[word](document))
    return list(paths.values())


def _is_worth_beside(run: FrozenRun, asked: Sequence[str]) -> bool:
    """Whether the PDF is made by another process: where there is another core, and something else to write meanwhile."""
    # A Python inside another program may not know how it would be started.
    return "pdf" in asked and len(asked) > 1 and len(run.figures) >= _WORTH_BESIDE and _cores() > 1 and bool(sys.executable)


def _cores() -> int:
    """Cores that this process may use; how many the machine has, where the system cannot tell."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _embedded() -> Engine:
    # Imported when needed: a caller that gives an engine must not pay for loading another.
    from tocsin.engines import engine_named

    return engine_named("duckdb")


def _put(path: Path, content: bytes) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_bytes(content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
