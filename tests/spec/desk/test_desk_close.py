"""Slots, closing as at instants, runs that stand beside one another, months that are not complete, and an engine out of reach."""

import json
import socket
from pathlib import Path

import pytest

from desk_month import AS_AT, MONTH, write_month
from desk_road import AUDIT_COLUMNS, Desk, new_desk, write_rows
from tocsin.vocabulary.calendar import parse_instant

OWED = """
[[expected]]
feed = "audit_trail"
sender = "DSP"
every = "day"

[[expected]]
feed = "incident_log"
sender = "DSP"
every = "month"
"""
SLOT_KEYS = ["feed", "sender", "from", "until", "due", "state", "filled_at", "deliveries"]


def audit_day(desk: Desk, day: str, *, submission: str = "final", answered: str = "10") -> Path:
    """A day's file: two requests at noon, the second answered after so many seconds."""
    at = f"{day[:4]}-{day[4:6]}-{day[6:]}T12:00:"
    rows = [
        (f"U:D:{day}1", f"{at}00Z", "RX_DSP", "request", "4.1.1", 1, "", "", "", "D", "", ""),
        (f"U:D:{day}1", f"{at}05Z", "TX_USER", "response", "4.1.1", "", "I0", "", "", "D", "", ""),
        (f"U:D:{day}2", f"{at}00Z", "RX_DSP", "request", "4.1.1", 1, "", "", "", "D", "", ""),
        (f"U:D:{day}2", f"{at}{answered}Z", "TX_USER", "response", "4.1.1", "", "I0", "", "", "D", "", ""),
    ]
    return write_rows(desk.incoming / f"DSP_SAT_{day}_{submission}.csv", AUDIT_COLUMNS, *rows)


@pytest.fixture
def owing(tmp_path: Path) -> Desk:
    """Files of 1 and 3 August in time and of 2 August late; nothing else of what is owed."""
    desk = new_desk(tmp_path / "w", OWED)
    desk.take_in(audit_day(desk, "20210801"), received_at="2021-08-02T06:00Z")
    desk.take_in(audit_day(desk, "20210803"), received_at="2021-08-04T06:00Z")
    desk.take_in(audit_day(desk, "20210802"), received_at="2021-08-09T06:00Z")
    return desk


def test_slots_say_what_was_owed_and_how_it_stands(owing: Desk) -> None:
    rows = owing("slots", MONTH, "--as-at", "2021-08-20T09:00Z", "--format", "json").rows
    assert len(rows) == 32 and all(list(row) == SLOT_KEYS for row in rows)
    days = [row["state"] for row in rows if row["feed"] == "audit_trail"]
    assert days == ["on_time", "late", "on_time", *["missing"] * 15, *["not_due_yet"] * 13]
    (month,) = (row for row in rows if row["feed"] == "incident_log")
    # Working Day 5 after August is 7 September; the slot is due before the midnight after it, UK local time.
    assert (month["state"], month["from"], month["due"]) == ("not_due_yet", "2021-08-01 00:00:00Z", "2021-09-07 23:00:00Z")
    assert (rows[1]["filled_at"], rows[1]["due"]) == ("2021-08-09 06:00:00Z", "2021-08-04 00:00:00Z")


def test_slots_as_at_an_earlier_instant_know_nothing_later(owing: Desk) -> None:
    rows = owing("slots", MONTH, "--as-at", "2021-08-05T09:00Z", "--format", "csv").table
    assert [row["state"] for row in rows][:4] == ["on_time", "missing", "on_time", "not_due_yet"]


def test_what_nobody_owes_is_not_expected(owing: Desk) -> None:
    file = write_rows(owing.incoming / "S1SP_SAT_20210805.csv", (), ())
    file.write_text("Request,Seen,Point,Class,Service,Code,User,Device,Execution,Schedule,Planned\n")
    owing.take_in(file, received_at="2021-08-06T06:00Z")
    rows = owing("slots", MONTH, "--format", "json").rows
    assert [(row["sender"], row["state"], row["due"]) for row in rows if row["sender"] == "S1SP-A"] == [("S1SP-A", "not_expected", "")]
    said = owing("slots", MONTH)
    assert "not_expected" in said.out and "late" in said.out


def test_a_month_in_which_nothing_is_owed(tmp_path: Path) -> None:
    said = new_desk(tmp_path / "w")("slots", MONTH)
    assert said.code == 0 and "Nobody is expected" in said.err


def test_closing_twice_gives_the_same_run(month_copy: Desk) -> None:
    (run,) = (month_copy.root / "runs" / MONTH).iterdir()
    before = (run / "run.json").read_bytes()
    assert month_copy.close(MONTH, AS_AT) == run.name
    assert month_copy.close(MONTH, "2021-09-20T10:00+01:00") == run.name
    assert (run / "run.json").read_bytes() == before
    assert [path.name for path in (month_copy.root / "runs" / MONTH).iterdir()] == [run.name]


def test_a_run_before_and_after_a_delivery(tmp_path: Path) -> None:
    """The final is worse than its initial: a later run shows it, the earlier one stands, and the earlier instant gives it again."""
    desk = new_desk(tmp_path / "w")
    desk.take_in(audit_day(desk, "20210801", submission="initial"), received_at="2021-08-02T06:00Z")
    first = desk.close(MONTH, "2021-09-03T00:00Z")
    desk.take_in(audit_day(desk, "20210801", answered="45"), received_at="2021-09-04T06:00Z")
    second = desk.close(MONTH, "2021-09-05T00:00Z")
    assert first != second
    assert desk.figures(MONTH, "--run", first)["cpm_1"]["shown"] == "100.00"
    assert desk.figures(MONTH, "--run", second)["cpm_1"]["shown"] == "50.00"
    assert desk.figures(MONTH)["cpm_1"]["shown"] == "50.00"
    assert desk.close(MONTH, "2021-09-03T00:00Z") == first
    assert desk("trace", "cpm_1", "--run", first).code == 0
    assert desk("trace", "cpm_1", "--run", second).code == 0


def test_the_latest_of_runs_as_at_one_instant_is_the_one_made_last(month_copy: Desk) -> None:
    """A dated row changed between two closes as at the same instant: both runs stand, and the later one is asked."""
    runs = [month_copy.close(MONTH, AS_AT)]
    for limit in (21, 22, 23):
        row = f"small_numbers,2012-01-01,{limit},events,A figure resting on fewer is marked.,assumed,here"
        settings = f"name,since,value,unit,sentence,status,source\n{row}\n"
        (month_copy.root / "reference" / "settings.csv").write_text(settings)
        runs.append(month_copy.close(MONTH, AS_AT))
        said = json.loads((month_copy.root / "runs" / MONTH / runs[-1] / "run.json").read_text())
        asked = month_copy.figures(MONTH)
        small = {figure["name"] for figure in said["figures"] if "small_numbers" in figure["marks"]}
        assert {name for name, figure in asked.items() if "small_numbers" in figure["marks"]} == small
    assert len(set(runs)) == 4


def test_a_month_that_is_not_complete(owing: Desk) -> None:
    owing.take_in(
        write_rows(owing.incoming / "REMEDY_LOG_202108_final.csv", ("incident", "at", "status", "reason", "category", "group", "party")),
        received_at="2021-09-02T06:00Z",
    )
    said = owing("close", MONTH, "--as-at", "2021-09-20T09:00Z", "--final")
    assert said.code == 12
    assert "provisional: 28 owed audit trail files are not in." in said.out and said.err.startswith("MonthNotComplete: 2021-08")
    # The provisional run is kept: it is what the figures show.
    assert owing.figures(MONTH)["cpm_1"]["shown"] == "n/a (incomplete: 3 of 31 files)"
    for day in (*range(4, 32),):
        audit_day(owing, f"202108{day:02d}")
    owing.take_in(received_at="2021-09-21T06:00Z")
    # An answer to a request of the 31st may stand in the files of the next two days (domain.md 11.4): without them nothing is final.
    said = owing("close", MONTH, "--as-at", "2021-09-22T09:00Z", "--final")
    assert said.code == 12
    assert "provisional: 2 owed audit trail files of the two days after the period are not in: late answers would be in them." in said.out
    for day in ("20210901", "20210902"):
        audit_day(owing, day)
    owing.take_in(received_at="2021-09-22T10:00Z")
    said = owing("close", MONTH, "--as-at", "2021-09-22T11:00Z", "--final")
    assert (said.code, "provisional" in said.out) == (0, False), said.out
    assert owing.figures(MONTH)["cpm_1"]["counted"] == 62


def test_a_month_that_is_not_over_is_never_final(tmp_path: Path) -> None:
    desk = new_desk(tmp_path / "w")
    desk.take_in(audit_day(desk, "20210801"), received_at="2021-08-02T06:00Z")
    said = desk("close", MONTH, "--as-at", "2021-08-10T00:00Z", "--final")
    assert said.code == 12 and "provisional: The period was not over at the as-at instant." in said.out
    assert desk("close", MONTH, "--as-at", "2021-09-01T00:00Z", "--final").code == 0


@pytest.mark.parametrize("words", [("2021-8",), ("august",), (MONTH, "--as-at", "tomorrow"), (MONTH, "--as-at", "2099-01-01T00:00Z")])
def test_wrongly_asked(month: Desk, words: tuple[str, ...]) -> None:
    said = month("close", *words)
    assert said.code == 2 and "Invalid value" in said.err


def test_runs_that_are_not_there(month: Desk) -> None:
    assert "no run yet. Make one with: tocsin close 2020-01" in month("figures", "2020-01").err
    said = month("figures", MONTH, "--run", "2021-08-none")
    assert said.code == 10 and 'there is no run "2021-08-none"' in said.err
    assert month("report", "2020-01").code == 10


def test_an_engine_out_of_reach_leaves_nothing_half_written(month_copy: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    month_copy.settings(f'[engine]\nname = "spark"\nurl = "sc://127.0.0.1:{port}"\n')
    before = everything(month_copy.root)
    said = month_copy("close", MONTH, "--as-at", "2021-09-21T09:00Z")
    assert said.code == 13
    assert said.err.startswith(f"EngineUnavailable: Spark at sc://127.0.0.1:{port} does not answer")
    assert everything(month_copy.root) - {"store/close.lock"} == before - {"store/close.lock"}
    # What is frozen can be told without the engine.
    assert month_copy.figures(MONTH)
    assert month_copy("report", MONTH, "--formats", "csv,parquet").code == 0
    month_copy.settings("")
    assert month_copy("close", MONTH, "--as-at", "2021-09-21T09:00Z").code == 0
    assert month_copy("doctor").code == 0


def test_spark_without_an_address_is_a_bad_declaration(month_copy: Desk) -> None:
    month_copy.settings('[engine]\nname = "spark"\n')
    said = month_copy("close", MONTH, "--as-at", "2021-09-21T09:00Z")
    assert said.code == 10 and 'needs url = "sc://host:15002"' in said.err


def test_a_run_says_when_where_and_out_of_what(month: Desk) -> None:
    (path,) = (month.root / "runs" / MONTH).glob("*/run.json")
    run = json.loads(path.read_text())
    assert (run["as_at"], run["period"]) == (parse_instant(AS_AT), {"year": 2021, "month": 8, "zone": "UTC"})
    assert run["run_id"] == path.parent.name and run["engine"] == "duckdb"
    assert sorted(line["file_name"] for line in run["deliveries"]) == sorted(path.name for path in month.incoming.iterdir())
    assert len({figure["name"] for figure in run["figures"]}) == len(run["figures"])


def test_the_order_in_which_files_come_changes_no_figure(month: Desk, tmp_path: Path) -> None:
    desk = new_desk(tmp_path / "w")
    (desk.root / "secret" / "anonymity.key").write_text((month.root / "secret" / "anonymity.key").read_text())
    for file in reversed(write_month(desk.incoming)):
        desk.take_in(file, received_at="2021-09-06T08:00Z")
    desk.close(MONTH, AS_AT)
    assert desk.figures(MONTH) == month.figures(MONTH)


def everything(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*")}
