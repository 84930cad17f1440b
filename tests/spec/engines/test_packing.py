"""Packing: the same rows of some columns, each file sorted; words stay words. By whole numbers as by DuckDB's sort."""

from pathlib import Path

import duckdb
import pytest

from tocsin.engines import packing, volume
from tocsin.engines.packing import pack
from tocsin.vocabulary.errors import EngineUnavailable

COLUMNS = (("day", "BIGINT"), ("word", "VARCHAR"), ("is_odd", "BOOLEAN"), ("note", "VARCHAR"), ("n", "BIGINT"))
ORDER = ("day", "word", "n")


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Three files of rows out of order, with holes, spans before their time, and a column that is not wanted."""
    made = []
    for place in range(3):
        made.append(str(tmp_path / f"rows [{place}].parquet"))
        duckdb.sql(
            f"""SELECT (i * 7919) % 3 + 9 AS day, CASE WHEN i % 5 = 0 THEN NULL ELSE 'é' || (i % 11) END AS word, i % 2 = 1 AS is_odd,
            CASE WHEN i % 7 = 0 THEN 'seldom' END AS note,
            CASE WHEN i % 13 = 0 THEN NULL ELSE i * 104729 % 1009 - 20 END AS n, i AS key
            FROM range({place} * 2048, {place} * 2048 + 2048) AS t(i)"""
        ).write_parquet(made[-1])
    return made


def rows(sql: str) -> list[tuple[object, ...]]:
    return duckdb.sql(sql).fetchall()


@pytest.fixture(params=["by whole numbers", "by DuckDB"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(packing, "WORTH_LOADING", 0 if request.param == "by whole numbers" else 1 << 60)
    return str(request.param)


def packed(to: Path, files: list[str]) -> list[list[tuple[object, ...]]]:
    """The rows of each file that was made."""
    return [rows(f"SELECT * FROM read_parquet('{one}')") for one in pack(files, COLUMNS, ORDER, to)]


def check(tmp_path: Path, found: list[list[tuple[object, ...]]]) -> None:
    names = ", ".join(name for name, _ in COLUMNS)
    expected = rows(f"SELECT {names} FROM read_parquet('{tmp_path}/rows*.parquet')")
    assert sorted((row for file in found for row in file), key=repr) == sorted(expected, key=repr)
    for file in found:
        # A hole stands before every word, and before every span.
        keys = [(row[0], row[1] or "", -1_000 if row[4] is None else row[4]) for row in file]
        assert [key[:2] for key in keys] == sorted(key[:2] for key in keys)


def test_the_rows_are_the_same_and_in_order(tmp_path: Path, files: list[str], way: str) -> None:
    found = packed(to := tmp_path / "new" / "packed", files)
    check(tmp_path, found)
    assert len(found) == 1
    described = rows(f"DESCRIBE SELECT * FROM read_parquet('{to}/*.parquet')")
    assert [(row[0], row[1]) for row in described] == list(COLUMNS)
    assert {path.name for path in to.iterdir()} == {"0000.parquet"}


def test_rows_alike_but_for_their_span_lie_in_order_of_it(tmp_path: Path, files: list[str], way: str) -> None:
    (found,) = packed(tmp_path / "packed", files)
    runs: dict[tuple[object, ...], list[int]] = {}
    for *what, n in found:
        # By DuckDB's sort the note and the oddness are no part of the order, so only what is.
        key = tuple(what) if way == "by whole numbers" else tuple(what[:2])
        runs.setdefault(key, []).append(-1_000 if n is None else int(str(n)))
    assert all(spans == sorted(spans) for spans in runs.values())


def test_many_rows_are_several_files(tmp_path: Path, files: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "WORTH_LOADING", 0)
    monkeypatch.setattr(packing, "ROWS_A_FILE", 4_000)
    monkeypatch.setattr("tocsin.engines.compiled.packed_rows.GROUP_ROWS", 128)
    found = packed(tmp_path / "packed", files)
    check(tmp_path, found)
    assert [len(file) for file in found] == [4_096, 2_048]


@pytest.mark.parametrize(
    ("word", "span", "kept"), [("i % 700", "(i * 7919) % 53 * 1000000007", "DICTIONARY"), ("i % 2", "i * i * 7919", "DELTA_BINARY_PACKED")]
)
def test_spans_are_kept_as_words_or_as_differences(
    tmp_path: Path, word: str, span: str, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "WORTH_LOADING", 0)
    what = f"1 AS day, 'w' || ({word}) AS word, TRUE AS is_odd, NULL::VARCHAR AS note, CAST({span} AS BIGINT) AS n"
    duckdb.sql(f"SELECT {what} FROM range(20000) AS t(i)").write_parquet(str(tmp_path / "rows.parquet"))
    check(tmp_path, packed(to := tmp_path / "packed", [str(tmp_path / "rows.parquet")]))
    ((encodings,),) = rows(f"SELECT encodings FROM parquet_metadata('{to}/0000.parquet') WHERE path_in_schema = 'n'")
    assert kept in str(encodings)


@pytest.mark.parametrize(("name", "most"), [("WORDS", 3), ("WORDS", 60_000)])
def test_too_many_words_or_too_long_spans_go_the_engine_s_way(
    tmp_path: Path, files: list[str], name: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "WORTH_LOADING", 0)
    monkeypatch.setattr(packing, name, most)
    monkeypatch.setattr("tocsin.engines.compiled.words_of_rows.WORDS", most)
    if most > 3:
        duckdb.sql(
            "SELECT 1 AS day, 'w' AS word, TRUE AS is_odd, '' AS note, n"
            " FROM (VALUES (-4611686018427387904), (9223372036854775807)) AS t(n)"
        ).write_parquet(str(tmp_path / "rows.parquet"))
        files = [str(tmp_path / "rows.parquet")]
    asked = []
    by_duckdb = packing._by_duckdb
    monkeypatch.setattr(packing, "_by_duckdb", lambda *of: asked.append(of) or by_duckdb(*of))
    packed(tmp_path / "packed", files)
    assert asked


def test_without_the_extra_it_is_done_by_duckdb(tmp_path: Path, files: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "WORTH_LOADING", 0)
    monkeypatch.setattr(volume, "is_installed", lambda: False)
    monkeypatch.setattr(packing, "_by_whole_numbers", None)
    check(tmp_path, packed(tmp_path / "packed", files))


def test_a_column_of_no_word_at_all(tmp_path: Path, way: str) -> None:
    duckdb.sql("SELECT 1::BIGINT AS day, NULL::VARCHAR AS word, TRUE AS is_odd, NULL::VARCHAR AS note, NULL::BIGINT AS n").write_parquet(
        one := str(tmp_path / "one.parquet")
    )
    assert packed(tmp_path / "packed", [one]) == [[(1, None, True, None, None)]]


@pytest.mark.parametrize("is_there", [False, True])
def test_a_file_that_is_not_there_or_is_torn(tmp_path: Path, is_there: bool, way: str) -> None:
    if is_there:
        (tmp_path / "none.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(EngineUnavailable):
        pack([str(tmp_path / "none.parquet")], COLUMNS, ORDER, tmp_path / "packed")
    assert not list((tmp_path / "packed").iterdir())
