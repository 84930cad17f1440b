"""Assumptions in force: every dated row this run used whose source text was not at hand, printed as what it is."""

from collections import Counter

from tocsin.reports.blocks import Block, Column, Prose, Status, Table
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.section import Section
from tocsin.reports.wording import spoken

# The map from SRV to process alone is 129 rows: a page prints its first rows, the workbook all.
_PAGE_ROWS = 150


def build(run: FrozenRun) -> list[Block]:
    columns = (
        Column("Table", share=2), Column("Key", share=2), Column("Value", share=4), Column("Since"), Column("Known as", "status"),
        Column("Source", share=3),
    )  # fmt: skip
    rows = tuple(
        (spoken(line.table), line.key, line.value or "(empty)", line.since or "by row", Status(line.status), line.source)
        for line in run.assumptions
    )
    tables = Counter(line.table for line in run.assumptions)
    told = "; ".join(f"{spoken(table)}: {count}" for table, count in tables.items())
    how_many = f"Rows in force that are inferred or assumed: {told}. " if told else ""
    return [
        Prose(f"{how_many}Each is data with a date: a confirmed value replaces it in one place and shows which figures it moves."),
        Prose(
            "The rows in force on the first day of the month judge all of it: one that begins within the month holds from the next on."
            " In the same way a User counts, all the month, for the SEC Party named by the list that stands for it: the one received last"
            " or, where file names say days, the newest of before the month's end."
        ),
        Table("Assumptions in force", columns, rows, "Every value in force is verified.", _PAGE_ROWS),
    ]


ASSUMPTIONS = Section(name="assumptions", title="Assumptions in force", order=80, build=build, starts_page=False)
