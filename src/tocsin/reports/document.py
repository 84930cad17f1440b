"""The report before it has a format: the run, its words for the title page, and the blocks of every section, built once."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from tocsin.reports.anchors import Anchors, anchors_of
from tocsin.reports.blocks import STATUS_WORDS, Block, Graph, Status
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.section import Section
from tocsin.reports.sections import all_sections
from tocsin.reports.wording import instant_words, measure_label, month_words

# What a reader of one line wants to know of the Code Performance Measures: levels missed, and results that are not there.
_TOLD_FIRST = ("below_minimum", "below_target", "incomplete", "no_data")


@dataclass(frozen=True)
class Document:
    """What every renderer is given."""

    run: FrozenRun
    sections: tuple[tuple[Section, tuple[Block, ...]], ...]

    kicker = "Smart metering network of Great Britain"
    heading = "Performance Measurement Report"

    @cached_property
    def anchors(self) -> Anchors:
        """Where links lead."""
        return anchors_of(self.sections)

    @cached_property
    def graphs(self) -> tuple[Graph, ...]:
        """Every graph, in the order in which they stand."""
        return tuple(block for _, blocks in self.sections for block in blocks if isinstance(block, Graph))

    @property
    def month(self) -> str:
        return month_words(self.run.period)

    @property
    def title(self) -> str:
        # It stands at the head of every page: one that is copied out of the report still says it.
        return f"{self.heading}, {self.month}{' (simulated)' if self.run.simulated else ''}"

    @property
    def description(self) -> str:
        return f"{self.title}, as at {instant_words(self.run.as_at)}, run {self.run.run_id}."

    @property
    def state(self) -> Status:
        return Status("complete" if self.run.is_complete else "provisional")

    @property
    def lead(self) -> str:
        """The sentence beside the state on the title page."""
        simulated = (f"{self.run.simulated}.",) if self.run.simulated else ()
        return " ".join((*simulated, f"As at {instant_words(self.run.as_at)}.", *self.run.provisional_because, *self.levels()))

    def levels(self) -> Iterable[str]:
        """Which Code Performance Measures miss a level and which have no result: a complete run says nothing of how well it went."""
        by_status: dict[str, list[str]] = {}
        for measure in self.run.measures:
            figure = self.run.book.whole(measure.name)
            by_status.setdefault("no_data" if figure is None else figure.status, []).append(measure_label(measure.name))
        for status in _TOLD_FIRST:
            if status in by_status:
                yield f"{STATUS_WORDS[status][0]}: {', '.join(by_status[status])}."
        if "met" in by_status and not by_status.keys() & set(_TOLD_FIRST):
            yield "Every level that is set is met."


def document_of(run: FrozenRun, sections: Iterable[Section] | None = None) -> Document:
    """The report of a run; `sections` for less than all of them. Raises BadDeclaration when a section's blocks do not hold."""
    chosen = all_sections() if sections is None else tuple(sections)
    return Document(run, tuple((section, tuple(section.build(run))) for section in chosen))
