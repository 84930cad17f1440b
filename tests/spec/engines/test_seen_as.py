"""A cluster that sees the workspace's folder under another address reads and writes there, and the desk finds it here."""

from pathlib import Path

import pytest

from tocsin.engines import Engine, Relation, engine_named
from tocsin.vocabulary.errors import EngineUnavailable

LEGS = (("k", "BIGINT"), ("t", "VARCHAR"))


def seeing(url: str, here: Path, there: str) -> Engine:
    return engine_named("spark", {"url": url, "root": here, "seen_as": there})


def test_rows_go_by_the_other_address_both_ways(sail_url: str, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    (here / "store").mkdir(parents=True)
    there.symlink_to(here)
    with seeing(sail_url, here, f"file://{there}/").session() as session:
        file = here / "store" / "legs.parquet"
        assert session.write_parquet("SELECT 1 AS k, 'x' AS t UNION ALL SELECT 2, 'y'", file) == 2
        session.add(Relation("legs", LEGS, (str(file),)))
        assert session.rows("SELECT k, t FROM legs ORDER BY k") == [(1, "x"), (2, "y")]
        # With other rows in the other place, those are told: it is the cluster that looks.
        there.unlink()
        session.write_parquet("SELECT 3 AS k, 'z' AS t", tmp_path / "other.parquet")
        (there / "store").mkdir(parents=True)
        (tmp_path / "other.parquet").rename(there / "store" / "legs.parquet")
        session.add(Relation("legs", LEGS, (str(file),)))
        assert session.rows("SELECT k, t FROM legs") == [(3, "z")]
    assert [path.name for path in (here / "store").iterdir()] == ["legs.parquet"]


def test_what_lies_outside_the_folder_goes_by_its_own_path(sail_url: str, tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    with seeing(sail_url, tmp_path / "w", "file:///nowhere").session() as session:
        assert session.write_parquet("SELECT 1 AS k", tmp_path / "other" / "one.parquet") == 1


def test_a_cluster_that_writes_elsewhere_is_noticed(sail_url: str, tmp_path: Path) -> None:
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    with (
        seeing(sail_url, here, f"file://{elsewhere}").session() as session,
        pytest.raises(EngineUnavailable, match="must see the same store"),
    ):
        session.write_parquet("SELECT 1 AS k", here / "one.parquet")
    assert not list(here.iterdir())
