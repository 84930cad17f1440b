"""Category changes, drawn: what was left of each clock when an Incident was made less severe, worked by hand (domain.md 3.3)."""

from datetime import date

import pytest

from journey_rows import accepted, add_accepted, drawn
from tocsin.engines import Engine
from tocsin.feeds.incident_log import INCIDENT_LOG
from tocsin.feeds.incidents import INCIDENTS
from tocsin.journeys.incident_clocks import dated_relations
from tocsin.journeys.incident_regrades import INCIDENT_REGRADES
from tocsin.measuring.journey import DELIVERIES
from tocsin.vocabulary.calendar import Period

AUGUST = Period.parse("2021-08")
NAMES = [attribute.name for attribute in INCIDENT_REGRADES.attributes]


@pytest.fixture
def regrades(embedded: Engine):
    """Drawn log (stamps are "day hh:mm" of August 2021) -> rows of the month, known in October."""

    def ask(log: str, period: Period = AUGUST):
        rows = drawn(log)
        for row in rows:
            day, clock = row["changed_at"].split()
            row["changed_at"] = f"2021-{'08-' if len(day) == 2 else ''}{day}T{clock}:00Z"
        with embedded.session() as session:
            add_accepted(session, INCIDENT_LOG, accepted(INCIDENT_LOG, rows))
            add_accepted(session, INCIDENTS, [])
            session.add_rows(DELIVERIES, [])
            for relation, cells in dated_relations(date(2021, 8, 1)):
                session.add_rows(relation, cells)
            at = {"start_at": period.start_at, "end_at": period.end_at, "as_at": Period.parse("2021-10").start_at}
            found = [dict(zip(NAMES, row, strict=True)) for row in session.rows(INCIDENT_REGRADES.sql, at)]
        keys = {(row["incident_id"], row["place"], row["clock"]): row for row in found}
        assert len(keys) == len(found)
        return keys

    return ask


@pytest.mark.parametrize(
    ("changed", "minutes", "is_near"),
    # 24 h of category 2 begin at 09:00: a tenth is 144 minutes.
    [("10 06:35", 145, False), ("10 06:36", 144, True), ("10 08:59", 1, True), ("10 09:00", 0, True), ("10 09:01", -1, True)],
)
def test_minutes_before_breach(regrades, changed, minutes, is_near):
    """Made 3 out of 2: near its breach from a tenth of the old target on, and after it."""
    found = regrades(f"""
        | incident_id | changed_at | status      | category | resolver_group |
        | I1          | 09 09:00   | new         | 2        | DSP            |
        | I1          | 09 09:05   | assigned    |          | CSPN           |
        | I1          | {changed}  | in_progress | 3        |                |
        | I1          | 11 09:00   | resolved    |          | DCC            |
    """)
    row = found["I1", 3, "resolution"]
    assert (row["minutes_before_breach"], row["is_near"], row["is_eased"], row["is_running"]) == (minutes, is_near, True, True)
    assert (row["from_category"], row["to_category"], row["resolver_group"]) == (2, 3, "CSPN")
    # Answered after five of its twenty minutes: nothing was left to hide.
    response = found["I1", 3, "initial_response"]
    assert (response["minutes_before_breach"], response["is_running"], response["is_near"]) == (15, False, False)


def test_a_change_to_a_more_severe_category_hides_nothing(regrades):
    found = regrades("""
        | incident_id | changed_at | status      | category |
        | I1          | 09 09:00   | new         | 3        |
        | I1          | 12 08:00   | in_progress | 2        |
    """)
    row = found["I1", 2, "resolution"]
    assert (row["minutes_before_breach"], row["is_eased"], row["is_near"]) == (60, False, False)


def test_waiting_for_the_user_is_not_spent(regrades):
    """Twelve of 24 hours waited for the User: 11 h are spent when it is eased, and 13 h left; waiting for a supplier is spent."""
    log = """
        | incident_id | changed_at | status      | pending_reason | category |
        | I1          | 09 09:00   | new         |                | 2        |
        | I1          | 09 10:00   | pending     | {reason}       |          |
        | I1          | 09 22:00   | in_progress |                |          |
        | I1          | 10 08:00   | in_progress |                | 3        |
    """
    assert regrades(log.format(reason="waiting_on_user"))["I1", 4, "resolution"]["minutes_before_breach"] == 13 * 60
    row = regrades(log.format(reason="waiting_on_supplier"))["I1", 4, "resolution"]
    assert (row["minutes_before_breach"], row["is_near"]) == (60, True)


def test_eased_after_it_was_resolved_late(regrades):
    """Resolved two hours over its target, then made less severe before it is closed: listed, though its clock had ended."""
    found = regrades("""
        | incident_id | changed_at | status   | category |
        | I1          | 09 09:00   | new      | 1        |
        | I1          | 09 15:00   | resolved |          |
        | I1          | 09 20:00   | closed   | 4        |
        | I2          | 09 09:00   | new      | 1        |
        | I2          | 09 12:59   | resolved |          |
        | I2          | 09 20:00   | closed   | 4        |
    """)
    late, met = found["I1", 3, "resolution"], found["I2", 3, "resolution"]
    assert (late["minutes_before_breach"], late["is_running"], late["is_near"]) == (-120, False, True)
    assert (met["minutes_before_breach"], met["is_running"], met["is_near"]) == (1, False, False)


def test_a_change_belongs_to_the_month_it_was_made_in(regrades):
    """Each change is a row of its own month; the category first told is no change; the same line told twice is one."""
    log = """
        | incident_id | changed_at  | status      | category |
        | I1          | 07-31 09:00 | new         |          |
        | I1          | 07-31 10:00 | assigned    | 3        |
        | I1          | 07-31 11:00 | assigned    | 4        |
        | I1          | 01 00:00    | in_progress | 5        |
        | I1          | 01 00:00    | in_progress | 5        |
        | I1          | 03 09:00    | in_progress | 5        |
        | I1          | 09-01 00:00 | in_progress | 4        |
    """
    assert {key[1] for key in regrades(log)} == {4}
    assert {key[1] for key in regrades(log, AUGUST.next())} == {6}


def test_a_submission_after_the_change_is_set_aside(regrades):
    """A record that contradicts itself is counted under a name of its own, never clipped to zero."""
    found = regrades("""
        | incident_id | changed_at | status      | category | submitted_at         |
        | I1          | 09 09:00   | new         | 2        | 2021-08-12T09:00:00Z |
        | I1          | 10 09:00   | in_progress | 3        |                      |
    """)
    assert {row["set_aside"] for row in found.values()} == {"negative_span"}
