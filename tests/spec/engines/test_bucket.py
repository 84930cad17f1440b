"""A cluster that sees the workspace as a bucket of an object store: files go there once, parts come back, nothing is left of them there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tools.cluster import free_port, sail_server
from tools.object_store import ObjectStore, object_store

from tocsin.engines import Engine, Relation, engine_named
from tocsin.engines.passage import Bucket
from tocsin.vocabulary.errors import BadDeclaration, EngineUnavailable

pytest.importorskip("moto", reason="the object store of these tests is moto's (the extra `test`)")
from pyarrow import fs

LEGS = (("k", "BIGINT"), ("t", "VARCHAR"))


@pytest.fixture(scope="module")
def told() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as changed:
        yield changed


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, told: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    with object_store(tmp_path_factory.mktemp("objects")) as served:
        for key, value in served.environment.items():
            told.setenv(key, value)
        yield served


@pytest.fixture(scope="module")
def far(store: ObjectStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A cluster whose environment tells it where the object store is, as the desk's does."""
    with sail_server(tmp_path_factory.mktemp("sail")) as url:
        yield url


def seeing(url: str, root: Path, there: str) -> Engine:
    return engine_named("spark", {"url": url, "root": root, "seen_as": there})


def objects(store: ObjectStore, below: str) -> list[str]:
    """The names of the objects below a folder of the bucket."""
    there = fs.S3FileSystem(endpoint_override=store.url)
    found = there.get_file_info(fs.FileSelector(f"{store.bucket}{below}", recursive=True, allow_not_found=True))
    return [one.path.removeprefix(f"{store.bucket}/") for one in found if one.is_file]


def overwrite(store: ObjectStore, name: str, content: bytes) -> None:
    with fs.S3FileSystem(endpoint_override=store.url).open_output_stream(f"{store.bucket}/{name}") as there:
        there.write(content)


def write(engine: Engine, sql: str, file: Path) -> int:
    with engine.session() as session:
        return session.write_parquet(sql, file)


def read(engine: Engine, *files: Path) -> list[tuple[object, ...]]:
    with engine.session() as session:
        session.add(Relation("legs", LEGS, tuple(map(str, files))))
        return session.rows("SELECT k, t FROM legs ORDER BY k")


def test_files_go_there_once_and_parts_come_back(far: str, store: ObjectStore, embedded: Engine, tmp_path: Path) -> None:
    cluster, root = seeing(far, tmp_path, f"{store.seen_as}/first"), tmp_path / "store" / "of day=1"
    write(embedded, "SELECT 1 AS k, 'é' AS t", root / "here.parquet")
    assert read(cluster, root / "here.parquet") == [(1, "é")]
    (name,) = objects(store, "/tocsin/first")
    assert name.startswith("tocsin/first/store/of day=1/here-") and name.endswith(".parquet")
    # Made there, found here, and nothing of it left there.
    assert write(cluster, "SELECT 2 AS k, 'y' AS t UNION ALL SELECT 3, 'z'", root / "there.parquet") == 2
    assert sorted(path.name for path in root.iterdir()) == ["here.parquet", "there.parquet"]
    assert objects(store, "/tocsin/first") == [name]
    assert read(embedded, root / "there.parquet") == [(2, "y"), (3, "z")]
    # The one that is there is not sent again: with other rows in it, of as many bytes, the cluster tells those.
    write(embedded, "SELECT 0 AS k, 'è' AS t", tmp_path / "other.parquet")
    overwrite(store, name, (tmp_path / "other.parquet").read_bytes())
    assert read(cluster, root / "here.parquet", root / "there.parquet") == [(0, "è"), (2, "y"), (3, "z")]
    assert len(objects(store, "/tocsin/first")) == 2


def test_no_rows_come_back_as_a_file_of_none(far: str, store: ObjectStore, tmp_path: Path) -> None:
    cluster = seeing(far, tmp_path, store.seen_as)
    assert write(cluster, "SELECT * FROM (SELECT 1 AS k, 'x' AS t) AS one WHERE k > 1", tmp_path / "none.parquet") == 0
    assert read(cluster, tmp_path / "none.parquet") == []


def test_a_file_made_anew_under_its_old_name_is_another_object(far: str, store: ObjectStore, embedded: Engine, tmp_path: Path) -> None:
    cluster, file = seeing(far, tmp_path, store.seen_as), tmp_path / "anew.parquet"
    write(embedded, "SELECT 1 AS k, 'a' AS t", file)
    assert read(cluster, file) == [(1, "a")]
    size = file.stat().st_size
    write(embedded, "SELECT 2 AS k, 'b' AS t", file)
    assert file.stat().st_size == size
    assert read(cluster, file) == [(2, "b")]


def test_an_upload_that_broke_off_is_made_again(far: str, store: ObjectStore, embedded: Engine, tmp_path: Path) -> None:
    cluster, file = seeing(far, tmp_path, f"{store.seen_as}/broken"), tmp_path / "legs.parquet"
    write(embedded, "SELECT 1 AS k, 'a' AS t", file)
    Bucket(tmp_path, f"{store.seen_as}/broken").shown([file])
    (name,) = objects(store, "/tocsin/broken")
    overwrite(store, name, file.read_bytes()[:50])
    assert read(cluster, file) == [(1, "a")]


def test_what_lies_outside_the_folder_goes_by_its_own_path(far: str, store: ObjectStore, embedded: Engine, tmp_path: Path) -> None:
    cluster = seeing(far, tmp_path / "w", f"{store.seen_as}/outside")
    write(embedded, "SELECT 1 AS k, 'a' AS t", tmp_path / "one.parquet")
    assert read(cluster, tmp_path / "one.parquet") == [(1, "a")]
    assert write(cluster, "SELECT 1 AS k", tmp_path / "two.parquet") == 1
    assert objects(store, "/tocsin/outside") == []


def test_a_bucket_that_is_not_there(far: str, store: ObjectStore, embedded: Engine, tmp_path: Path) -> None:
    write(embedded, "SELECT 1 AS k, 'a' AS t", tmp_path / "one.parquet")
    with pytest.raises(EngineUnavailable, match=r"s3a://nobody/tocsin .*AWS_ENDPOINT_URL"):
        read(seeing(far, tmp_path, "s3a://nobody/tocsin"), tmp_path / "one.parquet")


def test_an_object_store_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not to be told")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nor this")
    (tmp_path / "one.parquet").touch()
    with pytest.raises(EngineUnavailable, match="did not do its part") as said:
        Bucket(tmp_path, "s3a://bucket/tocsin").shown([tmp_path / "one.parquet"])
    assert "not to be told" not in str(said.value) and "nor this" not in str(said.value)


def test_an_address_that_names_no_bucket(tmp_path: Path) -> None:
    (tmp_path / "one.parquet").touch()
    with pytest.raises(BadDeclaration, match="s3a://bucket/tocsin"):
        Bucket(tmp_path, "s3a:///tocsin").shown([tmp_path / "one.parquet"])


def test_a_path_that_spark_would_take_for_a_pattern(tmp_path: Path) -> None:
    with pytest.raises(BadDeclaration, match="Rename the file"):
        Bucket(tmp_path, "s3a://bucket").address(tmp_path / "of*.parquet")
