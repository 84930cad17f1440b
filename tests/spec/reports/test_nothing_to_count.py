"""Of a period without a kind of journey no engine is asked: its tally and ladder are what an engine makes of no rows."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from tocsin.engines import Engine, Relation
from tocsin.journeys import all_journeys
from tocsin.reports.closing import JourneyTable
from tocsin.reports.counting import count_journeys
from tocsin.reports.figuring import counters_of
from tocsin.reports.oddities import odd_happenings


class Nowhere(JourneyTable):
    """The journeys of a table that has no files; `rows` is what the close says of it."""

    @property
    def relation(self) -> Relation:  # type: ignore[override]  # worked out once there, told here
        return Relation(self.journey.name, self.journey.columns)


@pytest.mark.parametrize("name", list(all_journeys()))
def test_nothing_is_counted_as_an_engine_counts_it(embedded: Engine, tmp_path: Path, name: str) -> None:
    journey = all_journeys()[name]
    counters = counters_of(name, date(2021, 8, 1), tmp_path)
    untold, asked = (count_journeys(embedded, Nowhere(journey, tmp_path, 0, rows), counters, tmp_path / str(rows)) for rows in (0, 1))
    assert (untold.is_empty, asked.is_empty) == (True, False)
    with embedded.session() as session, embedded.session() as other:
        for mine, theirs in zip(untold.relations, asked.relations, strict=True):
            session.add(mine)
            other.add(theirs)
            described = [duckdb.execute(f"DESCRIBE SELECT * FROM '{found.paths[0]}'").fetchall() for found in (mine, theirs)]
            assert described[0] == described[1]
            assert session.rows(f"SELECT count(*) AS n FROM {mine.name}") == [(0,)]
        for by in ((), journey.splits[:1], journey.splits):
            assert untold.sums(session, by) == asked.sums(other, by)
            assert untold.percentiles(session, by) == asked.percentiles(other, by)
    assert odd_happenings(embedded, Nowhere(journey, tmp_path, 0, 0)) == odd_happenings(embedded, Nowhere(journey, tmp_path, 0, 1)) == []
