"""A delivery taken back at the command line: what stands then, what is kept, what is told, and what no second word changes."""

import sqlite3
from pathlib import Path
from unittest.mock import patch

import pytest

from desk_road import AUDIT_COLUMNS, Desk, new_desk, write_rows
from tocsin.deliveries.keeping import one_at_a_time
from tocsin.deliveries.ledger import Ledger
from tocsin.deliveries.store import Store
from tocsin.reports.run_store import read_run
from tocsin.vocabulary.calendar import Period, parse_instant

AUGUST = Period(2021, 8)
OWED = """
[[expected]]
feed = "audit_trail"
sender = "DSP"
every = "day"
since = 2021-08-10
until = 2021-08-11

[[signatory]]
name = "dora"
of = ["DCC"]
"""
CLOSED_AT, SAID_AT, AGAIN_AT = "2021-09-08T00:00Z", "2021-09-09T00:00Z", "2021-09-10T00:00Z"
KEYS = ["delivery", "file", "feed", "sender", "from", "until", "says", "at", "by", "reason", "stands"]


def trail(path: Path, *numbers: int) -> Path:
    rows = [(f"U:D:{n}", "2021-08-10T10:00:00Z", "RX_DSP", "request", "4.1.1", 1, "", "", "U", "D", "", "") for n in numbers]
    return write_rows(path, AUDIT_COLUMNS, *rows)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The 10th as an initial of one request and a final of three."""
    desk = new_desk(tmp_path / "w", OWED)
    desk.take_in(trail(desk.incoming / "DSP_SAT_20210810_initial.csv", 1), received_at="2021-08-11T06:00Z")
    desk.take_in(trail(desk.incoming / "DSP_SAT_20210810_final.csv", 1, 2, 3), received_at="2021-08-12T06:00Z")
    return desk


def entries(desk: Desk) -> list[tuple[str, str]]:
    """Id and status of every entry, in order."""
    ledger = Ledger(Store(desk.root / "store"))
    found = [(one.delivery_id, one.status) for one in ledger.deliveries()]
    ledger.close()
    return found


def counted(desk: Desk, as_at: str) -> int | None:
    desk.close("2021-08", as_at)
    found = desk.figures("2021-08", "-m", "cpm_1")["cpm_1"]["counted"]
    return int(found) if found is not None else None


def withdraw(desk: Desk, named: str, *words: str, at: str = SAID_AT) -> list[dict[str, object]]:
    said = desk("withdraw", named, "--reason", "test data", "--by", "anna", "--at", at, "--format", "json", *words)
    assert said.code == 0, said.err
    return said.rows


def test_a_slot_falls_back_to_what_stood_before_and_then_to_nothing(desk: Desk) -> None:
    (initial, _), (final, _) = entries(desk)
    assert counted(desk, CLOSED_AT) == 3
    (row,) = withdraw(desk, final)
    assert list(row) == KEYS
    assert (row["says"], row["by"], row["reason"], row["stands"]) == ("withdrawn", "anna", "test data", initial)
    assert counted(desk, SAID_AT) == 1
    (slot,) = desk("slots", "2021-08", "--format", "json").rows
    assert (slot["state"], slot["deliveries"]) == ("on_time", initial)
    withdraw(desk, initial, at=AGAIN_AT)
    assert counted(desk, AGAIN_AT) is None
    said = desk("owed", "2021-08", "--format", "json")
    assert [(row["sender"], row["missing"]) for row in said.rows] == [("DSP", 1)]
    assert f"withdrawn: {initial}" in said.err and "by anna: test data" in said.err


def test_nothing_is_deleted_and_the_workspace_is_sound(desk: Desk) -> None:
    before = {path: path.read_bytes() for path in (desk.root / "store").rglob("*") if path.is_file() and "ledger" not in path.name}
    withdraw(desk, entries(desk)[1][0])
    after = {path: path.read_bytes() for path in (desk.root / "store").rglob("*") if path.is_file() and "ledger" not in path.name}
    assert {name: after.get(name) for name in before} == before
    assert desk("doctor").code == 0


def test_runs_closed_with_it_stay_and_say_so(desk: Desk) -> None:
    run = desk.close("2021-08", CLOSED_AT)
    frozen = (desk.root / "runs" / "2021-08" / run / "run.json").read_bytes()
    final = entries(desk)[1][0]
    said = desk("withdraw", final, "--reason", "test data", "--by", "anna", "--at", SAID_AT)
    assert f"stays as it was: run {run}" in said.err and "tocsin close 2021-08" in said.err
    assert (desk.root / "runs" / "2021-08" / run / "run.json").read_bytes() == frozen
    assert desk("reproduce", "2021-08").code == 0
    told = desk("report", "2021-08", "--formats", "html", "--out", desk.root / "out")
    assert f"run {run} was closed with {final}" in told.err
    (page,) = (desk.root / "out").glob("*.html")
    text = page.read_text(encoding="utf-8")
    assert "Deliveries of this run that were withdrawn since" in text and "a delivery that it counts was withdrawn" in text
    published = desk("publish", "2021-08", "--by", "dora")
    assert published.code == 10 and "withdrawn since" in published.err
    assert final in desk("close", "2021-08", "--as-at", CLOSED_AT).err, "the same run, asked for again"


def test_a_trace_of_a_run_of_before_says_so(desk: Desk) -> None:
    run = desk.close("2021-08", CLOSED_AT)
    final = entries(desk)[1][0]
    assert "withdrawn" not in desk("trace", "cpm_1", "--run", run).out
    withdraw(desk, final)
    said = desk("trace", "cpm_1", "--run", run)
    assert said.code == 0 and f"{final} DSP_SAT_20210810_final.csv: 3 rows (withdrawn since" in said.out


def test_compare_and_the_next_report_say_why(desk: Desk) -> None:
    desk.close("2021-08", CLOSED_AT)
    (initial, _), (final, _) = entries(desk)
    withdraw(desk, final)
    desk.close("2021-08", AGAIN_AT)
    said = desk("compare", "2021-08", "--deliveries", "--format", "json")
    told = {row["delivery"]: (row["side"], row["other"], row["why"]) for row in said.rows}
    assert told[final] == ("went", initial, "withdrawn 9 September 2021 00:00:00 UTC by anna: test data")
    assert told[initial][:2] == ("came", final) and final in told[initial][2]
    assert f"Delivery {final} of DSP: withdrawn" in said.err
    (line,) = read_run(desk.root / "runs", AUGUST).withdrawn
    assert (line.delivery_id, line.by, line.reason, line.stands) == (final, "anna", "test data", initial)
    desk("report", "2021-08", "--formats", "html", "--out", desk.root / "out")
    (page,) = (desk.root / "out").glob("*.html")
    assert "Deliveries that were withdrawn, and are not counted" in page.read_text(encoding="utf-8")


def test_what_stood_at_an_earlier_instant_still_stood_then(desk: Desk) -> None:
    final = entries(desk)[1][0]
    withdraw(desk, final)
    assert counted(desk, CLOSED_AT) == 3
    assert final in desk("close", "2021-08", "--as-at", CLOSED_AT).err
    (slot,) = desk("slots", "2021-08", "--as-at", CLOSED_AT, "--format", "json").rows
    assert slot["state"] == "on_time"


def test_a_run_that_counted_it_bars_a_word_of_before(desk: Desk) -> None:
    desk.close("2021-08", AGAIN_AT)
    final = entries(desk)[1][0]
    said = desk("withdraw", final, "--reason", "test data", "--at", SAID_AT)
    assert said.code == 10 and "it stood until then" in said.err
    assert entries(desk)[1] == (final, "accepted")


def test_said_twice_it_is_said_once_and_undone_it_stands(desk: Desk) -> None:
    (initial, _), (final, _) = entries(desk)
    withdraw(desk, final)
    again = desk("withdraw", final, "--reason", "another", "--at", AGAIN_AT)
    assert again.code == 0 and "already: nothing was changed" in again.err
    assert [row["reason"] for row in desk("withdraw", "--format", "json").rows] == ["test data"]
    too_early = desk("withdraw", final, "--undo", "--reason", "right", "--at", CLOSED_AT)
    assert too_early.code == 10 and "was withdrawn 2021-09-09 00:00:00 UTC" in too_early.err
    (row,) = withdraw(desk, final, "--undo", at=AGAIN_AT)
    assert (row["says"], row["stands"]) == ("restored", final)
    assert desk("withdraw", "--format", "json").rows == []
    assert desk("withdraw", initial, "--undo", "--reason", "x").err.startswith("It stands already")
    ledger = Ledger(Store(desk.root / "store"))
    assert [(word.said, word.at, word.reason) for word in ledger.words()] == [
        ("withdrawn", parse_instant(SAID_AT), "test data"), ("restored", parse_instant(AGAIN_AT), "test data"),
    ]  # fmt: skip
    ledger.close()


def test_the_same_file_sent_again_stays_withdrawn(desk: Desk) -> None:
    (_, _), (final, _) = entries(desk)
    withdraw(desk, final)
    for words in ((), ("--again",)):
        rows = desk("take-in", "--format", "json", *words).rows
        told = {row["file"]: (row["result"], row["note"]) for row in rows}
        assert told["DSP_SAT_20210810_final.csv"][0] == "repeated"
        assert f"tocsin withdraw {final} --undo" in told["DSP_SAT_20210810_final.csv"][1]
    assert dict(entries(desk))[final] == "withdrawn" and counted(desk, AGAIN_AT) == 1
    # The right file under the same name is other bytes, and stands.
    (row,) = desk.take_in(trail(desk.incoming / "DSP_SAT_20210810_final.csv", 1, 2), received_at=AGAIN_AT)
    assert (row["result"], row["accepted"]) == ("accepted", 2)
    assert counted(desk, "2021-09-11T00:00Z") == 2


def test_the_same_receipt_told_once_more_says_that_it_is_withdrawn(desk: Desk) -> None:
    withdraw(desk, entries(desk)[1][0])
    (row,) = desk.take_in(desk.incoming / "DSP_SAT_20210810_final.csv", received_at="2021-08-12T06:00Z")
    assert row["result"] == "repeated" and "withdrawn since" in row["note"]


def test_a_file_is_named_by_its_digest_and_all_its_deliveries_go(desk: Desk) -> None:
    copy = desk.incoming / "DSP_SAT_20210811_final.csv"
    copy.write_bytes((desk.incoming / "DSP_SAT_20210810_final.csv").read_bytes())
    desk.take_in(copy, received_at="2021-08-12T06:00Z")
    ledger = Ledger(Store(desk.root / "store"))
    digest = ledger.deliveries()[1].digest
    ledger.close()
    assert len(withdraw(desk, digest[:12])) == 2
    assert [status for _, status in entries(desk)] == ["accepted", "withdrawn", "withdrawn"]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("nonsense", "--reason", "x"), 10, "no delivery of that name"),
        (("DSP_SAT_20210810_final.csv", "--reason", "x"), 10, "is the name of a file; which delivery"),
        (("FINAL",), 2, "--reason"),
        (("FINAL", "--reason", "   "), 10, "--reason"),
        (("FINAL", "--reason", "x", "--at", "2021-08-12T05:59Z"), 10, "was received 2021-08-12 06:00:00 UTC"),
        (("FINAL", "--reason", "x", "--at", "2999-01-01T00:00Z"), 2, "has not come yet"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_recorded(desk: Desk, words: tuple[str, ...], code: int, told: str) -> None:
    said = desk("withdraw", *(entries(desk)[1][0] if word == "FINAL" else word for word in words))
    assert (said.code, told in said.err) == (code, True), said.err
    assert [status for _, status in entries(desk)] == ["accepted", "accepted"]


def test_a_refused_file_never_stood(desk: Desk) -> None:
    (desk.incoming / "strange.bin").write_text("?")
    assert desk("take-in", desk.incoming / "strange.bin").code == 11
    said = desk("withdraw", entries(desk)[-1][0], "--reason", "x")
    assert said.code == 10 and "nothing of it ever stood" in said.err


def test_no_word_beside_an_intake(desk: Desk) -> None:
    with one_at_a_time(Store(desk.root / "store")):
        said = desk("withdraw", entries(desk)[1][0], "--reason", "x")
    assert said.code == 11 and "another intake is at work" in said.err


def test_a_word_that_dies_half_way_was_never_said(desk: Desk) -> None:
    """Two deliveries of one file: either both are withdrawn or neither."""
    copy = desk.incoming / "DSP_SAT_20210811_final.csv"
    copy.write_bytes((desk.incoming / "DSP_SAT_20210810_final.csv").read_bytes())
    desk.take_in(copy, received_at="2021-08-12T06:00Z")
    ledger = Ledger(Store(desk.root / "store"))
    digest = ledger.deliveries()[1].digest
    ledger.close()
    from tocsin.deliveries import ledger as module

    kept, done = module.asdict, iter(range(1))

    def dies(word: object) -> dict[str, object]:
        if next(done, None) is None:
            raise KeyboardInterrupt
        return kept(word)  # type: ignore[call-overload]  # a Withdrawal, as asdict takes it

    with patch.object(module, "asdict", dies):
        assert desk("withdraw", digest, "--reason", "x").code == 130
    assert [status for _, status in entries(desk)] == ["accepted"] * 3
    assert desk("withdraw", digest, "--reason", "x").code == 0
    assert [status for _, status in entries(desk)] == ["accepted", "withdrawn", "withdrawn"]


def test_a_ledger_of_before_is_read_as_it_is(desk: Desk) -> None:
    """Reading makes no table: a server may have no right to write."""
    path = desk.root / "store" / "ledger.sqlite"

    def tables() -> set[str]:
        with sqlite3.connect(path) as ledger:
            return {name for (name,) in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

    assert desk("withdraw").code == 0 and desk("slots", "2021-08").code == 0
    assert "withdrawals" not in tables()
    withdraw(desk, entries(desk)[1][0])
    assert "withdrawals" in tables()


def test_of_a_register_the_file_of_another_day_stands_instead(desk: Desk) -> None:
    shape = desk.root / "shapes" / "parties.toml"
    shape.write_text(shape.read_text(encoding="utf-8").replace("PARTIES_*.csv", "PARTIES_{day}.csv"), encoding="utf-8")
    old = write_rows(desk.incoming / "PARTIES_20210701.csv", ("user", "party", "role"), ("U", "One", "IS"))
    new = write_rows(desk.incoming / "PARTIES_20210801.csv", ("user", "party", "role"), ("U", "Two", "IS"))
    (former, latter) = desk.take_in(old, new, received_at="2021-08-12T06:00Z")
    (row,) = withdraw(desk, str(latter["delivery"]))
    assert row["stands"] == former["delivery"]
