"""A trace as a page: the figure and what it counts, its days, the deliveries it rests on and the lines it was made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import Block, Cell, Column, Note, Prose, Status, Table, counted, marks, met
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.page import Page, Part
from tocsin.reports.so_far import files_in, so_far
from tocsin.reports.trace import Trace, indicator_of
from tocsin.reports.traced_rows import TracedRow
from tocsin.reports.wording import (
    SOURCES,
    UNITS,
    column_title,
    date_words,
    day_on,
    indicator_title,
    instant_figures,
    instant_words,
    measure_title,
    month_words,
    number,
    spoken,
    value_title,
)

WHOSE = (
    "The lines are the senders' own, SEC Parties' names and identifiers and all: for whoever may read the workspace, and for nobody else."
)
_NO_TEXT = "no line of text: its file has rows alone"


@dataclass(frozen=True)
class TracedLine:
    """A row that the figure was made of, and the line as it came; empty where the file has no lines of text."""

    row: TracedRow
    text: str


def trace_page(found: Trace, run: FrozenRun, lines: Sequence[TracedLine], code_version: str) -> Page:
    """The page of a trace. `lines` are those the command would list, in their order."""
    figure, simulated = found.figure, " (simulated)" if run.simulated else ""
    parts = (
        Part("figure", "The figure", (_facts(found, run),)),
        Part("definition", "What it counts", tuple(definition(figure, run))),
        Part("days", "Day by day", (_days(found, run),)),
        Part("deliveries", "Deliveries it rests on", (_deliveries(found, run),)),
        Part("rows", "Lines it was made of", tuple(_lines(found, lines))),
    )
    return Page(
        heading="Trace of a figure",
        under=f"{figure_title(figure, run)}, {month_words(run.period)}",
        title=f"Trace of {figure.name}, {month_words(run.period)}{simulated}",
        description=f"How {figure.name} of run {run.run_id} was made: definition, days, deliveries and lines.",
        lead=" ".join((*((f"{run.simulated}.",) if run.simulated else ()), verdict(found))),
        parts=parts,
        footer=f"Run {run.run_id}, as at {instant_words(run.as_at)}. Basis {run.basis_digest}. Traced by tocsin {code_version}.",
        code_version=code_version,
        state=Status(figure.status),
        main="trace",
    )


def verdict(found: Trace) -> str:
    """Whether the journeys, counted again, give the figure."""
    told = f", met {number(found.met)}" if found.met is not None else ""
    span = f", the span at its rank {number(found.percentile)} µs" if found.percentile is not None else ""
    agrees = "this agrees with the figure" if found.agrees else "this DOES NOT agree with the figure"
    return f"Counted again from the journeys: {number(found.counted)}{told}{span}; {agrees}."


def figure_title(figure: Figure, run: FrozenRun) -> str:
    """What the figure is called in the report, and of which part it speaks."""
    names = {
        **{measure.name: measure_title(measure) for measure in run.measures},
        **{process.name: process.title for process in run.processes},
        **{area.name: area.title for area in run.areas},
    }
    of = [f"{column_title(column)} {value_title(run, column, value)}" for column, value in figure.breakdown]
    indicator = (indicator_title(figure.indicator),) if figure.indicator else ()
    return "; ".join((names.get(figure.subject, spoken(figure.subject)), *indicator, *of))


def _facts(found: Trace, run: FrozenRun) -> Table:
    figure = found.figure
    unit = UNITS.get(figure.unit, figure.unit) or figure.unit
    rows: tuple[tuple[Cell, ...], ...] = (
        ("Name", figure.name),
        (f"Value, {unit}", so_far(figure) if figure.so_far else figure.shown),
        ("Status", Status(figure.status)),
        ("Counted", counted(figure)),
        *((("Met", met(figure)),) if figure.met is not None else ()),
        *((("Target, %, in force on the month's first day", f"{figure.target:f}"),) if figure.target is not None else ()),
        *((("Minimum, %, in force on the month's first day", f"{figure.minimum:f}"),) if figure.minimum is not None else ()),
        ("Marks", marks(figure)),
        ("Files in, of those it rests on", files_in(figure)),
        ("Source", SOURCES.get(figure.source, figure.source)),
        ("Run", run.run_id),
        ("As at", instant_words(run.as_at)),
        ("Counted on", run.engine),
        ("Counted again", verdict(found)),
    )
    return Table("The figure as it was frozen", (Column("Fact", share=2), Column("Told", share=5)), rows, "The run tells nothing of it.")


def definition(figure: Figure, run: FrozenRun) -> Iterator[Block]:
    """What a figure counts, in words and as the engine was asked."""
    frozen = next((measure for measure in run.measures if measure.name == figure.subject), None)
    if frozen is not None:
        told = (f"Clause: {frozen.clause}." if frozen.clause else "", frozen.reading)
        rules = [("Counted", frozen.counted_sentence, frozen.counted_predicate), ("Met", frozen.met_sentence, frozen.met_predicate)]
    else:
        sentences = {**{one.name: one.sentence for one in run.processes}, **{one.name: one.sentence for one in run.areas}}
        about = sentences.get(figure.subject, "")
        indicator = indicator_of(figure)
        told = (about, f"Indicator: {indicator.title}." if indicator is not None else "")
        declared = [("Counted", indicator.counted), ("Met", indicator.met)] if indicator is not None else []
        rules = [(name, rule.sentence, rule.predicate) for name, rule in declared if rule is not None]
    yield from (Prose(sentence) for sentence in told if sentence)
    rows = (
        *rules,
        ("This figure", f"{spoken(figure.journey)} that are not set aside, are counted, and are of this part.", figure.predicate),
    )
    columns = (Column("Rule"), Column("In words", share=3), Column("As the engine is asked", "code", share=4))
    yield Table("What is counted and what meets it", columns, rows, "The figure's rules are not known to this version.")


def _days(found: Trace, run: FrozenRun) -> Table:
    rows = tuple((date_words(day_on(day)), count) for day, count in found.days)
    columns = (Column("Day, UTC" if run.period.zone == "UTC" else f"Day, {run.period.zone}"), Column("Counted", "whole"))
    return Table("Counted by day", columns, rows, "Nothing was counted on any day.")


def _deliveries(found: Trace, run: FrozenRun) -> Table:
    rows = tuple(
        (one.file_name, one.delivery_id, spoken(one.feed or "not told"), value_title(run, "service_provider", one.sender or ""),
         instant_figures(one.received_at), one.digest, count)
        for one, count in found.deliveries
    )  # fmt: skip
    columns = (
        Column("File", share=3), Column("Delivery", share=3), Column("Feed"), Column("Sender"), Column("Received, UTC"),
        Column("Digest of its bytes", "code"), Column("Rows", "whole"),
    )  # fmt: skip
    return Table("Deliveries and how many of their rows it was made of", columns, rows, "It was made of no row of any delivery.")


def _lines(found: Trace, lines: Sequence[TracedLine]) -> Iterator[Block]:
    yield Note(WHOSE, "warning")
    yield Prose(f"Listed: {number(len(lines))} of {number(found.row_count)} rows.")
    rows = tuple((f"{one.row.delivery.file_name}:{one.row.line}", plainly(one.text) or _NO_TEXT) for one in lines)
    yield Table("Lines as they came", (Column("File and line", share=2), Column("Line", "code", share=6)), rows, "No row was asked for.")


def plainly(text: str) -> str:
    """A received line with what cannot be seen in it spelt out: what turns the direction of writing would show another line."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
