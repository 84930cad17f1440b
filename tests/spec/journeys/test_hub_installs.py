"""Communications Hubs by their first update, drawn: every state of domain.md 10.2, worked by hand, and the age of 15.10."""

import pytest
from drawn_hubs import ask, responses, updates

from tocsin.engines import Engine
from tocsin.feeds.feed import identifier_key
from tocsin.journeys.hub_installs import HUB_INSTALLS
from tocsin.journeys.hub_quarters import HUB_QUARTERS

HUBS = {identifier_key(name): name for name in ("H1", "H2", "H3", "H4", "H5", "H6", "H7", "H8")}


def told(engine: Engine, *asked, names: str = "trail_state state", **more) -> dict[str, str]:
    found = ask(engine, HUB_INSTALLS, *asked, **more)
    kept = [row for row in found if not row["set_aside"]]
    assert len({row["hub_key"] for row in kept}) == len(kept)
    return {HUBS[row["hub_key"]]: " ".join(str(row[name]) for name in names.split()) for row in kept}


@pytest.mark.parametrize(("as_at", "state"), [("2021-04-01T23:59:59Z", "pending_90"), ("2021-04-02T00:00:00Z", "left")])
def test_age_of_the_worked_example(embedded, as_at, state):
    """domain.md 15.10: 8.14.2 on 1 January 2021: 1 April is day 90 and still pending, 2 April is LEFT."""
    trail = updates("""
        hub | srv    | observed_at
        H1  | 8.14.2 | 2021-01-01T23:00:00Z
    """)
    (row,) = ask(embedded, HUB_INSTALLS, trail, month="2021-01", as_at=as_at)
    assert (row["state"], row["trail_state"]) == (state, state)
    assert row["age_days"] == (90 if state == "pending_90" else 91)


def test_every_state_of_the_trail(embedded):
    """Installed and commissioned; left without WAN; connected by an update, by a response of the hub, of a device behind it; returned."""
    trail = updates("""
        hub | srv    | observed_at
        H1  | 8.14.1 | 2021-08-02
        H2  | 8.14.2 | 2021-08-02
        H3  | 8.14.2 | 2021-08-03
        H3  | 8.14.1 | 2021-08-20
        H4  | 8.14.2 | 2021-08-04
        H5  | 8.14.2 | 2021-08-05
        H6  | 8.14.1 | 2021-08-06
        H6  | 8.14.3 | 2021-09-01
        H7  | 8.14.2 | 2021-08-06
        H7  | 8.14.4 | 2021-08-30
    """)
    trail += responses("""
        device | observed_at
        H4     | 2021-08-09
        E5     | 2021-09-05
        E2     | 2021-08-01
    """)
    inventory = """
        device_id | device_type | comms_hub_id | region | service_provider | valid_from
        H1        | CHF         |              | North  | CSPN             |
        E5        | ESME        | H5           | south  | CSPS             | 2021-08-07
        E2        | ESME        | H2           | south  | CSPS             | 2021-07-07
    """
    found = told(embedded, trail, inventory=inventory, names="installed_on trail_state connected_by")
    assert found == {
        "H1": "2021-08-02 commissioned update",
        # Its device answered the day before the 8.14.2: no sign of a WAN after it.
        "H2": "2021-08-02 pending_90 ",
        "H3": "2021-08-03 commissioned update",
        "H4": "2021-08-04 commissioned response",
        "H5": "2021-08-05 commissioned response",
        "H6": "2021-08-06 replaced update",
        "H7": "2021-08-06 replaced ",
    }
    december = told(embedded, trail, inventory=inventory, as_at="2021-12-01T00:00:00Z")
    assert december["H2"] == "left left"
    places = told(embedded, trail, inventory=inventory, names="region service_provider is_first_time")
    assert (places["H1"], places["H2"]) == ("north CSPN True", "UNKNOWN UNKNOWN False")


def test_what_is_told_of_the_very_instant_does_not_come_after_it(embedded):
    """A response, a return, another hub at the premises, all at the instant itself: none of them changes anything."""
    trail = updates("""
        hub | srv    | observed_at
        H1  | 8.14.2 | 2021-08-02
        H2  | 8.14.1 | 2021-08-02
        H2  | 8.14.3 | 2021-08-02
        H3  | 8.14.2 | 2021-08-02
        H4  | 8.14.2 | 2021-08-02
    """)
    trail += responses("""
        device | observed_at
        H1     | 2021-08-02
    """)
    lists = """
        incident_id | list_kind | submitted_at | comms_hub_id | mpxn
        I3          | received  | 2021-08-03   | H3           | 103
        I4          | received  | 2021-08-03   | H4           | 103
    """
    states = told(embedded, trail, lists, names="state")
    assert states == {"H1": "pending_90", "H2": "commissioned", "H3": "pending_90", "H4": "pending_90"}


def test_devices_count_while_they_are_behind_the_hub(embedded):
    """A meter that moved to another hub says nothing of the one it left."""
    trail = updates("""
        hub | srv    | observed_at
        H1  | 8.14.2 | 2021-08-02
        H2  | 8.14.2 | 2021-08-02
    """)
    trail += responses("""
        device | observed_at
        E1     | 2021-08-20
    """)
    inventory = """
        device_id | device_type | comms_hub_id | valid_from
        E1        | ESME        | H1           | 2021-08-01
        E1        | ESME        | H2           | 2021-08-10
    """
    assert told(embedded, trail, inventory=inventory) == {"H1": "pending_90 pending_90", "H2": "commissioned commissioned"}


def test_the_lists_decide_what_the_trail_cannot(embedded):
    """The CSP connected it, cannot, claims an exception, replaced it; another hub came to the same premises."""
    trail = updates("""
        hub | srv    | observed_at
        H1  | 8.14.2 | 2021-08-02
        H2  | 8.14.2 | 2021-08-02
        H3  | 8.14.2 | 2021-08-02
        H4  | 8.14.2 | 2021-08-02
        H5  | 8.14.2 | 2021-08-02
        H6  | 8.14.2 | 2021-08-20
        H7  | 8.14.2 | 2021-08-02
    """)
    lists = """
        incident_id | list_kind | submitted_at | closed_at  | comms_hub_id | mpxn | outcome        | exception
        I1          | closed    | 2021-08-03   | 2021-08-20 | H1           | 101  | connected      |
        I2          | closed    | 2021-08-03   | 2021-08-20 | H2           | 102  | not_achievable |
        I3          | closed    | 2021-08-03   | 2021-08-20 | H3           | 103  | connected      | installation
        I4          | closed    | 2021-08-03   | 2021-08-20 | H4           | 104  | replaced       |
        I5          | received  | 2021-08-03   |            | H5           | 105  |                |
        I6          | received  | 2021-08-21   |            | H6           | 105  |                |
        I7          | received  | 2021-08-03   |            | H7           | 107  |                |
    """
    found = told(embedded, trail, lists)
    assert found == {
        "H1": "pending_90 commissioned",
        "H2": "pending_90 left",
        "H3": "pending_90 commissioned",
        "H4": "pending_90 replaced",
        "H5": "pending_90 replaced",
        "H6": "pending_90 pending_90",
        "H7": "pending_90 pending_90",
    }
    assert told(embedded, trail, lists, names="connected_by exception incident_id")["H3"] == "csp installation I3"


def test_an_update_counts_from_its_receipt(embedded):
    """Refused it is none; without an answer, twice over or told by two senders it is one; the first tells the day."""
    trail = updates("""
        hub | srv    | observed_at          | answer
        H1  | 8.14.2 | 2021-08-02           | E081401
        H2  | 8.14.2 | 2021-08-02           | none
        H3  | 8.14.2 | 2021-08-03           | W081401
        H3  | 8.14.2 | 2021-08-09           |
        H4  | 8.14.1 | 2021-07-31T23:59:59Z |
        H4  | 8.14.2 | 2021-08-09           |
        H5  | 8.14.1 | 2021-08-09           |
        H5  | 8.14.2 | 2021-08-19           |
    """)
    found = told(embedded, [*trail, *trail], names="installed_on first_srv update_count is_lost_later trail_state")
    assert found == {
        "H2": "2021-08-02 8.14.2 1 False pending_90",
        "H3": "2021-08-03 8.14.2 2 False pending_90",
        "H5": "2021-08-09 8.14.1 2 True commissioned",
    }


def test_what_no_figure_can_see_is_set_aside(embedded):
    trail = updates("""
        hub | srv    | observed_at | answer
            | 8.14.1 | 2021-08-02  |
        H2  | 8.14.2 | 2021-08-03  | lost
        H3  | 8.14.1 | 2021-08-03  |
    """)
    # A lost request: only its answer, which tells the SRV, came.
    trail[2]["srv"] = "8.14.2"
    found = ask(embedded, HUB_INSTALLS, trail)
    assert sorted(row["set_aside"] for row in found) == ["", "no_hub", "no_receipt"]
    assert {row["set_aside"]: row["installed_on"] for row in found}["no_hub"] == "UNKNOWN"


def test_quarter_before(embedded):
    """September is of the third quarter: it tells of the hubs of April to June, each by its 90 days."""
    trail = updates("""
        hub | srv    | observed_at
        H1  | 8.14.1 | 2021-04-01T00:00:00Z
        H2  | 8.14.2 | 2021-04-02
        H2  | 8.14.1 | 2021-07-01T23:59:59Z
        H3  | 8.14.2 | 2021-04-02
        H3  | 8.14.1 | 2021-07-02T00:00:00Z
        H4  | 8.14.2 | 2021-06-30T23:59:59Z
        H5  | 8.14.2 | 2021-07-01T00:00:00Z
        H6  | 8.14.1 | 2021-03-31T23:59:59Z
    """)
    lists = """
        incident_id | list_kind | submitted_at | closed_at  | comms_hub_id | outcome
        I4          | closed    | 2021-07-01   | 2021-07-10 | H4           | connected
    """
    found = ask(embedded, HUB_QUARTERS, trail, lists, month="2021-09", as_at="2021-09-28T12:00:00Z")
    told = {HUBS[row["hub_key"]]: (row["is_within_90_by_trail"], row["is_within_90"], row["is_decided"]) for row in found}
    assert told == {"H1": (True, True, True), "H2": (True, True, True), "H3": (False, False, True), "H4": (False, True, False)}
    assert {row["quarter"] for row in found} == {"2021-Q2"}
    assert {row["began_at"] % 86_400_000_000 for row in found} == {86_399_999_999}
    assert [row["quarter"] for row in ask(embedded, HUB_QUARTERS, trail, month="2021-05")] == ["2021-Q1"]


def test_january_tells_of_the_last_quarter(embedded):
    trail = updates("""
        hub | srv    | observed_at
        H1  | 8.14.1 | 2020-12-31T23:59:59Z
    """)
    assert [row["quarter"] for row in ask(embedded, HUB_QUARTERS, trail, month="2021-02")] == ["2020-Q4"]
