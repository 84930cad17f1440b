"""Business Processes: volume, success rate and Round Trip Time of each, by Service Request Variant, party, device type and region."""

from collections.abc import Iterable

from tocsin.reports.blocks import Block, Column, Heading, Note, Prose, Table
from tocsin.reports.figure_book import FigureBook
from tocsin.reports.frozen import FrozenRun, ProcessText
from tocsin.reports.graphs import daily_graph, percentile_graph
from tocsin.reports.process_tables import PARTY, WHY_NOT_SHOWN, by_one, by_two, whole_table
from tocsin.reports.rhythm_graphs import hours_graph
from tocsin.reports.section import Section
from tocsin.reports.time_graphs import times_graph
from tocsin.reports.wording import column_title, spoken

_HOLES = frozenset({"no_data", "no_events"})
# The order in which the annex speaks of them (domain.md 12), each alone and then per SRV; another split comes after.
_SPLITS = ("srv", "region", "device_type", PARTY)
# Areas have sections of their own; runs of before there were areas had the cube alone.
INCIDENTS = "incidents"


def build(run: FrozenRun) -> list[Block]:
    book = run.book
    known = _processes(run, book)
    fed = [process for process in known if _has_figures(book, process.name)]
    blocks: list[Block] = [
        Prose(
            "Success means that a response came back with a success code; what a protected payload says cannot be seen. "
            "Round Trip Time (RTT) is the whole journey as the DSP's audit trail shows it; percentiles are nearest rank, to 0.1 s. "
            "Parties are shown by a code that stays the same within a reporting year."
        ),
        Prose(
            "In the tables per Service Request Variant (SRV) p95 is the 95th percentile of the Round Trip Time; none says that there was "
            "no such request, a dash that there is nothing to divide or to time. What rests on few events is marked so in the workbook, "
            "which has all cells, one a row."
        ),
    ]
    blocks += [block for process in fed for block in _page(run, book, process)]
    unfed = tuple((process.title, process.code or "none", _why(book, process)) for process in known if process not in fed)
    if unfed:
        columns = (Column("Business Process", share=2), Column("Code"), Column("Why", share=5))
        blocks += [Heading("Processes without figures"), Table("No data, and why", columns, unfed, "Every process has figures.")]
    return blocks


def _processes(run: FrozenRun, book: FigureBook) -> list[ProcessText]:
    """Declared processes in order, then subjects that no declaration claims: their figures are shown as well, never dropped."""
    declared = sorted(run.processes, key=lambda process: (process.order, process.name))
    areas = {area.name for area in run.areas} | {INCIDENTS}
    claimed = {process.name for process in declared} | {measure.name for measure in run.measures} | areas
    others = dict.fromkeys(figure.subject for figure in book.figures if figure.subject not in claimed)
    return declared + [ProcessText(name, "", spoken(name), 0, "") for name in others]


def _has_figures(book: FigureBook, process: str) -> bool:
    """Whether there is anything to show: a volume of nought is told in one line, not on an empty page."""
    return any(figure.status not in _HOLES and figure.counted != 0 for figure in book.of(process))


def _why(book: FigureBook, process: ProcessText) -> str:
    if process.why_no_data:
        return f"No data: {process.why_no_data}"
    if any(figure.status == "no_events" or figure.counted == 0 for figure in book.of(process.name)):
        return "No events: what it rests on was received, and held nothing of this process."
    return "No data: nothing that this process rests on was received for the period."


def _page(run: FrozenRun, book: FigureBook, process: ProcessText) -> list[Block]:
    code = f" ({process.code})" if process.code else ""
    blocks: list[Block] = [Heading(f"{process.title}{code}")]
    if process.sentence:
        blocks.append(Prose(process.sentence))
    blocks.append(whole_table(book, process))
    daily = daily_graph(run, process)
    blocks.append(daily or Note("No data by day: the run holds no daily counts of this process, so no graph is drawn."))
    blocks += [graph for graph in (hours_graph(run, process), times_graph(run, process)) if graph is not None]
    for split in sorted(book.splits(process.name), key=lambda split: (_place(split[-1]), len(split))):
        blocks += _by(run, book, process, split)
    return blocks


def _by(run: FrozenRun, book: FigureBook, process: ProcessText, split: tuple[str, ...]) -> Iterable[Block]:
    figures, told = book.split(process.name, split), " and ".join(column_title(column) for column in split)
    if all(figure.status == "incomplete" for figure in figures):
        yield Note(f"By {told}: incomplete, as above; the counts received so far are in figures.csv.", "warning")
    elif split == (PARTY,) and "" in book.not_shown(process.name):
        yield Note(f"Not shown by {told}: {WHY_NOT_SHOWN}.")
    elif len(split) == 1:
        table = by_one(run, process, figures, split[0])
        yield (percentile_graph(run, process, figures, split[0], table) if split[0] == "region" else None) or table
    elif len(split) == 2:
        yield from by_two(run, process, figures, (split[0], split[1]))
    else:
        yield Note(f"Figures by {told} together are in figures.csv and in the sheet of figures.")


def _place(column: str) -> int:
    return _SPLITS.index(column) if column in _SPLITS else len(_SPLITS)


BUSINESS_PROCESSES = Section(name="business_processes", title="Business Processes", order=50, build=build, sheets="heading")
