"""Packing: the same rows of some columns, sorted, in one file; words stay words."""

from pathlib import Path

import duckdb
import pytest

from tocsin.engines import packing
from tocsin.engines.packing import pack
from tocsin.vocabulary.errors import EngineUnavailable

COLUMNS = (("day", "BIGINT"), ("word", "VARCHAR"), ("is_odd", "BOOLEAN"), ("n", "BIGINT"))


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Two files of rows out of order, with holes and with a column that is not wanted."""
    made = []
    for place in (0, 1):
        made.append(str(tmp_path / f"rows [{place}].parquet"))
        duckdb.sql(
            f"""SELECT (i * 7919) % 3 AS day, CASE WHEN i % 5 = 0 THEN NULL ELSE 'w' || (i % 11) END AS word, i % 2 = 1 AS is_odd,
            CASE WHEN i % 13 = 0 THEN NULL ELSE i * 104729 % 1009 END AS n, i AS key FROM range({place} * 1000, {place} * 1000 + 1000)
            AS t(i)"""
        ).write_parquet(made[-1])
    return made


def rows(sql: str) -> list[tuple[object, ...]]:
    return duckdb.sql(sql).fetchall()


def packed(to: Path, files: list[str]) -> list[tuple[object, ...]]:
    pack(files, COLUMNS, ("day", "word", "n"), to)
    return rows(f"SELECT * FROM read_parquet('{to}')")


@pytest.mark.parametrize("most", [60_000, 3])
def test_the_rows_are_the_same_and_in_order(tmp_path: Path, files: list[str], most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "WORDS", most)
    found = packed(to := tmp_path / "new" / "packed.parquet", files)
    expected = rows(f"SELECT day, word, is_odd, n FROM read_parquet('{tmp_path}/rows*.parquet')")
    assert sorted(found, key=repr) == sorted(expected, key=repr)
    keys = [(row[0], row[1] or "", -1 if row[3] is None else row[3]) for row in found]
    assert keys == sorted(keys)
    described = rows(f"DESCRIBE SELECT * FROM read_parquet('{to}')")
    assert [(row[0], row[1]) for row in described] == list(COLUMNS)


def test_a_column_of_no_word_at_all(tmp_path: Path) -> None:
    duckdb.sql("SELECT 1::BIGINT AS day, NULL::VARCHAR AS word, TRUE AS is_odd, 2::BIGINT AS n").write_parquet(
        one := str(tmp_path / "one.parquet")
    )
    assert packed(tmp_path / "packed.parquet", [one]) == [(1, None, True, 2)]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="could not be packed"):
        pack([str(tmp_path / "none.parquet")], COLUMNS, ("day",), tmp_path / "packed.parquet")
    assert not list(tmp_path.iterdir())
