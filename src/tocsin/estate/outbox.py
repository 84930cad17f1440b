"""The post: every file a sender makes, copied to the day it arrives on, as its fate has it; and the lists of what was sent."""

import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tocsin.estate.earlier_months import EarlierMonths
from tocsin.estate.faults.damage import damaged
from tocsin.estate.faults.fates import Copy, Fates
from tocsin.estate.faults.kinds import HARMLESS
from tocsin.estate.faults.rhythm import slot_label
from tocsin.estate.plan import Plan
from tocsin.estate.truth.faults import FATES_NAMED_AS, PlantedFault, row_fault_named_as, write_faults
from tocsin.feeds import all_feeds
from tocsin.vocabulary.instants import moment

ARRIVALS, DELIVERIES, FAULTS = "arrivals.csv", "deliveries.csv", "faults.csv"
DELIVERY_COLUMNS = (
    "file", "feed", "sender", "slot", "submission", "arrives_at", "damage", "result", "stands", "rows", "refused", "duplicates",
)  # fmt: skip


@dataclass(frozen=True)
class Posting:
    """A file as its sender made it. `rows` are all that it makes: accepted, refused and duplicates.

    `spoilt` counts lines by row fault (tocsin.estate.faults.kinds), `named_as` says which check of the product names each.
    `ready_at` and `due_at` are those of tocsin.estate.faults.rhythm for whoever asks Fates.stands.
    """

    feed: str
    sender: str
    name: str
    start_at: int | None
    end_at: int | None
    submission: str
    body: Path
    rows: int
    spoilt: Mapping[str, int]
    ready_at: int
    due_at: int | None
    named_as: Mapping[str, str] = field(default_factory=dict)
    # Which of a sender's Shapes of a feed, where it has several: files of different ones never take each other's place.
    shape: str = ""

    @property
    def duplicates(self) -> int:
        """Lines that repeat another line of the file."""
        return self.spoilt.get("repeated", 0)

    @property
    def refused(self) -> int:
        """Lines the product must refuse."""
        return sum(lines for fault, lines in self.spoilt.items() if fault not in HARMLESS)


@dataclass
class _Sent:
    """One copy that arrived. `result` is what becomes of it: accepted, refused or repeated."""

    path: str
    posting: Posting
    copy: Copy
    result: str
    stands: bool = False


class Outbox:
    """Takes the files of all senders and lays them into incoming/<arrival day>/. The folder is the caller's, and so is publishing it."""

    def __init__(self, plan: Plan, fates: Fates, incoming: Path, earlier: EarlierMonths | None = None) -> None:
        self.plan, self.fates, self.incoming = plan, fates, incoming
        self.earlier = EarlierMonths() if earlier is None else earlier
        self.sent: list[_Sent] = []
        self.faults: list[PlantedFault] = []
        self.whole: dict[tuple[str, str, int | None], bool] = {}
        self.registers: set[tuple[str, str, str, str]] = set()

    def post(self, posting: Posting) -> None:
        """Move a file's body to where it arrives, once for every copy that comes by `until_at`; a file that never comes is gone."""
        copies = self.fates.copies(posting.feed, posting.sender, posting.start_at, posting.ready_at, posting.due_at)
        arrived = [copy for copy in copies if copy.arrives_at <= self.plan.until_at]
        is_there = self._has_come(posting)
        for copy in arrived:
            place = self._place(posting.name, copy.arrives_at)
            if copy is arrived[-1] and not copy.damage:
                posting.body.replace(place)
            else:
                damaged(posting.body, place, copy.damage)
            result = "refused" if not copy.is_whole else "repeated" if is_there and not copy.damage else "accepted"
            is_there = is_there or copy.is_whole
            self.sent.append(_Sent(str(place.relative_to(self.incoming)), posting, copy, result))
        posting.body.unlink(missing_ok=True)
        slot = (posting.feed, posting.sender, posting.start_at)
        self.whole[slot] = self.whole.get(slot, False) or is_there
        self._note_fate(posting, arrived)

    def add(self, other: "Outbox") -> None:
        """What another outbox of the same simulation posted, of other feeds."""
        self.sent += other.sent
        self.faults += other.faults
        self.whole |= other.whole

    def planted(self, faults: Iterable[PlantedFault]) -> None:
        """Faults that are no file's alone, for faults.csv."""
        self.faults.extend(faults)

    def close(self, truth: Path) -> None:
        """Write arrivals.csv, deliveries.csv and faults.csv into the folder. Raises ValueError where post and Fates.stands disagree."""
        self._agree()
        self._settle()
        in_order = self._in_order()
        with (truth / ARRIVALS).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("file", "received_at"))
            writer.writerows((one.path, _stamp(one.copy.arrives_at)) for one in in_order)
        with (truth / DELIVERIES).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(DELIVERY_COLUMNS)
            writer.writerows(_delivery(one) for one in in_order)
        write_faults(truth / FAULTS, sorted(self.faults, key=lambda fault: (fault.feed, fault.sender, fault.slot, fault.file, fault.kind)))

    def _has_come(self, posting: Posting) -> bool:
        """Whether a register's file is the very same as one before: where nothing has joined since, nothing is new in it."""
        if posting.start_at is not None:
            return False
        with posting.body.open("rb") as body:
            what = (posting.feed, posting.sender, posting.shape, hashlib.file_digest(body, "sha256").hexdigest())
        has_come = what in self.registers
        self.registers.add(what)
        return has_come

    def _in_order(self) -> list[_Sent]:
        return sorted(self.sent, key=lambda one: (one.copy.arrives_at, one.path))

    def _place(self, name: str, arrives_at: int) -> Path:
        """Two files of one name that arrive on one day lie in folders of their own: neither may be lost."""
        day = f"{moment(arrives_at):%Y-%m-%d}"
        for number in count(1):
            place = self.incoming / (day if number == 1 else f"{day}-{number}") / name
            if not place.exists():
                break
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def _note_fate(self, posting: Posting, arrived: list[Copy]) -> None:
        """What befell a file, as far as anybody can see it by `until_at`."""
        fate = self.fates.fate(posting.feed, posting.sender, posting.start_at)
        is_overdue = posting.due_at is not None and posting.due_at <= self.plan.until_at
        is_twice = len(arrived) > 1
        is_seen = {"on_time": False, "late": is_overdue, "missing": is_overdue, "doubled": is_twice, "sent_again": is_twice}
        if is_seen.get(fate, bool(arrived)):
            self._note(posting, fate, 1, FATES_NAMED_AS[fate])

    def _note_rows(self, posting: Posting) -> None:
        """Row faults of a file that stands; those of one whose place another took are in no report."""
        for kind, lines in posting.spoilt.items():
            named_as = row_fault_named_as(posting.feed, kind, posting.named_as)
            if lines and named_as:
                self._note(posting, kind, lines, named_as)

    def _note(self, posting: Posting, kind: str, lines: int, named_as: str) -> None:
        slot = slot_label(posting.feed, posting.start_at, posting.end_at)
        self.faults.append(PlantedFault(kind, posting.feed, posting.sender, slot, posting.name, lines, named_as))

    def _agree(self) -> None:
        """What was posted by the day is what Fates.stands says: the truth was counted by it."""
        for (feed, sender, start_at), is_there in self.whole.items():
            if all_feeds()[feed].every == "day" and self.fates.stands(feed, sender, start_at) != is_there:
                raise ValueError(f"{feed} of {sender} from {start_at}: Fates.stands does not agree with the post; use rhythm.ready_at")

    def _settle(self) -> None:
        """Which of several deliveries of a slot stands: a final outranks an initial, then the later."""
        best: dict[tuple[str, str, str, int | None, int | None], _Sent] = {}
        for one in self._in_order():
            posting = one.posting
            # Deliveries of an occasion have no slot in time: the later of one sender takes the place of the earlier.
            slot = (posting.feed, posting.sender, posting.shape, posting.start_at, posting.end_at)
            held = best.get(slot)
            if one.result == "accepted" and (held is None or _outranks(posting, held.posting)):
                best[slot] = one
        for one in best.values():
            one.stands = True
            self._note_rows(one.posting)


def _outranks(later: Posting, earlier: Posting) -> bool:
    return later.submission == "final" or earlier.submission != "final"


def _delivery(one: _Sent) -> tuple[object, ...]:
    posting = one.posting
    is_read = one.result == "accepted"
    return (
        one.path, posting.feed, posting.sender, slot_label(posting.feed, posting.start_at, posting.end_at), posting.submission,
        _stamp(one.copy.arrives_at), one.copy.damage, one.result, "yes" if one.stands else "no",
        posting.rows if is_read else 0, posting.refused if is_read else 0, posting.duplicates if is_read else 0,
    )  # fmt: skip


def _stamp(at: int) -> str:
    return f"{moment(at):%Y-%m-%dT%H:%M:%SZ}"
