"""The outbox: damaged files are refused whole by the product, other bytes change nothing, and its lists say what became of each."""

import csv
import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from made_store import MadeStore, make_store, sat_row
from tocsin.estate.faults.damage import damaged
from tocsin.estate.faults.fates import Fates
from tocsin.estate.faults.profile import fault_profile
from tocsin.estate.faults.rhythm import due_at, ready_at
from tocsin.estate.outbox import Outbox, Posting
from tocsin.estate.plan import Plan
from tocsin.estate.truth.faults import read_faults
from tocsin.vocabulary.calendar import Period, moment, parse_instant
from tocsin.vocabulary.instants import DAY_US

HEADER = ("id", "at", "point", "class", "srv", "code", "device")
ROWS = [sat_row(number).split(",") for number in range(40)]
LINES = "\n".join(",".join(row) for row in [list(HEADER), *ROWS]) + "\n"


def _xlsx(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate([list(HEADER), *ROWS]):
            sheet.write_row(place, 0, row)


def _parquet(path: Path) -> None:
    pq.write_table(pa.table({name: [row[place] for row in ROWS] for place, name in enumerate(HEADER)}), path)


# Ending of the name, what else its Shape says, and how the file is made.
FORMS: dict[str, tuple[str, str, Callable[[Path], object]]] = {
    "packed": ("csv.gz", "", lambda path: path.write_bytes(gzip.compress(LINES.encode(), mtime=0))),
    "empty day": ("csv.gz", "", lambda path: path.write_bytes(gzip.compress((",".join(HEADER) + "\n").encode(), mtime=0))),
    "text": ("csv", "", lambda path: path.write_text(LINES)),
    "text without its last line end": ("csv", "", lambda path: path.write_text(LINES.rstrip("\n"))),
    "utf-16": ("csv", 'encoding = "utf-16"', lambda path: path.write_bytes(LINES.encode("utf-16"))),
    "cp1252": ("csv", 'encoding = "cp1252"', lambda path: path.write_bytes(LINES.encode("cp1252"))),
    "objects": (
        "jsonl",
        "",
        lambda path: path.write_text("".join(json.dumps(dict(zip(HEADER, row, strict=True))) + "\n" for row in ROWS)),
    ),
    "columns": ("parquet", "", _parquet),
    "workbook": ("xlsx", "", _xlsx),
}


@pytest.fixture
def made(tmp_path: Path) -> MadeStore:
    return make_store(tmp_path)


@pytest.mark.parametrize("form", FORMS)
def test_what_damages_do_in_the_eyes_of_the_product(made: MadeStore, form: str) -> None:
    """Cut and spoilt files are refused whole, other bytes give the same rows, and each is the same every time."""
    ending, also, make = FORMS[form]
    shape = made.root / "shapes/dsp_audit_trail.toml"
    shape.write_text(f"{also}\n{shape.read_text()}")
    body = made.root / "body"
    make(body)
    found = {}
    for damage in ("cut", "spoilt", "", "other_bytes"):
        place = made.incoming / f"DSP_SAT_20260301_final.{ending}"
        damaged(body, place, damage)
        once = place.read_bytes()
        damaged(body, place, damage)
        assert place.read_bytes() == once
        (found[damage],) = made.take_in(place)
    assert [found[damage].status for damage in ("cut", "spoilt", "", "other_bytes")] == ["refused", "refused", "accepted", "accepted"]
    rows = 0 if form == "empty day" else len(ROWS)
    first, second = found[""].delivery, found["other_bytes"].delivery
    assert (first.accepted, first.refused, second.accepted, second.refused) == (rows, 0, rows, 0)
    assert found["other_bytes"].supersedes == first.delivery_id


@dataclass(frozen=True)
class Sent:
    """What a month of files of one sender left behind."""

    plan: Plan
    fates: Fates
    folder: Path

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / "truth" / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @property
    def files(self) -> list[str]:
        return sorted(str(path.relative_to(self.folder / "incoming")) for path in (self.folder / "incoming").rglob("*") if path.is_file())


def send(folder: Path, plan: Plan) -> Sent:
    """A file of every day: twelve rows of which one is refused, one a duplicate, one copied."""
    (folder / "incoming").mkdir(parents=True)
    (folder / "truth").mkdir()
    fates = Fates(plan)
    outbox = Outbox(plan, fates, folder / "incoming")
    for day in plan.days:
        start = day * DAY_US
        body = folder / "body"
        body.write_bytes(gzip.compress(f"{LINES}{day}".encode(), mtime=0))
        outbox.post(
            Posting(
                feed="audit_trail",
                sender="DSP",
                name=f"DSP_SAT_{moment(start):%Y%m%d}_final.csv.gz",
                start_at=start,
                end_at=start + DAY_US,
                submission="final",
                body=body,
                rows=12,
                spoilt={"no_stamp": 1, "repeated": 1, "copied": 1, "long_line": 0},
                named_as={"no_stamp": "AT-EMPTY:observed_at", "copied": ""},
                ready_at=ready_at("audit_trail", "DSP", start),
                due_at=due_at("audit_trail", start),
            )
        )
        assert not body.exists()
    outbox.close(folder / "truth")
    return Sent(plan, fates, folder)


@pytest.fixture(scope="module")
def plan() -> Plan:
    period = Period(2021, 9)
    return Plan(period, Fraction(1, 10_000), 4, Plan.settled_at(period), fault_profile("hard"))


@pytest.fixture(scope="module")
def sent(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Sent:
    return send(tmp_path_factory.mktemp("sent"), plan)


def test_every_copy_lies_in_the_folder_of_its_day_and_in_the_list_of_arrivals(sent: Sent) -> None:
    arrivals = sent.rows("arrivals.csv")
    assert sorted(row["file"] for row in arrivals) == sent.files
    assert [row["received_at"] for row in arrivals] == sorted(row["received_at"] for row in arrivals)
    for row in arrivals:
        assert row["file"].startswith(row["received_at"][:10])
        assert parse_instant(row["received_at"]) <= sent.plan.until_at


def test_each_delivery_is_listed_with_what_becomes_of_it(sent: Sent) -> None:
    deliveries = sent.rows("deliveries.csv")
    by_fate: dict[str, list[tuple[str, str]]] = {}
    for row in deliveries:
        day = parse_instant(f"{row['slot']}T00:00Z")
        by_fate.setdefault(sent.fates.fate("audit_trail", "DSP", day), []).append((row["result"], row["stands"]))
        assert (row["rows"], row["refused"], row["duplicates"]) == (("12", "1", "1") if row["result"] == "accepted" else ("0", "0", "0"))
    per_slot = {
        "on_time": [("accepted", "yes")],
        "late": [("accepted", "yes")],
        "cut": [("refused", "no")],
        "spoilt": [("refused", "no")],
        "cut_then_whole": [("refused", "no"), ("accepted", "yes")],
        "spoilt_then_whole": [("refused", "no"), ("accepted", "yes")],
        "doubled": [("accepted", "yes"), ("repeated", "no")],
        "sent_again": [("accepted", "no"), ("accepted", "yes")],
    }
    assert set(by_fate) == set(per_slot)
    for fate, found in by_fate.items():
        assert set(found) == set(per_slot[fate])


def test_each_fault_is_listed_with_how_it_must_be_named(sent: Sent) -> None:
    faults = read_faults(sent.folder / "truth/faults.csv")
    named = {fault.kind: fault.named_as for fault in faults}
    assert named == {
        "late": "slot:late",
        "missing": "slot:missing",
        "cut": "refused_file",
        "cut_then_whole": "refused_file",
        "spoilt": "refused_file",
        "spoilt_then_whole": "refused_file",
        "doubled": "repeated_file",
        "sent_again": "superseded_file",
        "no_stamp": "check:AT-EMPTY:observed_at",
        "repeated": "check:AT-DUP",
        "copied": "oddity:service_requests.repeated",
    }
    standing = sum(sent.fates.stands("audit_trail", "DSP", day * DAY_US) for day in sent.plan.days)
    assert sum(fault.kind == "no_stamp" for fault in faults) == standing
    assert {fault.slot for fault in faults if fault.kind in {"late", "missing"}} <= {f"2021-09-{day:02d}" for day in range(1, 31)}


def test_the_same_plan_gives_the_same_tree_and_another_seed_another(sent: Sent, tmp_path: Path) -> None:
    again, other = send(tmp_path / "again", sent.plan), send(tmp_path / "other", replace(sent.plan, seed=5))
    assert again.files == sent.files != other.files
    for name in sent.files:
        assert (again.folder / "incoming" / name).read_bytes() == (sent.folder / "incoming" / name).read_bytes()
    for name in ("arrivals.csv", "deliveries.csv", "faults.csv"):
        assert again.rows(name) == sent.rows(name) != other.rows(name)


def test_nothing_is_sent_after_until(sent: Sent, tmp_path: Path) -> None:
    until = sent.plan.period.start_at + 15 * DAY_US
    half = send(tmp_path / "half", replace(sent.plan, until_at=until))
    assert half.rows("arrivals.csv") == [row for row in sent.rows("arrivals.csv") if parse_instant(row["received_at"]) <= until]
    late = {fault.slot for fault in read_faults(half.folder / "truth/faults.csv") if fault.kind in {"late", "missing"}}
    assert all(due_at("audit_trail", parse_instant(f"{slot}T00:00Z")) <= until for slot in late)


def test_two_files_of_one_name_on_one_day_are_both_kept(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "incoming").mkdir()
    outbox = Outbox(plan, Fates(plan), tmp_path / "incoming")
    for text in ("one", "two"):
        (tmp_path / "body").write_text(text)
        outbox.post(Posting("party_list", "DSP", "PARTIES.csv", None, None, "final", tmp_path / "body", 1, {}, plan.period.start_at, None))
    (first, second) = sorted((tmp_path / "incoming").rglob("PARTIES.csv"))
    assert (first.parent.name, second.parent.name) == ("2021-09-01", "2021-09-01-2")
    assert (first.read_text(), second.read_text()) == ("one", "two")


def test_a_register_in_which_nothing_is_new_is_a_file_received_again(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "incoming").mkdir()
    outbox = Outbox(plan, Fates(plan), tmp_path / "incoming")
    for week, text in enumerate(("one", "one", "two")):
        (tmp_path / "body").write_text(text)
        ready = plan.period.start_at + week * 7 * DAY_US
        outbox.post(Posting("party_list", "DSP", f"PARTIES_{week}.csv", None, None, "final", tmp_path / "body", 1, {}, ready, None))
    outbox.close(tmp_path)
    with (tmp_path / "deliveries.csv").open(encoding="utf-8", newline="") as file:
        found = [(row["result"], row["stands"]) for row in csv.DictReader(file)]
    assert found == [("accepted", "no"), ("repeated", "no"), ("accepted", "yes")]


def test_a_file_posted_at_an_hour_of_its_own_is_found_out(plan: Plan, tmp_path: Path) -> None:
    """The truth asks Fates.stands: a sender that does not keep to the rhythm would make it wrong."""
    (tmp_path / "incoming").mkdir()
    early = replace(plan, faults=fault_profile("none"), until_at=plan.period.start_at + 2 * DAY_US)
    outbox = Outbox(early, Fates(early), tmp_path / "incoming")
    start = early.period.start_at
    (tmp_path / "body").write_text("x")
    posting = Posting("audit_trail", "DSP", "X.csv", start, start + DAY_US, "final", tmp_path / "body", 1, {}, early.until_at + 1, None)
    outbox.post(posting)
    with pytest.raises(ValueError, match=r"audit_trail of DSP from \d+: Fates.stands does not agree"):
        outbox.close(tmp_path)
