"""A page for a browser before it is HTML: a heading, a sentence that leads in, and parts of blocks. A report is one; so is a trace."""

from dataclasses import dataclass
from functools import cached_property

from tocsin.reports.anchors import Anchors, anchors_of
from tocsin.reports.blocks import Block, Status


@dataclass(frozen=True)
class Part:
    """One part of a page, with a title and an address (letters, digits, hyphen, low line) of its own."""

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """All that one offline page says. `kicker` stands above the heading, `under` below it, `state` before the lead sentence.

    `title` names the window and is what a search finds; `main` says what it is that a keyboard skips to; `footer` is the last sentence.
    """

    heading: str
    under: str
    title: str
    description: str
    lead: str
    parts: tuple[Part, ...]
    footer: str
    code_version: str
    state: Status | None = None
    main: str = "report"
    kicker: str = "Smart metering network of Great Britain"

    @cached_property
    def anchors(self) -> Anchors:
        """Where links lead."""
        return anchors_of((part, part.blocks) for part in self.parts)
