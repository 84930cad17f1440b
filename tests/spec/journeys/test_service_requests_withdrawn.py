"""A request that its User withdrew owes no outcome; the cancellation that did it counts it (duis.md 6.1, worked by hand)."""

import pytest
from drawn_requests import Requests, S, happenings

from tocsin.engines import Engine
from tocsin.feeds.feed import identifier_key
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.vocabulary.calendar import Period

# o1 is held by the device, o2 by the DSP; both were asked for in June, for the tenth of August.
ORIGINALS = """
    request | what     | at                   | srv   | user_id | device_id | for                  | code
    o1      | received | 2021-06-03T12:00:00Z | 1.1.1 | U1      | d         | 2021-08-10T00:00:00Z |
    o1      | answered | 2021-06-03T12:00:09Z | 1.1.1 | U1      | d         |                      | I0
    o2      | received | 2021-06-03T12:00:00Z | 4.1.1 | U1      | d         | 2021-08-10T00:00:00Z |
    """
CANCELLED = """
    request | what     | at                   | srv   | user_id | device_id | for                  | code
    c1      | received | 2021-08-04T09:00:00Z | 1.1.1 | U1      | d         | 3000-12-31T00:00:00Z |
    c1      | answered | 2021-08-04T09:00:05Z | 1.1.1 | U1      | d         |                      | I0
    c2      | received | 2021-08-04T09:00:00Z | 4.1.1 | U1      | d         | 3000-12-31T00:00:00Z |
    c2      | answered | 2021-08-04T09:00:05Z | 4.1.1 | U1      | d         |                      | I0
    """


def told(found: Requests) -> dict[tuple[str, str], tuple[str, int | None]]:
    """Outcome and withdrawn count by request and flow."""
    names = {identifier_key(name): name for name in ("o1", "o2", "o3", "c1", "c2", "c3")}
    return {(names[row["request_key"]], row["flow"]): (row["outcome"], row["withdrawn_count"]) for row in found.rows}


def test_a_request_not_cancelled_is_waited_for(embedded: Engine) -> None:
    assert told(happenings(embedded, ORIGINALS)) == {
        ("o1", "future_device_outcome"): ("timeout", None),
        ("o2", "future_dsp"): ("timeout", None),
    }


def test_a_withdrawn_request_owes_no_outcome_and_its_cancellation_counts_it(either_engine: Engine) -> None:
    found = happenings(either_engine, ORIGINALS, CANCELLED)
    assert told(found) == {("c1", "cancellation"): ("success", 1), ("c2", "cancellation"): ("success", 1)}
    assert found.tell("c1", "round_trip_us", "set_aside") == (5 * S, "")
    # Its set-up has been answered and stays what it was.
    june = happenings(either_engine, ORIGINALS, CANCELLED, period=Period(2021, 6))
    assert told(june) == {("o1", "future_device_set_up"): ("success", None)}


def test_data_quality_remarks_on_cancellations_that_withdrew_something() -> None:
    assert [predicate for name, _, predicate in SERVICE_REQUESTS.remarks if name == "withdrew"] == ["withdrawn_count > 0"]


@pytest.mark.parametrize(
    ("was", "is_"),
    [
        ("U1", "U2"),  # of another User
        ("| d ", "| e "),  # of another device
        ("4.1.1", "4.1.2"),
        ("1.1.1", "2.1"),
        ("I0", "E20"),  # the DCC could not deliver it
        ("    c1      | answered", "    c1      | returned"),  # not answered
        ("2021-08-04T09:00:05Z", "2021-08-09T09:00:05Z"),  # answered after its own waiting time
        ("2021-08-04T09:00:0", "2021-08-10T00:00:0"),  # received when the execution time had come
        ("2021-08-04T09:00:0", "2021-06-03T12:00:0"),  # received with the request, not after it
        ("3000-12-31T00:00:00Z", "2021-12-31T00:00:00Z"),  # no cancellation, but moved to another day: both stay owed
        ("U1 ", "   "),  # nobody told whose it is
    ],
)
def test_what_withdraws_nothing(embedded: Engine, was: str, is_: str) -> None:
    found = told(happenings(embedded, ORIGINALS, CANCELLED.replace(was, is_)))
    spared = {("o1", "future_device_outcome"), ("o2", "future_dsp")} & set(found)
    concerned = {"4.1.1": {"o2"}, "1.1.1": {"o1"}, "    c1      | answered": {"o1"}}.get(was, {"o1", "o2"})
    assert {request for request, _ in spared} == concerned
    assert all(outcome == "timeout" for key, (outcome, _) in found.items() if key in spared)
    assert sum(count or 0 for _, count in found.values()) == 2 - len(concerned)


def test_one_microsecond_before_its_execution_time_is_in_time(embedded: Engine) -> None:
    late = CANCELLED.replace("2021-08-04T09:00:00Z", "2021-08-09T23:59:59.999999Z").replace("2021-08-04T09", "2021-08-10T09")
    assert set(told(happenings(embedded, ORIGINALS, late))) == {("c1", "cancellation"), ("c2", "cancellation")}


def test_an_outcome_that_was_told_all_the_same_stands(embedded: Engine) -> None:
    """By the device, by the DCC, or as the one answer of a request that the DSP held."""
    for what, outcome in (("reported", "success"), ("told failed", "dcc_fail")):
        told_all_the_same = f"""
            request | what     | at                   | srv   | user_id | device_id | code
            o1      | {what}   | 2021-08-10T00:00:30Z | 1.1.1 | U1      | d         | {"8F66" if what == "reported" else ""}
            o2      | answered | 2021-08-10T00:00:07Z | 4.1.1 | U1      | d         | I0
            """
        found = told(happenings(embedded, ORIGINALS, CANCELLED, told_all_the_same))
        assert found == {
            ("o1", "future_device_outcome"): (outcome, None),
            ("o2", "future_dsp"): ("success", None),
            ("c1", "cancellation"): ("success", 0),
            ("c2", "cancellation"): ("success", 0),
        }


def test_the_first_cancellation_after_a_request_counts_it_and_one_may_count_several(embedded: Engine) -> None:
    found = happenings(
        embedded,
        ORIGINALS,
        CANCELLED,
        """
        request | what     | at                   | srv   | user_id | device_id | for                  | code
        o3      | received | 2021-08-04T08:59:59Z | 4.1.1 | U1      | d         | 2021-09-10T00:00:00Z |
        c3      | received | 2021-08-05T09:00:00Z | 4.1.1 | U1      | d         | 3000-12-31T00:00:00Z |
        c3      | answered | 2021-08-05T09:00:05Z | 4.1.1 | U1      | d         |                      | I0
        """,
    )
    assert [found(name)["withdrawn_count"] for name in ("c1", "c2", "c3")] == [1, 2, 0]


def test_a_cancellation_in_another_bucket_is_found(embedded: Engine) -> None:
    """A request's bucket is that of its key, which says nothing of where its cancellation lies."""
    assert {identifier_key(name) % 2 for name in ("o1", "o2", "c1", "c2")} == {0, 1}
    parts = [told(happenings(embedded, ORIGINALS, CANCELLED, bucket=bucket, buckets=2)) for bucket in (0, 1)]
    assert {**parts[0], **parts[1]} == {("c1", "cancellation"): ("success", 1), ("c2", "cancellation"): ("success", 1)}
