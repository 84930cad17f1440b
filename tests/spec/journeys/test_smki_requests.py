"""SMKI requests, drawn: received in the month, answered within their target, still open, never answered (domain.md 2.2)."""

import pytest
from drawn_feed import ask

from journey_rows import relation
from tocsin.engines.kernel import check
from tocsin.feeds.smki_services import SMKI_SERVICE_REQUESTS
from tocsin.journeys.smki_requests import GRACE, SMKI_REQUESTS, TARGETS
from tocsin.measuring.journey import DELIVERIES
from tocsin.vocabulary.calendar import parse_instant


def test_the_sql_stays_in_the_kernel():
    tables = {one.name: one.columns for one in (relation(SMKI_SERVICE_REQUESTS), DELIVERIES, TARGETS, GRACE)}
    check(SMKI_REQUESTS.sql, tables, "journeys/smki_requests.py", {"start_at", "end_at", "as_at"})
    assert set(tables) == set(SMKI_REQUESTS.reads)


def test_requests_by_when_they_were_received(either_engine):
    """July's and September's are theirs; told again with the answer that had not come; two senders may use one reference."""
    found = ask(
        either_engine,
        SMKI_REQUESTS,
        SMKI_SERVICE_REQUESTS,
        """
        file | request_id | service             | requested_at   | responded_at   | item_count | exclusion
        1    | July       | certificate         | 07-31 23:59:59 | 08-01 00:00:01 |            |
        1    | A          | certificate         | 08-01 00:00:00 | 08-01 00:00:30 |            |
        1    | B          | certificate_batch   | 08-31 23:59:59 |                | 50000      |
        1    | C          | repository_document | 08-10 09:00:00 |                |            |
        1    | D          | repository_document | 08-10 09:00:00 | 08-10 08:59:59 |            |
        1    | E          | horoscope           | 08-10 09:00:00 | 08-10 09:00:01 |            | test
        1    | Sept       | certificate         | 09-01 00:00:00 | 09-01 00:00:01 |            |
        2    | B          | certificate_batch   | 08-31 23:59:59 | 09-01 23:59:59 | 50000      |
        3    | A          | certificate         | 08-02 00:00:00 | 08-02 00:00:31 |            |
        """,
    )
    names = ("request_id", "item_count", "response_us", "target_us", "outcome", "set_aside")
    assert [tuple(row[name] for name in names) for row in found] == [
        ("A", 1, 30_000_000, 30_000_000, "answered", ""),
        ("C", 1, None, 3_000_000, "unanswered", ""),
        ("D", 1, -1_000_000, 3_000_000, "answered", "negative_span"),
        ("E", 1, 1_000_000, None, "answered", ""),
        ("B", 50_000, 86_400_000_000, 86_400_000_000, "answered", ""),
        ("A", 1, 31_000_000, 30_000_000, "answered", ""),
    ]


@pytest.mark.parametrize(
    ("as_at", "outcome"), [("08-11T09:00:30Z", "open"), ("08-11T09:00:31Z", "unanswered"), ("08-10T09:00:05Z", "open")]
)
def test_silence_is_a_failure_only_after_its_grace(embedded, as_at, outcome):
    """30 s and a grace of 24 hours; an answer that comes after the as-at instant is not known yet."""
    table = """
        request_id | service     | requested_at   | responded_at
        A          | certificate | 08-10 09:00:00 | 08-12 09:00:00
    """
    (row,) = ask(embedded, SMKI_REQUESTS, SMKI_SERVICE_REQUESTS, table, as_at=parse_instant(f"2021-{as_at}"))
    assert (row["outcome"], row["responded_at"]) == (outcome, None)
