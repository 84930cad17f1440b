"""The report as a tagged PDF (PDF/UA-1), set by Typst from data: the same run gives the same bytes on every machine."""

import json
import re
from collections.abc import Iterator
from itertools import count
from typing import Any

from tocsin.reports.anchors import Anchors
from tocsin.reports.blocks import Block, Cell, Column, Graph, Heading, Link, Note, Prose, Shown, Status, Table, stands_in
from tocsin.reports.document import Document
from tocsin.reports.drawing import svg_of
from tocsin.reports.table_widths import Words, widths_of
from tocsin.reports.typefaces import FAMILY, drawable
from tocsin.reports.typesetting import set_pages
from tocsin.reports.wording import number, tone_of
from tocsin.vocabulary.calendar import moment

# Typst breaks lines at spaces and hyphens only; a longer word is given places to break, which no reader sees or hears.
_LONG_WORD = 18
_BREAK = "\u200b"
# A table as high as this at most is never parted by the end of a page.
_UNPARTED_PT = 260


def pdf_of(document: Document) -> bytes:
    """The whole report. Raises typst.TypstError when a block cannot be set, which a test of every section would show."""
    return set_pages(words_of(document), [svg_of(graph) for graph in document.graphs])


def words_of(document: Document) -> str:
    """All that the pages say, as JSON; a graph stands there by its place among the graphs of the report."""
    made_at, places = moment(document.run.made_at), count()
    data = {
        "title": drawable(document.title),
        "author": "tocsin",
        "description": drawable(document.description),
        "keywords": ["Performance Measurement Report", document.run.period.label],
        "date": [made_at.year, made_at.month, made_at.day, made_at.hour, made_at.minute, made_at.second],
        "family": FAMILY,
        "kicker": document.kicker,
        "heading": document.heading,
        "month": document.month,
        "state": document.state.words,
        "run": drawable(document.run.run_id),
        "lead": {**_status(document.state), "text": drawable(document.lead)},
        "sections": [
            {
                "title": drawable(section.title),
                "name": section.name,
                "starts-page": section.starts_page,
                "blocks": [
                    _block(block, document.anchors, section.name, n, places) for n, block in enumerate(blocks) if stands_in(block, "page")
                ],
            }
            for section, blocks in document.sections
        ],
    }
    return json.dumps(data)


def _block(block: Block, anchors: Anchors, section: str, n: int, places: Iterator[int]) -> dict[str, Any]:
    anchor = anchors.at(section, n)
    match block:
        case Heading(text=text, level=level):
            return {"is": "heading", "text": drawable(text), "level": level, "anchor": anchor}
        case Prose(text=text):
            return {"is": "prose", "text": breakable(text)}
        case Note(text=text, kind=kind):
            return {"is": "note", "text": breakable(text), "kind": kind}
        case Graph():
            return {
                "is": "graph",
                "anchor": anchor,
                "caption": drawable(block.caption),
                "alt": block.alt,
                "drawing": next(places),
                "twin": _table(block.twin, anchors, anchors.of_twin(section, n)),
            }
        case Table():
            return _table(block, anchors, anchor)


def _table(table: Table, anchors: Anchors, anchor: str) -> dict[str, Any]:
    titles = [re.sub(r", (\S{1,2})$", ",\u00a0\\1", drawable(column.title)) for column in table.columns]
    texts = [[_text(row[n], column) for row in table.printed] for n, column in enumerate(table.columns)]
    found = widths_of(
        [
            Words(title, column.kind, said, column.share, is_bold=n == 0 and column.kind == "words")
            for n, (title, column, said) in enumerate(zip(titles, table.columns, texts, strict=True))
        ]
    )
    return {
        "is": "table",
        "anchor": anchor,
        "caption": drawable(table.caption),
        "columns": [
            {"title": title, "kind": column.kind, "width": width, "starts-group": column.starts_group}
            for title, column, width in zip(titles, table.columns, found.points, strict=True)
        ],
        "size": found.size,
        "stretches": found.stretches,
        "is-parted": found.height > _UNPARTED_PT,
        "rows": [[_cell(cell, column, anchors) for cell, column in zip(row, table.columns, strict=True)] for row in table.printed],
        "empty": drawable(table.empty),
        "left-off": table.left_off,
    }


def _plain(cell: Cell) -> str:
    match cell:
        case Status():
            return cell.words
        case Shown() | Link():
            return cell.text
        case int():
            return number(cell)
        case str():
            return cell


def _text(cell: Cell, column: Column) -> str:
    """The words of a cell as they are set."""
    return breakable(_plain(cell)) if column.kind in {"words", "code"} else drawable(_plain(cell))


def _cell(cell: Cell, column: Column, anchors: Anchors) -> str | dict[str, str]:
    if isinstance(cell, Status):
        return _status(cell)
    if isinstance(cell, Link) and (to := anchors.to(cell)):
        return {"text": breakable(cell.text), "to": to}
    return _text(cell, column)


def _status(status: Status) -> dict[str, str]:
    return {"words": status.words, "shape": status.shape, "tone": tone_of(status.name)}


def breakable(text: str) -> str:
    """Text that can be set in a narrow column: drawable, a number on the line of its unit, and places to break inside words that are too
    long for one.
    """
    together = re.sub(r"(?<=\d) (?=(?:s|ms|min|h)\b)", "\u00a0", drawable(text))
    return re.sub(rf"\S{{{_LONG_WORD},}}", lambda word: _broken(word.group()), together)


def _broken(word: str) -> str:
    eased = re.sub(r"([_/.,;:=|\-])(?=\w)", rf"\1{_BREAK}", word)
    return _BREAK.join(part for piece in eased.split(_BREAK) for part in re.findall(rf".{{1,{_LONG_WORD}}}", piece))
