"""What every contender is told: where the data are, which files, and where to write."""

import argparse
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

COLUMNS = ("request_id", "point", "observed_at", "srv", "user_id", "device_type", "device_id", "region", "code")
# Stamps are added up from here, so that the sum stays a 64-bit number everywhere.
SINCE_MS = int(datetime(2026, 9, 1, tzinfo=UTC).timestamp()) * 1000
# A longer line is refused, and kept.
LINE_BYTES = 256 << 10
# A file comes two hours after the end of its day.
RECEIVED_AFTER = timedelta(hours=2)


@dataclass(frozen=True)
class Arguments:
    """`files` are the inputs in order of their day; `out` is an empty folder."""

    data: Path
    files: list[Path]
    out: Path

    @property
    def known(self) -> dict[str, list[str]]:
        return dict(json.loads((self.data / "known.json").read_text()))

    @property
    def targets(self) -> Path:
        return self.data / "targets.csv"


def read() -> Arguments:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("files", type=Path, nargs="+")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    return Arguments(asked.data, asked.files, asked.out)


def received_at(path: Path) -> datetime:
    """When a file of this name came, as a UTC time without zone; a stamp more than a day later is from the future."""
    day = date.fromisoformat(path.name.split(".")[0].rsplit("_", 1)[-1])
    return datetime.combine(day, time()) + timedelta(days=1) + RECEIVED_AFTER


def tell(answer: dict[str, Any]) -> None:
    print(json.dumps(answer))
