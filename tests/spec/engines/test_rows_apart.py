"""Rows of other days kept apart while an answer is written: the same rows, each once, and one file of one day."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from tocsin.engines import Engine, Relation, rows_apart, volume
from tocsin.vocabulary.errors import EngineUnavailable

DAY = 18_870
# Of 4,000 rows one in fifty of another day, some of none; words with quotes and beyond twelve bytes, holes of every type.
CELLS = (
    f"CASE WHEN i % 50 = 7 THEN {DAY} + i % 9 WHEN i % 501 = 0 THEN NULL ELSE {DAY} END AS day, i AS n,"
    " CASE WHEN i % 3 > 0 THEN concat('it''s the word é ', CAST(i % 7 AS VARCHAR)) END AS word,"
    " CASE WHEN i % 4 > 0 THEN i % 2 = 0 END AS is_odd"
)


def rows(path: Path) -> list[tuple[Any, ...]]:
    return sorted(duckdb.read_parquet([str(path)], hive_partitioning=False).fetchall(), key=repr)


@pytest.fixture
def numbers(tmp_path: Path) -> str:
    duckdb.connect(":memory:").execute(f"COPY (SELECT range AS i FROM range(4000)) TO '{tmp_path / 'numbers.parquet'}' (FORMAT parquet)")
    return str(tmp_path / "numbers.parquet")


def parts(engine: Engine, numbers: str, sql: str, to: Path, mostly: tuple[str, int] | None) -> list[Path]:
    with engine.session() as session:
        session.add(Relation("numbers", (("i", "BIGINT"),), (numbers,)))
        return session.write_parts(sql, to, {"least": 0}, (), mostly)


@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT {CELLS} FROM numbers WHERE i >= :least",
        # Filters are put before DISTINCT and UNION where they may be: a row come upon before it is told apart would be kept twice.
        f"SELECT DISTINCT day, n, word, is_odd FROM (SELECT {CELLS} FROM numbers UNION ALL SELECT {CELLS} FROM numbers) AS twice",
        f"SELECT {CELLS} FROM numbers UNION SELECT {CELLS} FROM numbers",
        f"SELECT day, max(n) AS n, word, is_odd FROM (SELECT {CELLS} FROM numbers) AS told GROUP BY day, word, is_odd",
        f"SELECT {CELLS} FROM numbers LEFT JOIN (SELECT i AS j FROM numbers WHERE i < 90) AS few ON j = i % 100",
    ],
)
def test_the_rows_are_the_same_and_one_file_is_of_one_day(embedded: Engine, numbers: str, tmp_path: Path, sql: str) -> None:
    (whole,) = parts(embedded, numbers, sql, tmp_path / "whole.parquet", None)
    found = parts(embedded, numbers, sql, tmp_path / "part.parquet", ("day", DAY))
    assert found == [tmp_path / "part.parquet", tmp_path / "part-apart.parquet"]
    main, apart = map(rows, found)
    assert {row[0] for row in main} == {DAY}
    assert DAY not in {row[0] for row in apart}
    assert sorted([*main, *apart], key=repr) == rows(whole)
    described = [duckdb.read_parquet([str(path)]).dtypes for path in (whole, *found)]
    assert described[0] == described[1] == described[2]
    assert not list(tmp_path.glob(".*"))


def test_of_one_day_there_is_one_file(embedded: Engine, numbers: str, tmp_path: Path) -> None:
    sql = f"SELECT {DAY} AS day, i AS n FROM numbers"
    assert parts(embedded, numbers, sql, tmp_path / "part.parquet", ("day", DAY)) == [tmp_path / "part.parquet"]


def test_what_is_beyond_the_room_goes_with_all_others(
    embedded: Engine, numbers: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another day was expected than came: memory does not follow, and no row is lost."""
    monkeypatch.setattr(rows_apart, "MOST", 3000)
    sql = f"SELECT {CELLS} FROM numbers"
    found = parts(embedded, numbers, sql, tmp_path / "part.parquet", ("day", DAY + 400))
    (whole,) = parts(embedded, numbers, sql, tmp_path / "whole.parquet", None)
    main, apart = map(rows, found)
    assert 0 < len(apart) <= 3000
    assert sorted([*main, *apart], key=repr) == rows(whole)


def test_without_arrow_there_is_one_file(embedded: Engine, numbers: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volume, "is_installed", lambda: False)
    assert parts(embedded, numbers, f"SELECT {CELLS} FROM numbers", tmp_path / "part.parquet", ("day", DAY)) == [tmp_path / "part.parquet"]


def test_nothing_stands_where_the_writing_broke(embedded: Engine, numbers: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: rows_apart.RowsApart, rows: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(rows_apart.RowsApart, "keep", broken)
    with pytest.raises(EngineUnavailable, match="gave up"):
        parts(embedded, numbers, f"SELECT {CELLS} FROM numbers", tmp_path / "part.parquet", ("day", DAY))
    assert [path.name for path in tmp_path.iterdir()] == ["numbers.parquet"]


def test_two_stretches_of_work_side_by_side_keep_their_own(embedded: Engine, numbers: str, tmp_path: Path) -> None:
    """Functions are of the whole database: each stretch has one of its own name, and leaves none behind."""
    with embedded.kept() as kept, kept.session() as one, kept.session() as other:  # type: ignore[attr-defined]  # of the embedded engine
        for place, session in enumerate((one, other, one)):
            sql = f"SELECT * FROM (SELECT {DAY} + i % 2 AS day, i AS n FROM (VALUES (1), (2), (3), (4), (5)) AS few(i)) AS told"
            main, apart = map(rows, session.write_parts(sql, tmp_path / f"{place}.parquet", None, (), ("day", DAY)))
            assert (main, apart) == ([(DAY, 2), (DAY, 4)], [(DAY + 1, 1), (DAY + 1, 3), (DAY + 1, 5)])
        left = kept._kept.sql("SELECT function_name FROM duckdb_functions() WHERE function_name LIKE 'apart%'").fetchall()
        assert not left
