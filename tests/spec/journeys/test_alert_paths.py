"""Alerts, drawn: stages of several senders made one alert, proxies, storms, losses, false outages (CR1418, CR1438; domain.md 7, 15.9)."""

import pytest
from drawn_alerts import AUGUST, happenings

from journey_rows import instant_of
from tocsin.journeys.alert_legs import ALERT_LEGS
from tocsin.journeys.alerts import ALERTS

SECOND = 1_000_000


@pytest.fixture
def alerts(embedded):
    def ask(stages, **others):
        rows = happenings(embedded, ALERTS, stages=stages, **others)
        found = {row["alert_key"]: row for row in rows}
        assert len(found) == len(rows)
        return sorted(rows, key=lambda row: (row["began_at"], row["alert_code"] or ""))

    return ask


def test_worked_example(alerts, embedded):
    """domain.md 15.9: T2 12:00:00, received 12:00:20, to User 12:00:50, handshake 12:00:52: 50 s, met; without T2 by proxy 30 s."""
    whole = """
        alert | stage | at       | code | from
        A     | b     | 12:00:00 | 8F3F | S1SP-SECURE
        A     | e     | 12:00:20 | 8F3F | DSP
        A     | f     | 12:00:50 | 8F3F | DSP
        A     | g     | 12:00:52 | 8F3F | DSP
    """
    (row,) = alerts(whole)
    assert (row["measured_from"], row["is_proxy"], row["outcome"], row["delivery_us"]) == ("b", False, "delivered", 50 * SECOND)
    assert (row["kind"], row["region"], row["service_provider"]) == ("device", "smets1", "S1SP-SECURE")
    assert (row["outcome_at_dsp"], row["at_dsp_us"], row["measured_at_dsp_from"]) == ("delivered", 30 * SECOND, "e")
    legs = {leg["leg"]: (leg["measured"], leg["span_us"] // SECOND) for leg in happenings(embedded, ALERT_LEGS, stages=whole)}
    assert legs == {"dsp": ("stamped", 30), "delivery": ("stamped", 50), "confirm": ("stamped", 2)}
    without = "\n".join(line for line in whole.splitlines() if "| b " not in line)
    (row,) = alerts(without)
    assert (row["measured_from"], row["is_proxy"], row["outcome"], row["delivery_us"]) == ("e", True, "delivered", 30 * SECOND)
    assert ("delivery", "proxy") in {(leg["leg"], leg["measured"]) for leg in happenings(embedded, ALERT_LEGS, stages=without)}


@pytest.mark.parametrize(("passed_at", "outcome"), [("12:01:00", "delivered"), ("12:01:00.000001", "late")])
def test_the_last_microsecond_counts(alerts, passed_at, outcome):
    (row,) = alerts(f"""
        alert | stage | at          | code | from
        A     | b     | 12:00:00    | 8F3F | CSPN
        A     | e     | 12:00:01    | 8F3F | DSP
        A     | f     | {passed_at} | 8F3F | DSP
    """)
    assert row["outcome"] == outcome


def test_copies_and_any_order_are_one_alert_by_its_earliest_stamps(alerts):
    (row,) = alerts("""
        alert | stage | at       | code | from
        A     | f     | 12:00:40 | 8F3F | DSP
        A     | f     | 12:00:30 | 8F3F | DSP
        A     | b     | 12:00:00 | 8F3F | CSPN
        A     | b     | 12:00:00 | 8F3F | CSPN
        A     | e     | 12:00:09 | 8F3F | DSP
    """)
    assert (row["b_at"], row["e_at"], row["f_at"]) == (instant_of("12:00:00"), instant_of("12:00:09"), instant_of("12:00:30"))
    assert row["c_at"] is None


def test_held_back_lost_and_still_open(alerts):
    """Consolidated by the DSP is no loss; unpassed is lost after 24 hours, to the microsecond, and open until then."""
    drawn = """
        alert | stage | at       | code | from | is_consolidated | throttled_count
        A     | b     | 12:00:00 | 8F3F | CSPN |                 |
        B     | e     | 12:00:01 | 8F3F | DSP  | true            |
        C     | e     | 12:00:02 | 8F3F | DSP  |                 |
        D     | e     | 12:00:03 | 8F3F | DSP  |                 |
        D     | f     | 12:00:04 | 8F3F | DSP  |                 | 10
    """
    assert [(row["outcome"], row["stands_for"]) for row in alerts(drawn)] == [
        *(("lost", 1), ("consolidated", 1), ("lost", 1), ("delivered", 10)),
    ]
    assert [row["outcome_at_dsp"] for row in alerts(drawn)] == ["unseen", "consolidated", "lost", "delivered"]
    edge = instant_of("+1d 12:00:02")
    assert [row["outcome"] for row in alerts(drawn, as_at=edge - 1)] == ["lost", "consolidated", "open", "delivered"]
    assert [row["outcome"] for row in alerts(drawn, as_at=edge)] == ["lost", "consolidated", "lost", "delivered"]


def test_held_back_and_passed_on_is_passed_on_and_remarked(alerts):
    (row,) = alerts("""
        alert | stage | at       | code | from | is_consolidated
        A     | e     | 12:00:01 | 8F3F | DSP  | true
        A     | f     | 12:00:02 | 8F3F | DSP  |
    """)
    assert (row["outcome"], row["is_held"]) == ("delivered", True)


def test_clock_skew_is_left_out_and_more_is_set_aside(alerts, embedded):
    """Negative by less than two seconds is skew: no time, still delivered. By two, the alert is set aside and has no leg."""
    drawn = """
        alert | stage | at          | code | from
        A     | c     | 12:00:01.999| 8F3F | CSPN
        A     | e     | 12:00:00    | 8F3F | DSP
        A     | f     | 12:00:03    | 8F3F | DSP
        B     | c     | 13:00:02    | 8F3F | CSPN
        B     | e     | 13:00:00    | 8F3F | DSP
        B     | f     | 13:00:03    | 8F3F | DSP
    """
    assert [(row["set_aside"], row["skewed_legs"], row["outcome"]) for row in alerts(drawn)] == [
        *(("", 1, "delivered"), ("negative_span", 0, "delivered")),
    ]
    legs = happenings(embedded, ALERT_LEGS, stages=drawn)
    assert {leg["leg"] for leg in legs} == {"dsp", "delivery"}


def test_nothing_but_the_ends_is_set_aside(alerts):
    """What no one between device and User tells of has no clock; the device's own may be hours off."""
    rows = alerts("""
        alert | stage | at       | code | from
        A     | a     | 11:00:00 | 8F3F | S1SP-DXC
        B     | f     | 12:00:00 | 8F3F | DSP
    """)
    assert [(row["set_aside"], row["measured_from"]) for row in rows] == [("no_receipt", "none")] * 2


def test_kind_device_and_region_are_told_or_found(alerts):
    """As told, else by the code, the inventory, the sender; a code that no list has is kept (MP090)."""
    rows = alerts(
        """
        alert | stage | at       | code | from | kind | device_id | device_type | region | service_provider
        A     | e     | 12:00:00 | N24  | DSP  |      | D1        |             |        |
        B     | e     | 12:00:01 | 8FFF | DSP  |      | D2        |             |        |
        C     | b     | 12:00:02 | 8F3F | CSPN |      | D9        |             |        |
        D     | e     | 12:00:03 | AD1  | DSP  |      | D9        | CHF         | Central | CSPC
        E     | e     | 12:00:04 | N99  | DSP  |      |           |             |        |
        """,
        inventory="""
        device_id | device_type | region | service_provider
        D1        | ESME        | south  | CSPS
        D2        | GSME        | North  | CSPN
        """,
    )
    assert [
        (row["kind"], row["device_type"], row["region"], row["service_provider"], row["is_unlisted"], row["is_proxy"]) for row in rows
    ] == [
        ("dcc", "ESME", "south", "CSPS", False, False),
        ("device", "GSME", "north", "CSPN", True, True),
        ("device", "UNKNOWN", "north", "CSPN", False, False),
        ("dcc", "CHF", "central", "CSPC", False, True),
        ("dcc", "UNKNOWN", "UNKNOWN", "UNKNOWN", True, False),
    ]


def test_an_outage_after_an_activation_is_tagged(alerts):
    """domain.md 7.5: AD1 of a Communications Hub whose electricity meter was activated in the 30 minutes before; not after, not of gas."""
    rows = alerts(
        """
        alert | stage | at              | code | from | device_id
        A     | b     | 12:30:00        | AD1  | CSPN | HUB
        B     | b     | 12:30:00.000001 | AD1  | CSPN | HUB
        C     | b     | 11:59:59        | AD1  | CSPN | HUB
        D     | b     | 12:30:00        | AD1  | CSPN | OTHER
        E     | b     | 12:30:00        | 8F36 | CSPN | HUB
        """,
        firmware="""
        device_id | stage | observed_at | result | device_type | comms_hub_id
        M1        | F5    | 12:00:00    | ok     |             |
        M2        | F5    | 12:10:00    | ok     | GSME        | OTHER
        M3        | F5    | 12:10:00    | failed | ESME        | OTHER
        """,
        inventory="""
        device_id | device_type | region | comms_hub_id
        M1        | ESME        | north  | HUB
        """,
    )
    assert sum(row["is_after_activation"] for row in rows) == 1
    assert {row["alert_code"] for row in rows if row["is_after_activation"]} == {"AD1"}
    assert [row["began_at"] for row in rows if row["is_after_activation"]] == [instant_of("12:30:00")]


def test_an_outage_after_several_activations_is_one_alert_by_the_nearest(alerts):
    """Two in the window make no second row; one long before does not hide a near one, nor does one after the alert."""
    rows = alerts(
        """
        alert | stage | at       | code | from | device_id
        A     | b     | 12:10:00 | AD1  | CSPN | HUB
        B     | b     | 12:41:00 | AD1  | CSPN | HUB
        C     | b     | 13:15:00 | AD1  | CSPN | HUB
        """,
        firmware="""
        device_id | stage | observed_at | result | device_type | comms_hub_id
        M1        | F5    | 11:00:00    | ok     | ESME        | HUB
        M1        | F5    | 12:00:00    | ok     | ESME        | HUB
        M2        | F5    | 12:05:00    | ok     | ESME        | HUB
        M2        | F5    | 12:05:00    | ok     | ESME        | HUB
        M2        | F5    | 13:00:00    | ok     | ESME        | HUB
        """,
    )
    assert [row["is_after_activation"] for row in rows] == [True, False, True]


def test_an_outage_after_an_activation_that_only_the_trail_tells_is_tagged(alerts):
    """By the 11.3's answer, where no tracking came; not by one that was only confirmed, nor of gas, nor before the answer."""
    rows = alerts(
        """
        alert | stage | at              | code | from | device_id
        A     | b     | 12:30:00        | AD1  | CSPN | HUB
        B     | b     | 12:30:00.000001 | AD1  | CSPN | HUB
        C     | b     | 11:59:59        | AD1  | CSPN | HUB
        D     | b     | 12:30:00        | AD1  | CSPN | OTHER
        """,
        activated="""
        device | at       | type | outcome
        M1     | 12:00:00 | ESME | activated
        M2     | 12:10:00 | GSME | activated
        M3     | 12:10:00 | ESME | confirmed
        """,
        inventory="""
        device_id | device_type | region | comms_hub_id
        M1        | ESME        | north  | HUB
        M2        | GSME        | north  | OTHER
        M3        | ESME        | north  | OTHER
        """,
    )
    assert [row["began_at"] for row in rows if row["is_after_activation"]] == [instant_of("12:30:00")]


def test_the_month_is_that_of_the_first_stage_known(alerts):
    """The device's own stamp does not move an alert into another month; what crosses the edge is followed to its end."""
    rows = alerts("""
        alert | stage | at                       | code | from
        A     | a     | 2021-07-31T23:59:00Z     | 8F3F | S1SP-DXC
        A     | b     | 2021-08-01T00:00:00Z     | 8F3F | S1SP-DXC
        B     | b     | 2021-07-31T23:59:59.999Z | 8F3F | S1SP-DXC
        B     | e     | 2021-08-01T00:00:01Z     | 8F3F | DSP
        C     | b     | 2021-08-31T23:59:59Z     | 8F3F | S1SP-DXC
        C     | f     | 2021-09-01T00:00:09Z     | 8F3F | DSP
    """)
    assert [(row["began_at"], row["outcome"]) for row in rows] == [(AUGUST.start_at, "lost"), (AUGUST.end_at - SECOND, "delivered")]


def test_buckets_and_engines_agree(either_engine):
    drawn = "\n".join(
        [
            "alert | stage | at | code | from",
            *(f"{alert} | {stage} | 12:{alert % 60:02d}:{second:02d} | 8F3F | {sender}" for alert in range(40)
              for stage, second, sender in (("b", 1, "CSPN"), ("e", 5, "DSP"), ("f", 9, "DSP"))),
        ]
    )  # fmt: skip
    one, three = (happenings(either_engine, ALERTS, stages=drawn, buckets=buckets) for buckets in (1, 3))
    assert sorted(map(repr, one)) == sorted(map(repr, three)) and len(one) == 40
    legs = happenings(either_engine, ALERT_LEGS, stages=drawn)
    assert [(leg["leg"], leg["span_us"], leg["alert_count"]) for leg in sorted(legs, key=lambda leg: leg["leg"])] == [
        *(("delivery", 8 * SECOND, 40), ("dsp", 4 * SECOND, 40)),
    ]
