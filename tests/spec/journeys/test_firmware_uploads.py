"""Firmware uploads, drawn: what becomes of an attempt, whom it counts for, and what is told twice or wrongly (domain.md 8.2 to 8.4)."""

import pytest
from drawn_firmware import DAY, SECOND, by_device, happenings

from tocsin.feeds.feed import identifier_key
from tocsin.journeys.firmware_uploads import FIRMWARE_UPLOADS


def ask(engine, table, inventory="", **others):
    return happenings(engine, FIRMWARE_UPLOADS, table, inventory, **others)


def outcomes(rows, *devices):
    return [row["outcome"] for row in by_device(rows, *devices)]


def test_one_request_is_an_attempt_for_every_device_it_names(either_engine):
    """Exactly five days is in time (15.8), a microsecond more is late; a device that was left out was never accepted."""
    rows = ask(
        either_engine,
        """
        device | stage | at                  | result
        a      | F0    | 12:00:00            |
        b      | F0    | 12:00:00            |
        c      | F0    | 12:00:00            |
        d      | F0    | 12:00:00            | refused
        e      | F0    | 12:00:00            |
        f      | F0    | 12:00:00            |
        a      | F1    | 12:10:00            |
        a      | F2    | +1d 00:00:00        |
        a      | F3    | +5d 12:00:00        |
        b      | F3    | +5d 12:00:00.000001 |
        c      | F2    | +1d 00:00:00        | failed
        e      | F2    | +1d 00:00:00        |
        e      | F3    | +2d 00:00:00        | failed
        f      | F2    | +1d 00:00:00        |
        """,
    )
    assert outcomes(rows, *"abcdef") == ["delivered", "late", "failed", "refused", "failed", "expired"]
    first, second, *_ = by_device(rows, "a", "b")
    assert (first["upload_us"], second["upload_us"]) == (5 * DAY, 5 * DAY + 1)
    assert first["sent_at"] < first["hub_at"] < first["device_at"] == first["delivered_at"]
    assert {row["set_aside"] for row in rows} == {""}


@pytest.mark.parametrize(("as_at", "expected"), [("2021-08-15T12:00:00Z", "open"), ("2021-08-15T12:00:01Z", "expired")])
def test_an_image_has_five_days(either_engine, as_at, expected):
    assert outcomes(ask(either_engine, "device | stage | at\na | F0 | 12:00:00", as_at=as_at), "a") == [expected]


def test_some_devices_are_not_reportable_and_some_providers_tell_nothing(either_engine):
    """A PPMID of IOC or MDS ends at the hub (CR1440); the IHD of another cohort does not; S1SP-5 sends no tracking at all."""
    rows = ask(
        either_engine,
        """
        device | stage | at           | type  | cohort    | provider
        a      | F0    | 12:00:00     | PPMID | IOC       | S1SP-CGI
        b      | F0    | 12:00:00     | PPMID | MOC (MDS) | S1SP-DXC
        c      | F0    | 12:00:00     | PPMID | FOC       | S1SP-DXC
        d      | F0    | 12:00:00     | ESME  | FOC       | S1SP-TRILLIANT
        e      | F0    | 12:00:00     | ESME  | IOC       | S1SP-5
        f      | F0    | 12:00:00     | PPMID | IOC       | S1SP-5
        g      | F0    | 12:00:00     | ESME  | -         | CSPC
        a      | F2    | +1d 12:00:00 |       |           |
        b      | F2    | +1d 12:00:00 |       |           |
        c      | F2    | +1d 12:00:00 |       |           |
        d      | F2    | +1d 12:00:00 |       |           |
        f      | F2    | +1d 12:00:00 |       |           |
        g      | F3    | +1d 12:00:00 |       |           |
        """,
    )
    found = by_device(rows, *"abcdefg")
    assert [row["reported_to"] for row in found] == ["F2", "F2", "F3", "F2", "none", "F2", "F3"]
    assert [row["outcome"] for row in found] == ["delivered", "delivered", "expired", "delivered", "not_told", "delivered", "delivered"]
    # A hub is no device: its time is no round trip of an upload.
    assert [row["upload_us"] for row in found] == [None] * 6 + [DAY]
    assert [row["is_hub_untold"] for row in found] == [False, False, False, False, True, False, True]


def test_a_device_named_again_leaves_the_first_attempt(either_engine):
    """Before its image arrived, failed or ran out of time; after that the first counts (domain.md 8.3). A refusal supersedes nothing."""
    rows = ask(
        either_engine,
        """
        request | device | stage | at           | result
        r1      | a      | F0    | 12:00:00     |
        r2      | a      | F0    | +1d 12:00:00 |
        r2      | a      | F3    | +2d 12:00:00 |
        r1      | b      | F0    | 12:00:00     |
        r1      | b      | F3    | +1d 11:00:00 |
        r2      | b      | F0    | +1d 12:00:00 |
        r2      | b      | F3    | +2d 12:00:00 |
        r1      | c      | F0    | 12:00:00     |
        r2      | c      | F0    | +5d 12:00:00 |
        r2      | c      | F3    | +6d 12:00:00 |
        r1      | d      | F0    | 12:00:00     |
        r2      | d      | F0    | +1d 12:00:00 | refused
        r1      | d      | F3    | +2d 12:00:00 |
        r1      | e      | F0    | 12:00:00     |
        r1      | e      | F2    | +1d 12:00:00 | failed
        r2      | e      | F0    | +2d 12:00:00 |
        r2      | e      | F3    | +3d 12:00:00 |
        """,
    )
    told = [(row["outcome"], row["is_last_of_device"]) for row in rows]
    assert sorted(told[:2]) == [("delivered", True), ("superseded", False)]
    by_place = {(row["device_key"], row["request_key"]): row["outcome"] for row in rows}
    expected = {"a": ("superseded", "delivered"), "b": ("delivered", "delivered"), "c": ("expired", "delivered"),
                "d": ("delivered", "refused"), "e": ("failed", "delivered")}  # fmt: skip
    for device, pair in expected.items():
        found = tuple(by_place[identifier_key(device), identifier_key(request)] for request in ("r1", "r2"))
        assert found == pair, device
    assert sum(row["is_last_of_device"] for row in rows) == 5


def test_a_sender_that_knows_no_request_tells_of_the_latest_attempt(either_engine):
    """By device and version: the attempt accepted last before; by the device alone where no version is told; else nobody's."""
    rows = ask(
        either_engine,
        """
        request | device | stage | at           | version
        r1      | a      | F0    | 12:00:00     | v2
        -       | a      | F3    | +1d 12:00:00 | v2
        r2      | a      | F0    | +2d 12:00:00 | v3
        -       | a      | F3    | +3d 12:00:00 | -
        -       | a      | F2    | +4d 12:00:00 | v2
        -       | b      | F3    | +1d 12:00:00 | v2
        """,
    )
    first, second, stray = rows
    assert (first["outcome"], first["device_at"], first["hub_at"]) == ("delivered", first["began_at"] + DAY, first["began_at"] + 4 * DAY)
    assert (second["outcome"], second["device_at"], second["hub_at"]) == ("delivered", second["began_at"] + DAY, None)
    assert (stray["set_aside"], stray["request_key"]) == ("no_acceptance", 0)


def test_with_and_without_alerts_the_figures_are_the_same(either_engine):
    """Two data versions: N60, N61 and 8F72 of the DSP (SECMP0007), or the Service Provider's log alone; or both, the earlier stands."""
    rows = ask(
        either_engine,
        """
        device | stage | at              | alert | evidence
        a      | F0    | 12:00:00        |       | response
        b      | F0    | 12:00:00        |       | response
        c      | F0    | 12:00:00        |       | response
        a      | F2    | +1d 12:00:00    | N60   | alert
        a      | F3    | +2d 12:00:00    | 8F72  | alert
        b      | F2    | +1d 12:00:00    |       | provider_log
        b      | F3    | +2d 12:00:00    |       | provider_log
        c      | F2    | +1d 12:00:00    |       | provider_log
        c      | F2    | +1d 12:00:00.25 | N60   | alert
        c      | F3    | +2d 12:00:00    |       | -
        """,
    )
    found = by_device(rows, *"abc")
    assert {(row["outcome"], row["hub_at"], row["upload_us"]) for row in found} == {("delivered", found[0]["accepted_at"] + DAY, 2 * DAY)}
    assert [row["is_alerted"] for row in found] == [True, False, True]


def test_contradictions_are_told_by_a_name_of_their_own(either_engine):
    """Success and failure of one device: the success stands, remarked on. Accepted and refused, or delivered before it: set aside."""
    rows = ask(
        either_engine,
        """
        device | stage | at           | result
        a      | F0    | 12:00:00     |
        a      | F3    | +1d 12:00:00 | failed
        a      | F3    | +1d 13:00:00 | ok
        b      | F0    | 12:00:00     | ok
        b      | F0    | 12:00:01     | refused
        c      | F0    | 12:00:00     |
        c      | F3    | 11:59:57     |
        d      | F0    | 12:00:00     |
        d      | F3    | 11:59:59     |
        e      | F0    | 12:00:00     |
        e      | F2    | +1d 12:00:00 | failed
        e      | F2    | +1d 12:30:00 | ok
        e      | F3    | +1d 13:00:00 | ok
        """,
    )
    found = by_device(rows, *"abcde")
    assert [row["set_aside"] for row in found] == ["", "accepted_and_refused", "negative_span", "", ""]
    assert [row["is_contradicted"] for row in found] == [True, False, False, False, True]
    assert (found[0]["outcome"], found[0]["upload_us"]) == ("delivered", DAY + 3600 * SECOND)
    assert (found[3]["outcome"], found[3]["upload_us"], found[3]["is_skewed"]) == ("delivered", None, True)
    assert found[4]["outcome"] == "delivered"


TWICE = """
device | stage | at           | evidence
a      | F0    | 12:00:00     |
a      | F2    | +1d 12:00:00 | alert
a      | F3    | +2d 12:00:00 | alert
a      | F5    | +3d 12:00:00 |
b      | F0    | 12:00:00     |
"""


def test_copies_and_order_change_nothing(embedded):
    heading, *lines = TWICE.strip().splitlines()
    again = "\n".join([heading, *reversed(lines), *lines])
    assert ask(embedded, TWICE) == ask(embedded, again)
    assert ask(embedded, TWICE) == ask(embedded, TWICE, buckets=3)


def test_what_a_device_is_comes_from_the_sender_else_the_inventory(either_engine):
    rows = ask(
        either_engine,
        """
        device | stage | at       | type | model | region | provider
        a      | F0    | 12:00:00 | ESME | M1    | North  | CSPN
        b      | F0    | 12:00:00 |      |       |        |
        c      | F0    | 12:00:00 |      |       |        |
        """,
        """
        device | valid_from           | type | model | region | provider | generation
        a      |                      | GSME | X9    | South  | CSPS     | SMETS2+
        b      |                      | GSME | M2    | south  | CSPS     | SMETS2+
        b      | 2021-08-11T00:00:00Z | GSME | M3    | south  | CSPS     | SMETS2+
        """,
    )
    names = ("device_type", "model", "region", "service_provider", "generation")
    assert [tuple(row[name] for name in names) for row in by_device(rows, *"abc")] == [
        ("ESME", "M1", "north", "CSPN", "SMETS2+"),
        ("GSME", "M2", "south", "CSPS", "SMETS2+"),
        ("UNKNOWN",) * 5,
    ]


def test_an_attempt_belongs_to_the_month_it_was_accepted_in(either_engine):
    """Its stages may come before and after the month's end; an attempt of July is not August's."""
    rows = ask(
        either_engine,
        """
        device | stage | at
        a      | F0    | 2021-07-31T23:59:59Z
        a      | F3    | 2021-08-02T00:00:00Z
        b      | F0    | 2021-08-31T23:59:59Z
        b      | F3    | 2021-09-02T00:00:00Z
        b      | F6    | 2021-09-03T00:00:00Z
        """,
    )
    (row,) = rows
    assert (row["device_key"], row["outcome"], row["is_on_target"]) == (identifier_key("b"), "delivered", True)
