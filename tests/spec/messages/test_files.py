"""Folders of messages read and written out: nothing stops at a bad file, nothing is half-written, nothing overwritten unasked."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.spec.messages.drawn_messages import (
    ALERT,
    COMMAND,
    DEVICE,
    REQUEST_ID,
    USER,
    answer,
    device_alert,
    dlms_alert,
    dlms_time,
    grouping,
    request,
    response,
)  # fmt: skip

from tocsin.messages.observations import Observation, read_observations
from tocsin.messages.reading import FileReading, read_files
from tocsin.messages.written import FILES, write_rows
from tocsin.vocabulary.errors import BadDeclaration, RefusedDelivery
from tocsin.vocabulary.instants import parse_instant


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Seven files: four that are read, one that is broken, one that is too large, and one that is not there."""
    folder = tmp_path / "in"
    folder.mkdir()
    alert = grouping(ALERT, 0x1000, dlms_alert(0x8F3F, dlms_time(2026, 2, 3, 12, 0, 0)), signature=bytes(64))
    (folder / "1_request.xml").write_bytes(request("<A/>"))
    (folder / "2_answer.XML").write_bytes(response(answer(), code="I99"))
    (folder / "3_alert.xml").write_bytes(response(device_alert("8F3F", alert), request_id=None, response_id=f"{DEVICE}:{USER}:9001"))
    (folder / "4_command.HEX").write_bytes(grouping(COMMAND, 0x19, b"x").hex().encode())
    (folder / "5_broken.xml").write_bytes(b"<Request>")
    (folder / "6_large.xml").write_bytes(request(f"<A>{'x' * 9000}</A>"))
    return folder


def readings(inbox: Path, **settings: object) -> Iterator[FileReading]:
    return read_files([*sorted(inbox.iterdir()), inbox / "7_gone.xml"], limit=8000, **settings)  # type: ignore[arg-type]  # observed only


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_a_bad_file_is_a_finding_and_the_next_is_read(inbox: Path) -> None:
    told = {Path(one.file).name: (one.message is not None, [finding.check_id for finding in one.findings]) for one in readings(inbox)}
    assert told == {
        "1_request.xml": (True, ["DM-14"]),
        "2_answer.XML": (True, []),
        "3_alert.xml": (True, []),
        "4_command.HEX": (True, []),
        "5_broken.xml": (False, ["DM-01"]),
        "6_large.xml": (False, ["DM-03"]),
        "7_gone.xml": (False, ["DM-16"]),
    }


def test_three_files_are_written_and_counted(inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "deep"
    summary = write_rows(readings(inbox), out)
    assert sorted(path.name for path in out.iterdir()) == ["alerts.csv", "audit_trail.csv", "findings.csv"]
    assert (summary.file_count, summary.unread_count, summary.audit_count, summary.alert_count) == (7, 3, 1, 1)
    assert (summary.header_only_count, summary.kept_apart_count) == (1, 1)
    assert summary.kinds == {"request": 1, "acknowledgement": 1, "device-alert": 1, "gbcs-precommand": 1}
    assert summary.findings == {"DM-14": 1, "DM-01": 1, "DM-03": 1, "DM-16": 1}
    for name, columns in FILES.items():
        assert (out / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0] == ",".join(columns)
    assert [(row["request_id"], row["time_point"]) for row in table(out / "audit_trail.csv")] == [(REQUEST_ID, "ACK_TX")]
    assert [row["alert_code"] for row in table(out / "alerts.csv")] == ["8F3F"]
    findings = table(out / "findings.csv")
    assert [Path(row["file"]).name for row in findings] == ["1_request.xml", "5_broken.xml", "6_large.xml", "7_gone.xml"]
    assert json.loads(findings[0]["kept"])["request_id"] == REQUEST_ID
    assert findings[2]["found"] == f"{(inbox / '6_large.xml').stat().st_size} bytes"


def test_json_lines_carry_the_same_rows(inbox: Path, tmp_path: Path) -> None:
    write_rows(readings(inbox), tmp_path / "a")
    write_rows(readings(inbox), tmp_path / "b", "json")
    for name in FILES:
        lines = (tmp_path / "b" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line) for line in lines] == table(tmp_path / "a" / f"{name}.csv")
    with pytest.raises(BadDeclaration, match="expected one of csv, json"):
        write_rows(readings(inbox), tmp_path / "c", "xml")


def test_nothing_is_overwritten_unasked(inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "alerts.csv").write_text("mine")
    with pytest.raises(RefusedDelivery, match=r"alerts\.csv: already there"):
        write_rows(readings(inbox), out)
    assert [(path.name, path.read_text()) for path in out.iterdir()] == [("alerts.csv", "mine")]
    write_rows(readings(inbox), out, replace=True)
    assert (out / "alerts.csv").read_text() != "mine"


def test_a_run_that_ends_early_leaves_nothing(inbox: Path, tmp_path: Path) -> None:
    def ends_early() -> Iterator[FileReading]:
        yield next(readings(inbox))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_rows(ends_early(), tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())


def test_a_folder_that_cannot_be_written_is_refused(inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RefusedDelivery, match="cannot be written"):
        write_rows(readings(inbox), tmp_path / "file" / "out")


def test_a_file_name_that_is_no_text_does_not_end_the_run(tmp_path: Path) -> None:
    write_rows(read_files([tmp_path / "gone\udcff.xml"]), tmp_path / "out")
    assert table(tmp_path / "out" / "findings.csv")[0]["file"].endswith("gone\\udcff.xml")


def test_observation_times_come_from_a_table_by_path_or_by_name(inbox: Path, tmp_path: Path) -> None:
    sidecar = tmp_path / "seen.csv"
    request_file = inbox / "1_request.xml"
    sidecar.write_text(
        "file,observed_at,time_point\n"
        f"{request_file},2026-03-29T00:59:58Z,\n{request_file},2026-03-29T02:00:00+01:00,TX_CSP\n2_answer.XML,2026-03-29T01:00:01Z,TX_USER\n"
    )
    observed = read_observations(sidecar)
    assert observed["2_answer.XML"] == (Observation(parse_instant("2026-03-29T01:00:01Z"), "TX_USER"),)
    rows = [row for one in readings(inbox, observed=observed) for row in one.rows.audit]
    assert [(row["message_class"], row["time_point"], row["observed_at"][11:19]) for row in rows] == [
        ("request", "RX_DSP", "00:59:58"), ("request", "TX_CSP", "01:00:00"), ("ack", "ACK_TX", "00:59:59"), ("ack", "TX_USER", "01:00:01"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "line 1: expected the columns"),
        ("file,seen\n", "line 1: expected the columns"),
        ("file,observed_at\na.xml\n", "line 2: expected 2 cells"),
        ("file,observed_at\na.xml,2026-01-01T00:00:00Z,x\n", "line 2: expected 2 cells"),
        ("file,observed_at\na.xml,yesterday\n", 'line 2: column "observed_at"'),
        ("file,observed_at\na.xml,2026-01-01T00:00:00\n", 'line 2: column "observed_at"'),
        ("file,observed_at,time_point\na.xml,2026-01-01T00:00:00Z,RX\n", 'column "time_point": expected one of RX_DSP'),
        ('file,observed_at\n"a.xml,2026-01-01T00:00:00Z\n', "not readable as CSV"),
        ("file,observed_at\ncaf\xe9,2026-01-01T00:00:00Z\n", "expected UTF-8 text"),
    ],
)
def test_a_bad_table_of_observation_times_is_refused_by_line(tmp_path: Path, text: str, complaint: str) -> None:
    sidecar = tmp_path / "seen.csv"
    sidecar.write_bytes(text.encode("latin-1"))
    with pytest.raises(RefusedDelivery, match=complaint):
        read_observations(sidecar)


def test_a_missing_table_of_observation_times_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedDelivery, match="cannot be read"):
        read_observations(tmp_path / "none.csv")
