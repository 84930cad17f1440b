"""When a Performance Measurement Report is due: by the Code and in practice (domain.md 11.2). Worked out when a run is frozen."""

from pathlib import Path

from tocsin.reports.frozen import DeadlineLine
from tocsin.vocabulary.calendar import Period, WorkingDays
from tocsin.vocabulary.settings import setting

# The operative date has rested on a derogation by Ofgem since the Code was changed: a report shows how it stands to both.
_DEADLINES = (("Legal", "pmr_legal_working_day"), ("Operative", "pmr_operative_working_day"))


def pmr_deadlines(period: Period, working_days: WorkingDays, override: Path | None = None) -> tuple[DeadlineLine, ...]:
    """The legal and the operative date of a period, by the settings in force on its last day. Raises BadDeclaration as they do."""
    lines = []
    for name, key in _DEADLINES:
        known = setting(key, period.last_on, override)
        due_on = working_days.working_day(period, known.whole)
        lines.append(DeadlineLine(name, known.whole, due_on.isoformat(), known.status, f"{known.sentence} Source: {known.source}."))
    return tuple(lines)
