"""When the Operations Group (OPSG) wants the PMR, and by which Working Day it might be due (paper 2; domain.md 11.2 and 11.3)."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from tocsin.vocabulary.dated import LATEST, DatedTable

# The OPSG meets twice a month: on the reports, and on everything else.
MEETINGS = ("reporting", "main")


@dataclass(frozen=True)
class Option:
    """A Working Day after the month by which the PMR might be due: what it would cost in pounds, and what is said of it."""

    working_day: int
    title: str
    pounds: int
    sentence: str
    source: str


@dataclass(frozen=True)
class Meeting:
    """A meeting of the OPSG that a period's PMR is wanted for: its day, and the day its papers are due."""

    period: str
    meeting: str
    meets_on: date
    paper_on: date
    status: str
    source: str


def pmr_options(on: date = LATEST, override: Path | None = None) -> tuple[Option, ...]:
    """The options for the PMR's deadline, by Working Day. Raises BadDeclaration on a bad row of the override."""
    return _options(DatedTable.load("pmr_options", override), on)


def opsg_meetings(period: str, on: date = LATEST, override: Path | None = None) -> tuple[Meeting, ...]:
    """The meetings that a period's PMR is wanted for, by paper day; none where none is known. Raises BadDeclaration on a bad row."""
    return tuple(meeting for meeting in _meetings(DatedTable.load("opsg_meetings", override), on) if meeting.period == period)


@cache
def _options(table: DatedTable, on: date) -> tuple[Option, ...]:
    found = [
        Option(row.whole("working_day"), row.cells["title"], row.whole("pounds"), row.cells["sentence"], row.cells["source"])
        for row in table.at(on).values()
    ]
    return tuple(sorted(found, key=lambda option: option.working_day))


@cache
def _meetings(table: DatedTable, on: date) -> tuple[Meeting, ...]:
    found = []
    for (period, _), row in table.at(on).items():
        meets_on, paper_on = row.day("meets_on"), row.day("paper_on")
        if paper_on > meets_on:
            raise row.bad("paper_on", f"a day not after the meeting ({meets_on.isoformat()})")
        found.append(Meeting(period, row.one_of("meeting", MEETINGS), meets_on, paper_on, row.cells["status"], row.cells["source"]))
    return tuple(sorted(found, key=lambda meeting: (meeting.paper_on, meeting.meeting)))
