"""DuckDB in the process: relations from files and rows, what is refused, files written whole, nothing left behind."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tocsin.engines import Engine, Relation, engine_named
from tocsin.vocabulary.errors import BadDeclaration, EngineUnavailable

LEGS = (("k", "BIGINT"), ("word", "VARCHAR"), ("is_final", "BOOLEAN"))


def write(path: Path, select: str) -> str:
    duckdb.connect(":memory:").execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return str(path)


def test_declared_columns_are_read_by_name_over_many_files(embedded: Engine, tmp_path: Path) -> None:
    """Another order, more columns and a narrower whole number in a file change nothing; a partition folder is no column."""
    folder = tmp_path / "of_day=3"
    folder.mkdir()
    files = (
        write(folder / "a.parquet", "SELECT 1::BIGINT AS k, 'a' AS word, true AS is_final, 9.5 AS more"),
        write(tmp_path / "b.parquet", "SELECT 2::INTEGER AS k, false AS is_final, NULL::VARCHAR AS word"),
    )
    with embedded.session() as session:
        session.add(Relation("legs", LEGS, files))
        assert session.rows("SELECT * FROM legs ORDER BY k") == [(1, "a", True), (2, None, False)]
        session.add(Relation("legs", LEGS, files[:1]))
        assert session.rows("SELECT count(*) AS n FROM legs") == [(1,)]


def test_no_file_is_a_typed_empty_table(embedded: Engine) -> None:
    with embedded.session() as session:
        session.add(Relation("legs", LEGS))
        assert session.rows("SELECT * FROM legs") == []
        assert session.rows("SELECT count_where(is_final) AS n, whole_sum(k) AS s, max(word) AS w FROM legs") == [(0, None, None)]


def test_many_rows_of_a_small_table(embedded: Engine) -> None:
    rows = [(k, f"w{k}", k % 3 == 0) for k in range(1203)]
    with embedded.session() as session:
        session.add_rows(Relation("legs", LEGS), rows)
        assert session.rows("SELECT * FROM legs ORDER BY k") == rows


@pytest.mark.parametrize("odd", ["a*.parquet", "b?.parquet", "c[1].parquet", "d's.parquet", "e é.parquet"])
def test_a_path_is_no_pattern(embedded: Engine, tmp_path: Path, odd: str) -> None:
    with embedded.session() as session:
        session.write_parquet("SELECT 1 AS k", tmp_path / "a1.parquet")
        session.write_parquet("SELECT 2 AS k", tmp_path / odd)
        session.add(Relation("legs", LEGS[:1], (str(tmp_path / odd),)))
        assert session.rows("SELECT k FROM legs") == [(2,)]


@pytest.mark.parametrize(
    ("select", "said"),
    [
        ("SELECT 1::BIGINT AS k, true AS is_final", r'relation legs: .*b\.parquet has no column "word" \(found: k, is_final\)'),
        ("SELECT 1.5::DOUBLE AS k, 'a' AS word, true AS is_final", 'column "k" is DOUBLE; expected BIGINT'),
        ("SELECT 1.50::DECIMAL(18, 2) AS k, 'a' AS word, true AS is_final", 'column "k" is INT64 .*; expected BIGINT'),
        ("SELECT TIMESTAMP '2020-01-01' AS k, 'a' AS word, true AS is_final", 'column "k" is INT64 .*; expected BIGINT'),
        ("SELECT 1::BIGINT AS k, 'a' AS word, 'yes' AS is_final", 'column "is_final" is BYTE_ARRAY .*; expected BOOLEAN'),
    ],
)
def test_a_lacking_or_unfit_column_is_named_with_its_file(embedded: Engine, tmp_path: Path, select: str, said: str) -> None:
    files = (
        write(tmp_path / "a.parquet", "SELECT 1::BIGINT AS k, 'a' AS word, true AS is_final"),
        write(tmp_path / "b.parquet", select),
    )
    with embedded.session() as session, pytest.raises(BadDeclaration, match=said):
        session.add(Relation("legs", LEGS, files))


def test_a_file_that_is_gone_or_broken_is_an_engine_that_cannot_go_on(embedded: Engine, tmp_path: Path) -> None:
    (tmp_path / "cut.parquet").write_bytes(b"PAR1 and no more")
    with embedded.session() as session:
        with pytest.raises(EngineUnavailable, match=r"1 of 1 Parquet files are not there, first .*gone\.parquet"):
            session.add(Relation("legs", LEGS, (str(tmp_path / "gone.parquet"),)))
        with pytest.raises(EngineUnavailable, match=r"relation legs: .*cut\.parquet"):
            session.add(Relation("legs", LEGS, (str(tmp_path / "cut.parquet"),)))


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT 1 / 2 AS x", "DOUBLE"),
        ("SELECT 1.5 AS x", "DECIMAL"),
        ("SELECT DATE '2020-01-01' AS x", "DATE"),
        ("SELECT nowhere", "nowhere"),
    ],
)
def test_what_is_no_whole_number_text_or_truth_is_refused(embedded: Engine, tmp_path: Path, sql: str, said: str) -> None:
    with embedded.session() as session:
        with pytest.raises(BadDeclaration, match=said):
            session.rows(sql)
        with pytest.raises(BadDeclaration, match=said):
            session.write_parquet(sql, tmp_path / "x.parquet")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("narrow", ["1", "CAST(1 AS BIGINT)"])
def test_parquet_is_written_whole_in_order_and_in_stored_types(embedded: Engine, tmp_path: Path, narrow: str) -> None:
    """More rows than one thread takes at a time; with and without a column that has to be widened."""
    path = tmp_path / "new" / "x.parquet"
    # range() is not of the core; here it only makes rows.
    sql = f"SELECT k, {narrow} AS one, whole_sum(k) OVER () AS s, '' || k AS word FROM range(300000) AS r(k) ORDER BY k % 1000 DESC, k"
    with embedded.session() as session:
        assert session.write_parquet(sql, path) == 300_000
    found = duckdb.connect(":memory:")
    assert [row[1] for row in found.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()] == ["BIGINT", "BIGINT", "BIGINT", "VARCHAR"]
    written = [row[0] for row in found.execute(f"SELECT k FROM '{path}'").fetchall()]
    assert written == sorted(range(300_000), key=lambda k: (-(k % 1000), k))
    assert found.execute(f"SELECT DISTINCT compression FROM parquet_metadata('{path}')").fetchall() == [("ZSTD",)]


def test_a_write_that_fails_leaves_the_former_file(embedded: Engine, tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    with embedded.session() as session:
        session.add_rows(Relation("legs", LEGS), [(1, "7", None), (2, "seven", None)])
        assert session.write_parquet("SELECT k FROM legs", path) == 2
        with pytest.raises(EngineUnavailable, match="seven"):
            session.write_parquet("SELECT CAST(word AS BIGINT) AS n FROM legs", path)
        session.add(Relation("written", LEGS[:1], (str(path),)))
        assert session.rows("SELECT k FROM written ORDER BY k") == [(1,), (2,)]
    assert [found.name for found in tmp_path.iterdir()] == ["x.parquet"]


def test_a_session_leaves_nothing_behind(tmp_path: Path) -> None:
    engine = engine_named("duckdb", {"threads": 1, "memory_limit": "100MB", "temp_directory": str(tmp_path)})
    with engine.session() as session:
        session.add_rows(Relation("legs", LEGS), [(k, "word" * 20, None) for k in range(1000)])
        spilled = (
            "SELECT a.k, row_number() OVER (ORDER BY b.k, a.k) AS n FROM legs a CROSS JOIN legs b CROSS JOIN (SELECT 1 AS one LIMIT 1) c"
        )
        assert session.rows(f"SELECT max(n) AS n FROM ({spilled}) AS s") == [(1_000_000,)]
    assert list(tmp_path.iterdir()) == []
    with engine.session() as session, pytest.raises(BadDeclaration, match="legs"):
        session.rows("SELECT * FROM legs")


def test_a_refused_setting_is_named() -> None:
    with (
        pytest.raises(BadDeclaration, match="memory_limit = 'much' was refused"),
        engine_named("duckdb", {"memory_limit": "much"}).session(),
    ):
        pass
    with pytest.raises(BadDeclaration, match="nowhere is not a folder"), engine_named("duckdb", {"temp_directory": "/nowhere"}).session():
        pass
    with pytest.raises(BadDeclaration, match=r'setting "memory" is not known; expected one of threads, memory_limit, temp_directory'):
        engine_named("duckdb", {"memory": "1GB"})
    with pytest.raises(BadDeclaration, match='engine "oracle" is not known; expected one of duckdb, spark'):
        engine_named("oracle")


def test_an_engine_is_loaded_only_when_named() -> None:
    """The command line's --help must not wait for DuckDB or Spark."""
    program = "import sys, tocsin.engines; sys.exit(bool({'duckdb', 'pyspark', 'deltalake', 'sqlglot'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_sessions_of_a_kept_engine_share_nothing(tmp_path: Path) -> None:
    """One database for many sessions: what one added no other sees, side by side or after it; settings hold for all of them."""
    engine = engine_named("duckdb", {"threads": 1, "temp_directory": tmp_path})
    legs = Relation("legs", LEGS[:1])
    with engine.kept() as kept:
        with kept.session() as one, kept.session() as other:
            one.add_rows(legs, [(1,), (None,)])
            other.add_rows(legs, [(2,)])
            assert one.rows("SELECT k FROM legs ORDER BY k") == [(None,), (1,)]
            assert other.rows("SELECT k FROM legs") == [(2,)]
        with kept.session() as later, pytest.raises(BadDeclaration, match="legs"):
            later.rows("SELECT k FROM legs")
        with kept.session() as later:
            asked = "SELECT current_setting('TimeZone') AS z, current_setting('threads') AS t, current_setting('default_null_order') AS o"
            assert later.rows(asked) == [("UTC", 1, "NULLS_FIRST_ON_ASC_LAST_ON_DESC")]
    assert list(tmp_path.iterdir()) == []


def test_a_kept_engine_goes_on_after_a_session_that_failed(tmp_path: Path) -> None:
    with engine_named("duckdb", {}).kept() as kept:
        with pytest.raises(EngineUnavailable, match="Conversion"), kept.session() as session:
            session.add_rows(Relation("legs", LEGS[1:2]), [("many",)])
            session.rows("SELECT CAST(word AS BIGINT) AS n FROM legs")
        with kept.session() as session:
            assert session.rows("SELECT 1 AS n") == [(1,)]
