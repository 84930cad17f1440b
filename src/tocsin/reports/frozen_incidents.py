"""What a frozen run keeps of Incidents beside its figures: looks, what changed between them, changes near a breach, unrecorded outages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LookLine:
    """One Working Day Incidents are told for: the last instant (µs UTC) before its deadline, and how many of the files owed were in."""

    working_day: int
    as_at: int
    filled: int
    expected: int
    state: str


@dataclass(frozen=True)
class ChangeLine:
    """How many Incidents stood in one cell of the cube on a Working Day and in another on the next; `to_day` 0 is the run itself.

    `standing` is met, missed, no_target, open, not_counted, or absent where the Incident was not told as one of the period; `category` and
    `resolver_group` say nothing then.
    """

    from_day: int
    to_day: int
    clock: str
    old_category: int
    old_group: str
    old_standing: str
    new_category: int
    new_group: str
    new_standing: str
    incidents: int


@dataclass(frozen=True)
class RegradeLine:
    """One category change near a breach, by the clock it eased: minutes left of the target it had, below zero where it was over."""

    incident_id: str
    clock: str
    changed_at: int
    from_category: int
    to_category: int
    minutes_before_breach: int
    resolver_group: str


@dataclass(frozen=True)
class OutageLine:
    """One unplanned outage that the DCC Service Management System does not know as an Incident; `incident_id` is what it names, if any."""

    outage_id: str
    service: str
    started_at: int
    ended_at: int | None
    incident_id: str
    recording: str


@dataclass(frozen=True)
class IncidentLines:
    """The lines of one run. `regrades` and `outages` hold the first LISTED of each; `regrade_count` and `outage_count` all there are."""

    looks: tuple[LookLine, ...] = ()
    changes: tuple[ChangeLine, ...] = ()
    regrades: tuple[RegradeLine, ...] = ()
    regrade_count: int = 0
    outages: tuple[OutageLine, ...] = ()
    outage_count: int = 0


# Of a run that was made before any of these were kept.
NO_INCIDENT_LINES = IncidentLines()
