"""Footers of Parquet files: looked into once while a file is the same, and again when it is not."""

import os
from pathlib import Path

import pytest

from tocsin.engines import stored
from tocsin.engines.engine import Relation
from tocsin.engines.stored import check_files, write_no_rows
from tocsin.vocabulary.errors import BadDeclaration, EngineUnavailable

ASKED = (("line", "BIGINT"), ("key", "VARCHAR"))


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The files of every look into footers."""
    made: list[list[str]] = []
    read = stored._read_footers

    def told(name: str, paths: list[str], connection: object) -> object:
        made.append(list(paths))
        return read(name, paths, connection)  # type: ignore[arg-type]  # what check_files hands on, whatever it is

    monkeypatch.setattr(stored, "_read_footers", told)
    return made


def written(path: Path, columns: tuple[tuple[str, str], ...] = ASKED) -> str:
    write_no_rows(columns, path)
    return str(path)


def test_a_file_is_looked_into_once(tmp_path: Path, looks: list[list[str]]) -> None:
    one, other = written(tmp_path / "one.parquet"), written(tmp_path / "other.parquet")
    check_files(Relation("trail", ASKED, (one,)))
    check_files(Relation("trail", ASKED, (one, other)))
    check_files(Relation("trail", ASKED[:1], (other, one)))
    assert looks == [[one], [other]]


def test_what_is_known_of_a_file_is_held_to_every_relation(tmp_path: Path) -> None:
    file = written(tmp_path / "one.parquet")
    check_files(Relation("trail", ASKED, (file,)))
    with pytest.raises(BadDeclaration, match='has no column "other"'):
        check_files(Relation("trail", (*ASKED, ("other", "BIGINT")), (file,)))
    with pytest.raises(BadDeclaration, match='column "key" is BYTE_ARRAY'):
        check_files(Relation("trail", (("key", "BIGINT"),), (file,)))


def test_a_file_that_changed_is_looked_into_again(tmp_path: Path) -> None:
    file = written(tmp_path / "one.parquet")
    check_files(Relation("trail", ASKED, (file,)))
    # Put in its place as every writer here does it, with the size and the stamp of the former: it is another file all the same.
    then = Path(file).stat()
    aside = written(tmp_path / "aside.parquet", (("line", "BIGINT"), ("kez", "VARCHAR")))
    assert Path(aside).stat().st_size == then.st_size
    os.utime(aside, ns=(then.st_atime_ns, then.st_mtime_ns))
    Path(aside).replace(file)
    with pytest.raises(BadDeclaration, match='has no column "key"'):
        check_files(Relation("trail", ASKED, (file,)))
    Path(file).write_bytes(b"no Parquet any more")
    with pytest.raises(EngineUnavailable, match="cannot be read"):
        check_files(Relation("trail", ASKED, (file,)))
    Path(file).unlink()
    with pytest.raises(EngineUnavailable, match="1 of 1 Parquet files are not there"):
        check_files(Relation("trail", ASKED, (file,)))


def test_a_path_that_the_engine_spells_otherwise_is_held_to_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a [b]").mkdir()
    for file in ("./one.parquet", "a [b]//two.parquet", str(tmp_path / "a [b]" / "it's *.parquet")):
        written(Path(file))
        for _ in range(2):
            check_files(Relation("trail", ASKED, (file,)))
            with pytest.raises(BadDeclaration, match='has no column "other"'):
                check_files(Relation("trail", (("other", "BIGINT"),), (file,)))
        # As it was asked for, and not as Path spells it.
        with pytest.raises(BadDeclaration, match='has no column "other"'):
            check_files(Relation("trail", (("other", "BIGINT"),), (f"{Path(file).parent}//{Path(file).name}",)))


def test_what_is_held_has_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "_KNOWN", {})
    monkeypatch.setattr(stored, "_KNOWN_AT_MOST", 2)
    for number in range(5):
        check_files(Relation("trail", ASKED, (written(tmp_path / f"{number}.parquet"),)))
        assert 1 <= len(stored._KNOWN) <= 2
