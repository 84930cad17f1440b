"""When a sender owes its file of a feed, where the feed's own rule does not hold: agreed exceptions, and when a final is due (CR1430).

Paper 3 tells that two Service Providers send their drafts on Working Day 7 and that one keeps some reports at Working Day 10; it does not
say who. Such rows are a workspace's own, in reference/due_rules.csv.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from tocsin.vocabulary.dated import LATEST, DatedTable
from tocsin.vocabulary.table_file import TableRow

Submission = Literal["initial", "final"]
SUBMISSIONS: tuple[Submission, ...] = ("initial", "final")
ANY_SENDER = "*"


@dataclass(frozen=True)
class DueRule:
    """Either a Working Day after the month, or hours after the time a slot covers."""

    working_day: int | None
    hours_after: int | None
    status: str
    source: str


@dataclass(frozen=True)
class DueRules:
    """The rules in force on a date."""

    rules: dict[tuple[str, str, str], DueRule]

    def of(self, feed: str, sender: str, submission: Submission) -> DueRule | None:
        """The sender's own rule, else that of every sender; None where the feed's own holds."""
        return self.rules.get((feed, sender, submission), self.rules.get((feed, ANY_SENDER, submission)))


def due_rules(on: date = LATEST, override: Path | None = None) -> DueRules:
    """The rules in force on a date. Raises BadDeclaration on a bad row of the override."""
    return _due_rules(DatedTable.load("due_rules", override), on)


@cache
def _due_rules(table: DatedTable, on: date) -> DueRules:
    found = {}
    for (feed, sender, _), row in table.at(on).items():
        found[feed, sender, row.one_of("submission", SUBMISSIONS)] = _rule(row)
    return DueRules(found)


def _rule(row: TableRow) -> DueRule:
    told = [column for column in ("working_day", "hours") if row.cells[column]]
    if len(told) != 1:
        raise row.bad("working_day", "a Working Day, or hours in the next column, and not both")
    number = row.whole(told[0])
    if told[0] == "working_day" and number < 1:
        raise row.bad("working_day", "a Working Day of 1 or more")
    day, hours = (number, None) if told[0] == "working_day" else (None, number)
    return DueRule(day, hours, row.cells["status"], row.cells["source"])
