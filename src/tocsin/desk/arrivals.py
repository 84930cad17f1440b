"""A list of arrivals: a CSV file that says when each file was received, for whoever loads an archive with known times of receipt."""

import csv
from pathlib import Path

from tocsin.deliveries.intake import Arrival
from tocsin.vocabulary.calendar import parse_instant
from tocsin.vocabulary.errors import BadDeclaration

COLUMNS = ("file", "received_at")
_SHOWN = 5


def read_arrivals(path: Path, incoming: Path, now: int) -> list[Arrival]:
    """The arrivals a list tells, in order of time (of the list, where times are equal). A file's path is below `incoming`, or absolute.

    Raises BadDeclaration naming line, expected and found, for an instant after `now`, and for files that are not there.
    """
    if not path.is_file():
        raise BadDeclaration(f"no such file: {path}. A CSV file with the columns {' and '.join(COLUMNS)} was expected.")
    arrivals = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            rows = csv.DictReader(opened)
            if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
                found = ", ".join(rows.fieldnames or ()) or "nothing"
                raise BadDeclaration(f'{path}: column "{missing[0]}" is missing (found: {found}). Expected {", ".join(COLUMNS)}.')
            for row in rows:
                arrivals.append(_arrival(row["file"], row["received_at"], incoming, f"{path}, line {rows.line_num}", now))
    except (UnicodeDecodeError, csv.Error) as wrong:
        raise BadDeclaration(f"{path}: CSV text in UTF-8 was expected, found {wrong}. Correct the file.") from wrong
    absent = [str(arrival.file) for arrival in arrivals if not arrival.file.is_file()]
    if absent:
        more = f" and {len(absent) - _SHOWN} more" if len(absent) > _SHOWN else ""
        raise BadDeclaration(f"{path} lists files that are not there: {', '.join(absent[:_SHOWN])}{more}. Nothing was taken in.")
    return sorted(arrivals, key=lambda arrival: arrival.received_at)


def _arrival(file: str | None, received_at: str | None, incoming: Path, where: str, now: int) -> Arrival:
    if not file or not received_at:
        raise BadDeclaration(f"{where}: a file and the instant it was received were expected, found an empty cell. Correct the list.")
    try:
        at = parse_instant(received_at)
    except BadDeclaration as wrong:
        raise BadDeclaration(f"{where}: received_at: {wrong}") from wrong
    if at > now:
        raise BadDeclaration(f"{where}: received_at: {received_at} has not come yet; an instant up to now was expected.")
    return Arrival(incoming / file, at)
