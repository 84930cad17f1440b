"""Rows read from DUIS messages pass the contract and close their request, also those of alerts, which tell no SRV (duis.md 4, 6)."""

import csv
from io import StringIO
from pathlib import Path

from drawn_requests import HOUR, S, happenings, happenings_of
from tests.spec.messages.drawn_messages import (
    BROKER,
    DEVICE,
    REQUEST_ID,
    USER,
    answer,
    dcc_alert,
    device_alert,
    dlms_alert,
    dlms_time,
    grouping,
    part,
    request,
    response,
)

from journey_rows import instant_of
from made_store import make_store
from tocsin.engines import Engine
from tocsin.messages.duis import read_message
from tocsin.messages.observations import Observation
from tocsin.messages.rows import AUDIT_COLUMNS, rows_of
from tocsin.vocabulary.calendar import Period

FAILED_ID = f"{USER}:{DEVICE}:4712"
SHAPE = """
feed = "audit_trail"
sender = "DSP"
pattern = "MESSAGES_{day}.csv"
[columns]
"""


def outcome_of(counter: int) -> bytes:
    """The device alert 8F66 of a command with this counter."""
    told = dlms_alert(0x8F66, dlms_time(2026, 3, 5, 0, 0, 1), (0x19, counter))
    return response(
        device_alert("8F66", grouping(3, 0xCC, told, signature=bytes(64))),
        request_id=None, response_id=f"{DEVICE}:{USER}:9001", at="2026-03-05T00:00:30Z",
    )  # fmt: skip


def messages() -> list[tuple[bytes, str | None]]:
    """A device-held command answered and done, and a request whose command failed; requests with the time at which they were seen."""
    failure = part("CommandFailure", CommandRequestID=FAILED_ID, DeviceID=DEVICE)
    return [
        (request("<A><ExecutionDateTime>2026-03-05T00:00:00.00Z</ExecutionDateTime></A>", srv="2.1"), "2026-03-02T12:00:00Z"),
        (response(answer("<d:GBCSPayload/>", "2.1"), at="2026-03-02T12:00:09Z"), None),
        (outcome_of(4711), None),
        (request("<A/>", request_id=FAILED_ID, srv="4.1.1"), "2026-03-02T12:00:00Z"),
        (response(dcc_alert("N13", failure), request_id=None, response_id=f"{BROKER}:{USER}:77", at="2026-03-02T13:00:00Z"), None),
    ]


def test_an_outcome_and_a_command_failure_close_their_request(embedded: Engine, tmp_path: Path) -> None:
    found = [
        row
        for xml, seen_at in messages()
        for row in rows_of(read_message(xml), [Observation(instant_of(seen_at))] if seen_at is not None else []).audit
    ]
    assert [(row["message_class"], row["srv"]) for row in found] == [
        ("request", "2.1"), ("response", "2.1"), ("fd_outcome", ""), ("request", "4.1.1"), ("failure_alert", ""),
    ]  # fmt: skip
    made = make_store(tmp_path)
    made.shape("messages", SHAPE + "".join(f'{name} = "{name}"\n' for name in AUDIT_COLUMNS))
    out = StringIO(newline="")
    writer = csv.DictWriter(out, AUDIT_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    (receipt,) = made.take_in(made.file("MESSAGES_20260305.csv", out.getvalue()))
    assert (receipt.delivery.accepted, receipt.delivery.refused) == (5, 0), made.refused(receipt)
    columns = [*AUDIT_COLUMNS, "line", "delivery_no"]
    trail = [dict(zip(columns, row, strict=True)) for row in made.accepted(receipt, ", ".join(columns))]
    asked = happenings_of(embedded, trail, as_at="2026-03-10T00:00:00Z", period=Period(2026, 3))
    set_up, done = asked(REQUEST_ID, "future_device_set_up"), asked(REQUEST_ID, "future_device_outcome")
    assert (set_up["srv"], set_up["outcome"]) == ("2.1", "success")
    assert (done["srv"], done["outcome"], done["round_trip_us"], done["set_aside"]) == ("2.1", "success", 30 * S, "")
    assert asked.tell(FAILED_ID, "srv", "flow", "outcome", "round_trip_us") == ("4.1.1", "on_demand", "dcc_fail", HOUR)
    assert len(asked) == 3


def test_the_srv_is_that_of_the_requests_other_rows(embedded: Engine) -> None:
    """Of an SRV that no catalogue has too: its rows are one happening, whether they name the device or not."""
    found = happenings(
        embedded,
        """
        request | what        | at       | srv      | cv | code | for
        r1      | received    | 12:00:00 | 99.9     | 1  |      | 13:00:00
        r1      | reported    | 13:00:05 | -        |    | 8F66 |
        r2      | received    | 12:00:00 | -        | 1  |      |
        r2      | answered    | 12:00:05 | -        |    | I0   |
        r3      | told failed | 12:00:05 | -        |    |      |
        r4      | received    | 12:00:00 | purchase | 1  |      |
        r4      | told failed | 12:00:05 | -        |    |      |
        """,
    )
    assert found("r1", "future_device_outcome")["srv"] == "99.9"
    assert found.tell("r2", "srv", "flow", "outcome", "round_trip_us") == ("UNKNOWN", "on_demand", "success", 5 * S)
    assert found.tell("r4", "srv", "outcome") == ("purchase", "dcc_fail")
    assert found.tell("r3", "srv", "set_aside") == ("UNKNOWN", "no_request")
