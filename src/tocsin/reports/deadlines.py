"""When a Performance Measurement Report is due: by the Code and in practice (domain.md 11.2). Worked out when a run is frozen."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tocsin.reports.frozen import DeadlineLine, FrozenRun
from tocsin.vocabulary.calendar import Period, WorkingDays, deadline_clock
from tocsin.vocabulary.settings import setting

# The operative date has rested on a derogation by Ofgem since the Code was changed: a report shows how it stands to both.
_DEADLINES = (("Legal", "pmr_legal_working_day"), ("Operative", "pmr_operative_working_day"))


def pmr_deadlines(period: Period, working_days: WorkingDays, override: Path | None = None) -> tuple[DeadlineLine, ...]:
    """The legal and the operative date of a period, by the settings in force on its last day. Raises BadDeclaration as they do."""
    lines = []
    clock = deadline_clock(setting("deadline_clock", period.last_on, override).value)
    for name, key in _DEADLINES:
        known = setting(key, period.last_on, override)
        due_on = working_days.working_day(period, known.whole)
        sentence = f"{known.sentence} Source: {known.source}."
        lines.append(DeadlineLine(name, known.whole, due_on.isoformat(), known.status, sentence, working_days.deadline_at(due_on, clock)))
    return tuple(lines)


def judged(lines: Iterable[DeadlineLine], as_at: int, *, is_complete: bool, before: FrozenRun | None) -> tuple[DeadlineLine, ...]:
    """Each deadline as it stands by a run as at an instant: met, not_yet or missed.

    Met by a complete run as at the deadline or before: this one, or the period's run `before` it, which then says so of itself. A run
    that is not complete meets none. When a report was sent to anybody is not known here, and is not what is judged.
    """
    earlier = {line.name: line for line in before.deadlines} if before is not None else {}
    return tuple(_judged(line, as_at, is_complete, earlier.get(line.name), before.run_id if before else "") for line in lines)


def _judged(line: DeadlineLine, as_at: int, is_complete: bool, before: DeadlineLine | None, run_id: str) -> DeadlineLine:
    if before is not None and before.standing == "met" and before.due_on == line.due_on:
        return replace(line, standing="met", met_by=before.met_by or run_id)
    if line.due_at is None:
        return line
    if as_at > line.due_at:
        return replace(line, standing="missed")
    return replace(line, standing="met" if is_complete else "not_yet")
