"""Pages set by Typst, from words and drawings that are ready: the least that a process needs to make a PDF."""

import json
from collections.abc import Sequence

import typst

from tocsin.reports.templates import template
from tocsin.reports.typefaces import FOLDER


def set_pages(words: str, drawings: Sequence[str]) -> bytes:
    """The tagged PDF of what `typst_pdf.words_of` gave, with its graphs drawn as SVG in their order. Raises typst.TypstError."""
    # The date and the typefaces are the report's own, never the machine's: the same run gives the same bytes.
    return typst.compile(
        template("pmr.typ").encode(),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(FOLDER)]),
        ignore_system_fonts=True,
        sys_inputs={"report": words, "drawings": json.dumps(drawings)},
        pdf_standards=["ua-1"],
        format="pdf",
    )
