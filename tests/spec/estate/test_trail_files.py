"""The audit trail as every sender writes it, taken in by the product: rows, instants and keys as told, faults by their checks."""

import gzip
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import numpy as np
import pytest

from made_trail import USERS, made_rows
from tocsin.deliveries.intake import take_in
from tocsin.deliveries.store import Store
from tocsin.estate import senders
from tocsin.estate.block import EMPTY, Block
from tocsin.estate.events import earlier_updates
from tocsin.estate.faults.kinds import COPY_AFTER_US, ROW_FAULTS, is_harmless
from tocsin.estate.faults.profile import fault_profile
from tocsin.estate.outbox import Posting
from tocsin.estate.plan import Plan
from tocsin.estate.senders.layouts import LAYOUTS
from tocsin.estate.senders.rhythm import REPEATING, day_on, expected_trails, sent_twice, silence
from tocsin.estate.senders.spoiling import NAMED_AS
from tocsin.estate.senders.trail import TRAIL_SENDERS, addressed, sends
from tocsin.estate.senders.trail_files import TrailFiles, begun, file_name, written
from tocsin.estate.senders.trail_rows import written_rows
from tocsin.estate.words import WORDS, number
from tocsin.feeds.feed import identifier_key
from tocsin.feeds.shape_file import load_shapes
from tocsin.vocabulary.calendar import Period, parse_instant
from tocsin.vocabulary.instants import DAY_US

SHAPES = [shape for shape in load_shapes(Path(senders.__file__).parent / "shapes") if shape.feed == "audit_trail"]
FORMATS = ("csv", "parquet")
# A day of winter, the clock change of spring, a day of summer and the clock change of autumn.
DAYS = tuple(parse_instant(f"{on}T00:00:00Z") // DAY_US for on in ("2021-02-03", "2021-03-28", "2021-09-14", "2021-10-31"))


@dataclass
class Post:
    """An outbox that lays every file down under its name."""

    folder: Path
    posted: list[Posting] = field(default_factory=list)

    def post(self, posting: Posting) -> None:
        self.folder.mkdir(exist_ok=True)
        posting.body.replace(self.folder / posting.name)
        self.posted.append(posting)


def plan_of(day: int, seed: int = 7) -> Plan:
    period = Period.of_instant(day * DAY_US)
    return Plan(period, Fraction(1, 10_000), seed, Plan.settled_at(period), fault_profile("none"))


def sent(root: Path, rows: list[Block], plan: Plan, formats: str) -> Post:
    """The files of rows, and no others: days without rows are not closed."""
    root.mkdir(exist_ok=True)
    post = Post(root / "incoming")
    files = TrailFiles(plan, SimpleNamespace(users=Block({"eui": USERS})), post, root, formats)
    files.closed = min(int(block["file_day"].min()) for block in rows) - 1
    for block in rows:
        files.append(block)
    files.close_through(max(int(block["file_day"].max()) for block in rows))
    return post


def taken(root: Path, post: Post, day: int) -> list[Any]:
    """Receipts of all files, taken in three days after the day."""
    store = Store(root / "store")
    return take_in(store, [post.folder / posting.name for posting in post.posted], SHAPES, (day + 3) * DAY_US)


def accepted(root: Path, receipt: Any, columns: str) -> list[tuple]:
    file = Store(root / "store").accepted(receipt.delivery.delivery_id)
    return duckdb.sql(f"SELECT {columns} FROM read_parquet('{file}')").fetchall()


def eui(value: int) -> str:
    return "-".join(f"{value:016X}"[place : place + 2] for place in range(0, 16, 2))


def word(rows: Block, column: str, place: int) -> str | None:
    return WORDS[column][rows[column][place]] or None


def told(value: int) -> int | None:
    return None if value in {EMPTY, 0} else int(value)


def expected(rows: Block) -> Counter[tuple]:
    """Accepted rows of one file, by one more road from numbers to values: keys of the texts, words of the numbers."""
    found: Counter[tuple] = Counter()
    for place in np.flatnonzero(is_harmless(rows["fault"])):
        device = int(rows["device"][place])
        key = f"{eui(int(rows['originator'][place]))}:{eui(int(rows['target'][place]))}:{int(rows['counter'][place])}"
        if not rows["has_request"][place]:
            key = f"{rows['schedule'][place]}:{word(rows, 'srv', place)}:{eui(device)}:{rows['scheduled_us'][place]}"
        user = int(rows["user"][place])
        row = (
            identifier_key(key),
            *(word(rows, column, place) for column in ("time_point", "message_class", "srv", "response_code", "device_result")),
            told(rows["command_variant"][place]),
            eui(int(USERS[user])) if user >= 0 else None,
            identifier_key(eui(device)) if device else None,
            *(word(rows, column, place) for column in ("device_type", "service_provider")),
            (word(rows, "region", place) or "").lower() or None,
            *(told(rows[column][place]) for column in ("execution_us", "scheduled_us", "instruction_no", "instruction_total")),
            identifier_key(str(rows["schedule"][place])) if rows["schedule"][place] else None,
        )
        at = int(rows["told_us"][place])
        found[at, *row] += 1
        if ROW_FAULTS[rows["fault"][place]] == "copied":
            found[at + COPY_AFTER_US, *row] += 1
    return found


COLUMNS = (
    "observed_at, request_id, time_point, message_class, srv, response_code, device_result, command_variant, user_id, device_id,"
    " device_type, service_provider, lower(region), execution_at, scheduled_at, instruction_no, instruction_total, schedule_id"
)


@pytest.mark.parametrize(("day", "formats"), [(DAYS[1], "csv"), (DAYS[3], "csv"), (DAYS[3], "parquet")])
def test_every_file_is_read_as_it_was_told(tmp_path: Path, day: int, formats: str) -> None:
    """Every sender, every fault, counters above 2**63, both clock changes: rows, instants, keys, and each spoilt line by one check."""
    rows = addressed(made_rows(day))
    post = sent(tmp_path, [rows], plan_of(day), formats)
    receipts = {receipt.file.name: receipt for receipt in taken(tmp_path, post, day)}
    kinds: set[str] = set()
    for posting in post.posted:
        receipt = receipts[posting.name]
        own = (rows["sender"] == TRAIL_SENDERS.index(posting.sender)) & (rows["file_day"] == _day_of(posting))
        assert receipt.status == "accepted", receipt.delivery.reason
        assert (receipt.delivery.covers_start_at, receipt.delivery.covers_end_at) == (posting.start_at, posting.end_at)
        assert Counter(accepted(tmp_path, receipt, COLUMNS)) == expected(rows.take(own)), posting.name
        findings = {finding.check_id: finding.count for finding in receipt.findings}
        # JSON lines of a day without rows are one blank line.
        by_check = Counter({"AT-BLANK": int(not posting.rows and posting.name.endswith("jsonl.gz"))})
        for kind, lines in posting.spoilt.items():
            by_check[NAMED_AS[kind]] += lines if NAMED_AS[kind] else 0
        remarks = ("AT-UNKNOWN", "AT-TWICE", "AT-SKIPPED", "AT-OUTSIDE")
        told_of = {check: count for check, count in findings.items() if not check.startswith(remarks)}
        assert told_of == {check: count for check, count in by_check.items() if check and count}, posting.name
        # One reason a refused line, and the rest accepted.
        delivery = receipt.delivery
        assert (delivery.refused, delivery.duplicates) == (posting.refused, posting.duplicates)
        assert delivery.accepted == posting.rows - posting.refused - posting.duplicates
        kinds |= set(posting.spoilt)
    refusing = {kind for kind in NAMED_AS if kind not in {"broken_json", "short_line", "long_line", "bad_stamp"}}
    assert kinds >= (refusing if formats == "parquet" else set(NAMED_AS))
    assert {posting.sender for posting in post.posted} == set(TRAIL_SENDERS)


def _day_of(posting: Posting) -> int:
    return round(posting.start_at / DAY_US)


@pytest.mark.parametrize("on", ["2021-03-28", "2021-10-31"])
def test_the_hours_of_a_clock_change(tmp_path: Path, on: str) -> None:
    """Of an hour that local time shows twice the second is told as the first; a file of a local day is of 23 or of 25 hours."""
    day = parse_instant(f"{on}T00:00:00Z") // DAY_US
    # Rows of the two hours around 01:00 UTC, when the clocks change.
    rows = addressed(made_rows(day, 900, faulty=0.0, until_ms=2 * 3_600_000))
    local = rows.take(rows["sender"] == TRAIL_SENDERS.index("S1SP-6"))
    hour = 3600 * 1_000_000
    is_late = local["stamp"] >= day * DAY_US + hour
    moved = hour if on.startswith("2021-10") else 0
    assert is_late.any() and not is_late.all()
    assert (local["stamp"] - local["told_us"] == np.where(is_late, moved, 0)).all()
    post = sent(tmp_path, [local], plan_of(day), "csv")
    (posting,) = [posting for posting in post.posted if posting.rows]
    (receipt,) = [one for one in taken(tmp_path, post, day) if one.file.name == posting.name]
    assert sorted(accepted(tmp_path, receipt, "observed_at")) == sorted((int(at),) for at in local["told_us"])
    assert (posting.end_at - posting.start_at) // hour == (25 if moved else 23)
    assert {finding.check_id for finding in receipt.findings} & {"AT-TWICE:observed_at", "AT-SKIPPED:observed_at"} == (
        {"AT-TWICE:observed_at"} if moved else set()
    )


@pytest.mark.parametrize("formats", FORMATS)
def test_the_same_rows_are_the_same_bytes(tmp_path: Path, formats: str) -> None:
    """Blocks in the same order give files of the same bytes, run for run; an agreed workbook too."""
    blocks = [addressed(made_rows(day)) for day in (DAYS[0], DAYS[0] + 1)]
    trees = [sent(tmp_path / run, blocks, plan_of(DAYS[0]), formats) for run in "ab"]
    sums = [{p.name: hashlib.sha256((post.folder / p.name).read_bytes()).hexdigest() for p in post.posted} for post in trees]
    assert sums[0] == sums[1] and len(sums[0]) >= 2 * len(TRAIL_SENDERS) - 1


def test_the_workbook_that_is_agreed_and_not_yet_sent(tmp_path: Path) -> None:
    """S1SP-9 keeps no trail, but its layout and Shape are ready and fit each other, run for run."""
    day = DAYS[2]
    rows = addressed(made_rows(day, 60))
    for run in "ab":
        writer = begun(tmp_path / run, LAYOUTS["S1SP-9"])
        made, spoilt = written_rows(rows, "sheet")
        writer.write(written(made, LAYOUTS["S1SP-9"], _users()))
        writer.close()
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    file = (tmp_path / "a").rename(tmp_path / f"S1SP-9 SAT {day_on(day):%Y%m%d}.xlsx")
    (receipt,) = take_in(Store(tmp_path / "store"), [file], SHAPES, (day + 3) * DAY_US)
    assert receipt.status == "accepted" and receipt.delivery.duplicates == spoilt["repeated"]
    assert Counter(accepted(tmp_path, receipt, COLUMNS)) == expected(rows)
    assert {owed["sender"] for owed in expected_trails(plan_of(day))} == set(TRAIL_SENDERS)


def _users() -> Any:
    return TrailFiles(plan_of(DAYS[0]), SimpleNamespace(users=Block({"eui": USERS})), Post(Path()), Path()).users


def test_habits_of_a_month(tmp_path: Path) -> None:
    """A month without a row: every sender's daily file says so, but for five agreed days of S1SP-7; S1SP-CGI sends one day twice."""
    plan = plan_of(DAYS[2])
    post = Post(tmp_path / "incoming")
    files = TrailFiles(plan, SimpleNamespace(users=Block({"eui": USERS})), post, tmp_path)
    files.close_through(plan.days[10])
    files.close()
    assert not files.open and not files.carried
    count = Counter(posting.sender for posting in post.posted)
    start, end = silence(plan)
    assert count == dict.fromkeys(TRAIL_SENDERS, len(plan.days)) | {"S1SP-7": len(plan.days) - 5, "S1SP-CGI": len(plan.days) + 1}
    silent = TRAIL_SENDERS.index("S1SP-7")
    assert [day for day in plan.days if not sends(plan, silent, day)] == list(range(start, end))
    twice = [posting for posting in post.posted if posting.sender == "S1SP-CGI" and _day_of(posting) == sent_twice(plan)]
    assert [posting.submission for posting in twice] == ["initial", "final"] and twice[1].ready_at - twice[0].ready_at == 2 * DAY_US
    one_each = {posting.sender: posting for posting in post.posted}.values()
    receipts = take_in(Store(tmp_path / "store"), [post.folder / posting.name for posting in one_each], SHAPES, plan.until_at)
    assert {(receipt.status, receipt.delivery.accepted) for receipt in receipts} == {("accepted", 0)}


def test_rows_wait_for_their_day_and_none_is_late(tmp_path: Path) -> None:
    """Rows of far days are carried until their file is begun; rows of a closed day are a mistake and told so."""
    plan = plan_of(DAYS[2])
    post = Post(tmp_path / "incoming")
    files = TrailFiles(plan, SimpleNamespace(users=Block({"eui": USERS})), post, tmp_path)
    # A day on which all senders send, and once.
    day = next(day for day in plan.days[9:] if sends(plan, TRAIL_SENDERS.index("S1SP-7"), day) and day != sent_twice(plan))
    rows = addressed(made_rows(day, faulty=0.0))
    files.append(rows)
    assert files.carried and not files.open
    files.close_through(day - 1)
    assert not files.carried and files.open
    files.close_through(day + 1)
    repeated = sum(posting.duplicates for posting in post.posted if posting.sender == REPEATING)
    assert sum(posting.rows for posting in post.posted) == len(rows) + repeated
    assert repeated < len(rows) / 100
    with pytest.raises(ValueError, match="rows of days after"):
        files.append(rows)


def test_names_of_files_fit_one_shape_each() -> None:
    """A file name that two Shapes fit could not be taken in."""
    names = [
        file_name(sender, DAYS[0], "final", formats)
        for sender in LAYOUTS
        for formats in FORMATS
        if sender in TRAIL_SENDERS or formats == "csv"
    ]
    # The extract of an earlier month.
    names.append(earlier_updates.FILE.format(month="202101"))
    fitting = {name: [shape.sender for shape in SHAPES if shape.covering(name)] for name in names}
    assert all(len(found) == 1 for found in fitting.values()), fitting
    assert len(names) == len(SHAPES)


@pytest.mark.parametrize(
    ("at", "provider", "is_made"),
    [
        ("2021-09-14T12:00:00Z", "S1SP-6", True),
        # Seven seconds on the next day has begun: of UTC, or of the local-time sender.
        ("2021-09-14T23:59:55Z", "S1SP-8", False),
        ("2021-09-14T22:59:55Z", "S1SP-6", False),
        ("2021-09-14T22:59:55Z", "S1SP-8", True),
        # Seven seconds on the clock shows 01:00 once more, which is read as an hour before.
        ("2021-10-31T00:59:55Z", "S1SP-6", False),
    ],
)
def test_no_copy_is_made_that_would_be_told_otherwise(at: str, provider: str, is_made: bool) -> None:
    """The truth takes a copy to be in the same file, seven seconds on."""
    rows = made_rows(DAYS[2], 1).take(np.array([0]))
    one = np.array([number("service_provider", provider)], np.int16)
    copied = np.array([ROW_FAULTS.index("copied")], np.int8)
    told = addressed(rows.put(stamp=np.array([parse_instant(at)]), service_provider=one, fault=copied))
    assert (ROW_FAULTS[told["fault"][0]] == "copied") == is_made


def test_two_stamps_share_a_line_of_one_command_only(tmp_path: Path) -> None:
    """The DCO's rows of one command are one line; of commands that differ, of spoilt rows and of other blocks' requests, two."""
    dco = TRAIL_SENDERS.index("DCO")
    blocks = [addressed(made_rows(DAYS[2], 400, faulty=0.0)) for _ in range(2)]
    first = [block.take(block["sender"] == dco) for block in blocks]
    pairs = len(first[0]) // 2
    # Of the second block the first command's two rows tell different Service Request Variants, and another's row is spoilt.
    srv, fault = first[1]["srv"].copy(), first[1]["fault"].copy()
    srv[0] += 1
    fault[2] = ROW_FAULTS.index("future_stamp")
    # Their counters are others': the same rows would be repeated ones.
    blocks = [first[0], first[1].put(srv=srv, fault=fault, counter=first[1]["counter"] + np.uint64(5000))]
    post = sent(tmp_path, blocks, plan_of(DAYS[2]), "csv")
    (posting,) = [one for one in post.posted if one.sender == "DCO" and one.rows]
    lines = gzip.decompress((post.folder / posting.name).read_bytes()).decode().splitlines()[1:]
    assert (posting.rows, len(lines)) == (4 * pairs, 2 * pairs + 2)
    (receipt,) = [one for one in taken(tmp_path, post, DAYS[2]) if one.file.name == posting.name]
    assert Counter(accepted(tmp_path, receipt, COLUMNS)) == expected(blocks[0]) + expected(blocks[1])
