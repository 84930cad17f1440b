"""Incidents and their clocks, drawn: every rule of domain.md 3.3 and the worked example 15.7, worked by hand."""

from datetime import date
from pathlib import Path

import pytest

from journey_rows import accepted, add_accepted, drawn
from tocsin.engines import Engine
from tocsin.feeds.incident_log import INCIDENT_LOG
from tocsin.feeds.incidents import INCIDENTS
from tocsin.journeys.incident_clocks import INCIDENT_CLOCKS, dated_relations
from tocsin.measuring.journey import DELIVERIES
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.errors import BadDeclaration

AUGUST = Period.parse("2021-08")
HOUR_US = 3_600_000_000
NAMES = [attribute.name for attribute in INCIDENT_CLOCKS.attributes]


@pytest.fixture
def clocks(embedded: Engine):
    """Drawn log (and snapshot) -> {(incident, episode, clock): row} of August 2021, known in October. Monday is 9 August."""

    def ask(log: str = "", snapshot: str = "", period: Period = AUGUST, as_at: int | None = None):
        with embedded.session() as session:
            add_accepted(session, INCIDENT_LOG, accepted(INCIDENT_LOG, dated(log)))
            add_accepted(session, INCIDENTS, accepted(INCIDENTS, dated(snapshot)))
            session.add_rows(DELIVERIES, [])
            for relation, rows in dated_relations(date(2021, 8, 1)):
                session.add_rows(relation, rows)
            known_at = Period.parse("2021-10").start_at if as_at is None else as_at
            parameters = {"start_at": period.start_at, "end_at": period.end_at, "as_at": known_at}
            rows = [dict(zip(NAMES, row, strict=True)) for row in session.rows(INCIDENT_CLOCKS.sql, parameters)]
        found = {(row["incident_id"], row["episode"], row["clock"]): row for row in rows}
        assert len(found) == len(rows)
        return found

    return ask


DAYS = {"Mon": "09", "Tue": "10", "Wed": "11", "Thu": "12", "Fri": "13", "Sat": "14"}
STAMPS = ("changed_at", "submitted_at", "extracted_at", "resolved_at", "closed_at")


def dated(table: str):
    """Rows of a drawn table whose stamps are "Mon 09:00" (of one week of August 2021), "08-31 09:00" or "09-01 09:00"."""
    if not table:
        return []
    # With a bar at both ends, an empty last cell stays a cell.
    rows = drawn("\n".join(f"| {line} |" for line in table.strip().splitlines()))
    for row in rows:
        for name in STAMPS:
            if name in row:
                day, clock = row[name].split()
                row[name] = f"2021-{'08-' + DAYS[day] if day in DAYS else day}T{clock}{':00' * (clock.count(':') == 1)}Z"
    return rows


def hours(row):
    return row["elapsed_us"] / HOUR_US, row["paused_us"] / HOUR_US, row["span_us"] / HOUR_US


@pytest.mark.parametrize(
    ("reason", "category_on_tuesday", "expected", "is_met"),
    [
        ("waiting_on_user", "", (101, 48, 53), True),
        ("waiting_on_supplier", "", (101, 0, 101), False),
        ("something_unheard_of", "", (101, 0, 101), False),
        ("waiting_on_user", "2", (101, 48, 53), False),
    ],
)
def test_worked_clock(clocks, reason, category_on_tuesday, expected, is_met):
    """domain.md 15.7: 101 h elapsed, 48 h pending User, 53 of 72 h: met. A pending supplier does not pause; re-graded to 2: missed."""
    found = clocks(f"""
        incident_id | changed_at | status      | pending_reason | category              | resolver_group
        I1          | Mon 09:00  | new         |                | 3                     |
        I1          | Mon 09:30  | assigned    |                |                       | DSP
        I1          | Mon 12:00  | pending     | {reason}       |                       | DSP
        I1          | Tue 12:00  | pending     | {reason}       | {category_on_tuesday} | DSP
        I1          | Wed 12:00  | in_progress |                |                       | CSPN
        I1          | Fri 14:00  | resolved    |                |                       | CSPN
        I1          | Sat 14:00  | closed      |                |                       | Service Desk
    """)
    row = found["I1", 1, "resolution"]
    assert hours(row) == expected
    assert row["is_met"] is is_met
    assert (row["state"], row["resolver_group"], row["first_category"]) == ("resolved", "CSPN", 3)
    assert (row["category"], row["category_changes"]) == ((2, 1) if category_on_tuesday else (3, 0))
    response = found["I1", 1, "initial_response"]
    assert (hours(response), response["is_met"]) == ((0.5, 0, 0.5), not category_on_tuesday)


@pytest.mark.parametrize(("resolved", "is_met"), [("Mon 13:00:00", True), ("Mon 13:00:01", False)])
def test_exactly_on_target_is_met(clocks, resolved, is_met):
    """domain.md 15.7: category 1 resolved after exactly four hours is met."""
    found = clocks(f"""
        incident_id | changed_at | status   | category
        I1          | Mon 09:00  | new      | 1
        I1          | {resolved} | resolved |
    """)
    assert found["I1", 1, "resolution"]["is_met"] is is_met


def test_initial_response_is_never_stopped(clocks):
    """Pending first: that is a first response too, and what follows does not matter to its clock."""
    found = clocks("""
        incident_id | changed_at | status   | pending_reason  | category
        I1          | Mon 09:00  | new      |                 | 3
        I1          | Mon 09:46  | pending  | waiting_on_user |
        I1          | Mon 12:00  | resolved |                 |
    """)
    response, resolution = found["I1", 1, "initial_response"], found["I1", 1, "resolution"]
    assert (response["span_us"], response["paused_us"], response["is_met"]) == (46 * HOUR_US // 60, 0, False)
    assert (resolution["span_us"], resolution["paused_us"], resolution["is_met"]) == (46 * HOUR_US // 60, 134 * HOUR_US // 60, True)


def test_reopened_within_the_window_resumes_its_clock(clocks):
    """Resolved Tue 09:00, opened again Wed 09:00, resolved Thu 09:00: the day between is a pause, and Thursday is the resolution."""
    found = clocks("""
        incident_id | changed_at | status   | category | resolver_group
        I1          | Mon 09:00  | new      | 3        | DSP
        I1          | Tue 09:00  | resolved |          | DSP
        I1          | Tue 10:00  | closed   |          | DSP
        I1          | Wed 09:00  | reopened |          | CSPN
        I1          | Thu 09:00  | resolved |          | CSPN
    """)
    assert set(found) == {("I1", 1, "initial_response"), ("I1", 1, "resolution")}
    row = found["I1", 1, "resolution"]
    assert hours(row) == (72, 24, 48)
    assert row["resolver_group"] == "CSPN"


@pytest.mark.parametrize(("reopened", "episodes"), [("08-11 09:00:00", 1), ("08-11 09:00:01", 2)])
def test_window_is_measured_from_the_resolution(clocks, reopened, episodes):
    """Resolved on 6 August 09:00: exactly five days later it resumes, a second more and it is a new Incident linked to the old one."""
    found = clocks(f"""
        incident_id | changed_at  | status      | category
        I1          | 08-05 09:00 | new         | 3
        I1          | 08-06 09:00 | resolved    |
        I1          | 08-09 09:00 | closed      |
        I1          | {reopened}  | reopened    | 2
        I1          | 08-11 10:00 | in_progress |
        I1          | 08-11 12:00 | resolved    |
    """)
    last = found["I1", episodes, "resolution"]
    assert len(found) == 2 * episodes
    assert (last["category"], last["first_category"], last["category_changes"]) == (2, 3, 1)
    if episodes == 2:
        assert found["I1", 1, "resolution"]["category"] == 3
        assert last["span_us"] == 3 * HOUR_US - 1_000_000
        assert found["I1", 2, "initial_response"]["span_us"] == HOUR_US - 1_000_000


def test_open_and_breached_at_the_end_of_the_month(clocks):
    """Open at the end whenever it was submitted, looked at as it stood then; a resolution in September belongs to September."""
    found = clocks("""
        incident_id | changed_at  | status      | category | resolver_group | pending_reason
        old         | 06-01 09:00 | assigned    | 5        | DSP            |
        fresh       | 08-31 23:00 | assigned    | 1        | DSP            |
        later       | 08-01 00:00 | assigned    | 3        | DSP            |
        later       | 09-02 00:00 | assigned    | 4        | CSPN           |
        later       | 09-03 00:00 | resolved    |          | CSPN           |
        paused      | 08-29 00:00 | pending     | 2        | DSP            | waiting_on_user
        unborn      | 09-01 00:00 | new         | 1        | DSP            |
        done        | 07-01 00:00 | assigned    | 1        | DSP            |
        done        | 07-31 00:00 | resolved    | 1        | DSP            |
    """)
    rows = {incident: row for (incident, _, clock), row in found.items() if clock == "resolution"}
    assert {incident: row["is_breached_open"] for incident, row in rows.items()} == {
        "old": True,
        "fresh": False,
        "later": True,
        "paused": False,
    }
    assert {row["state"] for row in rows.values()} == {"open"}
    assert {row["began_at"] for row in rows.values()} == {AUGUST.end_at - 1}
    assert (rows["later"]["category"], rows["later"]["resolver_group"], rows["later"]["ended_at"]) == (3, "DSP", None)
    assert rows["fresh"]["span_us"] == HOUR_US


def test_each_incident_is_resolved_in_one_month_only(clocks):
    """Resolved on 30 August, opened again on 2 September inside the window: open at the end of August, resolved in September."""
    log = """
        incident_id | changed_at  | status   | category
        I1          | 08-29 00:00 | assigned | 3
        I1          | 08-30 00:00 | resolved |
        I1          | 09-02 00:00 | reopened |
        I1          | 09-02 12:00 | resolved |
    """
    august = clocks(log)["I1", 1, "resolution"]
    september = clocks(log, period=AUGUST.next())["I1", 1, "resolution"]
    assert (august["state"], hours(august)) == ("open", (72, 48, 24))
    assert (september["state"], hours(september)) == ("resolved", (108, 72, 36))
    # As known on 1 September, before the re-opening, it was resolved.
    assert clocks(log, as_at=AUGUST.end_at)["I1", 1, "resolution"]["state"] == "resolved"


def test_rows_out_of_order_doubled_and_delivered_again(clocks):
    """The order is of the stamps, then of the sequence; the same change told twice is one."""
    found = clocks("""
        incident_id | changed_at | sequence | status      | category | resolver_group | delivery_no
        I1          | Tue 09:00  | 2        | resolved    |          | DSP            | 1
        I1          | Tue 09:00  | 1        | in_progress | 2        | CSPN           | 1
        I1          | Mon 09:00  |          | new         | 3        |                | 1
        I1          | Mon 09:10  |          | assigned    |          | DSP            | 1
        I1          | Mon 09:10  |          | assigned    |          | DSP            | 2
        I1          | Tue 09:00  | 2        | resolved    |          | DSP            | 2
    """)
    row = found["I1", 1, "resolution"]
    assert (row["span_us"], row["category"], row["category_changes"], row["resolver_group"]) == (24 * HOUR_US, 2, 1, "DSP")
    assert found["I1", 1, "initial_response"]["span_us"] == HOUR_US // 6


def test_a_second_resolved_row_does_not_move_the_resolution(clocks):
    """A note added while it is resolved is logged as resolved again; nothing was opened between."""
    found = clocks("""
        incident_id | changed_at | status   | category
        I1          | Mon 09:00  | assigned | 3
        I1          | Mon 10:00  | resolved |
        I1          | Mon 12:00  | resolved | 4
        I1          | Sat 12:00  | closed   |
    """)
    row = found["I1", 1, "resolution"]
    assert (row["span_us"], row["category"], row["paused_us"]) == (HOUR_US, 4, 0)


def test_exclusions_and_responsibility(clocks):
    """Cancelled, duplicate, test, problem and the User's own stay as rows that say so; the measures leave them out."""
    found = clocks("""
        incident_id | changed_at | status    | category | exclusion | responsible_party
        child       | Mon 09:00  | assigned  | 3        | duplicate |
        child       | Mon 10:00  | resolved  |          |           |
        gone        | Mon 09:00  | assigned  | 3        |           |
        gone        | Mon 10:00  | cancelled |          |           |
        theirs      | Mon 09:00  | assigned  | 3        |           | user
        theirs      | Mon 10:00  | closed    |          |           |
    """)
    rows = {incident: row for (incident, _, clock), row in found.items() if clock == "resolution"}
    assert {incident: (row["exclusion"], row["responsible_party"]) for incident, row in rows.items()} == {
        "child": ("duplicate", "dcc"),
        "gone": ("cancelled", "dcc"),
        "theirs": ("", "user"),
    }


def test_the_snapshot_fills_what_the_log_does_not_tell(clocks):
    found = clocks(
        """
        incident_id | changed_at | status   | resolver_group | reported_met
        I1          | Mon 10:00  | assigned |                |
        I1          | Mon 12:00  | resolved |                | false
        """,
        """
        incident_id | extracted_at | submitted_at | category | resolver_group | responsible_party | status   | reported_met
        I1          | Tue 09:00    | Mon 09:00    | 2        | DSP            | user              | resolved | true
        I1          | Mon 23:00    | Mon 08:00    | 5        | other          | dcc               | assigned |
        """,
    )
    row = found["I1", 1, "resolution"]
    assert (row["span_us"], row["category"], row["first_category"]) == (3 * HOUR_US, 2, 2)
    assert (row["resolver_group"], row["responsible_party"], row["reported_met"]) == ("DSP", "user", False)


def test_an_incident_with_a_snapshot_only_still_counts(clocks):
    """Its resolution is known and judged; its initial response is not known, and is set aside, not made a number."""
    found = clocks(
        snapshot="""
        incident_id | submitted_at | category | resolver_group | status   | resolved_at | closed_at
        I1          | Mon 09:00    | 2        | DSP            | closed   | Mon 12:00   | Tue 09:00
        I2          | Mon 09:00    | 2        | DSP            | closed   |             | Tue 09:00
        I3          | Mon 09:00    | 2        | DSP            | resolved |             |
        I4          | Mon 09:00    | 2        | DSP            | pending  | Mon 12:00   |
        """
    )
    rows = {incident: row for (incident, _, clock), row in found.items() if clock == "resolution"}
    assert {incident: (row["state"], row["set_aside"]) for incident, row in rows.items()} == {
        "I1": ("resolved", ""),
        "I2": ("resolved", ""),
        "I3": ("open", "no_resolution_time"),
        "I4": ("open", ""),
    }
    assert (rows["I1"]["span_us"], rows["I2"]["span_us"]) == (3 * HOUR_US, 24 * HOUR_US)
    assert {row["set_aside"] for (_, _, clock), row in found.items() if clock == "initial_response"} == {"no_log"}


def test_a_negative_span_is_set_aside(clocks):
    """Resolved before it was submitted, by the sender's stamps: set aside, never clipped to zero."""
    found = clocks("""
        incident_id | changed_at | status   | category | submitted_at
        I1          | Mon 09:00  | resolved | 3        | Mon 10:00
    """)
    assert {row["set_aside"] for row in found.values()} == {"negative_span"}
    assert found["I1", 1, "resolution"]["span_us"] == -HOUR_US


def test_an_incident_without_a_category_is_kept_and_never_met(clocks):
    found = clocks("""
        incident_id | changed_at | status
        I1          | Mon 09:00  | assigned
        I1          | Mon 09:01  | resolved
    """)
    row = found["I1", 1, "resolution"]
    assert (row["category"], row["target_us"], row["is_met"], row["resolver_group"]) == (0, None, False, "UNASSIGNED")


def test_submitted_in_the_month_though_its_log_begins_after_it(clocks):
    found = clocks("""
        incident_id | changed_at  | status   | category | submitted_at
        I1          | 09-01 01:00 | assigned | 1        | 08-31 19:00
    """)
    row = found["I1", 1, "resolution"]
    assert (row["state"], row["span_us"], row["category"], row["ended_at"]) == ("open", 5 * HOUR_US, 0, None)


def test_a_target_in_working_days_is_refused(tmp_path: Path):
    """The clocks run day and night; judging a Working Day target by them would give a wrong figure and no error."""
    line = "category,clock,since,seconds,calendar,status,source\n5,resolution,2020-01-01,864000,working_days,assumed,asked\n"
    (tmp_path / "incident_targets.csv").write_text(line)
    with pytest.raises(BadDeclaration, match=r"category 5, resolution: calendar \"working_days\""):
        dated_relations(date(2021, 8, 1), tmp_path)
