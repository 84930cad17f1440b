"""When messages were observed, told by the caller: a request carries no send time, so no reader may guess one (duis.md 0.2)."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tocsin.vocabulary.audit_trail import TIME_POINTS
from tocsin.vocabulary.errors import BadDeclaration, RefusedDelivery
from tocsin.vocabulary.instants import parse_instant

COLUMNS = ("file", "observed_at", "time_point", "scheduled_at")


@dataclass(frozen=True, slots=True)
class Observation:
    """A message was seen at a time-point; None: the usual one of its class. `scheduled_at`: when a scheduled run was planned for.

    Both stamps are microseconds since 1970 UTC.
    """

    observed_at: int | None
    time_point: str | None = None
    scheduled_at: int | None = None


def read_observations(path: Path) -> dict[str, tuple[Observation, ...]]:
    """Observations by file, from CSV with the columns `file`, `observed_at` and, if wanted, `time_point` and `scheduled_at`.

    `file` is the path as given to the command, or the bare file name. A file may have several lines, one for each time-point.
    Raises RefusedDelivery naming line and column.
    """
    found: dict[str, list[Observation]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            heading = tuple(reader.fieldnames or ())
            if not {"file", "observed_at"} <= set(heading) <= set(COLUMNS):
                raise RefusedDelivery(
                    f"{path}: line 1: expected the columns file, observed_at and perhaps time_point, scheduled_at; "
                    f"found {', '.join(heading) or 'nothing'}. Correct the heading."
                )
            for cells in reader:
                where = f"{path}: line {reader.line_num}"
                if None in cells or None in cells.values():
                    raise RefusedDelivery(f"{where}: expected {len(heading)} cells, found another number. Quote cells that hold a comma.")
                found.setdefault(cells["file"], []).append(_observation(cells, where))
    except OSError as reason:
        raise RefusedDelivery(f"{path}: cannot be read ({reason.strerror}). Correct the path of the observation times.") from reason
    except UnicodeDecodeError as reason:
        raise RefusedDelivery(f"{path}: expected UTF-8 text, found byte {reason.start} that is not. Save the file as UTF-8.") from reason
    except csv.Error as reason:
        raise RefusedDelivery(f"{path}: not readable as CSV ({reason}). Check its quotation marks.") from reason
    return {file: tuple(several) for file, several in found.items()}


def observations_of(file: str, observed: Mapping[str, Sequence[Observation]]) -> tuple[Observation, ...]:
    """Those of one file: by its path as given, else by its bare name."""
    return tuple(observed.get(file, observed.get(Path(file).name, ())))


def _observation(cells: Mapping[str, str], where: str) -> Observation:
    point = cells.get("time_point", "").strip()
    if point and point not in TIME_POINTS:
        raise RefusedDelivery(f'{where}: column "time_point": expected one of {", ".join(TIME_POINTS)}, found "{point}". Correct the cell.')
    return Observation(_stamp(cells, "observed_at", where), point or None, _stamp(cells, "scheduled_at", where))


def _stamp(cells: Mapping[str, str], column: str, where: str) -> int | None:
    text = cells.get(column, "").strip()
    if not text:
        return None
    try:
        return parse_instant(text)
    except BadDeclaration as reason:
        raise RefusedDelivery(f'{where}: column "{column}": {reason}') from reason
