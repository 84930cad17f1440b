"""A file held to the contract by both roads in turn: by the statement alone, and with the compiled reader."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

import tocsin.deliveries.unpacking
import tocsin.engines.reading
from made_store import RECEIVED_AT
from tocsin.deliveries.contract import Means, Received, hold_to
from tocsin.deliveries.unpacking import Limits
from tocsin.engines.pieces import Counts
from tocsin.engines.reading import Readings, readings
from tocsin.feeds import all_feeds
from tocsin.feeds.shape import Shape
from tocsin.vocabulary.errors import RefusedDelivery
from tocsin.vocabulary.instants import DAY_US

KEPT: list[Readings] = []
# The first of March 2026, a part of which the drawn files say they cover.
MARCH = 1_772_323_200_000_000
COVERS = (MARCH, MARCH + DAY_US // 2)
LONGEST = 3000


@pytest.fixture(scope="module", autouse=True)
def one_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with readings(tmp_path_factory.mktemp("compiled") / "spill", threads=2) as kept, pytest.MonkeyPatch.context() as patched:
        # However small a file, it goes by pieces, and small ones.
        patched.setattr(tocsin.engines.reading, "SMALL", -1)
        patched.setattr(tocsin.deliveries.unpacking, "BLOCK", 700)
        KEPT.append(kept)
        yield
        KEPT.clear()


def shape(feed: str, **said: object) -> Shape:
    return Shape.model_validate({"name": "s", "where": "s.toml", "feed": feed, "sender": "DSP", "pattern": "*", **said})


# Each kind of cell: first such as is read in compiled code, then such as is doubtful, wrong, or on an edge between the two.
CELLS = {
    "id": (
        ["90b3:d51f:1", "90B3D51F00000001:1", "90-B3-D5-1F:2", "a", "x" * 55, "x" * 56, "y" * 119],
        [
            "",
            "NA",
            "90B3D51F:1",
            "a::1",
            ":a:1",
            "a:b:",
            "a:b:c:d",
            "a: b:c",
            " a",
            "a ",
            "é",
            "\u00a0a",
            "z" * 120,
            "a b",
            "a\x1fb",
            "\x1f",
        ],
    ),
    "at": (
        ["2026-03-01T10:00:00.000Z", "2026-03-01T10:00:00Z", "2026-03-01 10:00:00+01:00", "2026-02-28T23:59:59.9Z", "2026-03-01T12:00:00Z"],
        [
            *["2026-03-01T10:00:00,123456789-14:59", "2026-03-01T10:00:00.1234567890Z", "2026-03-01T10:00Z", "2026-02-29T10:00:00Z"],
            *["2024-02-29T10:00:00Z", "2026-03-01T24:00:00.000Z", "2026-03-01T10:60:00Z", "2026-03-01T10:00:60Z", "2026-03-01T10:00:00.Z"],
            *["2026-03-01T10:00:00", "2026-03-01t10:00:00z", "2026-03-01T10:00:00+2359", "2026-03-01T10:00:00+15:00"],
            *["3000-01-01T00:00:00Z", "2026-03-01T10:00:00+01:60", "2026-03-01X10:00:00Z", "2026/03/01T10:00:00Z"],
            *["1999-12-31T23:59:59.999Z", "2000-01-01T00:00:00Z", "2026-03-11T09:00:00.000Z", "2026-03-11T09:00:00.001Z", "", "NA", "soon"],
            *["2026-03-01", " 2026-03-01T10:00:00Z", "2026-03-01T10:00:00 Z", "02026-03-1T10:00:00Z", "2026-13-01T10:00:00Z"],
        ],
    ),
    "point": (["in", "run", "request", "f", "c"], ["", "gone", "IN", "NA", " in", "é", "x" * 255, "x" * 256]),
    "srv": (["4.1.1", "8f72", "abcdefgh", "abcdefghi", "sixteen letters.", "seventeen letters"], ["", "-", "NA", " 4.1.1 ", "é", "ß"]),
    "who": (["90-B3", "aa-BB"], ["", "-", "NA", "   ", "É"]),
    "n": (["1", "2", "+7", "007"], ["", "0", "-5", "x", "9", "10", "1.0", "9" * 18, "9" * 19, "9" * 20, "+", " 1", "-"]),
    "when": (
        ["1772359200000", "1772359200001000"],
        ["", "-1", "0", "99999999999999999", "9999999999999999999", "NA", "1e3", "+1772359200000"],
    ),
    "due": (
        ["2026-03-01T10:00:00", "2025-07-01 09:00:00.5", "3000-06-01T00:00:00", ""],
        ["2025-10-26T01:30:00", "2025-10-26T03:30:00", "2026-03-29T01:30:00", "2026-03-29T04:00:00", "2026-03-01T10:00:00Z", "2026-03-01"],
    ),
    "day": (
        ["01/03/2026 10:00:00", "01/07/2025 09:05:00", "01-03-2026 10:00:00.5", ""],
        [
            *["26/10/2025 01:30:00", "26/10/2025 00:59:59", "26/10/2025 02:00:00", "29/03/2026 01:30:00", "29/03/2026 02:00:00"],
            *["1/3/2026 9:00:00", "31/02/2026 10:00:00", "01-03-2026 10:00:00.1234567", "01/03/2026"],
        ],
    ),
    "flag": (["Held", "PASSED", "0", "1"], ["", "yes", "NA", " held"]),
}
Rows = list[tuple[Any, ...]]


def taken(content: bytes, by: Shape, compiled: bool) -> tuple[Rows, Rows, Counts]:
    with tempfile.TemporaryDirectory() as folder:
        out, kept = Path(folder) / "out", Path(folder) / "kept"
        out.mkdir()
        kept.write_bytes(content)
        received = Received(kept, "x.csv", by, all_feeds()[by.feed], RECEIVED_AT, 7, COVERS)
        means = Means(Limits(max_line_bytes=LONGEST), threads=2, compiled=compiled)
        counts = hold_to(received, out, means, KEPT[0])
        accepted = duckdb.sql(f"FROM read_parquet('{out / 'accepted.parquet'}')").fetchall()
        refused = duckdb.sql(f"FROM read_parquet('{out / 'refused.parquet'}')").fetchall()
    return accepted, refused, counts


def agree(content: bytes, by: Shape) -> Counts:
    """Both roads in turn; the statement's counts."""
    alone, compiled = taken(content, by, compiled=False), taken(content, by, compiled=True)
    assert compiled == alone
    return alone[2]


def refused_alike(content: bytes, by: Shape) -> str:
    """Why a file is refused whole, by either road."""
    told = []
    for compiled in (False, True):
        with pytest.raises(RefusedDelivery) as refused:
            taken(content, by, compiled)
        told.append(str(refused.value))
    assert told[0] == told[1]
    return told[0]
