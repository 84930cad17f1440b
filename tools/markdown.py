"""Tables of Markdown, for documents and for what was measured alike; and how a bar is said to have been held."""

from collections.abc import Collection, Iterable, Sequence


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], numbers: Collection[str] = ()) -> list[str]:
    """The lines of a table; columns of the headings in `numbers` stand to the right."""
    rule = ["--:" if heading in numbers else "---" for heading in headings]
    return [_line(headings), _line(rule), *(_line(row) for row in rows)]


def verdict(is_held: bool) -> str:
    return "held" if is_held else "MISSED"


def _line(cells: Sequence[object]) -> str:
    return "| " + " | ".join(_cell(str(cell)) for cell in cells) + " |"


def _cell(text: str) -> str:
    """Text as a cell: no bar ends it, and outside a code span no `<` opens a tag."""
    spans = text.replace("\n", " ").replace("|", r"\|").split("`")
    return "`".join(span if place % 2 else span.replace("<", "&lt;") for place, span in enumerate(spans))
