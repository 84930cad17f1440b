"""A page that is served: as a report's, but its links may lead to other pages of the same server."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from tocsin.measuring.figures import Figure
from tocsin.reports.anchors import Anchors, anchors_of
from tocsin.reports.blocks import Link, Shown, shown
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.page import Page
from tocsin.reports.so_far import so_far
from tocsin.reports.wording import number


@dataclass(frozen=True)
class ServedAnchors(Anchors):
    """Links whose section begins with "/" lead to a page of this server, the others to a place of their own page."""

    def address(self, link: Link) -> str:
        return link.section if link.section.startswith("/") else super().address(link)


@dataclass(frozen=True)
class ServedPage(Page):
    """A page with such links."""

    @cached_property
    def anchors(self) -> Anchors:
        own = anchors_of((part, part.blocks) for part in self.parts)
        return ServedAnchors(own.of_blocks, own.of_words, own.sections)


def figure_address(run: FrozenRun, name: str) -> str:
    """Where a figure of a run has its page. The run is named: the address shows the same figure for ever."""
    return f"/figure?{urlencode({'month': run.period.label, 'run': run.run_id, 'name': name})}"


def month_address(month: str, run_id: str | None = None) -> str:
    return f"/?{urlencode({'month': month} | ({'run': run_id} if run_id else {}))}"


def figure_link(run: FrozenRun, figure: Figure, words: str | None = None) -> Link:
    """A figure's words as the report prints them, leading to its page."""
    return Link(value_words(figure) if words is None else words, figure_address(run, figure.name))


def value_words(figure: Figure) -> str:
    """A figure as it is printed, of an incomplete one what there is so far; a hole is its reason."""
    cell = so_far(figure) if figure.so_far else shown(figure)
    return cell.text if isinstance(cell, Shown) else number(cell) if isinstance(cell, int) else str(cell)


def brief_words(figure: Figure) -> str:
    """The same for a narrow cell: a hole is only named there, and its page says why."""
    return value_words(figure) if figure.so_far else brief(value_words(figure))


def brief(words: str) -> str:
    """A figure's words without the reason of a hole; what is not there is not to be had."""
    return words.partition(" (")[0] or "n/a"
