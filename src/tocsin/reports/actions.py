"""Actions against changes: what somebody will do about one, in a journal that is only added to, and what is known at an instant."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from tocsin.reports.frozen_changes import ActionLine, ActionNote
from tocsin.reports.journal import Journal, plain
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import moment, zone_of

EVENTS = ("recorded", "noted", "closed")


@dataclass(frozen=True)
class ActionEvent:
    """One line. `at` is when it was said, `entered_at` when it was entered (µs UTC); fields an event has not are empty."""

    action: str
    event: str
    at: int
    entered_at: int
    text: str
    month: str = ""
    change: str = ""
    owner: str = ""
    due_on: str = ""

    def __post_init__(self) -> None:
        if self.event not in EVENTS:
            raise ValueError(f'event "{self.event}"; expected one of {", ".join(EVENTS)}')


class ActionJournal(Journal[ActionEvent]):
    """The journal of a workspace's actions."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, ActionEvent, "event of an action")

    def record(self, told: ActionEvent) -> str:
        """Enter a new action and give its name: A1, A2, … in the order in which they were recorded."""
        with self.held() as held:
            named = replace(told, action=f"A{sum(one.event == 'recorded' for one in held.events) + 1}", event="recorded")
            held.append(named)
        return named.action

    def add(self, told: ActionEvent) -> None:
        """Enter a note to an action, or its end. Raises BadDeclaration for an action that is not there or is closed already."""
        with self.held() as held:
            own = [one for one in held.events if one.action == told.action]
            if not own:
                there = ", ".join(one.action for one in held.events if one.event == "recorded") or "none yet"
                raise BadDeclaration(f'{self.path}: there is no action "{told.action}". There is: {there}. tocsin action list tells them.')
            if any(one.event == "closed" for one in own):
                raise BadDeclaration(
                    f"{self.path}: action {told.action} is closed; nothing was added. Record another where more is to be done."
                )
            if told.at < own[0].at:
                raise BadDeclaration(f"{self.path}: action {told.action} was recorded after the instant named. Name a later one.")
            held.append(told)


def known_actions(events: Iterable[ActionEvent], as_at: int, zone: str = "Europe/London") -> list[ActionLine]:
    """Every action as known at an instant, in the order in which they were recorded. One is overdue on the day after its due date."""
    found: dict[str, ActionLine] = {}
    today = moment(as_at).astimezone(zone_of(zone)).date().isoformat()
    for one in events:
        if one.at > as_at:
            continue
        if one.event == "recorded":
            state = "overdue" if one.due_on < today else "open"
            found[one.action] = ActionLine(one.action, one.change, one.month, one.text, one.owner, one.due_on, one.at, state)
        elif one.action in found:
            line = found[one.action]
            notes = (*line.notes, ActionNote(one.at, one.text)) if one.text else line.notes
            is_closed = one.event == "closed"
            found[one.action] = replace(
                line, notes=notes, state="closed" if is_closed else line.state, closed_at=one.at if is_closed else line.closed_at
            )
    return list(found.values())


def actions_of(path: Path, period: Period, as_at: int, since: int | None) -> tuple[ActionLine, ...]:
    """What a run tells: actions of its month and of those before that are open at `as_at`, or were closed after `since`, if that is known.

    `since` is the as-at of the run of the month before: what was closed by then was told there. Raises BadDeclaration.
    """
    known = known_actions(ActionJournal(path).events(), as_at)
    told = [one for one in known if one.month <= period.label]
    return tuple(one for one in told if one.state != "closed" or since is None or one.closed_at > since)


def digest_of(actions: Sequence[ActionLine]) -> str:
    """One digest of the actions a run tells: with another note it is another run."""
    return hashlib.sha256(json.dumps([asdict(one) for one in actions]).encode()).hexdigest()


def new_action(text: str, owner: str, due: str, *, month: str, change: str, at: tuple[int, int]) -> ActionEvent:
    """An action to record; `at` is when it was said and when it is entered. Raises BadDeclaration for words or a date that are none."""
    try:
        due_on = date.fromisoformat(due).isoformat()
    except ValueError as wrong:
        raise BadDeclaration(f'due: a date such as 2021-10-31 was expected, found "{due}".') from wrong
    return ActionEvent("", "recorded", *at, plain(text, "text"), month, change, plain(owner, "owner"), due_on)
