"""Bank holidays: a frozen calendar with a workspace's additions and removals; never computed from rules alone (domain.md 11.1)."""

from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.table_file import STATUSES, TableRow, override_file, overriding, shipped

# The Banking and Financial Dealings Act 1971 lists them apart; Northern Ireland's may be kept in a workspace's file but is in no profile.
DIVISIONS = ("england_and_wales", "scotland", "northern_ireland")

_COLUMNS = ("day", "division", "name", "status", "source")
# No year since 1978 has had fewer than eight weekday bank holidays in any division: fewer rows are a year only begun.
_FEWEST_A_YEAR = 8


def bank_holidays(division: str, override: Path | None = None) -> frozenset[date]:
    """The weekday bank holidays of a division: the frozen calendar, changed by the override's `add` and `remove` rows.

    Raises BadDeclaration naming file, line, column and word on a bad row.
    """
    file = override_file("bank_holidays", override)
    days = set(_frozen()[division])
    if file is not None:
        table = overriding(file)
        if missing := {*_COLUMNS, "change"} - set(table.columns):
            expected = ", ".join((*_COLUMNS, "change"))
            raise BadDeclaration(
                f"{file}: line 1: column {', '.join(sorted(missing))} is missing. Expected {expected}. Correct the heading."
            )
        for row in table.rows:
            day, of_division = _checked(row)
            change = row.one_of("change", ("add", "remove"))
            if of_division == division:
                days = days | {day} if change == "add" else days - {day}
    return frozenset(days)


def years_covered(division: str, override: Path | None = None) -> frozenset[int]:
    """The years whose bank holidays the calendar holds; a year with only a few rows is not covered."""
    counts = Counter(day.year for day in bank_holidays(division, override))
    return frozenset(_frozen_years()) | frozenset(year for year, count in counts.items() if count >= _FEWEST_A_YEAR)


@cache
def _frozen() -> dict[str, frozenset[date]]:
    days: dict[str, set[date]] = {division: set() for division in DIVISIONS}
    for row in shipped("bank_holidays").rows:
        day, division = _checked(row)
        if day in days[division]:
            raise row.bad("day", f"each day once in {division}")
        days[division].add(day)
    return {division: frozenset(found) for division, found in days.items()}


@cache
def _frozen_years() -> range:
    days = _frozen()["england_and_wales"]
    return range(min(days).year, max(days).year + 1)


def _checked(row: TableRow) -> tuple[date, str]:
    row.one_of("status", STATUSES)
    return row.day("day"), row.one_of("division", DIVISIONS)
