"""Delta tables of derived rows: a day is replaced whole or not at all; what stood before is still read; both engines read the files."""

import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tocsin.engines import Engine, Relation, day_files
from tocsin.engines.tables import paths, replace_days, version
from tocsin.vocabulary.errors import BadDeclaration, EngineUnavailable

COLUMNS = (("day", "BIGINT"), ("word", "VARCHAR"), ("n", "BIGINT"))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    # A name that must be written otherwise in an address, and that a pattern would match.
    folder = tmp_path / "the store é"
    folder.mkdir()
    return folder


def parquet(store: Path, rows: list[tuple[Any, ...]]) -> Path:
    path = store / "rows.parquet"
    connection = duckdb.connect(":memory:")
    connection.execute("CREATE TABLE t (day BIGINT, word VARCHAR, n BIGINT)")
    if rows:
        connection.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
    connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    return path


def rows_in(engine: Engine, table: Path, at: int | None = None) -> list[tuple[Any, ...]]:
    with engine.session() as session:
        session.add(Relation("t", COLUMNS, paths(table, at)))
        return session.rows("SELECT day, word, n FROM t ORDER BY day, word, n")


FIRST = [(18_870, "a", 1), (18_870, "b", 2), (18_871, "a", 3), (18_872, None, None)]
SECOND = [(18_871, "c", 4), (18_871, "d", 5)]


def test_days_are_replaced_and_every_version_is_read_by_both_engines(either_engine: Engine, store: Path) -> None:
    table = store / "journeys"
    assert (version(table), paths(table)) == (None, ())
    assert replace_days(table, parquet(store, FIRST), [18_870, 18_871, 18_872]) == 0
    assert replace_days(table, parquet(store, SECOND), [18_871, 18_872]) == 1
    assert replace_days(table, parquet(store, []), [18_870]) == 2
    assert version(table) == 2
    assert rows_in(either_engine, table, 0) == FIRST
    assert rows_in(either_engine, table, 1) == FIRST[:2] + SECOND
    assert rows_in(either_engine, table) == SECOND
    assert replace_days(table, parquet(store, []), [18_871]) == 3
    assert rows_in(either_engine, table) == []


def test_several_files_stand_together(store: Path) -> None:
    """As the buckets of a close do; in which order the rows of one day lie is the writer's matter, and no question depends on it."""
    later = parquet(store, [(18_870, "z", 0), (18_872, "x", 7)]).rename(store / "later.parquet")
    replace_days(store / "t", [later, parquet(store, FIRST)], [18_870, 18_871, 18_872])
    files = [path for path in paths(store / "t") if "18870" in path]
    assert sorted(duckdb.read_parquet(files).fetchall()) == [(18_870, "a", 1), (18_870, "b", 2), (18_870, "z", 0)]
    with pytest.raises(BadDeclaration, match=r"later\.parquet, .*rows\.parquet: has rows of day 18872"):
        replace_days(store / "t", [later, store / "rows.parquet"], [18_870, 18_871])


def test_a_file_of_one_day_is_put_there_as_it_is(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To write its rows again would cost as much as half of working them out. Where a folder takes no links, it is copied."""
    file = parquet(store, SECOND)
    replace_days(store / "t", file, [18_871])
    (kept,) = paths(store / "t")
    assert Path(kept).samefile(file)

    def refused(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr("os.link", refused)
    replace_days(store / "t", file, [18_871])
    (kept,) = paths(store / "t")
    assert not Path(kept).samefile(file) and Path(kept).read_bytes() == file.read_bytes()


def test_a_file_of_several_days_is_parted_in_its_order(store: Path) -> None:
    """The order within a day is what makes its file small; nothing else of the parting is left in the folder."""
    rows = [(18_870 + n % 3, "w", n * 7919 % 30_000) for n in range(30_000)]
    file = store / "rows.parquet"
    cells = "18870 + n % 3 AS day, 'w' AS word, n * 7919 % 30000 AS n"
    duckdb.connect(":memory:").execute(f"COPY (SELECT {cells} FROM range(30000) AS r(n)) TO '{file}' (FORMAT parquet)")
    replace_days(store / "t", file, [18_870, 18_871, 18_872])
    assert len(paths(store / "t")) == 3
    for path in paths(store / "t"):
        found = duckdb.read_parquet(path, file_row_number=True).order("file_row_number").project("day, word, n").fetchall()
        assert found == [row for row in rows if row[0] == found[0][0]]
    assert {one.name for one in (store / "t").iterdir()} == {"_delta_log", *(f"of_day={day}" for day in (18_870, 18_871, 18_872))}


def test_many_rows_are_parted_by_days_picked_out_and_the_rest(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a day's close does: nearly all requests are of that day, a few of days to come."""
    monkeypatch.setattr(day_files, "MANY", 100)
    drawn = [(18_870 if n % 3 else 18_871 + n % 2 if n % 30 else 18_880 + n % 7, f"w{n % 5}", n) for n in range(400)]
    replace_days(store / "t", parquet(store, drawn), sorted({day for day, *_ in drawn}))
    found = [(path, duckdb.read_parquet([path]).fetchall()) for path in paths(store / "t")]
    assert sorted(row for _, rows in found for row in rows) == sorted(drawn)
    assert all(f"of_day={day}/" in path for path, rows in found for day, *_ in rows)
    assert not list((store / "t").glob(".parting*"))


def test_a_table_may_begin_empty(embedded: Engine, store: Path) -> None:
    assert replace_days(store / "t", parquet(store, []), [1, 2]) == 0
    assert rows_in(embedded, store / "t") == []
    assert replace_days(store / "t", parquet(store, SECOND), [18_871]) == 1
    assert rows_in(embedded, store / "t") == SECOND


def test_a_later_repeat_of_a_transaction_changes_nothing(embedded: Engine, store: Path) -> None:
    table = store / "t"
    assert replace_days(table, parquet(store, FIRST), [18_870, 18_871, 18_872], transaction="basis 1") == 0
    assert replace_days(table, parquet(store, SECOND), [18_871], transaction="basis 2") == 1
    assert replace_days(table, parquet(store, FIRST), [18_870, 18_871, 18_872], transaction="basis 1") == 1
    assert replace_days(table, parquet(store, []), [18_870], transaction="basis 2") == 1
    assert rows_in(embedded, table) == [*FIRST[:2], *SECOND, FIRST[3]]


def test_rows_of_another_day_or_of_none_are_refused(embedded: Engine, store: Path) -> None:
    table = store / "t"
    replace_days(table, parquet(store, FIRST), [18_870, 18_871, 18_872])
    with pytest.raises(BadDeclaration, match="rows of day 18870, 18872, which is not among"):
        replace_days(table, parquet(store, FIRST), [18_871])
    with pytest.raises(BadDeclaration, match="rows of day None"):
        replace_days(table, parquet(store, [(None, "x", 1)]), [18_871])  # type: ignore[list-item]
    duckdb.connect(":memory:").execute(f"COPY (SELECT 1::BIGINT AS day, now()::TIMESTAMP AS at_) TO '{store / 'stamp.parquet'}'")
    with pytest.raises(BadDeclaration, match='column "at_" is TIMESTAMP'):
        replace_days(store / "u", store / "stamp.parquet", [1])
    assert (version(table), version(store / "u")) == (0, None)
    assert rows_in(embedded, table) == FIRST


def test_a_version_or_file_that_is_gone_is_named(store: Path) -> None:
    replace_days(store / "t", parquet(store, FIRST), [18_870, 18_871, 18_872])
    with pytest.raises(EngineUnavailable, match="version 7"):
        paths(store / "t", 7)
    with pytest.raises(EngineUnavailable, match="What stood before still stands"):
        replace_days(store / "t", store / "gone.parquet", [1])


WRITER = """
import sys, duckdb
from pathlib import Path
from tocsin.engines.tables import replace_days
store = Path(sys.argv[1])
for n in range(1000):
    sql = f"SELECT 18870 + range % 8 AS day, 'w' || range AS word, {n}::BIGINT AS n FROM range(4000)"
    duckdb.connect(":memory:").execute(f"COPY ({sql}) TO '{store / 'rows.parquet'}' (FORMAT parquet)")
    print(replace_days(store / "t", store / "rows.parquet", range(18_870, 18_878), transaction=f"run {n}"), flush=True)
"""


@pytest.mark.parametrize("seed", range(3))
def test_a_writer_that_is_killed_leaves_a_whole_version(embedded: Engine, store: Path, seed: int) -> None:
    """Whenever it dies, the days of one of its goes stand, all eight of them, and the next go is taken."""
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(store)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    try:
        for _ in range(random.Random(seed).randrange(1, 12)):
            said = int(writer.stdout.readline())
    finally:
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
    standing = version(store / "t")
    assert standing is not None and standing >= said
    found = rows_in(embedded, store / "t")
    assert len(found) == 4000
    assert {n for _, _, n in found} == {standing}
    assert replace_days(store / "t", parquet(store, []), range(18_870, 18_878), transaction=f"run {standing}") == standing
    assert replace_days(store / "t", parquet(store, SECOND), range(18_870, 18_878)) == standing + 1
    assert rows_in(embedded, store / "t") == SECOND


def test_a_journey_that_gained_an_attribute_replaces_days_of_a_table_made_without_it(either_engine: Engine, store: Path) -> None:
    """A workspace outlives a version: its months must close again after an upgrade."""
    table, wider = store / "journeys", store / "wider.parquet"
    replace_days(table, parquet(store, FIRST), [18_870, 18_871, 18_872])
    rows = "SELECT CAST(18871 AS BIGINT) AS day, 'x' AS word, CAST(9 AS BIGINT) AS more, CAST(7 AS BIGINT) AS n"
    duckdb.connect(":memory:").sql(rows).write_parquet(str(wider))
    assert replace_days(table, wider, [18_870, 18_871, 18_872]) == 1
    assert rows_in(either_engine, table) == [(18_871, "x", 7)]
    assert rows_in(either_engine, table, 0) == FIRST
