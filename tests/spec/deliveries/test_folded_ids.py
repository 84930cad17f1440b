"""EUI-64 ids of Users are the same in either case (duis.md 0.5): both feeds that carry them store them in one."""

from pathlib import Path

import pytest

from made_store import make_store
from tocsin.feeds.feed import Column, Due, Feed, Kind
from tocsin.vocabulary.errors import BadDeclaration

TRAIL = """
feed = "audit_trail"
sender = "DSP"
pattern = "TRAIL_{day}.csv"
[columns]
request_id = "id"
observed_at = "at"
time_point = { constant = "RX_DSP" }
message_class = { constant = "request" }
user_id = "user"
"""
PARTIES = """
feed = "party_list"
sender = "DCC"
pattern = "PARTIES_*.csv"
[columns]
user_id = "user"
sec_party = "party"
"""


def test_user_ids_of_trail_and_party_list_are_stored_in_upper_case(tmp_path: Path) -> None:
    made = make_store(tmp_path)
    made.shape("trail", TRAIL)
    made.shape("parties", PARTIES)
    trail = made.file("TRAIL_20260301.csv", "id,at,user\nr1,2026-03-01T10:00:00Z,90-b3-d5-1f-30-05-00-0a\nr2,2026-03-01T10:00:00Z,\n")
    parties = made.file("PARTIES_1.csv", "user,party\n90-B3-d5-1f-30-05-00-0a,Alpha plc\n90-b3-d5-1f-30-05-00-0A,Alpha plc\n")
    receipts = made.take_in(trail, parties)
    assert made.accepted(receipts[0], "user_id, srv") == [("90-B3-D5-1F-30-05-00-0A", None), (None, None)]
    # The id is the list's key: told in two cases it is one row told twice. A party's name stays as it came.
    assert made.accepted(receipts[1], "user_id, sec_party") == [("90-B3-D5-1F-30-05-00-0A", "Alpha plc")]
    assert receipts[1].delivery.duplicates == 1


def test_only_texts_are_folded() -> None:
    with pytest.raises(BadDeclaration, match=r'column "device_id" is of kind identifier; only text and code are folded'):
        Feed(
            name="ids", code="ID", title="Ids", source="a test", every="day", due=Due(hours_after=24),
            columns=(Column("device_id", Kind.IDENTIFIER, "Device.", fold="upper"),), key=("device_id",),
        )  # fmt: skip
