"""What a month still waits for, and when its report is due: as the run told it, read against the instant of the request."""

from collections.abc import Sequence
from datetime import date

from tocsin.reports.blocks import Block, Cell, Column, Status, Table
from tocsin.reports.change_words import subject_title
from tocsin.reports.frozen import DeadlineLine, FrozenRun
from tocsin.reports.wording import date_words, instant_figures, measure_label, spoken, value_title
from tocsin.vocabulary.instants import span_words

# More is in the report's chapter on completeness, and in the API.
_MOST = 30


def awaited(run: FrozenRun, at: int) -> list[Block]:
    """The two tables of it."""
    return [_deadlines(run, at), _waits(run)]


def due_sentence(run: FrozenRun, at: int) -> str:
    """When the report is due and how that stands, in a sentence for the top of the page; empty for a run without deadlines."""
    told = (f"{_on(line)} ({line.name.lower()}), {Status(standing(line, at)).words.lower()}" for line in run.deadlines if line.standing)
    said = "; ".join(told)
    return f"Its report is due by {said}." if said else ""


def standing(line: DeadlineLine, at: int) -> str:
    """A run that was in time and not complete does not know that its deadline has passed since: then it is overdue."""
    return "overdue" if line.standing == "not_yet" and line.due_at is not None and line.due_at < at else line.standing


def _deadlines(run: FrozenRun, at: int) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (line.name, _on(line), line.working_day, Status(standing(line, at)) if line.standing else "not judged", _away(line, at))
        for line in run.deadlines
    )
    columns = (
        Column("Deadline"), Column("By", share=2), Column("Working Day", "whole"), Column("Complete run in time", "status"),
        Column("Now", share=2),
    )  # fmt: skip
    return Table("When the report is due", columns, rows, "The run was frozen without its deadlines.")


def _on(line: DeadlineLine) -> str:
    return date_words(date.fromisoformat(line.due_on))


def _away(line: DeadlineLine, at: int) -> str:
    if line.due_at is None:
        return "not known"
    return f"in {span_words(line.due_at - at)}" if line.due_at > at else f"{span_words(at - line.due_at)} ago"


def _waits(run: FrozenRun) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            spoken(line.feed), value_title(run, "service_provider", line.sender), "days after it" if line.is_after else "the month",
            line.missing, _due(line.overdue_at, line.missing), line.to_come, _due(line.next_due_at, line.to_come),
            _rests(run, line.subjects),
        )
        for line in run.waits[:_MOST]
    )  # fmt: skip
    columns = (
        Column("Feed", share=2), Column("Sender"), Column("Of"), Column("Missing", "whole"), Column("First was due before, UTC"),
        Column("Not due yet", "whole"), Column("Next due before, UTC"), Column("What rests on it", share=4),
    )  # fmt: skip
    more = f", the first {_MOST} of {len(run.waits):,}" if len(run.waits) > _MOST else ""
    owed = any(slot.state != "not_expected" for slot in run.slots)
    empty = "Nothing: every file that was owed is in." if owed else "Nothing: no file was expected of any sender."
    return Table(f"What the run waits for{more}", columns, rows, empty)


def _due(at: int | None, files: int) -> str:
    if not files:
        return "none"
    return "no due date" if at is None else instant_figures(at)


def _rests(run: FrozenRun, subjects: Sequence[str]) -> str:
    """Code Performance Measures by their short names; what else rests on a feed, by its title."""
    measures = {measure.name for measure in run.measures}
    return ", ".join(measure_label(name) if name in measures else subject_title(run, name) for name in subjects) or "no figure"
