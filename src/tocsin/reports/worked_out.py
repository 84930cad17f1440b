"""From what stands to figures: journeys, tallies and ladders, and every figure made of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tocsin.journeys import all_journeys
from tocsin.reports.closing import Close, JourneyTable, close_journeys
from tocsin.reports.counting import Counted, count_journeys
from tocsin.reports.figuring import Figured, Figuring, counters_of, make_figures
from tocsin.reports.standing import RunMeans, Standing

Progress = Callable[[str], None]


@dataclass(frozen=True)
class WorkedOut:
    """The journeys as they stand in a store, by name, what was counted of them, and the figures."""

    journeys: Mapping[str, JourneyTable]
    counted: Mapping[str, Counted]
    made: Figured


def work_out_figures(means: RunMeans, standing: Standing, store: Path, folder: Path, progress: Progress) -> WorkedOut:
    """Work everything out: journeys into the journey store below `store`, tallies and ladders below `folder`. Raises EngineUnavailable."""
    period = standing.period
    close = Close(period, standing.as_at, standing.basis, means.engine, store, means.reference, standing.superseded, standing.looks)
    closed = close_journeys(close, tuple(all_journeys().values()), progress)
    progress("counting")
    counted = {
        name: count_journeys(means.engine, table, counters_of(name, period.first_on, means.reference), folder)
        for name, table in closed.items()
    }
    progress("making figures")
    making = Figuring(period, standing.received.presence, means.reference, means.secret, standing.looks)
    return WorkedOut(closed, counted, make_figures(means.at_hand, counted, making))
