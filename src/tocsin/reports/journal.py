"""Journals: files of a workspace that are only added to, one JSON object a line, each naming the digest of the line before it.

A line that was changed or taken out is found by the next. A line is on the disk before anything is said of it; the last one, torn by a
crash, was never said to be there, and is swept away by the next.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, asdict, fields
from pathlib import Path
from typing import IO, TYPE_CHECKING, Generic, TypeVar

from tocsin.vocabulary.errors import BadDeclaration

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FIRST = "0" * 16
# Words of a person in a journal: a paragraph, not a document.
LONGEST = 2_000

Event = TypeVar("Event", bound="DataclassInstance")


class Held(Generic[Event]):
    """A journal that this process alone may add to: what stands in it, and the adding."""

    def __init__(self, file: IO[bytes], events: list[Event], after: str) -> None:
        self.events: Sequence[Event] = events
        self._file, self._after, self._events = file, after, events

    def append(self, event: Event) -> None:
        """Add an event; it is on the disk when this returns."""
        empty = {field.name: field.default for field in fields(event) if field.default is not MISSING}
        told = {key: value for key, value in asdict(event).items() if key not in empty or value != empty[key]}
        line = json.dumps({"after": self._after, **told}, ensure_ascii=False).encode()
        self._file.write(line + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._after = _digest(line)
        self._events.append(event)


class Journal(Generic[Event]):
    """A journal of events of one kind, a frozen dataclass of plain values. `noun` says what one is, for messages."""

    def __init__(self, path: Path, kind: type[Event], noun: str) -> None:
        self.path, self.kind, self.noun = path, kind, noun

    def events(self) -> list[Event]:
        """Every event in the order in which they were entered. Raises BadDeclaration for a line that is none or was changed."""
        events, _ = self._read(self.path.read_bytes() if self.path.is_file() else b"")
        return events

    def torn(self) -> int:
        """How many bytes a crash left at the end: of a line that was never said to be recorded."""
        found = self.path.read_bytes() if self.path.is_file() else b""
        return len(found) - (found.rfind(b"\n") + 1)

    @contextmanager
    def held(self) -> Iterator[Held[Event]]:
        """The journal, for this process alone until the block ends; what a crash left at its end is cut off."""
        with self.path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            found = file.read()
            whole = found.rfind(b"\n") + 1
            if whole < len(found):
                file.truncate(whole)
            yield Held(file, *self._read(found))

    def _read(self, found: bytes) -> tuple[list[Event], str]:
        """The events of the whole lines, and the digest of the last."""
        after, events = FIRST, []
        for number, line in enumerate(found[: found.rfind(b"\n") + 1].splitlines(), 1):
            where = f"{self.path}:{number}"
            try:
                told = json.loads(line)
                before = told.pop("after")
                event = self.kind(**told)
            except (ValueError, TypeError, KeyError, AttributeError) as wrong:
                raise BadDeclaration(
                    f"{where}: one {self.noun} was expected, found {type(wrong).__name__}. Restore the journal from a copy."
                ) from wrong
            if before != after:
                raise BadDeclaration(f"{where}: the line before it was changed or taken out. Restore the journal from a copy.")
            after = _digest(line)
            events.append(event)
        return events, after


def plain(text: str, what: str) -> str:
    """Words of a person on one line. Raises BadDeclaration for none, for too many, and for characters that are no text."""
    told = " ".join(text.split())
    if not told or len(told) > LONGEST or not told.isprintable():
        raise BadDeclaration(
            f"{what}: 1 to {LONGEST:,} characters of plain text were expected, found {len(told):,} or signs that do not print."
        )
    return told


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()[: len(FIRST)]
