"""How complete the report is: what the month still waits for, by feed and sender, and what rests on it (decision 0008)."""

from collections.abc import Iterator, Mapping

from tocsin.measuring.figures import Figure
from tocsin.measuring.journey import WORKING_DAY
from tocsin.reports.blocks import Block, Cell, Column, Prose, Table
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.section import Section
from tocsin.reports.so_far import files_in
from tocsin.reports.wording import instant_figures, measure_label, spoken, value_title

_WAITED_FOR = "What this month still waits for"
_PAGE_ROWS = 30


def build(run: FrozenRun) -> list[Block]:
    return [
        Prose(
            "Every figure says how many of the files it rests on are in, of those that are owed. While one is not in, a figure has no "
            "value, is judged by no level and is called incomplete; what is there is told as a number so far, which may still move "
            "either way."
        ),
        *_waits(run),
        *_resting(run),
    ]


def _waits(run: FrozenRun) -> Iterator[Table]:
    """On the page senders of whom the same is waited for stand in one row; the workbook has a row for each."""
    alike: dict[tuple[Cell, ...], list[str]] = {}
    each: list[tuple[Cell, ...]] = []
    for line in run.waits:
        sender, of = value_title(run, "service_provider", line.sender), "days after it" if line.is_after else "the month"
        told = (line.owed, line.missing, _due(line.overdue_at, line.missing), line.to_come, _due(line.next_due_at, line.to_come))
        alike.setdefault((spoken(line.feed), of, *told), []).append(sender)
        each.append((spoken(line.feed), sender, of, *told))
    rows = tuple((feed, ", ".join(senders), *rest) for (feed, *rest), senders in alike.items())
    owed = any(slot.state != "not_expected" for slot in run.slots)
    empty = "Nothing: every file that was owed is in." if owed else "Nothing: no file was expected of any sender."
    yield Table(_WAITED_FOR, _columns("Senders", "each"), rows, empty, _PAGE_ROWS, only_in="page")
    yield Table(f"{_WAITED_FOR}, by sender", _columns("Sender", ""), tuple(each), empty, only_in="workbook")


def _columns(sender: str, each: str) -> tuple[Column, ...]:
    owed = f"Files owed by {each}" if each else "Files owed"
    return (
        Column("Feed", share=2), Column(sender, share=4), Column("Of"), Column(owed, "whole"), Column("Missing", "whole"),
        Column("First was due before, UTC", share=2), Column("Not due yet", "whole"), Column("Next due before, UTC", share=2),
    )  # fmt: skip


def _due(at: int | None, files: int) -> str:
    if not files:
        return "none"
    return "no due date" if at is None else instant_figures(at)


def _resting(run: FrozenRun) -> Iterator[Table]:
    """On the page what waits, those that wait for the same in one row; in the workbook every measure, process and area by itself."""
    titles = _titles(run)
    first = _first_figures(run)
    waiting: dict[tuple[str, ...], list[str]] = {}
    for line in run.waits:
        if not line.is_after:
            for subject in line.subjects:
                waiting.setdefault((subject,), []).append(line.feed)
    feeds = {subject: tuple(dict.fromkeys(found)) for (subject,), found in waiting.items()}
    alike: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for name, figure in first.items():
        if name in feeds:
            alike.setdefault((feeds[name], files_in(figure)), []).append(titles[name])
    rows = tuple((_listed(of), files, ", ".join(names)) for (of, files), names in alike.items())
    columns = Column("Waits for", share=3), Column("Files in"), Column("Measures, processes and areas", share=6)
    yield Table("What rests on files that are not in", columns, rows, "Nothing: every file that is owed is in by now.", only_in="page")
    every: tuple[tuple[Cell, ...], ...] = tuple(
        (titles[name], files_in(figure), _listed(feeds[name]) if name in feeds else "nothing") for name, figure in first.items()
    )
    columns = Column("Measure, process or area", share=4), Column("Files in"), Column("Waits for", share=3)
    yield Table("Files in, of those owed", columns, every, "The run holds no figures.", only_in="workbook")


def _listed(feeds: tuple[str, ...]) -> str:
    return ", ".join(spoken(feed) for feed in feeds)


def _titles(run: FrozenRun) -> Mapping[str, str]:
    return {
        **{measure.name: measure_label(measure.name) for measure in run.measures},
        **{process.name: process.title for process in run.processes},
        **{area.name: area.title for area in run.areas},
    }


def _first_figures(run: FrozenRun) -> Mapping[str, Figure]:
    """One figure of each measure, process and area that is told as the run knows it: all of one carry the same counts of files."""
    known, first = _titles(run), dict[str, Figure]()
    for figure in run.figures:
        if figure.subject in known and not any(column == WORKING_DAY for column, _ in figure.breakdown):
            first.setdefault(figure.subject, figure)
    return first


COMPLETENESS = Section(
    name="completeness", title="How complete this report is", order=11, build=build, sheet="Completeness", starts_page=False
)
