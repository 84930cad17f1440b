"""What a frozen run says of what changed since the month before, what carries it, and which actions stand against it."""

from dataclasses import dataclass

# Kinds of change in the order in which they are told: what a Service Level says first, holes next, then what moved, then what is better.
KINDS = (
    "below_minimum",
    "below_target",
    "missing",
    "incomplete",
    "fell",
    "slower",
    "late",
    "volume",
    "redefined",
    "came_back",
    "rose",
    "faster",
)
# These stand until they are over; the others are of one month.
LASTING = frozenset({"below_minimum", "below_target", "missing", "incomplete", "fell", "slower", "late"})


@dataclass(frozen=True)
class CellLine:
    """One cell's part of a change, in percentage points as they are printed: by its rate, by its share of the volume, both together.

    `rate_before` and `rate` are in percent, or say that there were no events. `cell` is its breakdown, columns that are rolled up left
    out; empty for the line of all the rest (`cells` of them). `told` is "" or why it has no effect of its rate: new (no events before),
    gone (none now).
    """

    cell: tuple[tuple[str, str], ...]
    counted_before: int
    met_before: int
    counted: int
    met: int
    rate_effect: str
    volume_effect: str
    effect: str
    rate_before: str = ""
    rate: str = ""
    told: str = ""
    cells: int = 1


@dataclass(frozen=True)
class SplitLine:
    """A change of a rate divided over cells: `lines` add up to `whole`. Without lines `why` says why it could not be divided."""

    columns: tuple[str, ...] = ()
    whole: CellLine | None = None
    lines: tuple[CellLine, ...] = ()
    # Service Request Variants whose cells are not told by party, because a party could be known by them.
    rolled_up: int = 0
    # The same change by each column alone: the values that carry most, and with an empty value the rest of that column.
    alone: tuple[CellLine, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class BesideLine:
    """A figure of one breakdown of a percentile that moved: before and now, as figures.py wrote them."""

    column: str
    value: str
    before: str
    now: str
    counted: int


@dataclass(frozen=True)
class ChangeLine:
    """One change that matters.

    `key` is the same from month to month. `figure` is what `tocsin trace` walks back; empty for a feed. `since` is the month in which it
    was first told, `months` in how many in a row. `against` is the month compared with, empty where there was none. `events` is what it
    is ranked by within its kind, and `events_words` what was counted there.
    """

    key: str
    kind: str
    subject: str
    indicator: str
    figure: str
    since: str
    months: int
    against: str
    before: str
    now: str
    unit: str
    change: str
    events: int
    events_words: str
    # Whether the figure itself moved by what the settings ask for; a measure may stay below its level without.
    is_moved: bool = False
    told: str = ""
    split: SplitLine | None = None
    beside: tuple[BesideLine, ...] = ()


@dataclass(frozen=True)
class ActionNote:
    """What was added to an action, and when (µs UTC)."""

    at: int
    text: str


@dataclass(frozen=True)
class ActionLine:
    """An action against a change, as known at the run's as-at. `state` is open, overdue or closed; `closed_at` 0 while it is open."""

    action: str
    change: str
    month: str
    text: str
    owner: str
    due_on: str
    recorded_at: int
    state: str
    closed_at: int = 0
    notes: tuple[ActionNote, ...] = ()


@dataclass(frozen=True)
class ChangeLines:
    """All of it. `against` and `run_id` name the run of the month before; where there is none, `why` says so."""

    against: str = ""
    run_id: str = ""
    why: str = ""
    lines: tuple[ChangeLine, ...] = ()
    # How many figures moved by less than the settings ask for: compared, and not told.
    slight: int = 0
    actions: tuple[ActionLine, ...] = ()


NO_CHANGE_LINES = ChangeLines(why="The run was made before changes were worked out. Close the period again.")
