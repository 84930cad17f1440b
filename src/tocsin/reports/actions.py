"""Actions against changes: a journal that is only added to, one line an event, and what is known of it at an instant.

`actions.jsonl` of a workspace holds one JSON object a line. Each names the digest of the line before it, so that a line that was changed
or taken out is found. A line is on the disk before it is said to be recorded; the last one, torn by a crash, was never said to be, and
is swept away by the next.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import IO

from tocsin.reports.frozen_changes import ActionLine, ActionNote
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import moment, zone_of

EVENTS = ("recorded", "noted", "closed")
LONGEST = 2_000
FIRST = "0" * 16


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


class ActionJournal:
    """The journal of a workspace."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def events(self) -> list[ActionEvent]:
        """Every event in the order in which they were entered. Raises BadDeclaration for a line that is none or was changed."""
        return list(_events(self.path, _whole_lines(self._bytes())))

    def torn(self) -> int:
        """How many bytes a crash left at the end; they were never said to be recorded."""
        found = self._bytes()
        return len(found) - (found.rfind(b"\n") + 1)

    def record(self, told: ActionEvent) -> str:
        """Enter a new action and give its name: A1, A2, … in the order in which they were recorded."""
        with _held(self.path) as file:
            events = _at_end(self.path, file)
            named = replace(told, action=f"A{sum(one.event == 'recorded' for one in events) + 1}", event="recorded")
            _append(file, named)
        return named.action

    def add(self, told: ActionEvent) -> None:
        """Enter a note to an action, or its end. Raises BadDeclaration for an action that is not there or is closed already."""
        with _held(self.path) as file:
            events = _at_end(self.path, file)
            own = [one for one in events if one.action == told.action]
            if not own:
                there = ", ".join(one.action for one in events if one.event == "recorded") or "none yet"
                raise BadDeclaration(f'{self.path}: there is no action "{told.action}". There is: {there}. tocsin action list tells them.')
            if any(one.event == "closed" for one in own):
                raise BadDeclaration(
                    f"{self.path}: action {told.action} is closed; nothing was added. Record another where more is to be done."
                )
            if told.at < own[0].at:
                raise BadDeclaration(f"{self.path}: action {told.action} was recorded after the instant named. Name a later one.")
            _append(file, told)

    def _bytes(self) -> bytes:
        return self.path.read_bytes() if self.path.is_file() else b""


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


def plain(text: str, what: str) -> str:
    """Words on one line. Raises BadDeclaration for none, for too many, and for characters that are no text."""
    told = " ".join(text.split())
    if not told or len(told) > LONGEST or not told.isprintable():
        raise BadDeclaration(
            f"{what}: 1 to {LONGEST:,} characters of plain text were expected, found {len(told):,} or signs that do not print."
        )
    return told


def _held(path: Path) -> IO[bytes]:
    """The journal, open for this process alone until it is closed."""
    file = path.open("a+b")
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def _at_end(path: Path, file: IO[bytes]) -> list[ActionEvent]:
    """The events of a held journal; what a crash left at its end is cut off."""
    file.seek(0)
    found = file.read()
    whole = found.rfind(b"\n") + 1
    if whole < len(found):
        file.truncate(whole)
    return list(_events(path, _whole_lines(found)))


def _append(file: IO[bytes], event: ActionEvent) -> None:
    file.seek(0)
    lines = file.read().splitlines()
    told = {"after": _digest(lines[-1]) if lines else FIRST, **{key: value for key, value in asdict(event).items() if value != ""}}
    file.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")
    file.flush()
    os.fsync(file.fileno())


def _events(path: Path, lines: list[bytes]) -> Iterator[ActionEvent]:
    after = FIRST
    for number, line in enumerate(lines, 1):
        where = f"{path}:{number}"
        try:
            told = json.loads(line)
            if told.pop("after") != after:
                raise BadDeclaration(f"{where}: the line before it was changed or taken out. Restore the journal from a copy.")
            event = ActionEvent(**told)
        except (ValueError, TypeError, KeyError, AttributeError) as wrong:
            raise BadDeclaration(
                f"{where}: one event of an action was expected, found {type(wrong).__name__}. Restore it from a copy."
            ) from wrong
        if event.event not in EVENTS:
            raise BadDeclaration(f'{where}: event "{event.event}"; expected one of {", ".join(EVENTS)}. Restore it from a copy.')
        after = _digest(line)
        yield event


def _whole_lines(found: bytes) -> list[bytes]:
    return found[: found.rfind(b"\n") + 1].splitlines()


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()[: len(FIRST)]
