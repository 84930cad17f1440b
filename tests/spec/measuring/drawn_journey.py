"""A journey made of a drawn table: enough of one to tally, without any feed behind it."""

from collections.abc import Iterable
from contextlib import contextmanager
from typing import Any

from tocsin.engines.embedded import Embedded
from tocsin.engines.engine import Relation
from tocsin.measuring.journey import Attribute, Journey

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
