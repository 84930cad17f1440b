"""A cluster that cannot be reached says so at once, naming the address and what to do, and never what stands behind it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tools.cluster import sail_server

from tocsin.engines import Engine, Relation, engine_named, spark
from tocsin.engines.workers import HasWorkers
from tocsin.vocabulary.errors import BadDeclaration, EngineUnavailable

NOBODY = "sc://127.0.0.1:9/;token=secret"


def test_nobody_answers() -> None:
    with (
        pytest.raises(EngineUnavailable, match=r"Spark at sc://127\.0\.0\.1:9 does not answer") as refused,
        engine_named("spark", {"url": NOBODY}).session(),
    ):
        pass
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("url", ["127.0.0.1:15002", "http://127.0.0.1:15002", "sc://", "sc://host:door"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(BadDeclaration, match='expected "sc://host:15002"'), engine_named("spark", {"url": url}).session():
        pass


def test_the_client_is_not_installed() -> None:
    program = f"""
import sys
from pathlib import Path
sys.modules["pyspark"] = None
from tocsin.engines import engine_named
from tocsin.vocabulary.errors import EngineUnavailable
try:
    with engine_named("spark", {{"url": {NOBODY!r}}}).session():
        pass
except EngineUnavailable as error:
    print(error)
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "pip install 'tocsin[cluster]'" in said
    assert "sc://127.0.0.1:9 " in said and "secret" not in said


@pytest.mark.filterwarnings("ignore:.*RETRIES_EXCEEDED")
def test_a_cluster_that_goes_while_it_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "RETRIES", 1)
    with sail_server(tmp_path) as url:
        opened = engine_named("spark", {"url": url}).session()
        session = opened.__enter__()
        assert session.rows("SELECT 1 AS k") == [(1,)]
    with pytest.raises(EngineUnavailable, match="Spark gave up"):
        session.rows("SELECT 1 AS k")
    with pytest.raises(EngineUnavailable, match="Spark gave up"):
        session.write_parquet("SELECT 1 AS k", tmp_path / "new" / "x.parquet")
    assert not (tmp_path / "new" / "x.parquet").exists()
    opened.__exit__(None, None, None)


def test_a_path_that_spark_would_take_for_a_pattern(sail: Engine, tmp_path: Path) -> None:
    with sail.session() as session:
        with pytest.raises(BadDeclaration, match=r"\* in it"):
            session.write_parquet("SELECT 1 AS k", tmp_path / "a*.parquet")
        session.write_parquet("SELECT 1 AS k", tmp_path / "a é=1.parquet")
        session.add(Relation("t", (("k", "BIGINT"),), (str(tmp_path / "a é=1.parquet"),)))
        assert session.rows("SELECT k FROM t") == [(1,)]


def test_a_lacking_column_is_no_empty_column(sail: Engine, tmp_path: Path) -> None:
    """Given the declared columns alone, Spark would fill a lacking one with holes."""
    with sail.session() as session:
        assert session.write_parquet("SELECT 1 AS k, 'a' AS word", tmp_path / "t.parquet") == 1
        with pytest.raises(BadDeclaration, match=r'relation t: .*t\.parquet has no column "n" \(found: k, word\)'):
            session.add(Relation("t", (("k", "BIGINT"), ("n", "BIGINT")), (str(tmp_path / "t.parquet"),)))


def test_no_rows_are_written_as_a_typed_file(sail: Engine, tmp_path: Path) -> None:
    columns = (("k", "BIGINT"), ("word", "VARCHAR"), ("b", "BOOLEAN"))
    with sail.session() as session:
        session.add(Relation("t", columns))
        assert session.write_parquet("SELECT k, word, b FROM t", tmp_path / "t.parquet") == 0
        session.add(Relation("t", columns, (str(tmp_path / "t.parquet"),)))
        assert session.rows("SELECT * FROM t") == []
    assert [path.name for path in tmp_path.iterdir()] == ["t.parquet"]


def test_a_server_that_cannot_run_a_function_says_so(sail: Engine) -> None:
    """Sail 0.7 knows pyspark up to 4.2; Spark itself is asked in test_spark_standalone.py."""
    assert isinstance(sail, HasWorkers)
    said = r"Sail 0\.7 knows none above 4\.2.*leave \[intake\] spread_from out"
    with sail.workers() as workers, pytest.raises(EngineUnavailable, match=said):
        workers.each(json.dumps, ["text"])
