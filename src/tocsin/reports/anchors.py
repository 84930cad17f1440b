"""Where a link leads: every section, heading, table and graph of a document has a place of its own, named the same in HTML and PDF.

A name is made of the words that stand there, so that an address kept by a reader still holds in next month's report.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from tocsin.reports.blocks import Block, Graph, Heading, Link, Table, stands_in


class Named(Protocol):
    """A section of the report, or a part of another page."""

    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Anchors:
    """Places of a document by the words that stand at them; `of_blocks` by section and number of the block."""

    of_blocks: Mapping[tuple[str, int], str]
    of_words: Mapping[tuple[str, str], str]
    sections: frozenset[str] = field(default_factory=frozenset)

    def at(self, section: str, block: int) -> str:
        """The place of a block; empty where a block has none (prose, notes)."""
        return self.of_blocks.get((section, block), "")

    def of_twin(self, section: str, block: int) -> str:
        """The place of the table that holds a graph's numbers."""
        place = self.at(section, block)
        return f"{place}--twin" if place else ""

    def to(self, link: Link) -> str:
        """Where a link leads: the words it names, else its section; empty where this report was made without that section."""
        return self.of_words.get((link.section, link.at)) or (link.section if link.section in self.sections else "")

    def address(self, link: Link) -> str:
        """What a browser is given for it: a place of the same page. Pages that are served may lead elsewhere (desk/web)."""
        place = self.to(link)
        return f"#{place}" if place else ""


def anchors_of(sections: Iterable[tuple[Named, tuple[Block, ...]]]) -> Anchors:
    """Every place of a document. Words that stand twice in a section: a link leads to the first."""
    by_block: dict[tuple[str, int], str] = {}
    by_words: dict[tuple[str, str], str] = {}
    names: set[str] = set()
    found = []
    for section, blocks in sections:
        found.append(section.name)
        for n, block in enumerate(blocks):
            words = list(_words(block)) if stands_in(block, "page") else []
            if not words:
                continue
            place = _own(f"{section.name}--{_plain(words[0])}", names)
            by_block[section.name, n] = place
            for which, said in enumerate(words):
                by_words.setdefault((section.name, said), place if which == 0 else f"{place}--twin")
    return Anchors(by_block, by_words, frozenset(found))


def _words(block: Block) -> Iterator[str]:
    match block:
        case Heading(text=text):
            yield text
        case Table(caption=caption):
            yield caption
        case Graph(caption=caption, twin=twin):
            yield caption
            yield twin.caption


def _plain(words: str) -> str:
    """Letters and digits of ASCII: what every reader of HTML and PDF takes for a name."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:60].strip("-") or "here"


def _own(name: str, names: set[str]) -> str:
    own, n = name, 2
    while own in names:
        own, n = f"{name}-{n}", n + 1
    names.add(own)
    return own
