"""Each of the twelve flows: how it is recognised, where its clock starts and ends, its legs (domain.md 6.2, worked by hand)."""

from drawn_requests import DAY, HOUR, Requests, S, happenings

from journey_rows import instant_of
from tocsin.engines import Engine
from tocsin.feeds.feed import identifier_key
from tocsin.vocabulary.calendar import Period


def test_on_demand_is_timed_from_receipt_to_answer_with_its_legs(embedded: Engine) -> None:
    found = happenings(
        embedded,
        """
        request | what         | at         | cv | code
        r1      | received     | 12:00:00   | 1  |
        r1      | acknowledged | 12:00:00.2 |    | I99
        r1      | handed over  | 12:00:00.5 |    |
        r1      | returned     | 12:00:11.5 |    |
        r1      | answered     | 12:00:12   |    | I0
        """,
    )
    r1 = found("r1")
    assert (r1["flow"], r1["outcome"], r1["response_code"]) == ("on_demand", "success", "I0")
    assert (r1["round_trip_us"], r1["target_response_us"], r1["user_journey_us"]) == (12 * S, 30 * S, 12 * S)
    assert (r1["dsp_in_us"], r1["wan_us"], r1["dsp_out_us"]) == (500_000, 11 * S, 500_000)
    assert (r1["began_at"], r1["day"]) == (instant_of("12:00:00"), 18849)
    assert (r1["transform_us"], r1["signing_us"], r1["held_us"], r1["local_us"], r1["instruction_count"]) == (None,) * 5
    assert (r1["repeat_count"], r1["skewed_legs"], r1["set_aside"]) == (0, 0, "")


def test_a_sender_of_requests_and_answers_only(embedded: Engine) -> None:
    """Real records come so: no other points, no command variant, an SRV that no catalogue has."""
    found = happenings(
        embedded,
        """
        request | what     | at         | srv          | code | result
        r1      | received | 12:00:00   | purchase     |      |
        r1      | answered | 12:00:02   | purchase     | I0   |
        r2      | received | 12:00:00   | 1.5          |      |
        r2      | answered | 12:00:02   | 1.5          | I0   |
        r3      | received | 12:00:00   | 8.2          |      |
        r3      | answered | 12:00:02   | 8.2          | I0   |
        r4      | received | 12:00:00   | purchase     |      |
        r4      | answered | 12:00:02   | purchase     | 200  | ok
        r5      | received | 12:00:00   | purchase     |      |
        r5      | answered | 12:00:02   | purchase     | 400  | failed
        """,
    )
    assert [found(name)["flow"] for name in ("r1", "r2", "r3")] == ["on_demand", "critical", "dcc_only"]
    assert [found(name)["round_trip_us"] for name in ("r1", "r2", "r3")] == [2 * S] * 3
    assert [found.tell(name, "outcome", "response_code") for name in ("r4", "r5")] == [("success", "200"), ("device_fail", "400")]


def test_critical_on_demand_leaves_the_users_signing_out(embedded: Engine) -> None:
    """domain.md 15.5."""
    found = happenings(
        embedded,
        """
        request | what        | at         | srv | cv | code
        r1      | received    | 12:00:00.0 | 1.5 | 4  |
        r1      | pre-command | 12:00:01.2 | 1.5 |    | I0
        r1      | received    | 12:00:09.5 | 1.5 | 5  |
        r1      | handed over | 12:00:10.0 | 1.5 |    |
        r1      | returned    | 12:00:31.0 | 1.5 |    |
        r1      | answered    | 12:00:31.4 | 1.5 |    | I0
        """,
    )
    r1 = found("r1")
    assert r1["flow"] == "critical"
    assert (r1["transform_us"], r1["signing_us"]) == (1_200_000, 8_300_000)
    assert (r1["dsp_in_us"], r1["wan_us"], r1["dsp_out_us"]) == (500_000, 21 * S, 400_000)
    assert (r1["round_trip_us"], r1["user_journey_us"]) == (21_900_000, 31_400_000)
    assert r1["round_trip_us"] <= r1["target_response_us"] < r1["user_journey_us"]
    assert r1["began_at"] == instant_of("12:00:09.5")


def test_a_critical_request_belongs_to_the_month_of_its_signed_receipt(embedded: Engine) -> None:
    table = """
        request | what        | at                   | srv | cv | code
        r1      | received    | 2021-07-31T23:59:58Z | 1.5 | 4  |
        r1      | pre-command | 2021-07-31T23:59:59Z | 1.5 |    |
        r1      | received    | 2021-08-01T00:00:00Z | 1.5 | 7  |
        r1      | answered    | 2021-08-01T00:00:09Z | 1.5 |    | I0
        """
    assert found_in(happenings(embedded, table)) == [("critical", 9 * S)]
    assert found_in(happenings(embedded, table, period=Period.parse("2021-07"))) == []


def test_transform_only_and_local_only_have_no_round_trip(embedded: Engine) -> None:
    found = happenings(
        embedded,
        """
        request | what          | at       | srv   | cv | code
        r1      | received      | 12:00:00 | 1.5   | 4  |
        r1      | pre-command   | 12:00:03 | 1.5   |    |
        r2      | received      | 12:00:00 | 4.1.1 | 2  |
        r2      | local command | 12:00:02 | 4.1.1 |    |
        r3      | received      | 12:00:00 | 1.5   | 4  |
        r3      | pre-command   | 12:00:01 | 1.5   |    |
        r3      | received      | 12:00:05 | 1.5   | 6  |
        r3      | local command | 12:00:06 | 1.5   |    |
        r4      | received      | 12:00:00 | 4.1.1 | 3  |
        r4      | local command | 12:00:01 | 4.1.1 |    |
        r4      | answered      | 12:00:20 | 4.1.1 |    | I0
        r5      | received      | 12:00:00 | 1.5   | 4  |
        r5      | rejected      | 12:00:01 | 1.5   |    | E2
        """,
    )
    assert found.tell("r1", "flow", "outcome", "transform_us", "round_trip_us", "target_response_us") == (
        "transform_only", "success", 3 * S, None, 3 * S,
    )  # fmt: skip
    assert found.tell("r2", "flow", "outcome", "local_us", "round_trip_us", "target_response_us") == (
        "local_only", "success", 2 * S, None, None,
    )  # fmt: skip
    assert found.tell("r3", "flow", "outcome", "local_us", "transform_us", "signing_us") == ("local_only", "success", S, S, 4 * S)
    # Variant 3: over the WAN as well, so the answer of the device is awaited and timed.
    assert found.tell("r4", "flow", "outcome", "local_us", "round_trip_us") == ("on_demand", "success", S, 20 * S)
    assert found.tell("r5", "flow", "outcome") == ("transform_only", "user_reject")


def test_dcc_only_and_firmware_end_with_the_acknowledgement_where_nothing_else_is_returned(embedded: Engine) -> None:
    """duis.md 0.6: I99 is no answer of a device, and is the final one of a non-device request that returns nothing."""
    found = happenings(
        embedded,
        """
        request | what         | at       | srv   | cv | code    | device_id
        r1      | received     | 12:00:00 | 8.4   | 8  |         | -
        r1      | acknowledged | 12:00:01 | 8.4   |    | I99     | -
        r2      | received     | 12:00:00 | 8.2   | 8  |         | -
        r2      | acknowledged | 12:00:01 | 8.2   |    | I99     | -
        r2      | answered     | 12:00:04 | 8.2   |    | I0      | -
        r3      | received     | 12:00:00 | 11.1  | 8  |         | -
        r3      | answered     | 12:00:05 | 11.1  |    | W110101 | -
        r4      | received     | 12:00:00 | 4.1.1 | 1  |         | d
        r4      | acknowledged | 12:00:01 | 4.1.1 |    | I99     | d
        r5      | received     | 12:00:00 | 8.4   | 8  |         | d
        r5      | acknowledged | 12:00:01 | 8.4   |    | I99     | -
        """,
    )
    assert found.tell("r1", "flow", "outcome", "round_trip_us", "response_code") == ("dcc_only", "success", S, "I99")
    assert found.tell("r2", "flow", "outcome", "round_trip_us", "response_code") == ("dcc_only", "success", 4 * S, "I0")
    assert found.tell("r3", "flow", "outcome", "round_trip_us", "target_response_us") == ("firmware", "success", 5 * S, 5 * DAY)
    assert found.tell("r1", "device_type", "device_key", "wan_us") == ("NONE", None, None)
    assert found.tell("r4", "flow", "outcome", "round_trip_us") == ("on_demand", "timeout", None)
    # It names a device as its subject; the answer comes from the DCC and names none.
    assert found.tell("r5", "flow", "outcome", "round_trip_us", "device_key") == ("dcc_only", "success", S, identifier_key("d"))


def test_future_dated_held_by_the_dsp_is_timed_from_its_execution_time(embedded: Engine) -> None:
    found = happenings(
        embedded,
        """
        request | what         | at                   | for                  | code
        r1      | received     | 2021-06-01T12:00:00Z | 2021-08-10T00:00:00Z |
        r1      | acknowledged | 2021-06-01T12:00:01Z |                      | I99
        r1      | handed over  | 2021-08-10T00:00:02Z |                      |
        r1      | returned     | 2021-08-10T00:00:30Z |                      |
        r1      | answered     | 2021-08-10T00:00:31Z |                      | I0
        r2      | received     | 2021-08-12T09:00:00Z | 2021-08-12T08:00:00Z |
        r2      | answered     | 2021-08-12T09:00:07Z |                      | I0
        r3      | received     | 2021-08-12T09:00:00Z | 2021-09-02T00:00:00Z |
        r4      | received     | 2021-08-12T09:00:00Z | 2021-08-13T08:00:00Z |
        r4      | answered     | 2021-08-13T08:00:00Z |                      | E20
        """,
    )
    held_us = instant_of("2021-08-10T00:00:00Z") - instant_of("2021-06-01T12:00:00Z")
    assert found.tell("r1", "flow", "outcome", "round_trip_us", "held_us") == ("future_dsp", "success", 31 * S, held_us)
    assert found.tell("r1", "dsp_in_us", "wan_us", "dsp_out_us", "user_journey_us") == (2 * S, 28 * S, S, None)
    # Already past when received: the clock starts at the receipt.
    assert found.tell("r2", "began_at", "round_trip_us", "held_us") == (instant_of("2021-08-12T09:00:00Z"), 7 * S, 0)
    # r3 is September's.
    assert len(found) == 3
    # Given up at the very execution time: no refusal ahead of it.
    assert found.tell("r4", "began_at", "outcome", "round_trip_us") == (instant_of("2021-08-13T08:00:00Z"), "dcc_fail", 0)


def test_a_future_dated_request_refused_on_receipt_is_of_that_day_and_owes_nothing_later(embedded: Engine) -> None:
    table = """
        request | what     | at                   | srv   | for                  | code
        r1      | received | 2021-06-10T12:00:00Z | 4.1.1 | 2021-08-10T00:00:00Z |
        r1      | rejected | 2021-06-10T12:00:01Z | 4.1.1 |                      | E4
        r2      | received | 2021-06-10T12:00:00Z | 1.1.1 | 2021-08-10T00:00:00Z |
        r2      | rejected | 2021-06-10T12:00:02Z | 1.1.1 |                      | E4
        """
    assert len(happenings(embedded, table)) == 0
    june = happenings(embedded, table, period=Period.parse("2021-06"))
    assert june.tell("r1", "flow", "outcome", "round_trip_us", "held_us", "set_aside") == ("future_dsp", "user_reject", S, None, "")
    assert june.tell("r2", "flow", "outcome", "round_trip_us") == ("future_device_set_up", "user_reject", 2 * S)


DEVICE_HELD = """
    request | what        | at                   | srv   | cv | for                  | code | result | instruction_no | instruction_total
    r1      | received    | 2021-08-03T12:00:00Z | 1.1.1 | 4  | 2021-08-10T00:00:00Z |      |        |                |
    r1      | pre-command | 2021-08-03T12:00:01Z | 1.1.1 |    |                      |      |        |                |
    r1      | received    | 2021-08-03T12:00:05Z | 1.1.1 | 5  |                      |      |        |                |
    r1      | answered    | 2021-08-03T12:00:25Z | 1.1.1 |    |                      | I0   |        |                |
    r1      | reported    | 2021-08-10T00:00:40Z | 1.1.1 |    |                      | I0   | ok     | 2              | 3
    r1      | reported    | 2021-08-10T00:00:30Z | 1.1.1 |    |                      | I0   | ok     | 1              | 3
    """


def test_device_held_is_two_happenings_complete_with_the_last_instruction(embedded: Engine) -> None:
    last = "    r1 | reported | 2021-08-10T00:01:00Z | 1.1.1 | | | I0 | {result} | 3 | 3\n"
    done = happenings(embedded, DEVICE_HELD + last.format(result="ok"))
    set_up, outcome = done("r1", "future_device_set_up"), done("r1", "future_device_outcome")
    assert (set_up["outcome"], set_up["round_trip_us"], set_up["user_journey_us"]) == ("success", 20 * S, 25 * S)
    assert (set_up["transform_us"], set_up["signing_us"], set_up["instruction_count"]) == (S, 4 * S, None)
    assert (outcome["outcome"], outcome["round_trip_us"], outcome["instruction_count"]) == ("success", 60 * S, 3)
    assert outcome["began_at"] == instant_of("2021-08-10T00:00:00Z")
    failed = happenings(embedded, DEVICE_HELD + last.format(result="failed"))("r1", "future_device_outcome")
    assert (failed["outcome"], failed["round_trip_us"]) == ("device_fail", 60 * S)
    lacking = happenings(embedded, DEVICE_HELD)("r1", "future_device_outcome")
    assert (lacking["outcome"], lacking["round_trip_us"], lacking["instruction_count"]) == ("timeout", None, 2)


def test_device_held_by_alert_code_by_dcc_alert_and_never_set_up(embedded: Engine) -> None:
    found = happenings(
        embedded,
        """
        request | what        | at                   | srv   | for                  | code
        r1      | received    | 2021-08-03T12:00:00Z | 2.1   | 2021-08-10T00:00:00Z |
        r1      | answered    | 2021-08-03T12:00:09Z | 2.1   |                      | I0
        r1      | reported    | 2021-08-10T00:00:30Z | 2.1   |                      | 8F67
        r2      | received    | 2021-08-03T12:00:00Z | 2.1   | 2021-08-10T00:00:00Z |
        r2      | answered    | 2021-08-03T12:00:09Z | 2.1   |                      | I0
        r2      | told failed | 2021-08-11T00:00:00Z | 2.1   |                      |
        r3      | received    | 2021-08-03T12:00:00Z | 2.1   | 2021-08-10T00:00:00Z |
        r3      | answered    | 2021-08-03T12:00:09Z | 2.1   |                      | E20
        r4      | received    | 2021-08-03T12:00:00Z | 2.1   | 2021-08-10T00:00:00Z |
        r4      | answered    | 2021-08-03T12:00:09Z | 2.1   |                      | I0
        """,
    )
    r1, r2 = found("r1", "future_device_outcome"), found("r2", "future_device_outcome")
    assert (r1["outcome"], r1["response_code"], r1["round_trip_us"]) == ("device_fail", "8F67", 30 * S)
    assert (r2["outcome"], r2["round_trip_us"], r2["instruction_count"]) == ("dcc_fail", 24 * HOUR, 0)
    assert found("r3")["outcome"] == "dcc_fail"  # a command that was never set up owes no outcome
    assert (found("r4", "future_device_set_up")["outcome"], found("r4", "future_device_outcome")["outcome"]) == ("success", "timeout")


def test_set_up_and_outcome_each_belong_to_their_own_month(embedded: Engine) -> None:
    """The set-up is old, and its rows carry no execution time: still known when the month of the outcome is closed."""
    table = """
        request | what     | at                   | srv  | for                  | code | result
        r1      | received | 2021-05-03T12:00:00Z | 6.23 | 2021-08-10T00:00:00Z |      |
        r1      | answered | 2021-05-03T12:00:09Z | 6.23 |                      | I0   |
        r1      | reported | 2021-08-10T00:00:09Z | 6.23 |                      | I0   | ok
        """
    assert found_in(happenings(embedded, table)) == [("future_both", 9 * S)]
    assert found_in(happenings(embedded, table, period=Period.parse("2021-05"))) == [("future_device_set_up", 9 * S)]


def test_scheduled_is_timed_from_its_planned_instant_and_silence_is_a_failure(embedded: Engine) -> None:
    found = happenings(
        embedded,
        """
        request | what        | at                   | srv   | schedule_id | scheduled_at         | code
        r1      | handed over | 2021-08-10T02:00:01Z | 4.6.1 | S7          | 2021-08-10T02:00:00Z |
        r1      | returned    | 2021-08-10T02:00:20Z | 4.6.1 | S7          | 2021-08-10T02:00:00Z |
        r1      | scheduled   | 2021-08-10T02:00:21Z | 4.6.1 | S7          | 2021-08-10T02:00:00Z | I0
        r2      | handed over | 2021-08-11T02:00:01Z | 4.6.1 | S7          | 2021-08-11T02:00:00Z |
        r3      | handed over | 2021-08-12T01:59:55Z | 4.6.1 | S7          | 2021-08-12T02:00:00Z |
        r3      | returned    | 2021-08-12T02:00:09Z | 4.6.1 | S7          | 2021-08-12T02:00:00Z |
        r3      | scheduled   | 2021-08-12T02:00:10Z | 4.6.1 | S7          | 2021-08-12T02:00:00Z | I0
        """,
    )
    assert found.tell("r1", "flow", "outcome", "round_trip_us", "target_response_us") == ("scheduled", "success", 21 * S, DAY)
    assert found.tell("r1", "dsp_in_us", "wan_us", "dsp_out_us", "set_aside") == (S, 19 * S, S, "")
    assert found.tell("r2", "flow", "outcome", "round_trip_us", "set_aside") == ("scheduled", "timeout", None, "")
    # Handed over ahead of its plan: no fault of a clock, so the happening stands and only that leg is empty.
    assert found.tell("r3", "outcome", "dsp_in_us", "round_trip_us", "skewed_legs", "set_aside") == ("success", None, 10 * S, 0, "")


def test_a_schedule_being_made_is_no_scheduled_run(embedded: Engine) -> None:
    """The answer of 5.1 carries the id of the schedule it made (duis.md 6, rule 10)."""
    found = happenings(
        embedded,
        """
        request | what     | at       | srv | cv | schedule_id | code
        r1      | received | 12:00:00 | 5.1 | 8  |             |
        r1      | answered | 12:00:02 | 5.1 |    | S7          | I0
        """,
    )
    assert found.tell("r1", "flow", "round_trip_us") == ("dcc_only", 2 * S)


def test_a_cancellation_is_answered_at_once_and_owes_no_outcome(embedded: Engine) -> None:
    found = happenings(
        embedded,
        """
        request | what        | at       | srv   | cv | for                  | code
        r1      | received    | 12:00:00 | 1.1.1 | 4  | 3000-12-31T00:00:00Z |
        r1      | pre-command | 12:00:01 | 1.1.1 |    |                      |
        r1      | received    | 12:00:08 | 1.1.1 | 5  | 3000-12-31T00:00:00Z |
        r1      | answered    | 12:00:20 | 1.1.1 |    |                      | I0
        r2      | received    | 12:00:00 | 4.1.1 | 1  | 3000-12-31T00:00:00Z |
        r2      | answered    | 12:00:05 | 4.1.1 |    |                      | I0
        """,
    )
    assert found.tell("r1", "flow", "outcome", "round_trip_us") == ("cancellation", "success", 12 * S)
    assert found.tell("r2", "flow", "outcome", "round_trip_us") == ("cancellation", "success", 5 * S)


def found_in(found: Requests) -> list[tuple[str, int]]:
    return [(row["flow"], row["round_trip_us"]) for row in found.rows]
