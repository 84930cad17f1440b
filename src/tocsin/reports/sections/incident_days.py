"""Incidents as known on Working Days after the month, and what changed from each to the next (CR1420 [B])."""

from collections.abc import Iterator

from tocsin.measuring.figures import Figure
from tocsin.measuring.journey import WORKING_DAY
from tocsin.reports.blocks import Block, Cell, Column, Heading, Note, Prose, Status, Table, briefly, counted, met
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_incidents import ChangeLine
from tocsin.reports.section import Section
from tocsin.reports.wording import CLOCKS, instant_figures, spoken, value_title

_DAYS, _CUBE = "incident_days", "incidents"
_STANDINGS = {
    "met": "met", "missed": "missed", "no_target": "no target", "open": "open", "not_counted": "not counted", "absent": "not told",
}  # fmt: skip


def build(run: FrozenRun) -> list[Block]:
    looks = run.incidents.looks
    if not looks:
        return [Note("As at this run no Working Day on which Incidents are to be told had ended.")]
    if all(look.state == "no_data" for look in looks) and not run.incident_cube:
        return [Note("No data: no Incident of this period was received by any of the Working Days.")]
    return [
        Prose(
            "Each Working Day tells what was known just before its deadline: the files that stood then, and what they said. "
            "The rules are those of the month's own figures, which stand last."
        ),
        Table("Working Days and what had come by them", _LOOK_COLUMNS, tuple(_looks(run)), "No Working Day had ended."),
        Heading("Within target, by clock"),
        Prose(
            "Source of the first figure: TOC proxy, worked out from the audit log of the DCC Service Management System. Of the second: "
            "Service Provider feed, the flag that the sending system sets itself. The difference is told in whole Incidents."
        ),
        Table("Incidents by Working Day and clock", _CLOCK_COLUMNS, tuple(_clocks(run)), "No clock could be read."),
        Heading("By category"),
        _cells(run, "Incidents by Working Day and category", ("category",), None),
        Heading("By category and Resolver Group"),
        _cells(run, "Incidents by Working Day, category and Resolver Group", ("category", "resolver_group"), 60),
        Heading("What changed between Working Days"),
        Prose("Incidents that stood in one cell on a Working Day and in another on the next; the last step is to this run."),
        Table("Changes between Working Days", _CHANGE_COLUMNS, tuple(_changes(run)), "Nothing changed between Working Days.", 120),
    ]


_LOOK_COLUMNS = (
    Column("Working Day"), Column("As known at, UTC", share=2), Column("Files in", "whole"), Column("Files owed", "whole"),
    Column("Status", "status"),
)  # fmt: skip
_CLOCK_COLUMNS = (
    Column("Working Day"), Column("Clock"), Column("Counted", "whole"), Column("Met", "whole"), Column("Within target, %", "figure"),
    Column("By the sender's flag, %", "figure"), Column("Flag says otherwise", "whole"), Column("Open", "whole"),
    Column("Open past target", "whole"),
)  # fmt: skip
_CHANGE_COLUMNS = (
    Column("From"), Column("To"), Column("Clock"), Column("Was", share=3), Column("Is", share=3), Column("Incidents", "whole"),
)  # fmt: skip


def day_title(day: int) -> str:
    return f"Working Day {day}" if day else "This run"


def _looks(run: FrozenRun) -> Iterator[tuple[Cell, ...]]:
    for look in run.incidents.looks:
        yield day_title(look.working_day), instant_figures(look.as_at), look.filled, look.expected, Status(look.state)


def _places(run: FrozenRun) -> Iterator[tuple[int, str, tuple[tuple[str, str], ...]]]:
    """Each Working Day, and last the run itself: the subject of its figures, and the breakdown their names begin with."""
    for look in run.incidents.looks:
        yield look.working_day, _DAYS, ((WORKING_DAY, str(look.working_day)),)
    yield 0, _CUBE, ()


def _clocks(run: FrozenRun) -> Iterator[tuple[Cell, ...]]:
    book = run.book
    for day, subject, place in _places(run):
        for clock, title in CLOCKS.items():
            where = (*place, ("clock", clock))
            within = book.at(subject, "within_target", where)
            if within is None:
                continue
            rest = [book.at(subject, name, where) for name in ("judged_otherwise", "open", "open_breached")]
            flag = book.at(subject, "reported_within_target", where)
            # The flag is of the resolution: it says nothing of the initial response.
            by_flag = briefly(flag) if flag is not None and clock == "resolution" else "not told"
            numbers = (_number(figure) for figure in rest)
            yield day_title(day), title, counted(within), met(within), briefly(within), by_flag, *numbers


def _number(figure: Figure | None) -> Cell:
    return counted(figure) if figure is not None else "not told"


def _cells(run: FrozenRun, caption: str, by: tuple[str, ...], page_rows: int | None) -> Table:
    """How many Incidents of each cell, and how many met either target: both clocks of a cell in one row."""
    book = run.book
    rows: list[tuple[Cell, ...]] = []
    for day, subject, place in _places(run):
        columns = (*(column for column, _ in place), "clock", *by)
        found: dict[tuple[str, ...], dict[str, Figure]] = {}
        for figure in book.split(subject, columns):
            cells = dict(figure.breakdown)
            own = figure.indicator == "within_target" and all(pair in figure.breakdown for pair in place)
            if own and figure.counted:
                found.setdefault(tuple(cells[column] for column in by), {})[cells["clock"]] = figure
        for key in sorted(found):
            titles = (value_title(run, column, value) for column, value in zip(by, key, strict=True))
            rows.append((day_title(day), *titles, *_both(found[key])))
    names = {"category": "Category", "resolver_group": "Resolver group"}
    columns_of = (
        Column("Working Day"), *(Column(names[column], share=2) for column in by), Column("Incidents", "whole"),
        Column("Met target resolution", "whole"), Column("Incidents with a first response clock", "whole"),
        Column("Met target initial response", "whole"),
    )  # fmt: skip
    return Table(caption, columns_of, tuple(rows), "No Incident with a target was resolved in the period.", page_rows)


def _both(clocks: dict[str, Figure]) -> Iterator[Cell]:
    for clock in ("resolution", "initial_response"):
        figure = clocks.get(clock)
        yield from (counted(figure), met(figure)) if figure is not None else (0, 0)


def _changes(run: FrozenRun) -> Iterator[tuple[Cell, ...]]:
    for line in run.incidents.changes:
        was = _cell(run, line.old_category, line.old_group, line.old_standing)
        now = _cell(run, line.new_category, line.new_group, line.new_standing)
        yield day_title(line.from_day), day_title(line.to_day), _clock(line), was, now, line.incidents


def _clock(line: ChangeLine) -> str:
    return CLOCKS.get(line.clock) or spoken(line.clock)


def _cell(run: FrozenRun, category: int, group: str, standing: str) -> str:
    told = _STANDINGS.get(standing) or spoken(standing)
    if standing == "absent":
        return told
    number = f"category {category}" if category else "no category"
    return f"{number}, {value_title(run, 'resolver_group', group)}: {told}"


INCIDENT_DAYS = Section(
    name="incident_days",
    title="Incidents by Working Day",
    order=41,
    build=build,
    starts_page=False,
)
