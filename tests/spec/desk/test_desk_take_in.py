"""Take-in at the command line: accepted, refused, repeated, superseded; bad input gives its message and exit code 11, and loses nothing."""

import gzip
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from desk_road import AUDIT_COLUMNS, Desk, new_desk, write_rows

HEADER = ",".join(AUDIT_COLUMNS)
AT = "2021-08-20T06:00Z"
KEYS = ["file", "result", "feed", "delivery", "accepted", "refused", "duplicates", "supersedes", "note"]


def line(number: int, at: str = "2021-08-10T10:00:00Z", *, srv: str = "4.1.1") -> str:
    return f"U:D:{number},{at},RX_DSP,request,{srv},1,,,U,D,,"


def whole(*lines: str) -> bytes:
    return "\n".join([HEADER, *lines, ""]).encode()


GOOD = whole(line(1), line(2))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk(tmp_path / "w", '[intake]\nmax_unpacked = "1MB"\n')


def received(desk: Desk, name: str, content: bytes) -> Path:
    path = desk.incoming / name
    path.write_bytes(content)
    return path


def test_accepted_repeated_superseded_and_outranked(desk: Desk) -> None:
    initial = received(desk, "DSP_SAT_20210810_initial.csv", GOOD)
    final = received(desk, "DSP_SAT_20210810_final.csv", whole(line(1), line(2), line(3), line(3)))
    (first,) = desk.take_in(initial, received_at="2021-08-11T06:00Z")
    (second,) = desk.take_in(final, received_at="2021-08-12T06:00Z")
    assert list(first) == KEYS
    assert (first["result"], first["accepted"], first["refused"], first["duplicates"], first["supersedes"]) == ("accepted", 2, 0, 0, None)
    assert (second["result"], second["accepted"], second["duplicates"], second["supersedes"]) == ("accepted", 3, 1, first["delivery"])
    (again,) = desk.take_in(final, received_at="2021-08-13T06:00Z")
    assert again["result"] == "repeated" and second["delivery"] in again["note"] and again["supersedes"] is None
    other = received(desk, "DSP_SAT_20210810_INITIAL.csv", whole(line(9)))
    (late,) = desk.take_in(other, received_at="2021-08-14T06:00Z")
    assert (late["result"], late["supersedes"]) == ("accepted", None)


def test_everything_in_incoming_is_taken_in_and_stays_there(desk: Desk) -> None:
    received(desk, "DSP_SAT_20210810_final.csv", GOOD)
    (desk.incoming / "later").mkdir()
    received(desk, "later/DSP_SAT_20210811_final.csv.gz", gzip.compress(GOOD))
    received(desk, ".DSP_SAT_20210812_final.csv.part", b"half")
    assert [row["result"] for row in desk.take_in(received_at=AT)] == ["accepted", "accepted"]
    assert len([path for path in desk.incoming.rglob("*") if path.is_file()]) == 3
    assert [row["result"] for row in desk.take_in(received_at=AT)] == ["repeated", "repeated"]


def test_a_table_for_people_and_csv_for_programs(desk: Desk) -> None:
    file = received(desk, "DSP_SAT_20210810_final.csv", GOOD)
    said = desk("take-in", file, "--received-at", AT)
    assert said.code == 0 and "accepted" in said.out and "DSP_SAT_20210810_final.csv" in said.out
    (row,) = desk("take-in", file, "--received-at", AT, "--format", "csv").table
    assert list(row) == KEYS and row["result"] == "repeated" and row["supersedes"] == ""


def test_odd_rows_are_refused_one_by_one(desk: Desk) -> None:
    wide = "x" * 1_000_000
    rows = (line(1), line(2, "3000-06-01T00:00:00Z"), line(3, "yesterday"), "too,short", line(4) + ",long", f"U:D:5,{wide}", line(6))
    file = received(desk, "DSP_SAT_20210810_final.csv", whole(*rows))
    (row,) = desk.take_in(file, received_at=AT)
    assert (row["result"], row["accepted"], row["refused"]) == ("accepted", 2, 5)
    for check in ("AT-STRUCT-SHORT", "AT-STRUCT-LONG", "AT-STRUCT-WIDE"):
        assert check in row["note"], row["note"]


BAD: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "cut gzip": ("DSP_SAT_20210811_final.csv.gz", lambda: gzip.compress(whole(*map(line, range(5000))))[:-400], "the gzip is cut short"),
    "damaged gzip": ("DSP_SAT_20210811_final.csv.gz", lambda: b"\x1f\x8b\x08\0" + bytes(40), "the gzip is damaged"),
    "wrong encoding": (
        "DSP_SAT_20210811_final.csv",
        lambda: whole(line(1, srv="caf\u00e9")).decode().encode("cp1252"),
        'encoding = "cp1252"',
    ),
    "utf-16": ("DSP_SAT_20210811_final.csv", lambda: GOOD.decode().encode("utf-16"), '"utf-16"'),
    "header renamed": ("DSP_SAT_20210811_final.csv", lambda: GOOD.replace(b"device", b"device_ref", 1), 'Was it renamed to "device_ref"?'),
    "column missing": ("DSP_SAT_20210811_final.csv", lambda: GOOD.replace(b"id,at", b"at", 1), 'column "id" is missing'),
    "parted otherwise": ("DSP_SAT_20210811_final.csv", lambda: GOOD.replace(b",", b";"), 'Then the Shape says delimiter = ";"'),
    "parted by tabs": ("DSP_SAT_20210811_final.csv", lambda: GOOD.replace(b",", b"\t"), r'delimiter = "\t"'),
    "column twice": ("DSP_SAT_20210811_final.csv", lambda: GOOD.replace(b"region", b"device", 1), 'column "device" stands 2 times'),
    "empty file": ("DSP_SAT_20210811_final.csv", lambda: b"", "the file is empty (0 bytes)"),
    "blank file": ("DSP_SAT_20210811_final.csv", lambda: b"\n\n", "a header line was expected"),
    "zip bomb": (
        "DSP_SAT_20210811_final.csv.gz",
        lambda: gzip.compress(GOOD + b"\n" * 2_000_000),
        "unpack to more than the 1000000 allowed",
    ),
    "unknown name": ("DSP_SOMETHING.csv", lambda: GOOD, "no Shape fits this file name"),
    "no such day": ("DSP_SAT_20210832_final.csv", lambda: GOOD, "no Shape fits this file name"),
    "another format": ("DSP_SAT_20210811_final.csv", lambda: b"PK\x03\x04" + bytes(40), "csv was expected"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_refused_with_its_message_and_the_others_are_taken_in(desk: Desk, kind: str) -> None:
    name, make, message = BAD[kind]
    content = make()
    before, after = "DSP_SAT_20210809_final.csv", "DSP_SAT_20210812_final.csv"
    files = [received(desk, before, GOOD), received(desk, name, content), received(desk, after, GOOD)]
    said = desk("take-in", *files, "--received-at", AT, "--format", "json")
    assert said.code == 11
    assert "RefusedDelivery: 1 of 3 files" in said.err
    assert [row["result"] for row in said.rows] == ["accepted", "refused", "accepted"]
    refused = said.rows[1]
    assert refused["note"].startswith(f"{name}: ") and message in refused["note"], refused["note"]
    assert refused["accepted"] == 0 and "Traceback" not in said.err
    # Nothing is lost: the file itself is where it was and in the store, the ledger says why, and telling it again says the same.
    assert files[1].read_bytes() == content
    assert any(path.read_bytes() == content for path in (desk.root / "store" / "raw").iterdir())
    again = desk("take-in", files[1], "--received-at", AT, "--format", "json")
    assert again.code == 11 and message in again.rows[0]["note"]
    assert desk("doctor").code == 0


def test_a_refused_file_mended_is_taken_in(desk: Desk) -> None:
    file = received(desk, "DSP_SAT_20210811_final.csv", b"")
    assert desk("take-in", file, "--received-at", AT).code == 11
    file.write_bytes(GOOD)
    (row,) = desk.take_in(file, received_at=AT)
    assert (row["result"], row["accepted"]) == ("accepted", 2)


def test_a_file_that_is_still_being_written(desk: Desk) -> None:
    """A writer goes on while the file is read: it is refused, left where it is, and taken in when the writer has finished."""
    file = received(desk, "DSP_SAT_20210811_final.csv", whole(*(line(n) for n in range(200_000))))
    is_done = threading.Event()

    def write_on() -> None:
        with file.open("ab") as appending:
            while not is_done.is_set():
                appending.write(line(0).encode() + b"\n")
                appending.flush()
                time.sleep(0.0002)

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        said = desk("take-in", file, "--received-at", AT, "--format", "json")
    finally:
        is_done.set()
        writer.join()
    assert said.code == 11 and "changed while it was read" in said.rows[0]["note"]
    assert not list((desk.root / "store" / "raw").iterdir())
    (row,) = desk.take_in(file, received_at=AT)
    assert row["result"] == "accepted" and row["accepted"] == 200_000


def test_wrongly_asked(desk: Desk) -> None:
    (desk.root / "a_link").symlink_to(desk.root / "nowhere")
    os.mkfifo(desk.root / "a_pipe")
    for name, found in (("absent", "nothing is there"), ("incoming", "a folder"), ("a_link", "a link to nothing"), ("a_pipe", "a pipe")):
        said = desk("take-in", desk.root / name)
        assert said.code == 10 and "no such file" in said.err and f"{name} ({found}" in said.err and "Nothing was taken in" in said.err
    for received_at in ("soon", "2099-01-01T00:00Z"):
        said = desk("take-in", "--received-at", received_at)
        assert said.code == 2 and "--received-at" in said.err


def test_two_shapes_for_one_name_are_told_before_anything_is_taken_in(desk: Desk) -> None:
    first = received(desk, "DSP_SAT_20210809_final.csv", GOOD)
    second = received(desk, "DSP_SAT_UNTIL_0830.csv", GOOD)
    text = (desk.root / "shapes" / "dsp_audit_trail.toml").read_text()
    for name in ("one", "two"):
        shape = text.replace(
            'pattern = "DSP_SAT_{day}_{submission}.csv*"', 'pattern = "DSP_SAT_UNTIL_*.csv"\ncovers = ["2021-08-01", "2021-08-31"]'
        )
        (desk.root / "shapes" / f"{name}.toml").write_text(shape)
    said = desk("take-in", first, second, "--received-at", AT)
    assert said.code == 10 and "one.toml" in said.err and "two.toml" in said.err
    assert not (desk.root / "store" / "deliveries").exists()


def test_a_bad_shape_is_named(desk: Desk) -> None:
    (desk.root / "shapes" / "broken.toml").write_text(
        'feed = "audit_trial"\nsender = "X"\npattern = "X_{day}.csv"\n[columns]\nsrv = "srv"\n'
    )
    for command in ("take-in", "doctor"):
        said = desk(command)
        assert (said.code, "broken.toml: feed" in said.err) == ((10, True) if command == "doctor" else (0, False)), said.err
    received(desk, "DSP_SAT_20210809_final.csv", GOOD)
    said = desk("take-in")
    assert said.code == 10 and "broken.toml: feed: expected one of" in said.err


def test_another_stores_ledger_sweeps_nothing_away(desk: Desk) -> None:
    for day in (9, 10, 11):
        received(desk, f"DSP_SAT_202108{day:02d}_final.csv", GOOD)
    desk.take_in(received_at=AT)
    folders = sorted((desk.root / "store" / "deliveries").iterdir())
    for part in (desk.root / "store").glob("ledger.sqlite*"):
        part.rename(desk.root / part.name)
    said = desk("take-in", desk.incoming / "DSP_SAT_20210809_final.csv", "--received-at", AT)
    assert said.code == 11 and "ledger does not know" in said.err
    assert sorted((desk.root / "store" / "deliveries").iterdir()) == folders
    assert "Put the store's own ledger back" in desk("doctor", "--format", "json").out


def test_an_extract_without_its_header_tells_no_names_outside(desk: Desk) -> None:
    """The message may show what was found; what a report prints of it may not: the first row of data would stand in it."""
    file = write_rows(desk.incoming / "PARTIES_1.csv", ("90-B3-D5-1F-30-01-00-01", "Blenkinsop Power", "IS"))
    said = desk("take-in", file, "--received-at", AT, "--format", "json")
    assert said.code == 11 and "Blenkinsop" in said.rows[0]["note"]
    desk.close("2021-08", "2021-08-21T00:00Z")
    (run,) = (desk.root / "runs" / "2021-08").glob("*/run.json")
    assert "PARTIES_1.csv: column" in run.read_text() and "Blenkinsop" not in run.read_text()


def test_a_file_read_by_a_wrong_shape_is_read_anew_once_the_shape_is_right(desk: Desk) -> None:
    """Its rows take the place of the former ones from then on; a second time, and without being asked, nothing is read anew."""
    shape = desk.root / "shapes" / "dsp_audit_trail.toml"
    right = shape.read_text()
    shape.write_text(right.replace('observed_at = "at"', 'observed_at = { column = "at", format = "epoch_ms" }'))
    assert shape.read_text() != right
    file = received(desk, "DSP_SAT_20210810_final.csv", GOOD)
    said = desk("take-in", file, "--received-at", AT, "--format", "json")
    (wrong,) = said.rows
    assert said.code == 0 and (wrong["accepted"], wrong["refused"]) == (0, 2)
    assert "AT-TYPE:observed_at: 2 × observed_at is not a stamp as the Shape says; first in DSP_SAT_20210810_final.csv line 2" in said.err
    assert f"{wrong['delivery']}/refused.parquet" in said.err and "Every row was refused of DSP_SAT_20210810_final.csv" in said.err
    shape.write_text(right)
    (told,) = desk.take_in(file, received_at="2021-08-21T06:00Z")
    assert told["result"] == "repeated" and "--again" in told["note"]
    anew = desk("take-in", file, "--again", "--received-at", "2021-08-22T06:00Z", "--format", "json")
    (row,) = anew.rows
    assert (row["result"], row["accepted"], row["supersedes"]) == ("accepted", 2, wrong["delivery"]) and anew.err == ""
    (twice,) = desk("take-in", file, "--again", "--received-at", "2021-08-23T06:00Z", "--format", "json").rows
    assert twice["result"] == "repeated" and row["delivery"] in twice["note"]
    # Back to what it was read by first: that refused every row before, and would again.
    shape.write_text(right.replace('observed_at = "at"', 'observed_at = { column = "at", format = "epoch_ms" }'))
    (back,) = desk("take-in", file, "--again", "--received-at", "2021-08-24T06:00Z", "--format", "json").rows
    assert back["result"] == "repeated" and wrong["delivery"] in back["note"]
    # Another that refuses them all takes no place, and does not bar the next: the rows that stand are those to be read anew.
    shape.write_text(right.replace('observed_at = "at"', 'observed_at = { column = "at", format = "epoch_s" }'))
    (spoilt,) = desk("take-in", file, "--again", "--received-at", "2021-08-25T06:00Z", "--format", "json").rows
    assert (spoilt["result"], spoilt["refused"], spoilt["supersedes"]) == ("accepted", 2, None)
    shape.write_text(right + '\n[values.srv]\n"4.1.1" = "4.1.2"\n')
    (mended,) = desk("take-in", file, "--again", "--received-at", "2021-08-26T06:00Z", "--format", "json").rows
    assert (mended["result"], mended["accepted"], mended["supersedes"]) == ("accepted", 2, row["delivery"])
    assert desk("doctor").code == 0


def test_files_under_way_side_by_side_are_read_anew_too(desk: Desk) -> None:
    shape = desk.root / "shapes" / "dsp_audit_trail.toml"
    right = shape.read_text()
    for day in (10, 11, 12):
        received(desk, f"DSP_SAT_202108{day}_final.csv", whole(line(day, f"2021-08-{day}T10:00:00Z")))
    desk.take_in(received_at=AT)
    shape.write_text(right + '\n[values.srv]\n"4.1.1" = "4.1.2"\n')
    rows = desk("take-in", "--again", "--received-at", "2021-08-22T06:00Z", "--format", "json").rows
    assert [row["result"] for row in rows] == ["accepted"] * 3 and all(row["supersedes"] for row in rows)


def test_what_another_file_took_the_place_of_stays_replaced(desk: Desk) -> None:
    """Of everything in incoming/ only what stands is read anew: the wrong file must not come back as the latest."""
    shape = desk.root / "shapes" / "dsp_audit_trail.toml"
    wrong = received(desk, "DSP_SAT_20210810_final.csv.wrong", whole(line(1), line(2), line(3)))
    initial = received(desk, "DSP_SAT_20210810_initial.csv", whole(line(1), line(4)))
    right = received(desk, "DSP_SAT_20210810_final.csv", GOOD)
    for day, file in ((11, initial), (12, wrong), (13, right)):
        desk.take_in(file, received_at=f"2021-08-{day}T06:00Z")
    shape.write_text(shape.read_text() + '\n[values.srv]\n"4.1.1" = "4.1.2"\n')
    rows = {row["file"]: row for row in desk.take_in("--again", received_at="2021-08-22T06:00Z")}
    assert {name: row["result"] for name, row in rows.items()} == {
        wrong.name: "repeated", initial.name: "accepted", right.name: "accepted",
    }  # fmt: skip
    assert "--again" not in rows[wrong.name]["note"]
    assert rows[right.name]["supersedes"]
