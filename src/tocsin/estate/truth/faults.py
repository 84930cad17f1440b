"""The planted faults as plain rows: what went wrong with which file, and how the data-quality section must name it."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from tocsin.feeds import all_feeds

# How a run names a file's fate. A cut or spoilt file is refused whole; of a doubled one the second copy is told as repeated; one sent
# again stands where the first stood. A check's findings are named as check:<id>, an oddity of a journey as oddity:<name>.
FATES_NAMED_AS = {
    "late": "slot:late",
    "missing": "slot:missing",
    "cut": "refused_file",
    "cut_then_whole": "refused_file",
    "spoilt": "refused_file",
    "spoilt_then_whole": "refused_file",
    "doubled": "repeated_file",
    "sent_again": "superseded_file",
}


@dataclass(frozen=True)
class PlantedFault:
    """One planted fault. `slot` is what the report calls the slot, `count` lines of a row fault (1 of a file's), `named_as` how told."""

    kind: str
    feed: str
    sender: str
    slot: str
    file: str
    count: int
    named_as: str


def row_fault_named_as(feed: str, fault: str, checks: Mapping[str, str]) -> str:
    """How the product names a row fault, by the sender's checks (fault to check id) where it has one; empty for what leaves no trace."""
    code = all_feeds()[feed].code
    own = {"repeated": f"check:{code}-DUP", "copied": "oddity:service_requests.repeated", "belated": f"check:{code}-OUTSIDE"}
    return f"check:{checks[fault]}" if checks.get(fault) else own.get(fault, "")


def write_faults(path: Path, faults: Iterable[PlantedFault]) -> None:
    """faults.csv, in the order given."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([part.name for part in fields(PlantedFault)])
        writer.writerows(astuple(fault) for fault in faults)


def read_faults(path: Path) -> list[PlantedFault]:
    """The rows of a faults.csv."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            PlantedFault(row["kind"], row["feed"], row["sender"], row["slot"], row["file"], int(row["count"]), row["named_as"])
            for row in csv.DictReader(file)
        ]
