"""What a journey is: many records that are one happening, worked out by one SQL text on any engine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from tocsin.engines.engine import Relation
from tocsin.measuring.gathering import Gathered
from tocsin.measuring.lateness import LateDays, LateRows
from tocsin.measuring.picks import Pick

# The dated tables a journey asks beside its feeds, as they stand on a day, with a workspace's reference/ folder laid over them.
DatedRelations = Callable[[date, Path | None], Sequence[tuple[Relation, Sequence[tuple[Any, ...]]]]]

# What a journey may ask of the deliveries its rows came with, where a row does not say itself whose it is and of what time. `covers_*`
# are empty for a delivery of an occasion; `submission` is initial or final.
DELIVERIES = Relation(
    "deliveries",
    (
        ("delivery_no", "BIGINT"),
        ("sender", "VARCHAR"),
        ("covers_start_at", "BIGINT"),
        ("covers_end_at", "BIGINT"),
        ("submission", "VARCHAR"),
        ("received_at", "BIGINT"),
    ),
)

# The split of a journey that is looked at once for each Working Day.
WORKING_DAY = "working_day"


def superseded_rows(feed: str) -> str:
    """The relation of a feed's rows in deliveries that were superseded: an initial is kept beside its final (CR1430)."""
    return f"{feed}_superseded"


def earlier_rows(feed: str) -> str:
    """The relation of a feed's rows in the files of the period, or of after it, that tell of time before it: few, and opened apart."""
    return f"{feed}_earlier"


@dataclass(frozen=True)
class Attribute:
    """One column of a journey: stored type BIGINT, VARCHAR or BOOLEAN, and the sentence printed in the methodology."""

    name: str
    stored_as: str
    sentence: str


@dataclass(frozen=True)
class Journey:
    """One happening a row.

    `reads` names the feeds and dated tables the SQL asks for, DELIVERIES where it asks of those, `superseded_rows` or `earlier_rows` of a
    feed, and other journeys, whose rows of the same period are worked out before. `began`
    is the instant (µs UTC) by which a happening belongs to a Performance Measurement Period, `day` the UTC day number of that instant.
    `splits` are the columns a tally is broken down by. `set_aside` is a predicate: such rows are counted in data quality and in no
    measure (architecture section 4, rule 9).
    The SQL gives every attribute, in order, for happenings with :start_at <= began < :end_at as known at :as_at. One that
    `is_by_working_day` is asked once for each Working Day, with :working_day, what stood at its deadline, and :as_at just before that.
    """

    name: str
    title: str
    source: str
    reads: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    sql: str
    began: str
    day: str
    splits: tuple[str, ...]
    set_aside: str
    # Few rows of its feeds, found once a close for all journeys that name them, so that its SQL need not look for them in every row.
    picks: tuple[Pick, ...] = ()
    sorted_by: tuple[str, ...] = field(default=())
    # Whether its rows are written in that order. To sort many wide rows costs a quarter of working them out, and where each has a key of
    # its own it spares no byte.
    is_in_order: bool = True
    # How many times as many rows as of the audit trail are worked out at once where they come by the 100 million: each further bucket
    # reads all of them again.
    bucket_times: int = 1
    # Groupings under WITH in its SQL that most of the work is: a hint to engines of what to do in compiled code (docs/decisions/0018).
    grouped: tuple[str, ...] = ()
    # The span whose percentiles are published, and the rule for which rows it counts.
    span: str | None = None
    span_counts: str = "TRUE"
    # How many happenings a row stands for: a column of whole numbers. Without one each row is one.
    stands_for: str | None = None
    dated: DatedRelations = field(default=lambda on, override: ())
    # What data quality reports beside what was set aside: name, sentence, predicate.
    remarks: tuple[tuple[str, str, str], ...] = ()
    is_by_working_day: bool = False
    # Whether it has rows of every period, also of one of which nothing came: minutes pass without an outage.
    is_of_every_period: bool = False
    # How rows that come late are worked in; without it any of them costs the whole period.
    late: LateRows | LateDays | None = None
    # Attributes that nothing is counted by: the reporting store does without them (decision 14).
    way_back: tuple[str, ...] = ()
    # The way back: for each feed, which of its columns equals which attribute in every row the happening was made of.
    traced_to: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    # For a feed whose rows do not have those columns themselves: SQL text that gives them beside delivery_no and line, of the relations
    # and parameters of `sql`.
    traced_by: tuple[tuple[str, str], ...] = ()

    # For one whose rows are sums over all buckets: its `sql` in two steps.
    gathered: Gathered | None = None

    @cached_property
    def is_in_buckets(self) -> bool:
        """Whether its SQL can be asked of a part of the period."""
        return any(name in self.sql for name in (":bucket", ":first_key", ":from_at"))

    @cached_property
    def is_in_stretches(self) -> bool:
        """Whether its buckets are stretches of the period: it asks for rows by the first stamp of their feed that is never empty."""
        return ":from_at" in self.sql

    @cached_property
    def columns(self) -> tuple[tuple[str, str], ...]:
        return tuple((attribute.name, attribute.stored_as) for attribute in self.attributes)

    @cached_property
    def reporting_columns(self) -> tuple[tuple[str, str], ...]:
        """The columns that the reporting store has."""
        return tuple(column for column in self.columns if column[0] not in self.way_back)

    def told(self, feed: str) -> str:
        """What stands after FROM for the rows of a feed, with the columns by which happenings are traced to them."""
        text = dict(self.traced_by).get(feed)
        return feed if text is None else f"({text})"
