"""Without a delivery there is no happening: a close then does not ask the text of a journey that is not of every period."""

import pytest

from tocsin.engines.engine import Relation
from tocsin.feeds import all_feeds
from tocsin.journeys import all_journeys
from tocsin.measuring.buckets import in_bucket
from tocsin.measuring.journey import DELIVERIES, earlier_rows, superseded_rows
from tocsin.measuring.picks import hold_picks
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.instants import DAY_US

AUGUST = Period.parse("2021-08")


@pytest.mark.parametrize("name", list(all_journeys()))
def test_a_journey_has_a_row_without_a_delivery_only_if_it_says_so(embedded, name):
    journey = all_journeys()[name]
    at = in_bucket(AUGUST.start_at, AUGUST.end_at, AUGUST.end_at + 40 * DAY_US)
    with embedded.session() as session:
        for feed in all_feeds().values():
            columns = (("line", "BIGINT"), *((column.name, column.stored_as) for column in feed.columns), ("delivery_no", "BIGINT"))
            session.add(Relation(feed.name, columns))
            session.add(Relation(superseded_rows(feed.name), columns))
            session.add(Relation(earlier_rows(feed.name), columns))
        session.add_rows(DELIVERIES, [])
        for read in all_journeys().keys() & set(journey.reads):
            session.add(Relation(read, all_journeys()[read].columns))
        for relation, rows in journey.dated(AUGUST.first_on, None):
            session.add_rows(relation, rows)
        hold_picks(session, journey.picks, at)
        rows = session.rows(journey.sql, {**at, "working_day": 1})
        assert bool(rows) == journey.is_of_every_period
