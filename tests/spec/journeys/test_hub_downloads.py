"""Downloads of firmware to Communications Hubs, drawn: the latest told stands, and a hub counts once (CR1423; domain.md 8.4)."""

import pytest
from drawn_firmware import AUGUST, HOUR, downloads, rows_of

from journey_rows import accepted, add_accepted
from tocsin.feeds.device_inventory import DEVICE_INVENTORY
from tocsin.journeys.hub_downloads import HUB_DOWNLOADS
from tocsin.journeys.hub_versions import HUB_VERSIONS


def ask(engine, table, **others):
    return downloads(engine, HUB_DOWNLOADS, table, **others)


def test_the_latest_told_of_an_attempt_stands(either_engine):
    rows = ask(
        either_engine,
        """
        hub | attempted_at | told_at      | result
        a   | 12:00:00     | 13:00:00     | ok
        a   | 12:00:00     | 23:59:59     | ok
        b   | 12:00:01     | 23:59:59     | in_progress
        b   | 12:00:01     | +1d 01:00:01 | failed
        c   | 12:00:02     | 13:00:00     | in_progress
        d   | 12:00:03     |              | ok
        """,
    )
    assert [row["outcome"] for row in rows] == ["ok", "failed", "unfinished", "ok"]
    assert [row["download_us"] for row in rows] == [HOUR, None, None, 0]
    assert {row["attempted_on"] for row in rows} == {"2021-08-10"}
    assert not any(row["is_contradicted"] for row in rows)


@pytest.mark.parametrize(("as_at", "expected"), [("2021-08-15T12:00:00Z", "open"), ("2021-08-15T12:00:01Z", "unfinished")])
def test_one_in_progress_is_waited_for(either_engine, as_at, expected):
    (row,) = ask(either_engine, "hub | attempted_at | result\na | 12:00:00 | in_progress", as_at=as_at)
    assert (row["outcome"], row["hub_outcome"]) == (expected, "open" if expected == "open" else "failed")


def test_a_hub_counts_once_and_one_success_is_enough(either_engine):
    rows = ask(
        either_engine,
        """
        hub | attempted_at | version | result
        a   | 12:00:00     | v2      | ok
        a   | +1d 12:00:00 | v3      | failed
        b   | 12:00:01     | v2      | failed
        b   | +1d 12:00:01 | v2      | failed
        """,
    )
    assert [row["hub_outcome"] for row in rows] == ["", "", "ok", "failed"]
    assert [row["is_last_of_hub"] for row in rows] == [False, False, True, True]


def test_success_and_failure_of_one_attempt_are_remarked_on(either_engine):
    """Both rows are kept; the latest stands, and of two at one instant the success."""
    rows = ask(
        either_engine,
        """
        hub | attempted_at | told_at  | result
        a   | 12:00:00     | 13:00:00 | ok
        a   | 12:00:00     | 14:00:00 | failed
        b   | 12:00:01     | 13:00:00 | ok
        b   | 12:00:01     | 13:00:00 | failed
        """,
    )
    assert [(row["outcome"], row["is_contradicted"]) for row in rows] == [("failed", True), ("ok", True)]


def test_whose_a_hub_is_comes_from_the_row_else_from_its_sender(either_engine):
    """One company sends for two regions: its own code is no Service Provider's."""
    rows = ask(
        either_engine,
        """
        file | hub | attempted_at         | provider | region  | result
        1    | a   | 12:00:00             |          |         | ok
        2    | b   | 12:00:01             | CSPC     | Central | ok
        2    | c   | 12:00:02             |          |         | ok
        1    | d   | 2021-07-31T23:59:59Z |          |         | ok
        1    | e   | 2021-09-01T00:00:00Z |          |         | ok
        """,
    )
    assert [(row["service_provider"], row["region"]) for row in rows] == [("CSPN", "north"), ("CSPC", "central"), ("UNKNOWN", "UNKNOWN")]


def test_the_inventory_tells_which_hubs_have_another_version(either_engine):
    """Told again is no change; nor is one of another month, of a meter, or of a hub seen for the first time."""
    inventory = rows_of("""
        device | type | valid_from           | firmware_version | provider
        a      | CHF  |                      | v1               | CSPN
        a      | CHF  | 2021-08-05T00:00:00Z | v2               | CSPN
        a      | CHF  | 2021-08-06T00:00:00Z | v2               | CSPN
        b      | CHF  |                      | v1               | CSPN
        b      | CHF  | 2021-09-01T00:00:00Z | v2               | CSPN
        c      | ESME |                      | v1               | CSPN
        c      | ESME | 2021-08-05T00:00:00Z | v2               | CSPN
        d      | CHF  | 2021-08-05T00:00:00Z | v2               | CSPN
    """)
    with either_engine.session() as session:
        add_accepted(session, DEVICE_INVENTORY, accepted(DEVICE_INVENTORY, inventory))
        for relation, cells in HUB_VERSIONS.dated(AUGUST.first_on, None):
            session.add_rows(relation, cells)
        rows = session.rows(HUB_VERSIONS.sql, {"start_at": AUGUST.start_at, "end_at": AUGUST.end_at})
    (row,) = (dict(zip([name for name, _ in HUB_VERSIONS.columns], row, strict=True)) for row in rows)
    assert (row["version_before"], row["firmware_version"], row["service_provider"]) == ("v1", "v2", "CSPN")
