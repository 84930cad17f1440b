"""By when a PMR is or might be due, and whether that makes the papers of the OPSG's meetings (paper 2, section 3; domain.md 11.2, 11.3)."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tocsin.reports.deadlines import pmr_deadlines
from tocsin.vocabulary.calendar import Period, WorkingDays
from tocsin.vocabulary.dated import LATEST
from tocsin.vocabulary.opsg import Meeting, opsg_meetings, pmr_options


@dataclass(frozen=True)
class Due:
    """One date on which the PMR is or might be due. `pounds` is what keeping it would cost, None for what is in force already."""

    name: str
    working_day: int
    due_on: date
    pounds: int | None
    status: str
    sentence: str


@dataclass(frozen=True)
class Fit:
    """A date against a meeting: `slack` is the Working Days left until its paper day, negative where it comes too late."""

    due: Due
    meeting: Meeting
    makes_paper_day: bool
    slack: int


def dues(period: Period, working_days: WorkingDays, override: Path | None = None) -> tuple[Due, ...]:
    """The legal and the operative date of a period, then the options, by Working Day. Raises BadDeclaration as the tables do."""
    in_force = [
        Due(line.name.lower(), line.working_day, date.fromisoformat(line.due_on), None, line.status, line.sentence)
        for line in pmr_deadlines(period, working_days, override)
    ]
    options = [
        Due("option", option.working_day, working_days.working_day(period, option.working_day), option.pounds, "verified", option.sentence)
        for option in pmr_options(LATEST, override)
    ]
    return (*in_force, *options)


def makes_paper_day(sent_on: date, paper_on: date) -> bool:
    """Whether a report of one day is among the papers of another: on the paper day itself it still is (domain.md 11.3)."""
    return sent_on <= paper_on


def fits(period: Period, working_days: WorkingDays, override: Path | None = None) -> tuple[Fit, ...]:
    """Every date of `dues` against every meeting known for the period."""
    meetings = opsg_meetings(period.label, LATEST, override)
    return tuple(fit_of(due, meeting, working_days) for due in dues(period, working_days, override) for meeting in meetings)


def fit_of(due: Due, meeting: Meeting, working_days: WorkingDays) -> Fit:
    """One date against one meeting."""
    slack = working_days.working_days_between(due.due_on, meeting.paper_on)
    return Fit(due, meeting, makes_paper_day(due.due_on, meeting.paper_on), slack)
