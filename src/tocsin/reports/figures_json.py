"""The run and every figure as one JSON document, a stable contract for programs: docs/schemas/figures.schema.json says its form."""

import json
from typing import Any

from tocsin.measuring.figures import Figure
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_waits import WaitLine
from tocsin.vocabulary.calendar import moment

# Keys stay as they are within a layout; new ones may come beside them.
LAYOUT = 1


def figures_json(run: FrozenRun) -> str:
    """The document as text, the same text for the same run. Text stands as it came: no spreadsheet opens it, so nothing is made inert."""
    # A line a figure: one that moved is one line of a difference, and a national month's fifty thousand are never held as objects.
    figures = ",\n".join(json.dumps(figure_entry(figure), ensure_ascii=False) for figure in run.figures)
    facts = json.dumps(run_facts(run), ensure_ascii=False)
    return f'{{"layout": {LAYOUT},\n"run": {facts},\n"figures": [\n{figures}\n]}}\n'


def run_facts(run: FrozenRun) -> dict[str, Any]:
    """What the figures are of: period, as-at, basis and parameters by digest. Instants are UTC, to the microsecond, ISO 8601."""
    return {
        "run_id": run.run_id,
        "title": run.title,
        "simulated": run.simulated,
        "period": run.period.label,
        "zone": run.period.zone,
        "start_at": _instant(run.period.start_at),
        "end_at": _instant(run.period.end_at),
        "as_at": _instant(run.as_at),
        "made_at": _instant(run.made_at),
        "is_complete": run.is_complete,
        "provisional_because": list(run.provisional_because),
        "waits": [wait_entry(line) for line in run.waits],
        "engine": run.engine,
        "code_version": run.code_version,
        "basis_digest": run.basis_digest,
        "parameters_digest": run.parameters_digest,
    }


def figure_entry(figure: Figure) -> dict[str, Any]:
    """One figure. Whole numbers are numbers; what was divided is text, for a binary number would not hold all its digits."""
    return {
        "name": figure.name,
        "subject": figure.subject,
        "indicator": figure.indicator,
        "breakdown": dict(figure.breakdown),
        "unit": figure.unit,
        "counted": figure.counted,
        "met": figure.met,
        "value": None if figure.value is None else f"{figure.value:f}",
        "shown": figure.shown,
        "status": figure.status,
        "target": None if figure.target is None else f"{figure.target:f}",
        "minimum": None if figure.minimum is None else f"{figure.minimum:f}",
        "marks": list(figure.marks),
        "source": figure.source,
        "journey": figure.journey,
        "predicate": figure.predicate,
        "filled": figure.filled,
        "expected": figure.expected,
        "so_far": figure.so_far,
    }


def wait_entry(line: WaitLine) -> dict[str, Any]:
    """What is still waited for of one feed and sender; null where no file of the kind is waited for, or it has no due instant."""
    return {
        "feed": line.feed,
        "sender": line.sender,
        "owed": line.owed,
        "missing": line.missing,
        "to_come": line.to_come,
        "overdue_at": None if line.overdue_at is None else _instant(line.overdue_at),
        "next_due_at": None if line.next_due_at is None else _instant(line.next_due_at),
        "subjects": list(line.subjects),
        "is_after": line.is_after,
    }


def _instant(at: int) -> str:
    return f"{moment(at):%Y-%m-%dT%H:%M:%S.%fZ}"
