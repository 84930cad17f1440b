"""The page of one figure: its whole numbers, status, definition, the way back to the rows, and the figures it is broken down into."""

from difflib import get_close_matches

from tocsin import __version__
from tocsin.desk.web.held_runs import HeldRun
from tocsin.desk.web.problems import NotServed
from tocsin.desk.web.served_page import ServedPage, brief_words, figure_link, month_address, value_words
from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import Block, Cell, Column, Link, Note, Prose, Status, Table, counted, marks, met
from tocsin.reports.change_words import way_back
from tocsin.reports.figure_book import natural
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.page import Part
from tocsin.reports.so_far import files_in
from tocsin.reports.trace_page import definition, figure_title
from tocsin.reports.wording import SOURCES, UNITS, column_title, instant_words, month_words, value_title

# A page of more rows is not read; the API pages through all of them.
_MOST = 300
# A longer name than any figure's is not compared with all of them.
_LONGEST = 200


def figure_of(held: HeldRun, name: str) -> Figure:
    """The figure of that name. Raises NotServed (404) where the run has none."""
    found = next((figure for figure in held.run.figures if figure.name == name), None)
    if found is None:
        raise NotServed(404, f'run {held.run.run_id} has no figure "{name}". {_likest(held, name)}')
    return found


def _likest(held: HeldRun, name: str) -> str:
    """What there is: figures of names like it, of the measure that is named where there is such a one."""
    subject = next((one for one in sorted(held.subjects, key=len, reverse=True) if name.startswith(one)), "")
    names = [figure.name for figure in held.run.figures if figure.subject == subject] if subject else sorted(held.subjects)
    alike = get_close_matches(name[:_LONGEST], names, 4, 0.6)
    known = f"Names like it: {', '.join(alike)}." if alike else f"There are figures of: {', '.join(sorted(held.subjects))}."
    return f"{known} tocsin figures {held.run.period.label} lists all of them."


def figure_page(held: HeldRun, name: str) -> ServedPage:
    """The page. Raises NotServed (404) for a figure that the run has not."""
    run, figure = held.run, figure_of(held, name)
    title, simulated = figure_title(figure, run), " (simulated)" if run.simulated else ""
    warned: tuple[Block, ...] = () if held.is_latest else (Note(superseded(run), "warning"),)
    back = Table(
        "Other pages",
        (Column("Page"),),
        ((Link(f"{month_words(run.period)} as this run told it", month_address(run.period.label, run.run_id)),),),
        "There is no other page.",
    )
    parts = (
        Part("figure", "The figure", (*warned, _facts(run, figure), back)),
        Part("definition", "What it counts", tuple(definition(figure, run))),
        Part("trace", "The way back to the rows", tuple(_trace(run, figure))),
        Part("parts", "Broken down", (_parts(run, figure),)),
    )
    return ServedPage(
        heading=title,
        under=month_words(run.period),
        title=f"{title}, {month_words(run.period)}{simulated}",
        description=f"Figure {figure.name} of run {run.run_id}.",
        lead=" ".join((*((f"{run.simulated}.",) if run.simulated else ()), f"As at {instant_words(run.as_at)}.")),
        parts=parts,
        footer=f"Run {run.run_id}. Basis {run.basis_digest}. Parameters {run.parameters_digest}. Served by tocsin {__version__}.",
        code_version=__version__,
        state=Status(figure.status),
        main="figure",
    )


def superseded(run: FrozenRun) -> str:
    return f"A later run of {month_words(run.period)} is there: what this one told may have been restated."


def _facts(run: FrozenRun, figure: Figure) -> Table:
    unit = UNITS.get(figure.unit, figure.unit) or figure.unit
    rows: tuple[tuple[Cell, ...], ...] = (
        ("Name", figure.name),
        (f"Value, {unit}", value_words(figure)),
        ("Status", Status(figure.status)),
        ("Counted", counted(figure)),
        *((("Met", met(figure)),) if figure.met is not None else ()),
        *((("Target, %, in force on the month's first day", f"{figure.target:f}"),) if figure.target is not None else ()),
        *((("Minimum, %, in force on the month's first day", f"{figure.minimum:f}"),) if figure.minimum is not None else ()),
        ("Marks", marks(figure)),
        ("Files in, of those it rests on", files_in(figure)),
        ("Source", SOURCES.get(figure.source, figure.source)),
        ("Run", run.run_id),
    )
    return Table("The figure as it was frozen", (Column("Fact", share=2), Column("Told", share=5)), rows, "The run tells nothing of it.")


def _trace(run: FrozenRun, figure: Figure) -> list[Block]:
    command = f"{way_back(figure.name, run.period.label)} --run {run.run_id}"
    columns = (Column("To"), Column("Command", "code", share=5))
    rows: tuple[tuple[Cell, ...], ...] = (
        ("count it again, and list its deliveries and rows", command),
        ("write that as a page", f"{command} --html trace.html"),
    )
    told = "Rows are the senders' own, names and identifiers and all, so no page of this server shows them: they are read on the machine."
    return [Prose(told), Table("Commands, in the workspace's folder", columns, rows, "There is no way back.")]


def _parts(run: FrozenRun, figure: Figure) -> Table:
    own = dict(figure.breakdown)
    found = [
        (column, value, one)
        for one in run.book.of(figure.subject)
        if one.indicator == figure.indicator and len(one.breakdown) == len(own) + 1 and own.items() <= dict(one.breakdown).items()
        for column, value in one.breakdown
        if column not in own
    ]
    found.sort(key=lambda part: (part[0], natural(part[1])))
    unit = UNITS.get(figure.unit, figure.unit)
    columns = (
        Column("Part", share=3), Column("Value"), Column(f"Figure, {unit}" if unit else "Figure", "figure"), Column("Counted", "whole"),
        Column("Status", "status"), Column("Marks"),
    )  # fmt: skip
    rows = tuple(
        (
            column_title(column),
            value_title(run, column, value),
            figure_link(run, one, brief_words(one)),
            counted(one),
            Status(one.status),
            marks(one),
        )
        for column, value, one in found[:_MOST]
    )
    more = f": the first {_MOST} of {len(found):,}" if len(found) > _MOST else ""
    return Table(f"The same, by one thing more{more}", columns, rows, "It is not broken down any further.")
