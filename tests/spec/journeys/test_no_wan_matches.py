"""The three-way reconciliation, drawn: each bucket of domain.md 10.3, the worked example 15.10, and every way of joining or disagreeing."""

from collections import Counter

import pytest
from drawn_hubs import ask, updates

from tocsin.feeds.feed import identifier_key
from tocsin.journeys.no_wan_matches import NO_WAN_MATCHES

HUBS = {identifier_key(f"H{number}"): f"H{number}" for number in range(20)} | {None: ""}
HEAD = "incident_id | list_kind | submitted_at | closed_at | comms_hub_id | mpxn | category | region | outcome\n"


def no_wan(*hubs: str, on: str = "2021-08-10", **more) -> list[dict[str, str]]:
    return updates("hub | srv | observed_at\n" + "\n".join(f"{hub} | 8.14.2 | {on}" for hub in hubs))


def buckets(engine, trail, lists="", **more) -> list[tuple[str, str, str]]:
    """(hub, bucket, conflict), in order."""
    found = ask(engine, NO_WAN_MATCHES, trail, HEAD + lists if lists else "", **more)
    return sorted((HUBS[row["hub_key"]], row["bucket"], row["conflict"]) for row in found)


def test_worked_example(embedded):
    """domain.md 15.10: ten 8.14.2: 6 M3, 1 M2a, 1 M2b, 2 U1; 1 U4 and 1 U3 left over; eight records of each side."""
    lists = ""
    for number in (1, 2, 3, 4, 5, 6):
        lists += f"I{number} | raised | 2021-08-10 | | H{number} | 10{number} | 3 | north | \n"
        lists += f"I{number} | received | 2021-08-11 | | H{number} | 10{number} | 3 | north | \n"
    lists += "I7 | raised | 2021-08-10 | | H7 | 107 | 3 | |\nI8 | received | 2021-08-10 | | H8 | 108 | 3 | |\n"
    lists += "I11 | raised | 2021-08-10 | | H11 | 111 | 3 | |\nI12 | received | 2021-08-10 | | H12 | 112 | 3 | |"
    found = ask(embedded, NO_WAN_MATCHES, no_wan(*(f"H{n}" for n in range(1, 11))), HEAD + lists)
    assert Counter(row["bucket"] for row in found) == {"M3": 6, "M2a": 1, "M2b": 1, "U1": 2, "U4": 1, "U3": 1}
    assert sum(row["has_update"] for row in found) == 10
    assert sum(row["is_raised"] for row in found) == 8
    assert sum(row["is_listed"] for row in found) == 8
    assert {row["hub_key"] for row in found if row["has_update"]} == {identifier_key(f"H{n}") for n in range(1, 11)}


def test_incident_and_record_without_an_update(embedded):
    """U2; and the lists of received and of closed are one record of the CSP."""
    lists = """I1 | raised   | 2021-08-10 |            | H1 | 101 | 3 | |
               I1 | received | 2021-08-10 |            | H1 | 101 | 3 | |
               I1 | closed   | 2021-08-10 | 2021-08-20 | H1 | 101 | 3 | | connected"""
    (row,) = ask(embedded, NO_WAN_MATCHES, [], HEAD + lists)
    assert (row["bucket"], row["state"], row["has_update"], row["outcome"]) == ("U2", "commissioned", False, "connected")


@pytest.mark.parametrize(("submitted", "expected"), [("2021-08-13T23:59:59Z", "M3"), ("2021-08-14T00:00:00Z", "M2a")])
def test_premises_tell_the_hub_that_a_record_does_not_name(embedded, submitted, expected):
    """MPxN and no more than three days between the dates."""
    lists = f"""I1 | raised   | 2021-08-10 | | H1 | 101 | | |
                C1 | received | {submitted} | |   | 101 | | |"""
    found = buckets(embedded, no_wan("H1"), lists)
    assert found == ([("H1", "M3", "")] if expected == "M3" else [("", "U3", ""), ("H1", "M2a", "")])


def test_hub_outranks_the_premises(embedded):
    """Two hubs at one MPxN: a record that names its hub is of that one; one that names none is of the nearest in date."""
    lists = """I1 | raised   | 2021-08-10 | | H1 | 101 | | |
               I2 | raised   | 2021-08-12 | | H2 | 101 | | |
               C1 | received | 2021-08-12 | | H1 | 101 | | |
               C2 | received | 2021-08-13 | |    | 101 | | |"""
    assert buckets(embedded, no_wan("H1", "H2"), lists) == [("H1", "M3", ""), ("H2", "M3", "")]


def test_neither_side_names_a_hub(embedded):
    """The premises alone join them; another premises, or another month, does not."""
    lists = """I1 | raised   | 2021-08-10 | | | 101 | | |
               C1 | received | 2021-08-11 | | | 101 | | |
               C2 | received | 2021-08-11 | | | 102 | | |
               C3 | received | 2021-08-25 | | | 101 | | |"""
    assert buckets(embedded, no_wan("H1"), lists) == [("", "U2", ""), ("", "U3", ""), ("", "U3", ""), ("H1", "U1", "")]


def test_region_of_a_leftover_is_told_in_one_word(embedded):
    """The inventory writes North, the list north: no conflict, and the region is north; a word that nobody knows is kept."""
    lists = "I1 | raised | 2021-08-10 | | H1 | | | north |\nI2 | raised | 2021-08-10 | | H2 | | | elsewhere |"
    inventory = "device_id | device_type | region | service_provider\nH1 | CHF | North | CSPN"
    found = ask(embedded, NO_WAN_MATCHES, [], HEAD + lists, inventory=inventory)
    assert sorted((HUBS[row["hub_key"]], row["bucket"], row["region"]) for row in found) == [
        ("H1", "U4", "north"),
        ("H2", "U4", "elsewhere"),
    ]


def test_second_update_links_to_the_same_incident(embedded):
    trail = no_wan("H1") + [dict(row, request_id=f"again {row['request_id']}") for row in no_wan("H1", on="2021-08-15")]
    lists = """I1 | raised   | 2021-08-10 | | H1 | | | |
               I1 | received | 2021-08-10 | | H1 | | | |"""
    assert buckets(embedded, trail, lists) == [("H1", "M3", "")]


def test_incident_closed_before_is_of_an_earlier_installation(embedded):
    """Closed to the instant of the 8.14.2 it may be of it; a second earlier it is not."""
    trail = no_wan("H1", "H2", on="2021-08-10T12:00:00Z")
    lists = """I1 | closed | 2021-08-01 | 2021-08-10T11:59:59Z | H1 | | | | connected
               I2 | closed | 2021-08-01 | 2021-08-10T12:00:00Z | H2 | | | | connected"""
    assert buckets(embedded, trail, lists) == [("H1", "U1", ""), ("H1", "U3", ""), ("H2", "M2b", "")]


@pytest.mark.parametrize(
    ("raised", "received", "closed", "conflict"),
    [
        ("2021-08-10 | | H1 | 101 | 3 | north |", "2021-08-10 | | H1 | 101 | 4 | north |", "", "category"),
        ("2021-08-10 | | H1 | 101 | 3 | north |", "2021-08-10 | | H1 | 102 | 3 | north |", "", "mpxn"),
        ("2021-08-10 | | H1 | 101 | 3 | North |", "2021-08-10 | | H1 | 101 | 3 | south |", "", "region"),
        ("2021-08-10 | | H1 | 101 | 3 | North |", "2021-08-10 | | H1 | 101 |   | north |", "", ""),
        ("2021-08-10 | | H1 | 101 | 3 | south |", "2021-08-10 | | H1 | 101 | 3 | south |", "", "region"),
        ("2021-08-12 | | H1 | 101 | 3 | |", "", "2021-08-12 | 2021-08-11 | H1 | 101 | 3 | | connected", "closed_before_submitted"),
        ("2021-08-10 | 2021-08-20 | H1 | 101 | 3 | |", "", "2021-08-10 | 2021-08-21 | H1 | 101 | 3 | | connected", "closing"),
        ("2021-08-10 | 2021-08-21 | H1 | 101 | 3 | |", "", "2021-08-10 | 2021-08-21 | H1 | 101 | 3 | | connected", ""),
        (
            "2021-08-10 | | H1 | 101 | 3 | |",
            "2021-08-10 | 2021-08-21 | H1 | 101 | 3 | | replaced",
            "2021-08-10 | 2021-08-21 | H1 | 101 | 3 | | connected",
            "outcome",
        ),
    ],
)
def test_conflicts(embedded, raised, received, closed, conflict):
    """What the sides tell of one Incident disagrees; a hole disagrees with nothing. The inventory has H1 in the North."""
    rows = [f"I1 | {kind} | {told}" for kind, told in (("raised", raised), ("received", received), ("closed", closed)) if told]
    inventory = "device_id | device_type | region | service_provider\nH1 | CHF | north | CSPN"
    found = buckets(embedded, no_wan("H1"), "\n".join(rows), inventory=inventory)
    assert found == [("H1", "X" if conflict else "M3", conflict)]


def test_a_line_told_again_on_a_later_day_stands(embedded):
    lists = (
        "I1 | raised | 2021-08-10 | | H1 | | 2 | |\nI1 | received | 2021-08-10 | | H1 | | 3 | |\nI1 | raised | 2021-08-10 | | H1 | | 3 | |"
    )
    assert buckets(embedded, no_wan("H1"), lists) == [("H1", "M3", "")]


def test_the_list_made_last_stands_whichever_was_delivered_last(embedded):
    lists = """I1 | raised | 2021-08-10 | 2021-08-12 | H1 | 3
               I1 | raised | 2021-08-10 | 2021-08-11 | H1 | 2
               I1 | closed | 2021-08-10 |            | H1 | 3"""
    head = "incident_id | list_kind | submitted_at | listed_at | comms_hub_id | category\n"
    (row,) = ask(embedded, NO_WAN_MATCHES, no_wan("H1"), head + lists)
    assert (row["bucket"], row["conflict"]) == ("M3", "")


def test_list_of_no_known_kind_is_set_aside(embedded):
    """It is neither side's; with an 8.14.2 it leaves the hub alone."""
    lists = "I1 | heard of | 2021-08-10 | | H1 | | | |\nI2 | heard of | 2021-08-10 | | H2 | | | |"
    found = ask(embedded, NO_WAN_MATCHES, no_wan("H1"), HEAD + lists)
    assert sorted((HUBS[row["hub_key"]], row["bucket"], row["set_aside"]) for row in found) == [
        ("H1", "U1", ""),
        ("H2", "UNKNOWN", "unknown_list"),
    ]


def test_window_of_ninety_days(embedded):
    """The month's own, and the 90 days before its first day; what began on the 91st day before, or after the month, is not there."""
    trail = []
    for number, on in enumerate(("05-02", "05-03", "07-31", "08-01", "08-31", "09-01")):
        trail += [dict(row, request_id=f"R{number}") for row in no_wan(f"H{number}", on=f"2021-{on}")]
    found = ask(embedded, NO_WAN_MATCHES, trail)
    assert {HUBS[row["hub_key"]]: row["cohort"] for row in found} == {"H1": "before", "H2": "before", "H3": "period", "H4": "period"}
    assert {row["day"] for row in found if row["cohort"] == "before"} == {18_840}


def test_what_may_still_come(embedded):
    """Within a day for the Incident, within two for the CSP; to the instant."""
    trail = no_wan("H1", "H2", "H3", on="2021-08-30T12:00:00Z")
    lists = "I1 | raised | 2021-08-30 | | H1 | | | |\nI2 | received | 2021-08-30 | | H2 | | | |"
    lags = {}
    for as_at in ("2021-08-31T12:00:00Z", "2021-08-31T12:00:01Z", "2021-09-01T12:00:00Z", "2021-09-01T12:00:01Z"):
        found = ask(embedded, NO_WAN_MATCHES, trail, HEAD + lists, as_at=as_at)
        lags[as_at[8:19]] = "".join(sorted(row["bucket"] + " " for row in found if row["is_within_lag"]))
    assert lags == {"31T12:00:00": "M2a M2b U1 ", "31T12:00:01": "M2a U1 ", "01T12:00:00": "M2a U1 ", "01T12:00:01": ""}


def test_days_left(embedded):
    (row,) = ask(embedded, NO_WAN_MATCHES, no_wan("H1"), as_at="2021-09-10T00:00:00Z")
    assert (row["age_days"], row["days_left"], row["state"]) == (31, 59, "pending_90")
    (late,) = ask(embedded, NO_WAN_MATCHES, no_wan("H1"), as_at="2021-11-09T00:00:00Z")
    assert (late["days_left"], late["state"]) == (-1, "left")
