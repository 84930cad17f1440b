"""Firmware activations in the audit trail, drawn: an 11.3 by its answer, what came after it, and the inventory (domain.md 8.3; MP105)."""

from datetime import date

import pytest
from drawn_firmware import SECOND
from drawn_requests import trail_rows

from journey_rows import accepted, add_accepted, drawn, instant_of
from tocsin.engines import Engine
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.feeds.device_inventory import DEVICE_INVENTORY
from tocsin.feeds.feed import identifier_key
from tocsin.journeys.trail_activations import TRAIL_ACTIVATIONS
from tocsin.measuring.picks import hold_picks
from tocsin.vocabulary.calendar import Period

AUGUST = Period(2021, 8)
LATER = "2021-11-01T00:00:00Z"
NAMES = [name for name, _ in TRAIL_ACTIVATIONS.columns]


def ask(engine: Engine, table: str, inventory: str = "device_id", as_at: str = LATER):
    """Happenings by the name of their request; srv is 11.3 and the device that of the request's first letter, unless drawn."""
    lines = drawn("\n".join(f"| {line} |" for line in table.strip().splitlines()))
    names = list(dict.fromkeys([*(name for line in lines for name in line), "srv", "device_id"]))
    rows = [{"srv": "11.3", "device_id": line["request"][0], **line} for line in lines]
    told = "\n".join([" | ".join(names), *(" | ".join(row.get(name, "") for name in names) for row in rows)])
    trail = trail_rows("\n".join(f"| {line} |" for line in told.splitlines()))
    with engine.session() as session:
        add_accepted(session, AUDIT_TRAIL, trail)
        versions = drawn("\n".join(f"| {line} |" for line in inventory.strip().splitlines()))
        add_accepted(session, DEVICE_INVENTORY, accepted(DEVICE_INVENTORY, versions))
        for relation, cells in TRAIL_ACTIVATIONS.dated(date(2021, 8, 1), None):
            session.add_rows(relation, cells)
        at = {"start_at": AUGUST.start_at, "end_at": AUGUST.end_at, "as_at": instant_of(as_at)}
        hold_picks(session, TRAIL_ACTIVATIONS.picks, at)
        found = [dict(zip(NAMES, row, strict=True)) for row in session.rows(TRAIL_ACTIVATIONS.sql, at)]
    by_request = {identifier_key(line["request"]): line["request"] for line in lines}
    assert len({row["request_key"] for row in found}) == len(found)
    return {by_request[row["request_key"]]: row for row in found}


def test_an_activation_is_judged_by_its_answer_and_by_what_came_after_it(either_engine):
    """Answered; never, but asked again with success; never, but the inventory's version changed; never, and an 11.2 answered; never."""
    found = ask(
        either_engine,
        """
        request | what     | at           | cv | code | srv
        a1      | received | 12:00:00     | 4  |      |
        a1      | received | 12:00:05     | 5  |      |
        a1      | answered | 12:00:25     |    | I0   |
        b1      | received | 12:00:00     | 5  |      |
        b2      | received | +1d 12:00:00 | 5  |      |
        b2      | answered | +1d 12:00:10 |    | I0   |
        c1      | received | 12:00:00     | 5  |      |
        d1      | received | 12:00:00     | 5  |      |
        d2      | received | +1d 12:00:00 | 1  |      | 11.2
        d2      | answered | +1d 12:00:10 |    | I0   | 11.2
        e1      | received | 12:00:00     | 5  |      |
        f1      | received | 12:00:00     | 5  |      |
        f1      | answered | 12:00:10     |    | E50  |
        g1      | received | 12:00:00     | 4  |      |
        h1      | received | 12:00:00     | 5  |      |
        h1      | rejected | 12:00:10     |    | E1   |
        """,
        """
        device_id | valid_from           | firmware_version | device_type | region
        c         |                      | v1               | ESME        | north
        c         | 2021-08-11T00:00:00Z | v2               | ESME        | north
        e         |                      | v1               | GSME        | south
        e         | 2021-08-09T00:00:00Z | v2               | GSME        | south
        """,
    )
    assert {name: row["outcome"] for name, row in found.items()} == {
        "a1": "activated", "b1": "confirmed", "b2": "activated", "c1": "confirmed", "d1": "version_unknown", "e1": "no_answer",
        "f1": "failed", "h1": "refused",
    }  # fmt: skip
    assert found["a1"]["activation_us"] == 20 * SECOND
    assert (found["c1"]["device_type"], found["e1"]["region"], found["d1"]["model"]) == ("ESME", "south", "UNKNOWN")


@pytest.mark.parametrize(("as_at", "expected"), [("2021-08-15T12:00:00Z", "open"), ("2021-08-15T12:00:01Z", "no_answer")])
def test_an_answer_is_waited_for(either_engine, as_at, expected):
    assert ask(either_engine, "request | what | at | cv\na1 | received | 12:00:00 | 5", as_at=as_at)["a1"]["outcome"] == expected


def test_a_device_that_holds_the_command_reports_when_it_is_done(either_engine):
    """The set-up's answer is no activation; the round trip begins at the execution time; the year 3000 calls it off."""
    found = ask(
        either_engine,
        """
        request | what     | at           | cv | code | for                  | user_id
        a1      | received | 12:00:00     | 5  |      | 2021-08-12T02:00:00Z | u
        a1      | answered | 12:00:10     |    | I0   |                      |
        a1      | reported | +2d 02:00:30 |    | 8F66 |                      |
        b1      | received | 12:00:00     | 5  |      | 2021-08-12T02:00:00Z | u
        b1      | reported | +2d 02:00:30 |    | 8F67 |                      |
        c1      | received | 12:00:00     | 5  |      | 2021-08-12T02:00:00Z | u
        c2      | received | +1d 12:00:00 | 5  |      | 3000-01-01T00:00:00Z | u
        c2      | answered | +1d 12:00:10 |    | I0   |                      |
        d1      | received | 12:00:00     | 5  |      | 2021-08-12T02:00:00Z | u
        d1      | answered | 12:00:10     |    | I0   |                      |
        """,
    )
    assert {name: row["outcome"] for name, row in found.items()} == {
        "a1": "activated",
        "b1": "failed",
        "c1": "withdrawn",
        "d1": "no_answer",
    }
    assert found["a1"]["activation_us"] == 30 * SECOND


@pytest.mark.parametrize(("answer", "expected"), [("I0", "withdrawn"), ("E50", "no_answer"), ("E1", "no_answer"), ("", "no_answer")])
def test_a_cancellation_that_did_not_succeed_calls_nothing_off(either_engine, answer, expected):
    """As of every Service Request (domain.md 6.2): refused, failed or never answered, it leaves the activation owing its report."""
    answered = f"\na2 | answered | +1d 12:00:10 | | {answer} | |" if answer else ""
    found = ask(
        either_engine,
        f"""
        request | what | at | cv | code | for | user_id
        a1 | received | 12:00:00 | 5 | | 2021-08-12T02:00:00Z | u
        a1 | answered | 12:00:10 | | I0 | |
        a2 | received | +1d 12:00:00 | 5 | | 3000-01-01T00:00:00Z | u{answered}
        """,
    )
    assert {name: row["outcome"] for name, row in found.items()} == {"a1": expected}


def test_a_success_is_not_taken_back_by_an_error_beside_it(either_engine):
    """domain.md 8.3: by final evidence. That no answer came was told too early; that a set-up failed, of a command that was done."""
    found = ask(
        either_engine,
        """
        request | what        | at           | cv | code | for
        a1      | received    | 12:00:00     | 5  |      |
        a1      | told failed | 12:01:00     |    | E21  |
        a1      | answered    | 12:05:00     |    | I0   |
        b1      | received    | 12:00:00     | 5  |      |
        b1      | answered    | 12:00:20     |    | I0   |
        b1      | told failed | 12:01:00     |    | E21  |
        c1      | received    | 12:00:00     | 5  |      | 2021-08-12T02:00:00Z
        c1      | answered    | 12:00:10     |    | E21  |
        c1      | reported    | +2d 02:00:30 |    | 8F66 |
        d1      | received    | 12:00:00     | 5  |      |
        d1      | told failed | 12:01:00     |    | E21  |
        """,
    )
    assert {name: (row["outcome"], row["activation_us"]) for name, row in found.items()} == {
        "a1": ("activated", 300 * SECOND),
        "b1": ("activated", 20 * SECOND),
        "c1": ("activated", 30 * SECOND),
        "d1": ("failed", None),
    }


def test_contradictions_are_set_aside(either_engine):
    """An answer to nothing that was received, or before it."""
    found = ask(
        either_engine,
        """
        request | what     | at       | cv | code
        a1      | answered | 12:00:10 |    | I0
        b1      | received | 12:00:00 | 5  |
        b1      | answered | 11:59:57 |    | I0
        """,
    )
    assert {name: row["set_aside"] for name, row in found.items()} == {"a1": "no_request", "b1": "negative_span"}
