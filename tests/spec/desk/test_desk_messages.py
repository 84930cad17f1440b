"""Read-messages at the command line: a message of our own making becomes a row that can be taken in; a broken one is a finding."""

import csv
from pathlib import Path

import pytest

from desk_road import new_desk, tocsin

GATEWAY, CONTENT = "http://www.dccinterface.co.uk/ServiceUserGateway", "http://www.dccinterface.co.uk/ResponseAndAlert"
USER, DEVICE = "90-B3-D5-1F-30-05-00-01", "00-AA-10-20-30-40-50-60"
REQUEST = f"""<Request xmlns="{GATEWAY}" schemaVersion="5.4"><Header><RequestID>{USER}:{DEVICE}:77</RequestID>
<CommandVariant>1</CommandVariant><ServiceReference>4.1</ServiceReference><ServiceReferenceVariant>4.1.1</ServiceReferenceVariant></Header>
<Body><ReadInstantaneousImportRegisters/></Body></Request>"""
SHAPE = """
feed = "audit_trail"
sender = "MESSAGES"
pattern = "audit_trail.csv"
covers = ["2021-08-01", "2021-09-01"]
[columns]
"""


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    folder = tmp_path / "messages"
    folder.mkdir()
    (folder / "request.XML").write_text(REQUEST)
    (folder / "notes.txt").write_text("no message")
    return folder


def test_a_message_becomes_a_row_that_is_taken_in(messages: Path, tmp_path: Path) -> None:
    (tmp_path / "seen.csv").write_text("file,observed_at\nrequest.XML,2021-08-10T10:00:00Z\n")
    said = tocsin("read-messages", messages, "--out", tmp_path / "rows", "--observed-at", tmp_path / "seen.csv")
    assert said.code == 0, said.err
    assert "1 files read" in said.out and "1 audit-trail rows" in said.out
    with (tmp_path / "rows" / "audit_trail.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert (row["request_id"], row["srv"], row["observed_at"][:19]) == (f"{USER}:{DEVICE}:77", "4.1.1", "2021-08-10T10:00:00")
    desk = new_desk(tmp_path / "w")
    columns = "".join(f'{name} = "{name}"\n' for name in row if name in SHAPED)
    (desk.root / "shapes" / "messages.toml").write_text(SHAPE + columns)
    (taken,) = desk.take_in(tmp_path / "rows" / "audit_trail.csv", received_at="2021-09-02T06:00Z")
    assert (taken["result"], taken["accepted"], taken["refused"]) == ("accepted", 1, 0)


SHAPED = ("request_id", "observed_at", "time_point", "message_class", "srv", "command_variant", "response_code", "user_id", "device_id")


def test_without_a_time_the_row_is_kept_apart(messages: Path, tmp_path: Path) -> None:
    said = tocsin("read-messages", messages, "--out", tmp_path / "rows", "--format", "json")
    assert said.code == 0 and "0 audit-trail rows" in said.out and "1 rows kept apart" in said.out
    assert sorted(path.name for path in (tmp_path / "rows").iterdir()) == ["alerts.jsonl", "audit_trail.jsonl", "findings.jsonl"]


@pytest.mark.parametrize(
    "content", ["<Request>", "", f'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><r xmlns="{CONTENT}">&x;</r>', "\x00\x01"]
)
def test_a_broken_message_is_a_finding_and_the_others_are_read(messages: Path, tmp_path: Path, content: str) -> None:
    (messages / "broken.xml").write_text(content)
    said = tocsin("read-messages", messages, "--out", tmp_path / "rows")
    assert said.code == 11 and "1 of 2 files could not be read" in said.err and "Traceback" not in said.err
    with (tmp_path / "rows" / "findings.csv").open() as file:
        assert any(row["file"].endswith("broken.xml") and row["to_do"] for row in csv.DictReader(file))


def test_nothing_is_written_over_unasked(messages: Path, tmp_path: Path) -> None:
    words = ("read-messages", messages, "--out", tmp_path / "rows")
    assert tocsin(*words).code == 0
    said = tocsin(*words)
    assert said.code == 11 and "already there" in said.err
    assert tocsin(*words, "--replace").code == 0


def test_wrongly_asked(messages: Path, tmp_path: Path) -> None:
    assert tocsin("read-messages", tmp_path / "absent").code == 10
    assert tocsin("read-messages", messages, "--out", tmp_path / "rows", "--format", "xml").code == 10
    assert tocsin("read-messages").code == 2
