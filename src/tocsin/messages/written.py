"""The rows of many readings written out: three files, whole or not at all, and never over files that are there."""

import csv
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from tocsin.messages.alert_rows import ALERT_COLUMNS
from tocsin.messages.duis_message import DuisMessage
from tocsin.messages.gbcs import Cra
from tocsin.messages.gbcs_file import GbcsMessage
from tocsin.messages.reading import FileReading
from tocsin.messages.row_text import Row
from tocsin.messages.rows import AUDIT_COLUMNS
from tocsin.vocabulary.errors import BadDeclaration, RefusedDelivery

FINDING_COLUMNS = ("file", "check_id", "what", "where", "expected", "found", "to_do", "kept")
FILES = {"audit_trail": AUDIT_COLUMNS, "alerts": ALERT_COLUMNS, "findings": FINDING_COLUMNS}
ENDINGS = {"csv": "csv", "json": "jsonl"}


@dataclass(slots=True)
class Summary:
    """What was read and written. `header_only_count`: bare payloads that are no alert and give no row; nothing is wrong with them.

    `device_count`: devices named by non-device requests, which give one row each whatever their number.
    """

    file_count: int = 0
    unread_count: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    audit_count: int = 0
    alert_count: int = 0
    header_only_count: int = 0
    kept_apart_count: int = 0
    device_count: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    written: tuple[Path, ...] = ()


def write_rows(readings: Iterable[FileReading], out: Path, form: str = "csv", replace: bool = False) -> Summary:
    """Writes audit_trail, alerts and findings into the folder `out`, as CSV or as JSON lines, and counts.

    The files are written aside and renamed when all are whole. Raises RefusedDelivery when one of them is already there and `replace`
    is not said, or when the folder cannot be written; BadDeclaration for another `form`.
    """
    if form not in ENDINGS:
        raise BadDeclaration(f'Form "{form}": expected one of {", ".join(ENDINGS)}.')
    targets = {name: out / f"{name}.{ENDINGS[form]}" for name in FILES}
    _refuse_overwriting(targets.values(), replace)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".read-messages-", dir=out) as aside:
            summary = _write_aside(readings, Path(aside), form)
            _refuse_overwriting(targets.values(), replace)
            for name, target in targets.items():
                (Path(aside) / name).replace(target)
    except OSError as reason:
        raise RefusedDelivery(f"{out}: cannot be written ({reason.strerror}). Give a folder that can.") from reason
    summary.written = tuple(targets.values())
    return summary


def _refuse_overwriting(targets: Iterable[Path], replace: bool) -> None:
    there = [target for target in targets if target.exists()]
    if there and not replace:
        raise RefusedDelivery(f"{there[0]}: already there, and nothing is overwritten unasked. Give another folder, or say that it may be.")


def _write_aside(readings: Iterable[FileReading], aside: Path, form: str) -> Summary:
    summary = Summary()
    with ExitStack() as stack:
        files = {name: stack.enter_context(_open(aside / name)) for name in FILES}
        writers = {name: RowWriter(file, FILES[name], form) for name, file in files.items()}
        for reading in readings:
            _count(reading, summary)
            for row in reading.rows.audit:
                writers["audit_trail"].write(row)
            for row in reading.rows.alerts:
                writers["alerts"].write(row)
            for finding in reading.findings:
                told = {name: getattr(finding, name) for name in FINDING_COLUMNS if name != "file"}
                writers["findings"].write({"file": reading.file, **told})
        for file in files.values():
            file.flush()
            os.fsync(file.fileno())
    return summary


def _open(path: Path) -> TextIO:
    # A file name need not be text; such bytes are written as escapes instead of ending the run.
    return path.open("w", encoding="utf-8", errors="backslashreplace", newline="")


def _count(reading: FileReading, summary: Summary) -> None:
    summary.file_count += 1
    summary.audit_count += len(reading.rows.audit)
    summary.alert_count += len(reading.rows.alerts)
    summary.findings.update(finding.check_id for finding in reading.findings)
    summary.kept_apart_count += sum(bool(finding.kept) for finding in reading.findings)
    if reading.message is None:
        summary.unread_count += 1
        return
    summary.kinds[str(reading.message.kind)] += 1
    if isinstance(reading.message, DuisMessage):
        summary.device_count += reading.message.device_count
    elif isinstance(reading.message, GbcsMessage) and reading.message.header.cra is not Cra.ALERT:
        summary.header_only_count += 1


class RowWriter:
    """Writes rows of fixed columns to an open text file: CSV with a heading, or one JSON object a line."""

    def __init__(self, file: TextIO, columns: tuple[str, ...], form: str) -> None:
        self._file, self._columns = file, columns
        self._csv = csv.writer(file, lineterminator="\n") if form == "csv" else None
        if self._csv is not None:
            self._csv.writerow(columns)

    def write(self, row: Row) -> None:
        if self._csv is not None:
            self._csv.writerow([row[name] for name in self._columns])
        else:
            self._file.write(json.dumps({name: row[name] for name in self._columns}, ensure_ascii=False) + "\n")
