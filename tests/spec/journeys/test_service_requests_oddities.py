"""What real trails do: copies, late copies, order lost, clocks apart, answers without requests; and who, where, by whom."""

from drawn_requests import S, happenings

from journey_rows import instant_of
from tocsin.engines import Engine
from tocsin.vocabulary.calendar import Period

ANSWERED = """
    request | what        | at       | cv | code
    r1      | received    | 12:00:00 | 1  |
    r1      | handed over | 12:00:01 |    |
    r1      | returned    | 12:00:08 |    |
    r1      | answered    | 12:00:09 |    | I0
    """


def test_rows_delivered_twice_and_out_of_order_change_nothing_but_the_count_of_repeats(embedded: Engine) -> None:
    once = happenings(embedded, ANSWERED)("r1")
    head, *rows = ANSWERED.strip().splitlines()
    again = happenings(embedded, ANSWERED, "\n".join([head, *reversed(rows)]))("r1")
    assert again == {**once, "repeat_count": 4}


def test_a_late_copy_of_an_answered_request_opens_no_second_one(embedded: Engine) -> None:
    """Trap of architecture section 5: copied three weeks later, in the month after, by another delivery."""
    copy = """
        request | what     | at                   | cv
        r1      | received | 2021-09-02T09:00:00Z | 1
        """
    for period in (Period(2021, 8), Period(2021, 9)):
        found = happenings(embedded, ANSWERED, copy, period=period)
        assert len(found) == (period.month == 8)
    assert happenings(embedded, ANSWERED, copy).tell("r1", "outcome", "round_trip_us", "repeat_count") == ("success", 9 * S, 1)


def test_a_retry_with_a_new_counter_is_a_request_of_its_own_and_so_is_each_device_of_one_request(embedded: Engine) -> None:
    found = happenings(
        embedded,
        """
        request | what     | at       | code | device_id
        r1      | received | 12:00:00 |      | d
        r2      | received | 12:05:00 |      | d
        r2      | answered | 12:05:04 | I0   | d
        r3      | received | 12:00:00 |      | d
        r3      | received | 12:00:00 |      | e
        r3      | answered | 12:00:05 | I0   | e
        """,
    )
    assert (found("r1")["outcome"], found("r2")["outcome"]) == ("timeout", "success")
    assert sorted(row["outcome"] for row in found.rows[:]) == ["success", "success", "timeout", "timeout"]


def test_of_several_answers_the_earliest_decides_and_at_one_instant_the_worst(embedded: Engine) -> None:
    found = happenings(
        embedded,
        """
        request | what     | at       | code
        r1      | received | 12:00:00 |
        r1      | answered | 12:05:00 | I0
        r1      | answered | 12:01:00 | E21
        r2      | received | 12:00:00 |
        r2      | answered | 12:00:05 | I0
        r2      | answered | 12:00:05 | E20
        """,
    )
    assert found.tell("r1", "outcome", "response_code", "round_trip_us", "repeat_count") == ("dcc_fail", "E21", 60 * S, 1)
    assert found.tell("r2", "outcome", "response_code") == ("dcc_fail", "E20")


def test_a_device_that_answers_after_dcc_gave_up_makes_no_negative_leg(embedded: Engine) -> None:
    found = happenings(
        embedded,
        """
        request | what        | at       | code
        r1      | received    | 12:00:00 |
        r1      | handed over | 12:00:01 |
        r1      | answered    | 12:01:00 | E21
        r1      | returned    | 12:04:00 |
        """,
    )
    assert found.tell("r1", "outcome", "dsp_in_us", "wan_us", "dsp_out_us", "set_aside") == ("dcc_fail", S, None, None, "")


def test_a_leg_slightly_negative_is_skew_and_one_further_back_sets_the_happening_aside(embedded: Engine) -> None:
    """domain.md 6.2: above -2 s the row is kept, the leg left empty and counted."""
    found = happenings(
        embedded,
        """
        request | what        | at              | code
        r1      | received    | 12:00:00        |
        r1      | handed over | 12:00:01        |
        r1      | returned    | 12:00:09.000001 |
        r1      | answered    | 12:00:07.000002 | I0
        r2      | received    | 12:00:00        |
        r2      | handed over | 12:00:01        |
        r2      | returned    | 12:00:09        |
        r2      | answered    | 12:00:07        | I0
        r3      | received    | 12:00:00        |
        r3      | handed over | 11:59:59        |
        r3      | returned    | 12:00:05        |
        r3      | answered    | 12:00:04        | I0
        """,
    )
    assert found.tell("r1", "dsp_out_us", "wan_us", "skewed_legs", "set_aside", "round_trip_us") == (
        None, 8_000_001, 1, "", 7_000_002,
    )  # fmt: skip
    assert found.tell("r2", "dsp_out_us", "skewed_legs", "set_aside") == (None, 0, "negative_span")
    assert found.tell("r3", "dsp_in_us", "dsp_out_us", "wan_us", "skewed_legs", "set_aside") == (None, None, 6 * S, 2, "")


def test_what_cannot_be_true_is_set_aside_and_never_clipped(embedded: Engine) -> None:
    found = happenings(
        embedded,
        """
        request | what        | at                   | srv   | cv | code
        r1      | received    | 12:00:05             | 4.1.1 | 1  |
        r1      | answered    | 12:00:04.999999      | 4.1.1 |    | I0
        r2      | received    | 2021-08-30T12:00:00Z | 4.1.1 | 1  |
        r2      | answered    | 2021-10-04T12:00:00Z | 4.1.1 |    | I0
        r3      | received    | 2021-08-30T12:00:00Z | 4.1.1 | 1  |
        r3      | answered    | 2021-10-20T12:00:00Z | 4.1.1 |    | I0
        r4      | answered    | 12:00:09             | 4.1.1 |    | I0
        r5      | received    | 12:00:00             | 1.5   | 4  |
        r5      | handed over | 12:00:09             | 1.5   |    |
        r5      | answered    | 12:00:20             | 1.5   |    | I0
        """,
        as_at="2021-11-01T00:00:00Z",
    )
    assert found.tell("r1", "set_aside", "round_trip_us") == ("negative_span", -1)
    assert found.tell("r2", "set_aside", "outcome") == ("", "timeout")  # 35 days to the microsecond
    assert found.tell("r3", "set_aside", "round_trip_us") == ("over_35_days", 51 * 86_400 * S)
    assert found.tell("r4", "set_aside", "began_at", "round_trip_us") == ("no_request", instant_of("12:00:09"), None)
    # A critical command was sent, and answered, but its signed receipt is not there to start the clock.
    assert found.tell("r5", "flow", "set_aside", "round_trip_us") == ("critical", "no_request", None)


def test_the_first_and_the_last_microsecond_of_the_month(embedded: Engine) -> None:
    table = """
        request | what     | at
        r1      | received | 2021-07-31T23:59:59.999999Z
        r2      | received | 2021-08-01T00:00:00Z
        r3      | received | 2021-08-31T23:59:59.999999Z
        r4      | received | 2021-09-01T00:00:00Z
        """
    assert [len(happenings(embedded, table, period=Period(2021, month))) for month in (7, 8, 9)] == [1, 2, 1]
    # In British summer time the month begins and ends an hour earlier.
    assert len(happenings(embedded, table, period=Period(2021, 8, "Europe/London"))) == 2


def test_who_where_and_by_whom(embedded: Engine) -> None:
    found = happenings(
        embedded,
        """
        request | what        | at           | srv   | user_id | device_id | device_type | region  | service_provider
        r1      | received    | 12:00:00     | 4.1.1 | U1      | d         | GPF         | South   | DSP
        r1      | handed over | 12:00:01     | 4.1.1 | U1      | d         |             |         | CSPS
        r2      | received    | +1d 00:00:00 | 4.1.1 | U2      | d         |             |         |
        r3      | received    | 12:00:00     | 4.1.1 | U1      | x         | GPF         | SMETS1  | DSP
        r3      | handed over | 12:00:01     | 4.1.1 | U1      | x         |             |         | S1SP-A
        r4      | received    | 12:00:00     | 4.2   |         | y         |             | Unknown |
        r5      | received    | 12:00:00     | 4.1.1 |         | -         |             | EWR     | DSP
        r6      | received    | 12:00:00     | 99.9  |         | z         |             |         |
        """,
        inventory="""
        device_id | valid_from           | device_type | region   | generation | service_provider | delivery_no
        d         |                      | ESME        | 4G North | SMETS2+    | CSPN             | 1
        d         | 2021-08-11T00:00:00Z | GSME        | Central  | SMETS2+    | CSPN             | 1
        d         | 2021-08-11T00:00:00Z | GSME        | Central  | SMETS2+    | CSPC             | 2
        """,
        parties="""
        user_id | sec_party | delivery_no
        U1      | Alpha     | 1
        u1      | Beta      | 2
        """,
    )
    names = ("sec_party", "device_type", "region", "generation", "service_provider")
    assert found.tell("r1", *names) == ("Beta", "ESME", "north", "SMETS2+", "CSPN")
    assert found.tell("r2", *names) == ("user:U2", "GSME", "central", "SMETS2+", "CSPC")
    assert found.tell("r3", *names) == ("Beta", "GPF", "smets1", "SMETS1", "S1SP-A")
    # 4.2 is for one type of device only.
    assert found.tell("r4", *names) == ("UNKNOWN", "ESME", "UNKNOWN", "UNKNOWN", "UNKNOWN")
    assert found.tell("r5", *names) == ("UNKNOWN", "UNKNOWN", "EWR", "UNKNOWN", "DSP")
    assert found.tell("r6", "srv", *names) == ("99.9", *["UNKNOWN"] * 5)
