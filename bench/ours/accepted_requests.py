"""A session in which the journeys of Service Requests can be worked out of the bench's accepted rows, on any engine."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

from bench.population import DAY_MS, FIRST_DAY
from tocsin.engines import Engine, Relation, Session
from tocsin.feeds import all_feeds
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measuring.buckets import in_bucket
from tocsin.vocabulary.calendar import instant

DAYS = 2
START_AT = instant(FIRST_DAY)
# Of a bucket and their number: what the SQL is given. Long after: whoever has not answered by then never will.
parameters = partial(in_bucket, START_AT, START_AT + DAYS * DAY_MS * 1000, instant(FIRST_DAY + timedelta(days=30)))


@contextmanager
def session_of(engine: Engine, files: Sequence[Path]) -> Iterator[Session]:
    """All that the journeys read but their picks: these files of the audit trail, dated tables, nothing of any other feed."""
    journey = SERVICE_REQUESTS
    with engine.session() as session:
        for feed in all_feeds().values():
            if feed.name in journey.reads:
                rows = tuple(str(path.absolute()) for path in files) if feed.name == "audit_trail" else ()
                session.add(Relation(feed.name, feed.stored_columns, rows))
        for relation, facts in journey.dated(FIRST_DAY.date(), None):
            session.add_rows(relation, facts)
        yield session
