"""The report as a tagged PDF (PDF/UA-1), set by Typst from data: the same run gives the same bytes on every machine."""

import json
import re
from typing import Any

import typst

from tocsin.reports.anchors import Anchors
from tocsin.reports.blocks import Block, Cell, Column, Graph, Heading, Link, Note, Prose, Shown, Status, Table, stands_in
from tocsin.reports.document import Document
from tocsin.reports.drawing import svg_of
from tocsin.reports.templates import template
from tocsin.reports.typefaces import FAMILY, FOLDER, drawable
from tocsin.reports.wording import number, tone_of
from tocsin.vocabulary.calendar import moment

# Typst breaks lines at spaces and hyphens only; a longer word is given places to break, which no reader sees or hears.
_LONG_WORD = 18
_BREAK = "\u200b"
_EM_A_LETTER = 0.51
_EM_A_STATUS_LETTER = 0.56
_EM_A_CODE_LETTER = 0.58
_EM_AROUND = 1.0
_SHORT_WORDS = 30
# "n/a (0 events)": kept on one line where a table has the room for it.
_SHORT_HOLE = 14
_ROOMY = 7
# 174 mm of type area in a table's 8 pt.
_EM_A_PAGE = 61.0
_EM_SHAPE = 1.1


def pdf_of(document: Document) -> bytes:
    """The whole report. Raises typst.TypstError when a block cannot be set, which a test of every section would show."""
    made_at = moment(document.run.made_at)
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
                "blocks": [_block(block, document.anchors, section.name, n) for n, block in enumerate(blocks) if stands_in(block, "page")],
            }
            for section, blocks in document.sections
        ],
    }
    # The date and the typefaces are the report's own, never the machine's: the same run gives the same bytes.
    return typst.compile(
        template("pmr.typ").encode(),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(FOLDER)]),
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(data)},
        pdf_standards=["ua-1"],
        format="pdf",
    )


def _block(block: Block, anchors: Anchors, section: str, n: int) -> dict[str, Any]:
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
                "svg": svg_of(block),
                "twin": _table(block.twin, anchors, anchors.of_twin(section, n)),
            }
        case Table():
            return _table(block, anchors, anchor)


def _table(table: Table, anchors: Anchors, anchor: str) -> dict[str, Any]:
    return {
        "is": "table",
        "anchor": anchor,
        "caption": drawable(table.caption),
        "columns": _columns(table),
        "rows": [[_cell(cell, column, anchors) for cell, column in zip(row, table.columns, strict=True)] for row in table.printed],
        "empty": drawable(table.empty),
        "left-off": table.left_off,
    }


def _columns(table: Table) -> list[dict[str, Any]]:
    """Titles and widths. Columns of short words take what they need, the shortest first, as long as the others keep room for theirs."""
    columns = [(column, [row[n] for row in table.printed]) for n, column in enumerate(table.columns)]
    numbers = sum(column.kind in {"whole", "figure"} for column in table.columns)
    widths = [_em(column, cells, numbers <= _ROOMY) for column, cells in columns]
    short = {n: width for n, found in enumerate(columns) if widths[n] is None and (width := _short_em(*found)) is not None}
    for n, width in sorted(short.items(), key=lambda found: found[1]):
        others = widths[:n] + widths[n + 1 :]
        if width + sum(_LONG_WORD * _EM_A_LETTER if other is None else other for other in others) <= _EM_A_PAGE:
            widths[n] = width
    return [
        {
            "title": re.sub(r", (\S{1,2})$", ",\u00a0\\1", drawable(column.title)),
            "kind": column.kind,
            "share": column.share,
            "em": width,
            "starts-group": column.starts_group,
        }
        for (column, _), width in zip(columns, widths, strict=True)
    ]


def _em(column: Column, cells: list[Cell], is_roomy: bool) -> float | None:
    """Width of a column that holds numbers or statuses: its longest word, so that long holes wrap and numbers never do."""
    if column.kind == "status":
        words = [cell.words if isinstance(cell, Status) else str(cell) for cell in cells]
        return max(map(len, [*words, column.title])) * _EM_A_STATUS_LETTER + _EM_AROUND + _EM_SHAPE
    if column.kind in {"whole", "figure"}:
        title = re.sub(r", (\S{1,2})$", ",_\\1", column.title)
        texts = [_plain(cell) for cell in cells]
        whole = [text for text in texts if len(text) <= _SHORT_HOLE] if is_roomy else []
        longest = max((len(word) for words in (whole, *(text.split() for text in [title, *texts])) for word in words), default=1)
        return longest * _EM_A_LETTER + _EM_AROUND
    return None


def _short_em(column: Column, cells: list[Cell]) -> float | None:
    longest = max(map(len, [column.title, *map(_plain, cells)]))
    letter = _EM_A_LETTER if column.kind == "words" else _EM_A_CODE_LETTER
    return longest * letter + _EM_AROUND + _EM_AROUND if longest <= _SHORT_WORDS else None


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


def _cell(cell: Cell, column: Column, anchors: Anchors) -> str | dict[str, str]:
    if isinstance(cell, Status):
        return _status(cell)
    if isinstance(cell, Link) and (to := anchors.to(cell)):
        return {"text": breakable(cell.text), "to": to}
    return breakable(_plain(cell)) if column.kind in {"words", "code"} else drawable(_plain(cell))


def _status(status: Status) -> dict[str, str]:
    return {"words": status.words, "shape": status.shape, "tone": tone_of(status.name)}


def breakable(text: str) -> str:
    """Text that can be set in a narrow column: drawable, and with places to break inside words that are too long for one."""
    return re.sub(rf"\S{{{_LONG_WORD},}}", lambda word: _broken(word.group()), drawable(text))


def _broken(word: str) -> str:
    eased = re.sub(r"([_/.,;:=|\-])(?=\w)", rf"\1{_BREAK}", word)
    return _BREAK.join(part for piece in eased.split(_BREAK) for part in re.findall(rf".{{1,{_LONG_WORD}}}", piece))
