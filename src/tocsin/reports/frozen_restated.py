"""What a frozen run says of restated months: figures that another run of the same month tells otherwise, and what made it so."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RestatedFigure:
    """One figure told otherwise, in the words of either run; empty words where a run has no such figure.

    `apart` is new less old with its sign, empty where either has no value. `feeds` are those of the deliveries that came or went which
    its journeys are made of; none where it was not a delivery that moved it.
    """

    name: str
    subject: str
    indicator: str
    breakdown: tuple[tuple[str, str], ...]
    unit: str
    old_shown: str
    new_shown: str
    old_status: str
    new_status: str
    old_counted: int | None
    new_counted: int | None
    old_met: int | None
    new_met: int | None
    apart: str
    feeds: tuple[str, ...] = ()


@dataclass(frozen=True)
class RestatedDelivery:
    """A delivery in the basis of one run and not of the other: `side` came or went; `other` is the one it replaced, or that stands now.

    `why` says it where it went because it was taken back, or came because it, or the one before it in its slot, was.
    """

    side: str
    delivery_id: str
    feed: str
    sender: str
    covers: str
    submission: str
    received_at: int
    other: str = ""
    why: str = ""


@dataclass(frozen=True)
class RestatedMonth:
    """Two runs of one month, the new against the old. Of figures and deliveries the foremost are kept, and all are counted.

    `deliveries` are those that what changed may rest on; `others` how many came or went besides. `because` says what else differs
    between the runs: code, definitions, assumptions.
    """

    month: str
    old_run: str
    new_run: str
    old_as_at: int
    new_as_at: int
    figures: tuple[RestatedFigure, ...] = ()
    figure_count: int = 0
    status_count: int = 0
    appeared_count: int = 0
    vanished_count: int = 0
    suppressed_count: int = 0
    deliveries: tuple[RestatedDelivery, ...] = ()
    delivery_count: int = 0
    others: int = 0
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class Restatements:
    """All of one run: its own month first, then months before it. `since` is when readers were last told (µs UTC); 0 if not known.

    `told_by` is the run that told them; `unreadable` names runs that were there and could not be read.
    """

    since: int = 0
    told_by: str = ""
    months: tuple[RestatedMonth, ...] = ()
    unreadable: tuple[str, ...] = ()
    why: str = ""


NO_RESTATEMENTS = Restatements(why="The run was made before restatements were worked out. Close the period again.")
