"""Actions: what is known of them at an instant, and what a run tells."""

from dataclasses import replace
from pathlib import Path

import pytest

from tocsin.reports.actions import ActionEvent, ActionJournal, actions_of, digest_of, known_actions, new_action
from tocsin.vocabulary.calendar import Period, parse_instant
from tocsin.vocabulary.errors import BadDeclaration

SEPTEMBER = Period(2021, 9)


def at(text: str) -> int:
    return parse_instant(text)


def recorded(on: str, due: str = "2021-10-31", month: str = "2021-09") -> ActionEvent:
    instant = at(f"{on}T09:00Z")
    return new_action("Ask for causes", "DSP", due, month=month, change="cpm_1:below_level", at=(instant, instant + 5))


def said(action: str, event: str, on: str, text: str = "") -> ActionEvent:
    instant = at(f"{on}T09:00Z")
    return ActionEvent(action, event, instant, instant, text)


@pytest.fixture
def journal(tmp_path: Path) -> ActionJournal:
    return ActionJournal(tmp_path / "actions.jsonl")


def test_each_action_has_the_next_name(journal: ActionJournal) -> None:
    assert [journal.record(recorded("2021-10-01")), journal.record(recorded("2021-10-01"))] == ["A1", "A2"]


@pytest.mark.parametrize(
    ("as_at", "state"),
    [
        # Due by the end of 31 October, UK local time: by then it is winter time.
        ("2021-10-31T23:59:59.999999Z", "open"),
        ("2021-11-01T00:00:00Z", "overdue"),
        ("2021-11-05T08:59:59Z", "overdue"),
        ("2021-11-05T09:00:00Z", "closed"),
    ],
)
def test_its_state_is_as_at_an_instant(as_at: str, state: str) -> None:
    events = [replace(recorded("2021-10-01"), action="A1"), said("A1", "noted", "2021-10-10", "Asked"), said("A1", "closed", "2021-11-05")]
    (line,) = known_actions(events, at(as_at))
    assert (line.state, [note.text for note in line.notes]) == (state, ["Asked"])


def test_a_due_date_ends_in_local_time() -> None:
    """In summer time the day after begins an hour before midnight UTC."""
    events = [replace(recorded("2021-07-01", due="2021-07-31"), action="A1")]
    assert known_actions(events, at("2021-07-31T22:59:59Z"))[0].state == "open"
    assert known_actions(events, at("2021-07-31T23:00:00Z"))[0].state == "overdue"


def test_what_is_said_later_is_not_known_yet() -> None:
    events = [replace(recorded("2021-10-01"), action="A1"), said("A1", "noted", "2021-10-10", "Asked")]
    assert known_actions(events, at("2021-09-30T00:00Z")) == []
    assert known_actions(events, at("2021-10-05T00:00Z"))[0].notes == ()


def test_a_run_tells_open_ones_and_those_closed_since_the_month_before(journal: ActionJournal) -> None:
    for _ in range(3):
        journal.record(recorded("2021-09-10", month="2021-08"))
    journal.record(recorded("2021-11-01", month="2021-10"))
    journal.add(said("A1", "closed", "2021-09-15"))
    journal.add(said("A2", "closed", "2021-10-15"))
    as_at, since = at("2021-12-01T00:00Z"), at("2021-09-20T00:00Z")
    # A1 was told as closed by August's report; what was recorded against October is not of September's.
    assert [one.action for one in actions_of(journal.path, SEPTEMBER, as_at, since)] == ["A2", "A3"]
    assert [one.action for one in actions_of(journal.path, SEPTEMBER, as_at, None)] == ["A1", "A2", "A3"]


def test_another_note_is_another_digest() -> None:
    events = [replace(recorded("2021-10-01"), action="A1")]
    known = [known_actions(of, at("2021-12-01T00:00Z")) for of in (events, [*events, said("A1", "noted", "2021-10-10", "Asked")])]
    assert digest_of(known[0]) != digest_of(known[1])


def test_what_cannot_be_added_is_refused(journal: ActionJournal) -> None:
    journal.record(recorded("2021-10-01"))
    with pytest.raises(BadDeclaration, match=r'there is no action "A2"\. There is: A1'):
        journal.add(said("A2", "noted", "2021-10-10", "Asked"))
    with pytest.raises(BadDeclaration, match="was recorded after the instant named"):
        journal.add(said("A1", "closed", "2021-09-30"))
    journal.add(said("A1", "closed", "2021-10-10"))
    with pytest.raises(BadDeclaration, match="is closed; nothing was added"):
        journal.add(said("A1", "noted", "2021-10-11", "Too late"))
    assert [one.event for one in journal.events()] == ["recorded", "closed"]


def test_a_due_date_must_be_one() -> None:
    with pytest.raises(BadDeclaration, match='a date such as 2021-10-31 was expected, found "next week"'):
        recorded("2021-10-01", due="next week")
