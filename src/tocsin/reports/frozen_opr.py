"""The indicative Operational Performance Regime as a run freezes it: lines of words and of pounds, worked out once (domain.md 13)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OprMonth:
    """A month of the regulatory year up to the run's own; `run_id` is empty where it has no run."""

    label: str
    run_id: str


@dataclass(frozen=True)
class OprCellLine:
    """One cell. Pounds to the penny, percentages as shares.py writes them; `status` as a figure's, no_data where there is a hole.

    `weight` is that after spreading. Numbers are empty where there are none, and `why` says the reason.
    """

    measure: str
    cell: str
    status: str
    level: str
    target: str
    minimum: str
    weight: str
    share_kept: str
    at_stake: str
    kept: str
    lost: str
    why: str
    told: tuple[str, ...]


@dataclass(frozen=True)
class OprLine:
    """A measure, an area or the whole: its weight, the pounds at stake, kept and lost; empty, with the reason, where not known."""

    name: str
    title: str
    weight: str
    at_stake: str
    kept: str
    lost: str
    why: str


@dataclass(frozen=True)
class OprAssumption:
    """Rows of one table that say the same and are not verified: which, what, since when, how well known, from where."""

    table: str
    keys: str
    value: str
    since: str
    status: str
    source: str


@dataclass(frozen=True)
class OprLines:
    """All of it. `year` is empty where nothing was worked out, and `why` says the reason."""

    year: str = ""
    why: str = ""
    months: tuple[OprMonth, ...] = ()
    whole: OprLine | None = None
    areas: tuple[OprLine, ...] = ()
    measures: tuple[OprLine, ...] = ()
    cells: tuple[OprCellLine, ...] = ()
    remarks: tuple[str, ...] = ()
    assumptions: tuple[OprAssumption, ...] = ()


NO_OPR_LINES = OprLines(why="The run was made before the Operational Performance Regime was worked out. Close the period again.")
