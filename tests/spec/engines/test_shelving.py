"""The shelving of rows read in blocks: the same rows, counts and findings as the statement makes of the same lines."""

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tocsin.engines.compiled.arrow_rows
import tocsin.engines.compiled.ordered_rows
import tocsin.engines.compiled.runs
import tocsin.engines.compiled.shelving
from tocsin.engines import Relation
from tocsin.engines.compiled.arrow_rows import statement_blocks
from tocsin.engines.compiled.block import EMPTY, Block, Words
from tocsin.engines.compiled.runs import BANDED, banded, make_run
from tocsin.engines.compiled.shelving import Shelving
from tocsin.engines.pieces import Counts, Lines, NotReadHere
from tocsin.engines.reading import Reading, Readings
from tocsin.engines.row_sql import RowSql
from tocsin.engines.settling import settle
from tocsin.engines.stored import check_files
from tocsin.engines.turns import Turns
from tocsin.feeds import all_feeds
from tocsin.feeds.feed import BAND_SHIFT
from tocsin.feeds.shape_file import load_shape
from tocsin.vocabulary.instants import DAY_US

DAY_AT = 1_788_220_800_000_000  # 2026-09-01
TRAIL = """
feed = "audit_trail"
sender = "DSP"
pattern = "trail_{day:%Y%m%d}.csv"
[columns]
request_id = "id"
observed_at = { column = "at", format = "epoch_us" }
time_point = "point"
message_class = { column = "point", values = { RX_DSP = "request", TX_USER = "response" } }
srv = "srv"
response_code = "code"
device_id = "device"
instruction_no = "no"
"""
ALERTS = """
feed = "alert_stages"
sender = "DSP"
pattern = "alerts_{quarter_hour:%Y%m%dT%H%M}.csv"
[columns]
alert_key = "key"
alert_code = "code"
is_consolidated = "held"
[[unfold]]
when = { column = "sent" }
[unfold.columns]
observed_at = { column = "sent", format = "epoch_us" }
stage = { constant = "f" }
[[unfold]]
when = { column = "taken" }
[unfold.columns]
observed_at = { column = "taken", format = "epoch_us" }
stage = { column = "stage" }
"""
STAMPS = st.sampled_from([DAY_AT - 1, DAY_AT, DAY_AT + 1, DAY_AT + 2, DAY_AT + DAY_US - 1, DAY_AT + DAY_US, DAY_AT + 9 * DAY_US]).map(str)
TRAIL_LINES = st.tuples(
    st.sampled_from(["a", "b", "c", ""]),
    STAMPS,
    st.sampled_from(["RX_DSP", "TX_USER", "ODD_ONE"]),
    st.sampled_from(["4.1.1", "99.9", ""]),
    st.sampled_from(["I0", "E5", "Q77", "Q78", ""]),
    st.sampled_from(["d1", "d2", ""]),
    st.sampled_from(["1", "2", "", "x"]),
).map(",".join)
ALERT_LINES = st.tuples(
    st.sampled_from(["a", "b", "c", "d", "e", "f"]),
    st.sampled_from(["8f0a", "8183"]),
    st.sampled_from(["true", "false", ""]),
    st.one_of(st.just(""), STAMPS),
    st.one_of(st.just(""), STAMPS),
    st.sampled_from(["a", "f", "z"]),
).map(",".join)


def row_sql(text: str, header: str) -> RowSql:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "shape.toml")
        file.write_text(text)
        shape = load_shape(file)
    return RowSql(all_feeds()[shape.feed], shape, tuple(header.split(",")), DAY_AT + DAY_US, (DAY_AT, DAY_AT + DAY_US))


TRAIL_SQL = row_sql(TRAIL, "id,at,point,srv,code,device,no")
ALERTS_SQL = row_sql(ALERTS, "key,code,held,sent,taken,stage")


@cache
def database() -> Readings:
    """One for the module: a Reading of a few lines takes less than to start one."""
    return Readings(duckdb.connect(), 2, Turns(ThreadPoolExecutor(2)), 2)


@contextmanager
def read(sql: RowSql, lines: list[str]) -> Iterator[Reading]:
    """A Reading that has typed these lines, a header before them."""
    with tempfile.TemporaryDirectory() as work, database().reading(sql, Path(work)) as reading:
        reading.take([Lines(2, "".join(line + "\n" for line in lines).encode(), len(lines))])
        yield reading


def told(folder: Path, counts: Counts) -> tuple[object, ...]:
    """Everything a delivery's rows are told by, and both files row by row."""
    files = [duckdb.sql(f"FROM read_parquet('{folder / name}.parquet')").fetchall() for name in ("accepted", "refused")]
    kinds = duckdb.sql(f"SELECT column_name, column_type FROM (DESCRIBE FROM '{folder}/accepted.parquet')").fetchall()
    return vars(counts), *files, kinds


def by_statement(sql: RowSql, lines: list[str], folder: Path) -> tuple[object, ...]:
    with read(sql, lines) as reading:
        return told(folder, settle(reading, folder / "accepted.parquet", folder / "refused.parquet", 7, KNOWN))


def by_blocks(sql: RowSql, lines: list[str], folder: Path, doubtful: set[int], block_rows: int) -> tuple[object, ...]:
    """The rows of most lines as blocks, out of order; those of the doubtful lines as pieces of the statement."""
    with read(sql, lines) as reading:
        words = Words()
        shelving = Shelving(sql, words, reading.folder)
        whole = list(statement_blocks(reading, words))
        blocks = [
            Block(block.lines[at : at + block_rows], block.parts[at : at + block_rows], cut(block, at, block_rows))
            for block in whole
            for at in range(0, len(block), block_rows)
        ]
        for block in reversed(blocks):
            sure = ~np.isin(block.lines, sorted(doubtful))
            shelving.add(Block(block.lines[sure], block.parts[sure], {name: values[sure] for name, values in block.columns.items()}))
        listed = ", ".join(map(str, doubtful)) or "0"
        reading.connection.execute(f"DELETE FROM pieces WHERE line NOT IN ({listed}) AND NOT refused AND NOT blank")
        return told(folder, shelving.finish(reading, folder / "accepted.parquet", folder / "refused.parquet", 7, KNOWN))


def cut(block: Block, at: int, rows: int) -> dict[str, np.ndarray]:
    return {name: values[at : at + rows] for name, values in block.columns.items()}


KNOWN = {"srv": {"4.1.1"}, "response_code": {"I0", "E5"}}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs and stretches of a few rows, so that a drawn file has many."""
    monkeypatch.setattr(tocsin.engines.compiled.shelving, "RUN_ROWS", 6)
    monkeypatch.setattr(tocsin.engines.compiled.shelving, "STRETCH_ROWS", 8)
    monkeypatch.setattr(tocsin.engines.compiled.runs, "SAMPLED", 2)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(("sql", "drawn"), [(TRAIL_SQL, TRAIL_LINES), (ALERTS_SQL, ALERT_LINES)], ids=["trail", "alerts"])
def test_any_lines_are_shelved_as_the_statement_settles_them(sql: RowSql, drawn: st.SearchStrategy[str]) -> None:
    """Repeats within a run, across runs and across both roads; equal stamps; unknown codes; rows outside of the day; refused lines."""

    @settings(max_examples=40, deadline=None)
    @given(lines=st.lists(drawn, min_size=1, max_size=40), doubtful=st.sets(st.integers(2, 41), max_size=12), rows=st.integers(1, 9))
    def same(lines: list[str], doubtful: set[int], rows: int) -> None:
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
            assert by_blocks(sql, lines, Path(other), doubtful, rows) == by_statement(sql, lines, Path(one))

    same()


@pytest.mark.usefixtures("small")
def test_keys_that_fall_on_one_number_are_told_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Equal hashes only make suspects: with all keys on one number the repeats are the same ones."""
    monkeypatch.setattr(tocsin.engines.compiled.ordered_rows, "_SPREADS", np.uint64(0))
    lines = [f"r{number % 5},{DAY_AT + number % 2},RX_DSP,4.1.1,I0,d1,{number % 3 or ''}" for number in range(40)]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    found = by_blocks(TRAIL_SQL, lines, tmp_path / "a", {3, 9}, 5)
    assert found == by_statement(TRAIL_SQL, lines, tmp_path / "b")
    counts = found[0]
    assert isinstance(counts, dict)
    assert (counts["accepted"], counts["duplicates"]) == (30, 10)


def test_stamps_too_far_apart_to_pack_are_sorted_all_the_same() -> None:
    stamps = np.array([2**62, 5, -(2**62), 5, 0], np.int64)
    assert tocsin.engines.compiled.runs.stamp_order(stamps).tolist() == [2, 4, 1, 3, 0]


def test_bands_are_sorted_with_the_bits_between_them_and_the_stamps_closed_up() -> None:
    """Bands of keys and stamps fill 63 bits: as they stand, no place could be packed with them."""
    random = np.random.default_rng(122)
    keys, stamps = random.integers(0, 2**63 - 1, 5000), DAY_AT + random.integers(0, DAY_US, 5000)
    stamps[::7] = stamps[0]
    block = banded(Block(np.arange(5000), np.ones(5000, np.int8), {"alert_key": keys, "observed_at": stamps}), ALERTS_SQL.feed)
    found = tocsin.engines.compiled.runs.stamp_order(block.columns[BANDED])
    assert found.tolist() == np.lexsort([stamps, keys >> BAND_SHIFT]).tolist()


@pytest.mark.usefixtures("small")
def test_a_stamp_that_too_many_rows_share_is_left_to_the_statement(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tocsin.engines.compiled.shelving, "CROWD_UP_TO", 20)
    shelving = Shelving(TRAIL_SQL, Words(), tmp_path)
    for first in (2, 12):
        shelving.add(some_rows(first, 10, np.full(10, DAY_AT)))
    with pytest.raises(NotReadHere):
        shelving.add(some_rows(22, 10, np.full(10, DAY_AT)))


def some_rows(first: int, count: int, stamps: np.ndarray) -> Block:
    numbers = np.arange(first, first + count, dtype=np.int64)
    words = np.zeros(count, np.int32)
    columns = {column.name: numbers if column.stored_as == "BIGINT" else words for column in TRAIL_SQL.mapped}
    return Block(numbers, np.ones(count, np.int8), {**columns, "observed_at": stamps})


def test_a_run_finds_its_place_by_its_samples() -> None:
    stamps = np.repeat(np.arange(3000, dtype=np.int64), 3)
    run = make_run([some_rows(2, 9000, stamps)], "observed_at")
    assert [run.place(-1, stamp) for stamp in (-1, 0, 1, 1000, 2999, 3000)] == [0, 0, 3, 3000, 8997, 9000]


def test_a_file_of_many_words_and_row_groups_is_read_by_every_reader(tmp_path: Path) -> None:
    """More words than stand in a group, columns that are nowhere filled, and statistics by which a reader passes over groups."""
    words = Words()
    for column in TRAIL_SQL.mapped:
        if column.stored_as == "VARCHAR":
            words.numbered(column.name, [f"{column.name} {number}" for number in range(1000)])
    count = 250_000
    numbers = np.arange(count, dtype=np.int64)
    columns = {c.name: numbers * 5 if c.stored_as == "BIGINT" else (numbers % 1000 - 1).astype(np.int32) for c in TRAIL_SQL.mapped}
    stamps = DAY_AT + numbers[::-1] * 1000
    block = Block(numbers + 2, np.ones(count, np.int8), {**columns, "observed_at": stamps, "instruction_no": np.full(count, EMPTY)})
    with read(TRAIL_SQL, []) as reading:
        reading.pieces, reading.counts.rows = 0, count
        shelving = Shelving(TRAIL_SQL, words, reading.folder)
        shelving.add(block)
        shelving.finish(reading, tmp_path / "accepted.parquet", tmp_path / "refused.parquet", 7, {})
    path = tmp_path / "accepted.parquet"
    feed = TRAIL_SQL.feed
    kinds = (("line", "BIGINT"), *((c.name, c.stored_as) for c in feed.columns), ("delivery_no", "BIGINT"))
    check_files(Relation("audit_trail", kinds, (str(path),)))
    found = duckdb.sql(
        f"SELECT line, observed_at, device_id, srv, instruction_no, execution_at, user_id, delivery_no FROM '{path}'"
    ).fetchall()
    expected = [
        (n + 2, DAY_AT + (count - 1 - n) * 1000, n * 5, None if n % 1000 == 0 else f"srv {n % 1000 - 1}", None, None, None, 7)
        for n in reversed(range(count))
    ]
    assert found == expected
    footer = pq.read_metadata(path)
    groups = [footer.row_group(group) for group in range(footer.num_row_groups)]
    assert [group.num_rows for group in groups] == [125_000, 125_000]
    place = [column.name for column in pq.read_schema(path)].index("observed_at")
    bounds = [(group.column(place).statistics.min, group.column(place).statistics.max) for group in groups]
    assert bounds == [(DAY_AT, DAY_AT + 124_999_000), (DAY_AT + 125_000_000, DAY_AT + 249_999_000)]


@pytest.mark.parametrize(("least", "groups"), [(1000, 32), (3000, 16), (5000, 8), (200_000, 1)])
def test_rows_of_alerts_lie_in_bands_of_their_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, least: int, groups: int) -> None:
    """Each band in order of time, and no group of rows across bands unless bands are small: then a power of two of them, together."""
    monkeypatch.setattr(tocsin.engines.compiled.arrow_rows, "LEAST_ROWS", least)
    monkeypatch.setattr(tocsin.engines.compiled.shelving, "STRETCH_ROWS", 20_000)
    count = 70_000
    random = np.random.default_rng(122)
    keys, stamps = random.integers(0, 2**63 - 1, count), DAY_AT + random.integers(0, 1000, count)
    words = Words()
    for name, word in (("stage", "f"), ("alert_code", "8F0A")):
        words.numbered(name, [word])
    columns = {"alert_key": keys, "observed_at": stamps, "stage": np.zeros(count, np.int32), "alert_code": np.zeros(count, np.int32)}
    empty = {"is_consolidated": np.full(count, -1, np.int8)}
    with read(ALERTS_SQL, []) as reading:
        reading.pieces, reading.counts.rows = 0, count
        shelving = Shelving(ALERTS_SQL, words, reading.folder)
        for at in range(0, count, 9000):
            block = Block(np.arange(2, count + 2), np.ones(count, np.int8), {**columns, **empty})
            shelving.add(Block(block.lines[at : at + 9000], block.parts[at : at + 9000], cut(block, at, 9000)))
        shelving.finish(reading, tmp_path / "accepted.parquet", tmp_path / "refused.parquet", 7, {})
    path = tmp_path / "accepted.parquet"
    order = np.lexsort([np.arange(count), stamps, keys >> BAND_SHIFT])
    assert duckdb.sql(f"SELECT line FROM '{path}'").fetchnumpy()["line"].tolist() == (order + 2).tolist()
    footer = pq.read_metadata(path)
    place = [column.name for column in pq.read_schema(path)].index("alert_key")
    bounds = [footer.row_group(group).column(place).statistics for group in range(footer.num_row_groups)]
    width = 2**63 // groups
    assert sorted({int(one.min) // width for one in bounds}) == list(range(groups))
    assert all(int(one.min) // width == int(one.max) // width for one in bounds)
    # Of four stretches, cut between bands: no band is in two groups, though two that would be in one may be.
    assert footer.num_row_groups - groups <= (0 if groups == 32 else 3)


def test_a_delivery_without_rows_is_two_empty_files(tmp_path: Path) -> None:
    with read(TRAIL_SQL, []) as reading:
        reading.pieces = 0
        shelving = Shelving(TRAIL_SQL, Words(), reading.folder)
        counts = shelving.finish(reading, tmp_path / "accepted.parquet", tmp_path / "refused.parquet", 7, KNOWN)
        assert told(tmp_path, counts)[1:3] == ([], [])


def test_the_feeds_that_are_shelved() -> None:
    """The trail and the alerts carry the volume; a feed whose repeats need not share a stamp is none of them."""
    served = {name for name, feed in all_feeds().items() if Shelving.serves(feed)}
    assert served == {"alert_stages", "audit_trail", "device_firmware", "hub_firmware"}
