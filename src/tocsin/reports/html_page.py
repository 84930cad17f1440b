"""A report, or another page, as one HTML file: no script, no outside request, readable by a screen reader, printable."""

import re
from collections.abc import Callable
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from tocsin.reports.anchors import Anchors
from tocsin.reports.blocks import Block, Cell, Column, Graph, Heading, Link, Note, Prose, Shown, Status, Table, stands_in
from tocsin.reports.document import Document
from tocsin.reports.drawing import measured, svg_of
from tocsin.reports.page import Page, Part
from tocsin.reports.templates import template
from tocsin.reports.wording import instant_words, number, tone_of

# Shapes of a status in a box of 10 by 10; the word beside each says the same.
_SHAPES = {
    "disc": '<circle cx="5" cy="5" r="5"/>',
    "ring": '<circle cx="5" cy="5" r="4" fill="none" stroke="currentColor" stroke-width="2"/>',
    "triangle": '<path d="M5 0 10 10H0z"/>',
    "diamond": '<path d="M5 0 10 5 5 10 0 5z"/>',
    "half": '<circle cx="5" cy="5" r="4.2" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M5 0a5 5 0 0 0 0 10z"/>',
    "dash": '<path d="M0 4h10v2H0z"/>',
}

# How a graph becomes SVG.
Draw = Callable[[Graph], str]

# A longer word may be broken; shorter ones never are, however narrow the window: the table scrolls instead.
_LONG_WORD = 24


def html_of(document: Document, draw: Draw = svg_of) -> str:
    """The whole report; the same run gives the same text. `draw` for graphs that were drawn elsewhere."""
    run = document.run
    made = f"made {instant_words(run.made_at)} as at {instant_words(run.as_at)} by tocsin {run.code_version}"
    return html_of_page(
        Page(
            kicker=document.kicker,
            heading=document.heading,
            under=document.month,
            title=document.title,
            description=document.description,
            state=document.state,
            lead=document.lead,
            parts=tuple(Part(section.name, section.title, blocks) for section, blocks in document.sections),
            footer=f"Run {run.run_id}, {made}. Basis {run.basis_digest}. Parameters {run.parameters_digest}.",
            code_version=run.code_version,
        ),
        draw,
    )


def html_of_page(page: Page, draw: Draw = svg_of) -> str:
    """Any page; the same page gives the same text."""
    means = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return means.from_string(template("page.html")).render(
        page=page,
        state=_status(page.state) if page.state is not None else None,
        sections=[_section(part.name, part.title, part.blocks, page.anchors, draw) for part in page.parts],
    )


def _section(name: str, title: str, blocks: tuple[Block, ...], anchors: Anchors, draw: Draw) -> dict[str, Any]:
    drawn = [_block(block, anchors, name, n, draw) for n, block in enumerate(blocks) if stands_in(block, "page")]
    return {"id": name, "title": title, "blocks": drawn, "headings": [b for b in drawn if b["is"] == "heading" and b["level"] == 2]}


def _block(block: Block, anchors: Anchors, section: str, n: int, draw: Draw) -> dict[str, Any]:
    anchor = anchors.at(section, n)
    match block:
        case Heading(text=text, level=level):
            return {"is": "heading", "text": text, "level": level, "id": anchor}
        case Prose(text=text):
            return {"is": "prose", "text": text}
        case Note(text=text, kind=kind):
            return {"is": "note", "text": text, "kind": kind}
        case Graph():
            # The drawing was parsed and stripped of everything but shapes and text in drawing.tidy_svg, so it may stand unescaped.
            svg = Markup(_scaled(measured(draw(block))))
            twin = _table(block.twin, anchors, anchors.of_twin(section, n))
            return {"is": "graph", "id": anchor, "caption": block.caption, "alt": block.alt, "svg": svg, "twin": twin}
        case Table():
            return {"is": "table", **_table(block, anchors, anchor)}


def _scaled(svg: str) -> str:
    """The drawing without its fixed size, so that it fits a narrow window; the view box keeps its proportions."""
    head, rest = svg.split(">", 1)
    width = re.search(r' width="([0-9.]+)"', head)
    return re.sub(r' (?:width|height)="[^"]*"', "", head) + f' style="max-width:{width.group(1) if width else 640}px">' + rest


def _table(table: Table, anchors: Anchors, anchor: str) -> dict[str, Any]:
    return {
        "id": anchor,
        "caption": table.caption,
        # A unit is never parted from its comma by the end of a line.
        "columns": [
            {
                "title": column.title.replace(", %", ",\u00a0%"),
                "is_number": column.kind in {"whole", "figure"},
                "starts_group": column.starts_group,
            }
            for column in table.columns
        ],
        "rows": [[_cell(cell, column, anchors) for cell, column in zip(row, table.columns, strict=True)] for row in table.printed],
        "empty": table.empty,
        "left_off": table.left_off,
    }


def _cell(cell: Cell, column: Column, anchors: Anchors) -> dict[str, Any]:
    match cell:
        case Link(text=text):
            to = anchors.address(cell)
            return {"kind": "link" if to else "words", "text": text, "to": to, "is_long": False}
        case Status():
            return {"kind": "status", "is_long": False, **_status(cell)}
        case Shown(text=text):
            return {"kind": "number" if cell.is_number else "hole", "text": text, "is_long": False}
        case int():
            return {"kind": "number", "text": number(cell), "is_long": False}
        case str():
            kind = "code" if column.kind == "code" else "hole" if column.kind in {"whole", "figure"} else "words"
            return {"kind": kind, "text": cell, "is_long": any(len(word) > _LONG_WORD for word in cell.split())}


def _status(status: Status) -> dict[str, Any]:
    return {"text": status.words, "tone": tone_of(status.name), "shape": Markup(_SHAPES[status.shape])}
