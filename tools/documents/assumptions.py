"""docs/methodology/assumptions.md: every declared fact that no source at hand confirms."""

from collections.abc import Sequence

from tools.documents.feeds import due_words
from tools.documents.measures import JUDGED_BY
from tools.documents.page import code, page, table

from tocsin.feeds import all_feeds
from tocsin.measures import all_measures
from tocsin.reports.texts import CALENDAR, table_names
from tocsin.vocabulary.dated import DatedTable
from tocsin.vocabulary.table_file import TableRow, shipped

# What every table has, told after its own columns.
LAST = ("status", "source")


def assumptions() -> str:
    levels = [(measure.name, level) for measure in all_measures().values() for level in measure.levels if level.status != "verified"]
    due = [feed for feed in all_feeds().values() if feed.due.status != "verified"]
    return page(
        "What is assumed or inferred",
        "Every declared fact that is not verified. A row of the workspace's `reference/TABLE.csv` with the same key and date stands in "
        "place of a table's row, and needs no code.",
        JUDGED_BY,
        "## Service levels",
        table(("measure", "Target", "Minimum Service Level", "since", *LAST[:1]), [(n, f"{v.target} %", f"{v.minimum} %", v.since, v.status)
              for n, v in levels]),
        "## When feeds are due",
        table(("feed", "due", *LAST[:1]), [(code(feed.name), due_words(feed.due), feed.due.status) for feed in due]),
        *(_section(name, DatedTable.load(name).rows(), DatedTable.load(name).columns) for name in table_names()),
        _section(CALENDAR, shipped(CALENDAR).rows, shipped(CALENDAR).columns),
    )  # fmt: skip


def _section(name: str, rows: Sequence[TableRow], columns: Sequence[str]) -> str:
    unsure = [row for row in rows if row.cells["status"] != "verified"]
    own = [column for column in columns if column not in LAST]
    told = f"{len(unsure)} of {len(rows)} rows."
    shown = table((*own, *LAST), [[row.cells[column] for column in (*own, *LAST)] for row in unsure]) if unsure else ""
    return "\n\n".join(block for block in (f"## Table {code(name)}", told, shown) if block)
