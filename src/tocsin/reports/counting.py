"""Counting: a period's journeys become tallies and ladders, kept with the run, and sums of them become figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tocsin.engines import Engine, Relation, Session
from tocsin.engines.failing import asked_for
from tocsin.engines.stored import write_no_rows, written_aside
from tocsin.measuring.ladder import PUBLISHED_PER_MILLE, Ladder, Percentiles, read_percentiles
from tocsin.measuring.measure import Counter
from tocsin.measuring.tally import LookedUp, Sums, Tally, tally_sql
from tocsin.reports.closing import JourneyTable
from tocsin.reports.reporting_store import counted_by

# To hold sums costs about two questions of the tally.
WORTH_HOLDING = 4


@dataclass(frozen=True)
class Counted:
    """The stored tally and ladder of one kind of journey. They are small: what is asked of them is asked of any engine.

    `is_empty`: of a period without such journeys, whose sums no engine need be asked for. `held_by`: by which columns a session holds
    sums, so that coarser ones need not be summed out of every day anew.
    """

    tally: Tally
    ladder: Ladder | None
    folder: Path
    is_empty: bool = False
    held_by: tuple[str, ...] = ()

    @property
    def relations(self) -> list[Relation]:
        stored = [self.tally.relation([str(tally_file(self.folder, self.tally.journey.name))])]
        if self.ladder is not None:
            stored.append(self.ladder.relation([str(ladder_file(self.folder, self.tally.journey.name))]))
        return stored

    def sums(self, session: "Session | Remembering", by: Sequence[str], lookups: Sequence[LookedUp] = ()) -> list[Sums]:
        """Every counter summed over the period, for each value of `by`."""
        if self.is_empty:
            return self.tally.read(by, [] if by else [(0,) * len(self.tally.counters)])
        is_held = bool(self.held_by) and set(by) <= set(self.held_by)
        return self.tally.read(by, session.rows(self.tally.held_sums_sql(by) if is_held else self.tally.sums_sql(by, lookups)))

    def held(self, session: Session, groupings: Iterable[Sequence[str]], lookups: Sequence[LookedUp] = ()) -> "Counted":
        """The same, its sums by all columns of `groupings` together held in the session, if more is asked than that costs."""
        different = dict.fromkeys(tuple(by) for by in groupings)
        if self.is_empty or len(different) < WORTH_HOLDING:
            return self
        by = tuple(dict.fromkeys(column for grouping in different for column in grouping))
        session.hold(self.tally.held, self.tally.sums_sql(by, lookups))
        return replace(self, held_by=by)

    def percentiles(self, session: "Session | Remembering", by: Sequence[str], lookups: Sequence[LookedUp] = ()) -> list[Percentiles]:
        """The published percentiles for each value of `by`; none where the journey has no span."""
        if self.ladder is None or self.is_empty:
            return []
        return read_percentiles(by, PUBLISHED_PER_MILLE, session.rows(self.ladder.percentiles_sql(by, lookups)))


class Remembering:
    """A session that is asked the same of stored tallies again and again: measures and areas of one kind of journey share groupings."""

    def __init__(self, session: Session) -> None:
        self.rows = cache(session.rows)


def tally_file(folder: Path, journey: str) -> Path:
    return folder / "tallies" / f"{journey}.parquet"


def ladder_file(folder: Path, journey: str) -> Path:
    return folder / "ladders" / f"{journey}.parquet"


def count_journeys(engine: Engine, closed: JourneyTable, counters: Sequence[Counter], folder: Path) -> Counted:
    """One scan of the journeys for all counters, one for the ladder; both written under `folder`."""
    journey = closed.journey
    tally, ladder = Tally(journey, tuple(counters)), Ladder.of(journey) if journey.span is not None else None
    counted = Counted(tally, ladder, folder, is_empty=not closed.rows)
    if counted.is_empty:
        for relation in counted.relations:
            with written_aside(Path(*relation.paths)) as aside:
                write_no_rows(relation.columns, aside)
        return counted
    asked = tally_sql(journey, counters)
    with asked_for(f"tally of {journey.name}"), engine.session() as session:
        session.add(counted_by(closed, [asked, "" if ladder is None else ladder.sql()]))
        session.write_parquet(asked, tally_file(folder, journey.name))
        if counted.ladder is not None:
            session.write_parquet(counted.ladder.sql(), ladder_file(folder, journey.name))
    return counted
