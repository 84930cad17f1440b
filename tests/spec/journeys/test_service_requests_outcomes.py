"""Each of the six outcomes, and what an answer says: code first, then what the device's payload told (domain.md 6.4, worked by hand)."""

import pytest
from drawn_requests import DAY, S, happenings

from tocsin.engines import Engine
from tocsin.journeys.questions import Question, decided_sql
from tocsin.journeys.service_request_flows import FLOW_LADDER
from tocsin.journeys.service_request_flows import OTHERWISE as ANY_OTHER_FLOW
from tocsin.journeys.service_request_outcomes import OTHERWISE, OUTCOME_LADDER, OUTCOMES
from tocsin.vocabulary.target_times import FLOWS

# One answer each, 5 s after its request.
ANSWERS = """
    request | what        | code    | result       | outcome
    r01     | answered    | I0      |              | success
    r02     | answered    | I0      | ok           | success
    r03     | answered    | I0      | not_supplied | success
    r04     | answered    | I0      | failed       | device_fail
    r05     | answered    | I0      | partial      | device_fail
    r06     | answered    | W050201 |              | success
    r07     | answered    | E20     |              | dcc_fail
    r08     | answered    | E21     | ok           | dcc_fail
    r09     | answered    | E30     |              | dcc_fail
    r10     | answered    | E4      |              | user_reject
    r11     | rejected    | E12     |              | user_reject
    r12     | rejected    | E20     |              | dcc_fail
    r13     | rejected    |         |              | user_reject
    r14     | answered    | E080405 |              | user_reject
    r15     | answered    | E40     |              | dcc_fail
    r16     | rejected    | E40     |              | user_reject
    r17     | answered    | E9999   |              | dcc_fail
    r18     | answered    | I7      |              | success
    r19     | answered    | W999999 | failed       | device_fail
    r20     | answered    | ?       | ok           | success
    r21     | answered    | ?       |              | dcc_fail
    r22     | answered    |         | ok           | success
    r23     | answered    |         |              | dcc_fail
    r24     | told failed |         |              | dcc_fail
    r25     | acknowledged| E5      |              | user_reject
    r26     | acknowledged| I99     |              | timeout
    r27     | answered    | I99     |              | timeout
    """


def test_what_an_answer_says(embedded: Engine) -> None:
    lines = [[cell.strip() for cell in line.split("|")] for line in ANSWERS.strip().splitlines()[1:]]
    rows = "".join(f"{name}|received|12:00:00||\n{name}|{what}|12:00:05|{code}|{result}\n" for name, what, code, result, _ in lines)
    found = happenings(embedded, "request|what|at|code|result\n" + rows)
    assert {name: found(name)["outcome"] for name, *_ in lines} == {name: outcome for name, *_, outcome in lines}
    assert {name: found(name)["response_code"] for name, *_ in lines} == {
        name: None if outcome == "timeout" else code or None for name, _, code, _, outcome in lines
    }


# 30 s Target Response Time and 24 h of grace end at 12:00:30 the day after.
WAITING = """
    request | what     | at                  | code
    r1      | received | 12:00:00            |
    r1      | answered | +1d 12:00:30        | I0
    r2      | received | 12:00:00            |
    r2      | answered | +1d 12:00:30.000001 | I0
    r3      | received | 12:00:00            |
    r4      | received | 12:00:00            |
    r4      | answered | +1d 12:00:31        | E4
    """


@pytest.mark.parametrize(
    ("as_at", "silent"), [("12:00:01", "open"), ("+1d 12:00:30", "open"), ("+1d 12:00:30.000001", "timeout"), ("+20d 00:00:00", "timeout")]
)
def test_no_answer_is_open_until_target_and_grace_are_over(embedded: Engine, as_at: str, silent: str) -> None:
    found = happenings(embedded, WAITING, as_at=as_at)
    assert found.tell("r3", "outcome", "round_trip_us") == (silent, None)
    assert found.tell("r1", "outcome", "round_trip_us") == ("success", DAY + 30 * S)
    # An answer after that: a timeout whatever it says, but its Round Trip Time stays.
    assert found.tell("r2", "outcome", "round_trip_us", "response_code") == ("timeout", DAY + 30 * S + 1, "I0")
    assert found("r4")["outcome"] == "timeout"


def test_a_hundred_received_of_which_one_is_late_and_three_are_silent(embedded: Engine) -> None:
    """domain.md 15.4: 96 on time of 100; with one of the silent ones still open at the as-at, of 99."""
    rows = ["request | what | at | code"]
    for number in range(100):
        received = "+1d 12:00:00" if number == 99 else "12:00:00"
        rows.append(f"r{number} | received | {received} |")
        if number < 97:
            rows.append(f"r{number} | answered | {'12:00:30.000001' if number == 96 else '12:00:30'} | I0")
    for as_at, counted in (("+9d 00:00:00", 100), ("+1d 13:00:00", 99)):
        found = happenings(embedded, "\n".join(rows), as_at=as_at).rows
        waited_for = [row for row in found if row["outcome"] not in ("open", "user_reject")]
        on_time = [row for row in waited_for if row["round_trip_us"] is not None and row["round_trip_us"] <= row["target_response_us"]]
        assert (len(on_time), len(waited_for)) == (96, counted)


def test_targets_the_rows_own_before_the_flows(embedded: Engine) -> None:
    found = happenings(
        embedded,
        """
        request | what        | at       | srv   | cv | target_us    | code
        r1      | received    | 12:00:00 | 4.1.1 | 1  | 172800000000 |
        r2      | received    | 12:00:00 | 1.5   | 4  | 3000000      |
        r2      | pre-command | 12:00:01 | 1.5   |    |              |
        r2      | received    | 12:00:05 | 1.5   | 5  |              |
        r2      | answered    | 12:00:25 | 1.5   |    |              | I0
        """,
        as_at="+3d 11:59:59",
    )
    assert found.tell("r1", "target_response_us", "outcome") == (2 * DAY, "open")
    # The 3 s are the transformation's, not the signed command's.
    assert found.tell("r2", "target_response_us", "outcome") == (30 * S, "success")


def test_the_ladders_are_sentences_with_one_answer_each() -> None:
    for ladder, otherwise, answers in ((OUTCOME_LADDER, OTHERWISE, OUTCOMES), (FLOW_LADDER, ANY_OTHER_FLOW, FLOWS)):
        assert all(question.sentence.rstrip(".").endswith("?") or "? " in question.sentence for question in ladder)
        assert {question.answer for question in ladder} | {otherwise} <= set(answers)
    # The two flows that are second halves of a device-held command have no question of their own.
    assert set(FLOWS) - {question.answer for question in FLOW_LADDER} == {"on_demand", "future_device_outcome", "future_both"}
    assert {question.answer for question in OUTCOME_LADDER} | {OTHERWISE} == set(OUTCOMES)
    assert " ".join(decided_sql((Question("Wet?", "rain > 0", "wet"),), "dry").split()) == "CASE WHEN rain > 0 THEN 'wet' ELSE 'dry' END"
