"""Generated dirty files: the contract on DuckDB gives what its slow twin gives, row by row and reason by reason."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tocsin.deliveries.lines
import tocsin.engines.reading
from made_store import RECEIVED_AT
from tocsin.deliveries.contract import Means, Received, hold_to
from tocsin.engines.reading import Readings, readings
from tocsin.feeds import all_feeds
from tocsin.feeds.shape import Shape
from twin.contract import contract

AUDIT_TRAIL, INCIDENT_LOG = all_feeds()["audit_trail"], all_feeds()["incident_log"]


# The one database of these tests, as of a stretch of intake.
KEPT: list[Readings] = []


@pytest.fixture(scope="module", autouse=True)
def one_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with readings(tmp_path_factory.mktemp("contract") / "spill", threads=1) as kept:
        KEPT.append(kept)
        yield
        KEPT.clear()


def shape(feed: str, **settings: object) -> Shape:
    return Shape.model_validate({"name": "s", "where": "s.toml", "feed": feed, "sender": "DSP", "pattern": "*", **settings})


TRAIL = shape(
    "audit_trail",
    nulls=["NA"],
    columns={
        "request_id": {"join": ["who", {"column": "device"}, {"column": "n"}]},
        "observed_at": {"column": "at", "plus": [{"column": "n", "unit": "ms"}]},
        "time_point": {"constant": "RX_DSP"},
        "message_class": {"constant": "request"},
        "srv": {"column": "srv", "when_empty": "none"},
        "command_variant": "n",
        "device_id": "device",
        "user_id": "who",
        "schedule_id": {"column": "who", "pattern": "(.*)-"},
        "scheduled_at": {"column": "at"},
        "execution_at": {"column": "due", "format": "epoch_s"},
    },
    values={"srv": {"one": "1.1.1", "gone": ""}},
    unfold=[
        {},
        {
            "when": {"column": "n", "is": "not_empty"},
            "columns": {"time_point": {"constant": "TX_USER"}, "observed_at": {"column": "at", "minus": [{"whole": 1, "unit": "h"}]}},
        },
    ],
)
LOG = shape(
    "incident_log",
    delimiter=";",
    nulls=["?"],
    columns={
        "incident_id": "who",
        "changed_at": {"column": "at", "zone": "Europe/London"},
        "sequence": {"line": True},
        "status": {"column": "srv", "fold": "lower"},
        "category": {"column": "n"},
        "submitted_at": {"column": "device", "format": "%d/%m/%Y %H:%M", "zone": "Europe/London"},
        "reported_met": "srv",
    },
)
HEADER = ["who", "at", "n", "srv", "device", "due"]

at = st.sampled_from(
    [
        "2026-03-01T10:00:00.000Z",
        "2026-03-01T10:00:00Z",
        "2026-03-01T10:00:00.123456789+01:00",
        "2026-02-30T10:00:00.000Z",
        "2026-03-01T24:00:00.000Z",
        "2026-03-01T10:00Z",
        "2026-03-01T10:00:00,5Z",
        "2026-03-29T01:30:00.000",
        "2025-10-26T01:30:00",
        "2025-10-26T02:00:00",
        "2026-03-01T10:00:60.000Z",
        "3000-01-01T00:00:00.000Z",
        "1999-12-31T23:59:59.999Z",
        "2026-03-11T09:00:00.000Z",
        "2026-03-11T09:00:00.001Z",
        "soon",
        "2026-03-01",
        "2026-03-01T10:00:00.000Z",
        "2026-03-01T10:00:00.000+25:00",
        "2026-3-01T10:00:00.0000Z",
    ]
)
number = st.sampled_from(["1", "2", "0", "-5", "+7", "9", "1.0", "1e3", "99999999999999999999", "9223372036854775807", "x", "", "NA", "?"])
word = st.sampled_from(
    ["", " ", "NA", "?", "a-b", "A-B", "one", "gone", "4.1.1", "new", "NEW", "true", "No", "1", " é ", "\u00a0x", "1700000000", "-1"]
)
local = st.sampled_from(
    ["29/3/2026 01:30", "26/10/2025 01:30", "1/1/2026 00:00", "31/2/2026 10:00", "01/07/2025 9:05", "?", "", "AA-BB", "aa-bb "]
)
due = st.sampled_from(["", "", "", "1772359200", "32503680000", "-1", "soon", "99999999999999999999"])
anything = st.text(alphabet=['"', "a", " ", ",", ";", "\t", "\n", "\r", "é", "\x1f", "1"], max_size=6)


# Half of all lines are such as may be accepted, so that what becomes of values is seen and not only what is refused.
good_word = st.sampled_from(["a-b", "A-B", "one", "gone", "4.1.1", "NEW", " \u00e9 ", ""])
good_at = st.sampled_from(
    ["2026-03-01T10:00:00.000Z", "2026-03-01T10:00:00,5Z", "2025-10-26T01:30:00", "2026-03-01 11:00:00.123456789+01:00"]
)
good_number = st.sampled_from(["1", "2", "+7", "9", ""])
good_local = st.sampled_from(["26/10/2025 01:30", "1/7/2025 9:05", "AA-BB", ""])
good_due = st.sampled_from(["", "32503680000"])


@st.composite
def line(draw: st.DrawFn, delimiter: str, is_wild: bool) -> str:
    if draw(st.booleans()):
        return delimiter.join(draw(cell) for cell in (good_word, good_at, good_number, good_word, good_local, good_due))
    cells = [draw(word), draw(at), draw(number), draw(word), draw(st.one_of(word, local)), draw(due)]
    if draw(st.integers(0, 9)) == 0:
        cells = cells[: draw(st.integers(0, 6))] if draw(st.booleans()) else [*cells, draw(word)]
    if is_wild:
        cells = [draw(anything) if draw(st.integers(0, 9)) == 0 else cell for cell in cells]
        cells = ['"' + cell.replace('"', '""') + '"' if draw(st.integers(0, 4)) == 0 else cell for cell in cells]
    return delimiter.join(cells)


@st.composite
def file(draw: st.DrawFn, delimiter: str) -> bytes:
    is_wild = draw(st.booleans())
    lines = draw(st.lists(line(delimiter, is_wild), min_size=0, max_size=25))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    text = end.join([delimiter.join(HEADER), *lines]) + draw(st.sampled_from(["", end, end * 2]))
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode()


def held(content: bytes, by: Shape) -> tuple[list[tuple], set[tuple], list[int]]:
    """What is accepted and refused, the same whether the one piece is typed in memory or set down as Parquet like those of a large file."""
    in_memory = taken(content, by)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tocsin.engines.reading, "SMALL", -1)
        assert taken(content, by) == in_memory
    return in_memory


def taken(content: bytes, by: Shape) -> tuple[list[tuple], set[tuple], list[int]]:
    feed = all_feeds()[by.feed]
    with tempfile.TemporaryDirectory() as folder:
        out, kept = Path(folder) / "out", Path(folder) / "kept"
        out.mkdir()
        kept.write_bytes(content)
        received = Received(kept, "x.csv", by, feed, RECEIVED_AT, 7)
        counts = hold_to(received, out, Means(threads=1), KEPT[0])
        accepted = duckdb.sql(f"FROM read_parquet('{out / 'accepted.parquet'}')").fetchall()
        refused = duckdb.sql(f"SELECT line, check_id FROM read_parquet('{out / 'refused.parquet'}')").fetchall()
    assert {row[-1] for row in accepted} <= {7}
    assert counts.rows == counts.accepted + counts.refused + counts.duplicates
    assert counts.accepted == len(accepted)
    return [row[:-1] for row in accepted], set(refused), [counts.duplicates]


def agree(content: bytes, by: Shape) -> None:
    feed = all_feeds()[by.feed]
    accepted, refused, duplicates = held(content, by)
    expected, wrong, repeats = contract(content, by, feed, RECEIVED_AT)
    assert sorted(accepted, key=repr) == sorted(expected, key=repr)
    assert refused == wrong
    assert duplicates == [len(repeats)]


@pytest.mark.parametrize("rows_in_a_piece", [100_000, 3])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=file(","))
def test_audit_trail_with_joins_spans_and_unfolding(content: bytes, rows_in_a_piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Joins, spans, value maps, epochs and two rows a line."""
    monkeypatch.setattr(tocsin.deliveries.lines, "ROWS_IN_A_PIECE", rows_in_a_piece)
    agree(content, TRAIL)


@settings(max_examples=30, deadline=None)
@given(content=file(";"))
def test_incident_log_with_local_stamps(content: bytes) -> None:
    """Local stamps, hours that occur twice or never, flags, folding, line numbers as sequence."""
    agree(content, LOG)
