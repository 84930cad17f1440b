"""A page of Markdown: headings, sentences and tables out of declared text."""

from collections.abc import Iterable, Sequence

from tools import markdown

MADE = "*Made from the declarations by `make documents`; change the declaration, not this page.*"


def page(title: str, *blocks: str) -> str:
    """A whole page; an empty block leaves no gap."""
    return "\n\n".join([f"# {title}", MADE, *(block for block in blocks if block)]) + "\n"


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; "none" in place of one without rows."""
    lines = markdown.table(headings, rows)
    return "\n".join(lines) if len(lines) > 2 else "None."


def code(text: str) -> str:
    """A word or predicate of the code; nothing for an empty one."""
    return f"`{' '.join(text.split())}`" if text else ""


def codes(words: Iterable[str]) -> str:
    return ", ".join(code(word) for word in words)


def spoken(name: str) -> str:
    """A name of the code as words."""
    return name.replace("_", " ")


def prose(docstring: str | None) -> str:
    """The paragraphs of a docstring below its first line, each on one line."""
    below = (docstring or "").partition("\n\n")[2]
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in below.split("\n\n"))
