"""A journey made of a drawn table: enough of one to tally, without any feed behind it."""

from collections.abc import Iterable
from contextlib import contextmanager
from typing import Any

from tocsin.engines.embedded import Embedded
from tocsin.engines.engine import Relation
from tocsin.measuring.journey import Attribute, Journey
from tocsin.measuring.measure import Measure, Rule
from tocsin.measuring.tally import Tally, counters, tally_sql

WAITS = Journey(
    name="waits",
    title="Waits",
    source="drawn",
    reads=(),
    attributes=(
        Attribute("day", "BIGINT", "Day."),
        Attribute("region", "VARCHAR", "Region."),
        Attribute("category", "BIGINT", "Category."),
        Attribute("outcome", "VARCHAR", "Outcome."),
        Attribute("wait_us", "BIGINT", "Span."),
        Attribute("set_aside", "VARCHAR", "Why it is set aside."),
    ),
    sql="SELECT 1 AS day",
    began="began_at",
    day="day",
    splits=("region", "category"),
    set_aside="set_aside <> ''",
    span="wait_us",
    span_counts="outcome = 'success'",
)


@contextmanager
def drawn(rows: Iterable[tuple[Any, ...]]) -> Any:
    """A session in which the relation `waits` holds these rows."""
    with Embedded(threads=1).session() as session:
        session.add_rows(Relation("waits", WAITS.columns), list(rows))
        yield session


def spans(values_us: Iterable[int], day: int = 1, region: str = "north") -> list[tuple[Any, ...]]:
    return [(day, region, 1, "success", value, "") for value in values_us]


QUICK = Measure(
    name="quick",
    title="Quick waits",
    clause="none",
    of="waits",
    counted=Rule("Every wait that is over.", "outcome <> 'open'"),
    met=Rule("Over within a second; the last microsecond still counts.", "wait_us <= 1000000"),
    split_by=("region", "category"),
    waiting=Rule("Still waiting.", "outcome = 'open'"),
)
TALLY = Tally(WAITS, counters(QUICK))

ROWS = [
    (1, "north", 1, "success", 1_000_000, ""),
    (1, "north", 1, "success", 1_000_001, ""),
    (1, "north", 2, "timeout", None, ""),
    (2, "north", 1, "open", None, ""),
    (2, "O'Neill", 1, "success", 5, ""),
    (2, "north", 1, "success", -5, "negative_span"),
    (2, "north", 1, "success", 5, None),
]


def stored(session):
    session.add_rows(TALLY.relation(()), session.rows(tally_sql(WAITS, TALLY.counters)))
