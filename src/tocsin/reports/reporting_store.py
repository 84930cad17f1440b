"""The reporting store: of a kind of journey what is counted by, without the way back, day by day in a small sorted table (decision 0014).

It is made of the journey table and can be made again of it, so no run names a version of it: whoever counts asks whether it stands for the
version that is counted, and reads the journey table where it does not.
"""

import re
from collections.abc import Collection, Iterable
from pathlib import Path

from tocsin.engines import Relation
from tocsin.engines.packing import pack
from tocsin.engines.stored import write_no_rows
from tocsin.engines.tables import has_taken, name_of_version, paths, replace_days
from tocsin.reports.journey_tables import JourneyTable


def reporting_table_of(table: Path) -> Path:
    """The table beside a journey table: store/reporting/… where that is store/journeys/…"""
    return table.parents[2] / "reporting" / table.parent.name / table.name


def stands_for_reporting(closed: JourneyTable) -> bool:
    """Whether the reporting store holds what this version of a journey table does."""
    return has_taken(reporting_table_of(closed.table), name_of_version(closed.table, closed.version))


def keep_for_reporting(closed: JourneyTable, days: Collection[int], aside: Path) -> None:
    """Let the reporting store hold what a journey table has of `days`: those that were replaced, or all where it did not stand before.

    Its files are made in `aside`, a day at a time. Whoever dies here leaves a store that is passed over. Raises EngineUnavailable.
    """
    journey = closed.journey
    if not journey.way_back:
        return
    columns, order = journey.reporting_columns, journey.sorted_by or (journey.day, *journey.splits)
    parts: list[Path] = []
    for day in sorted(days):
        if files := paths(closed.table, closed.version, [day], journey.day):
            parts += pack(files, columns, order, aside / f"reporting-{day}")
    if not parts:
        write_no_rows(columns, part := aside / "reporting-none.parquet")
        parts.append(part)
    replace_days(reporting_table_of(closed.table), parts, days, journey.day, name_of_version(closed.table, closed.version))


def counted_by(closed: JourneyTable, predicates: Iterable[str]) -> Relation:
    """The rows of a journey table for whoever asks only this of them: out of the reporting store where it serves, else of the table."""
    journey = closed.journey
    words = set(re.findall(r"\w+", " ".join(predicates)))
    if closed.days is not None or not journey.way_back or not words.isdisjoint(journey.way_back) or not stands_for_reporting(closed):
        return closed.relation
    return Relation(journey.name, journey.reporting_columns, paths(reporting_table_of(closed.table)))
