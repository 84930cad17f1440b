"""Every file of the shared samples gives every value of INDEX.csv, which a separate reader computed.

Not compared, because no value in the file bears them out: `use_case` and, for bare payloads, `srv` (both are file names upstream),
`valid_5_4` (the schema is not shipped with the product), `negative_sample`, `provenance`, `upstream_repo`, `upstream_path`.
For requests the GBCS columns are empty in the index; we read the payload of an 8.13 all the same. ASN.1 outcomes have an empty
`fd_command_counter` in the index; we read it, and check it against the command beside the alert.
"""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tocsin.messages.duis import read_message
from tocsin.messages.duis_message import DuisMessage, Kind
from tocsin.messages.gbcs import GbcsAlert, GbcsHeader
from tocsin.messages.gbcs_file import GbcsMessage, read_gbcs_file
from tocsin.messages.reading import read_files
from tocsin.messages.written import write_rows
from tocsin.vocabulary.instants import parse_instant

# The index names the coarser class of these two.
INDEX_KINDS = {Kind.REJECTION: "acknowledgement", Kind.NON_DEVICE_ANSWER: "response"}
ASN1_OUTCOMES = {"0x00CA", "0x00CB", "0x0124"}
STAMPS = ("response_datetime", "execution_datetime", "alert_timestamp")
GBCS_COLUMNS = ("cra", "message_code", "originator", "recipient", "counter", "supplementary_id", "supplementary_counter")
DUIS_COLUMNS = {
    "schema_version": "schema_version", "srv": "srv", "request_id": "request_id_text", "response_id": "response_id_text",
    "originator": "originator", "target": "target", "counter": "counter", "command_variant": "command_variant",
    "body_element": "body_element", "response_code": "response_code", "response_datetime": "response_at",
    "execution_datetime": "execution_at", "alert_code": "alert_code",
}  # fmt: skip
ALERT_COLUMNS = {
    "alert_timestamp": "happened_at", "fd_command_message_code": "command_message_code", "fd_command_counter": "command_counter",
}  # fmt: skip


@cache
def index(shared: Path) -> tuple[dict[str, str], ...]:
    with (shared / "messages" / "INDEX.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def read(shared: Path, file: str) -> DuisMessage | GbcsMessage:
    content = (shared / "messages" / file).read_bytes()
    return read_gbcs_file(content) if file.lower().endswith(".hex") else read_message(content)


def text(value: object) -> str:
    return "" if value is None else str(value)


def of_header(header: GbcsHeader | None) -> dict[str, str]:
    return {f"gbcs_{name}": text(getattr(header, name) if header else None) for name in GBCS_COLUMNS}


def of_alert(alert: GbcsAlert | None) -> dict[str, str]:
    return {column: text(getattr(alert, name) if alert else None) for column, name in ALERT_COLUMNS.items()}


def found_values(message: DuisMessage | GbcsMessage) -> dict[str, str]:
    if isinstance(message, GbcsMessage):
        header, alert = message.header, message.alert
        return {"kind": message.kind, "alert_code": text(alert and alert.alert_code), **of_header(header), **of_alert(alert)}
    values = {column: text(getattr(message, name)) for column, name in DUIS_COLUMNS.items()}
    values |= {"kind": INDEX_KINDS.get(message.kind, str(message.kind)), **of_alert(message.alert)}
    return values if message.kind is Kind.REQUEST else values | of_header(message.gbcs)


def test_every_file_gives_every_value_of_the_index(shared: Path) -> None:
    compared: Counter[str] = Counter()
    for row in index(shared):
        for column, found in found_values(read(shared, row["file"])).items():
            if column == "fd_command_counter" and row["gbcs_message_code"] in ASN1_OUTCOMES:
                continue
            expected = str(parse_instant(row[column])) if column in STAMPS and row[column] else row[column]
            # EUI-64 ids are case-insensitive; ours are upper case, the index repeats the file (duis.md 0.5).
            assert found.upper() == expected.upper(), f"{row['file']}: {column}"
            compared[column] += bool(expected)
    assert len(index(shared)) == 1236
    assert compared == {
        "kind": 1236, "schema_version": 274, "srv": 249, "request_id": 247, "response_id": 38, "originator": 272, "target": 272,
        "counter": 272, "command_variant": 228, "body_element": 274, "response_code": 46, "response_datetime": 46, "execution_datetime": 34,
        "alert_code": 109, "gbcs_cra": 999, "gbcs_message_code": 999, "gbcs_originator": 999, "gbcs_recipient": 999, "gbcs_counter": 999,
        "gbcs_supplementary_id": 85, "gbcs_supplementary_counter": 83, "alert_timestamp": 108, "fd_command_message_code": 54,
        "fd_command_counter": 54,
    }  # fmt: skip


def test_asn1_outcomes_name_the_command_beside_them(shared: Path) -> None:
    rows = [row for row in index(shared) if row["gbcs_message_code"] in ASN1_OUTCOMES and row["alert_code"] in ("8F66", "8F67")]
    for row in rows:
        message = read(shared, row["file"])
        result = "SUCCESS" if row["alert_code"] == "8F66" else "ERROR"
        command = row["file"].replace(f"{row['alert_code']}_", "").replace("_ALERT_", "_COMMAND_")
        assert f"_{result}_" in command
        beside = read(shared, command)
        assert isinstance(message, GbcsMessage) and isinstance(beside, GbcsMessage) and message.alert is not None
        assert message.alert.command_counter == beside.header.counter
        assert (message.header.recipient, message.header.originator) == (beside.header.originator, beside.header.recipient)
    assert len(rows) == 6


def test_only_malformed_negatives_have_findings(shared: Path) -> None:
    """Of the ten negative samples three are malformed; the others differ only in signature or in who is known."""
    negatives = {row["file"] for row in index(shared) if row["negative_sample"] == "Y"}
    found = {row["file"].rpartition("/")[2]: [one.check_id for one in read(shared, row["file"]).findings] for row in index(shared)}
    assert {file: ids for file, ids in found.items() if ids} == {
        "ECS17b_4.1.1_SINGLE_SUCCESS_REQUEST_DUIS-invalid.XML": ["DM-08"],
        "8.2_READ_INVENTORY_REQUEST_DUIS-invalid.XML": ["DM-07"],
        "readfw-response-invalid.xml": ["DM-13"],
    }
    assert len(negatives) == 10
    assert {row["file"].rpartition("/")[2] for row in index(shared) if row["valid_5_4"] == "N"} - set(found) == set()


def test_the_whole_folder_becomes_rows_and_no_message_is_lost(shared: Path, tmp_path: Path) -> None:
    paths = [shared / "messages" / row["file"] for row in index(shared)]
    summary = write_rows(read_files(paths), tmp_path)
    assert (summary.file_count, summary.unread_count) == (1236, 0)
    # Alerts: 83 bare, 24 in envelopes, one future-dated, one DCC alert.
    assert summary.alert_count == 109
    assert summary.header_only_count == 376 + 370 + 133
    # Answers have their own time (21); requests (228) and bare outcomes (59) wait for one, or for a request that can be named.
    assert summary.audit_count == 21
    assert summary.kept_apart_count == 228 + 59


@pytest.mark.parametrize("file", ["duis-parser/test_resources/readfw-response.xml", "inline-gbcs/0x00CC_ALERT_10.HEX"])
def test_a_sample_cut_short_is_a_finding(shared: Path, tmp_path: Path, file: str) -> None:
    whole = (shared / "messages" / file).read_bytes()
    paths = []
    for cut in range(0, len(whole), 7):
        paths.append(tmp_path / f"{cut}{Path(file).suffix}")
        paths[-1].write_bytes(whole[:cut])
    assert all(one.message is None and len(one.findings) == 1 for one in read_files(paths))
