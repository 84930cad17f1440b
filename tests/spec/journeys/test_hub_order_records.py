"""Communications Hub orders, drawn: ordered, due, delivered in parts, returned, and what does not fit together (domain.md 10.1)."""

from drawn_feed import ask

from journey_rows import relation
from tocsin.engines.kernel import check
from tocsin.feeds.hub_orders import HUB_ORDERS
from tocsin.journeys.hub_order_records import HUB_ORDER_RECORDS, PROVIDERS
from tocsin.measuring.journey import DELIVERIES
from tocsin.vocabulary.calendar import parse_instant


def test_the_sql_stays_in_the_kernel():
    tables = {one.name: one.columns for one in (relation(HUB_ORDERS), DELIVERIES, PROVIDERS)}
    check(HUB_ORDER_RECORDS.sql, tables, "journeys/hub_order_records.py", {"start_at", "end_at", "as_at"})
    assert set(tables) == set(HUB_ORDER_RECORDS.reads)


TABLE = """
    file | record_id | record_kind | order_id | service_provider | hub_count | recorded_at    | promised_at    | is_fault
    3    | O1        | order       |          |                  | 40        | 07-05 09:00:00 | 08-09 00:00:00 |
    3    | O2        | order       |          |                  | 20        | 08-05 09:00:00 | 09-09 00:00:00 |
    3    | O3        | order       |          | CSPC             | 10        | 08-20 09:00:00 |                |
    3    | D1        | delivery    | O1       |                  | 25        | 08-09 00:00:00 |                |
    3    | D2        | delivery    | O1       |                  | 15        | 08-09 00:00:01 |                |
    3    | D3        | delivery    | O9       |                  | 7         | 08-12 09:00:00 |                |
    3    | D4        | delivery    | O3       | CSPC             | 10        | 08-19 09:00:00 |                |
    3    | R1        | return      |          |                  | 1         | 08-12 10:00:00 |                | true
    3    | R2        | return      |          |                  | 1         | 08-12 11:00:00 |                | false
    3    | R3        | return      |          |                  | 1         | 08-12 12:00:00 |                |
    3    | X1        | loan        |          |                  | 3         | 08-12 13:00:00 |                |
    1    | D3        | delivery    | O1       |                  | 9         | 08-01 09:00:00 |                |
"""


def test_records_of_a_month(either_engine):
    """O1 of July falls due in August: 25 of 40 in time. Another sender's reference is another record; what nobody ordered is said."""
    found = ask(either_engine, HUB_ORDER_RECORDS, HUB_ORDERS, TABLE)
    names = ("happening", "record_id", "service_provider", "region", "hub_count", "in_time_count", "fault", "has_no_order", "set_aside")
    assert [tuple(row[name] for name in names) for row in found] == [
        ("delivered", "D3", "DSP", "all", 9, None, "none", True, ""),
        ("due", "O1", "CSPN", "north", 40, 25, "none", False, ""),
        ("ordered", "O2", "CSPN", "north", 20, None, "none", False, ""),
        ("ordered", "O3", "CSPC", "central", 10, None, "none", False, ""),
        ("delivered", "D1", "CSPN", "north", 25, 25, "none", False, ""),
        ("delivered", "D2", "CSPN", "north", 15, 0, "none", False, ""),
        ("delivered", "D3", "CSPN", "north", 7, None, "none", True, ""),
        ("delivered", "D4", "CSPC", "central", 10, None, "none", False, "delivered_before_ordered"),
        ("returned", "R1", "CSPN", "north", 1, None, "fault", False, ""),
        ("returned", "R2", "CSPN", "north", 1, None, "no_fault", False, ""),
        ("returned", "R3", "CSPN", "north", 1, None, "UNKNOWN", False, ""),
        ("loan", "X1", "CSPN", "north", 3, None, "none", False, ""),
    ]


def test_more_than_was_ordered_is_no_more_than_in_time(embedded):
    found = ask(
        embedded,
        HUB_ORDER_RECORDS,
        HUB_ORDERS,
        """
        file | record_id | record_kind | order_id | hub_count | recorded_at    | promised_at
        3    | O1        | order       |          | 10        | 08-01 09:00:00 | 08-09 00:00:00
        3    | D1        | delivery    | O1       | 15        | 08-02 09:00:00 |
        """,
    )
    assert [row["in_time_count"] for row in found if row["happening"] == "due"] == [10]


def test_a_promise_that_is_not_due_yet_is_not_judged(embedded):
    found = ask(embedded, HUB_ORDER_RECORDS, HUB_ORDERS, TABLE, as_at=parse_instant("2021-08-08T23:59:59Z"))
    assert {row["happening"] for row in found} == {"ordered", "delivered"}
