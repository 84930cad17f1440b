"""Firmware activations, drawn: final evidence, what is asked again, called off or superseded, and its round trip (domain.md 8.3; MP105)."""

import pytest
from drawn_firmware import DAY, HOUR, SECOND, by_device, happenings

from tocsin.journeys.firmware_activations import FIRMWARE_ACTIVATIONS


def ask(engine, table, **others):
    return happenings(engine, FIRMWARE_ACTIVATIONS, table, **others)


def outcomes(rows, *devices):
    return [row["outcome"] for row in by_device(rows, *devices)]


def test_success_is_decided_by_final_evidence(either_engine):
    """An answer, or an 11.2 that finds the version; an 11.3 answered as failed because the version is active already is a success."""
    rows = ask(
        either_engine,
        """
        device | stage | at           | result | found
        a      | F4    | 12:00:00     |        |
        a      | F5    | 12:00:10     |        | v2
        b      | F4    | 12:00:00     |        |
        b      | F6    | +1d 12:00:00 |        | v2
        c      | F4    | 12:00:00     |        |
        c      | F5    | 12:00:10     | failed |
        d      | F4    | 12:00:00     |        |
        d      | F5    | 12:00:10     | failed | v2
        e      | F4    | 12:00:00     |        |
        f      | F4    | 12:00:00     |        |
        f      | F6    | +1d 12:00:00 | failed | v1
        g      | F4    | 12:00:00     | refused |
        h      | F4    | 12:00:00     |        |
        h      | F5    | 12:00:10     |        |
        """,
    )
    expected = ["activated", "confirmed", "failed", "activated", "no_answer", "failed", "refused", "activated"]
    assert outcomes(rows, *"abcdefgh") == expected
    assert [row["activation_us"] for row in by_device(rows, *"abcdefgh")] == [10 * SECOND, None, None, 10 * SECOND, None, None, None,
                                                                             10 * SECOND]  # fmt: skip
    assert {row["set_aside"] for row in rows} == {""}


@pytest.mark.parametrize(("as_at", "expected"), [("2021-08-15T12:00:00Z", "open"), ("2021-08-15T12:00:01Z", "no_answer")])
def test_an_answer_is_waited_for(either_engine, as_at, expected):
    assert outcomes(ask(either_engine, "device | stage | at\na | F4 | 12:00:00", as_at=as_at), "a") == [expected]


def test_a_later_execution_time_starts_the_clock(either_engine):
    """Held until it is to be carried out: the round trip and the waiting begin then. The year 3000 calls it off, unless it was refused."""
    rows = ask(
        either_engine,
        """
        device | stage | at           | execution            | result
        a      | F4    | 12:00:00     | 2021-08-12T02:00:00Z |
        a      | F5    | +2d 02:00:30 |                      |
        b      | F4    | 12:00:00     | 2021-08-12T02:00:00Z |
        c      | F4    | 12:00:00     | 3000-01-01T00:00:00Z |
        d      | F4    | 12:00:00     | 2021-08-09T02:00:00Z |
        d      | F5    | 12:00:30     |                      |
        e      | F4    | 12:00:00     | 2021-08-11T02:00:00Z |
        e      | F4    | 13:00:00     | 3000-01-01T00:00:00Z | refused
        """,
        as_at="2021-08-16T12:00:00Z",
    )
    assert outcomes(rows, *"abcde") == ["activated", "open", "withdrawn", "activated", "no_answer"]
    assert [row["activation_us"] for row in by_device(rows, "a", "d")] == [30 * SECOND, 30 * SECOND]


def test_asked_again_the_last_before_the_answer_starts_the_round_trip(either_engine):
    """It stays one attempt, of the day it was first asked for."""
    rows = ask(
        either_engine,
        """
        device | stage | at           | again
        a      | F4    | 12:00:00     | q1
        a      | F4    | +2d 12:00:00 | q2
        a      | F5    | +2d 13:00:00 | q2
        a      | F4    | +3d 12:00:00 | q3
        b      | F4    | 12:00:00     | q1
        b      | F4    | +4d 12:00:00 | q2
        """,
        as_at="2021-08-17T12:00:00Z",
    )
    again, waiting = by_device(rows, "a", "b")
    assert (again["outcome"], again["activation_us"], again["is_asked_again"]) == ("activated", HOUR, True)
    assert again["day"] == waiting["day"]
    assert waiting["outcome"] == "open"


def test_a_device_named_again_leaves_an_activation_that_was_not_over(either_engine):
    rows = ask(
        either_engine,
        """
        request | device | stage | at
        r1      | a      | F0    | 12:00:00
        r1      | a      | F4    | +1d 12:00:00
        r2      | a      | F0    | +1d 13:00:00
        r1      | b      | F0    | 12:00:00
        r1      | b      | F4    | +1d 12:00:00
        r1      | b      | F5    | +1d 12:00:10
        r2      | b      | F0    | +1d 13:00:00
        """,
    )
    assert outcomes(rows, "a", "b") == ["superseded", "activated"]


def test_contradictions_are_told_by_a_name_of_their_own(either_engine):
    """An ok that finds another version is no success; failed and then answered is one, remarked on; an answer to nothing is set aside."""
    rows = ask(
        either_engine,
        """
        device | stage | at           | result | found
        a      | F4    | 12:00:00     |        |
        a      | F5    | 12:00:10     | ok     | v1
        b      | F4    | 12:00:00     |        |
        b      | F5    | 12:00:10     | failed |
        b      | F6    | +1d 12:00:00 | ok     | v2
        c      | F5    | 12:00:10     | ok     | v2
        d      | F4    | 12:00:00     |        |
        d      | F5    | 11:59:57     | ok     | v2
        e      | F4    | 12:00:00     |        |
        e      | F5    | 11:59:59     | ok     | v2
        """,
    )
    found = by_device(rows, *"abcde")
    assert [row["set_aside"] for row in found] == ["", "", "no_request", "negative_span", ""]
    assert [row["outcome"] for row in found[:2]] == ["failed", "confirmed"]
    assert [(row["is_other_version"], row["is_contradicted"]) for row in found[:2]] == [(True, False), (False, True)]
    assert (found[4]["outcome"], found[4]["activation_us"], found[4]["is_skewed"]) == ("activated", None, True)


def test_an_activation_belongs_to_the_month_it_was_asked_for_in(either_engine):
    """However long before it the image was accepted, and its version told."""
    rows = ask(
        either_engine,
        """
        device | stage | at                   | version | found
        a      | F0    | 2021-07-20T12:00:00Z | v2      |
        a      | F4    | 2021-08-02T12:00:00Z | -       |
        a      | F6    | 2021-09-01T12:00:00Z | -       | v2
        b      | F0    | 2021-07-20T12:00:00Z | v2      |
        b      | F4    | 2021-07-31T12:00:00Z | v2      |
        b      | F5    | 2021-08-01T12:00:00Z | v2      |
        """,
    )
    (row,) = rows
    assert (row["outcome"], row["confirmed_at"] - row["began_at"]) == ("confirmed", 30 * DAY)


def test_copies_and_order_change_nothing(embedded):
    table = """
    device | stage | at
    a      | F0    | 12:00:00
    a      | F4    | +1d 12:00:00
    a      | F5    | +1d 12:00:10
    b      | F4    | +1d 12:00:00
    """
    heading, *lines = table.strip().splitlines()
    assert ask(embedded, table) == ask(embedded, "\n".join([heading, *reversed(lines), *lines])) == ask(embedded, table, buckets=3)
