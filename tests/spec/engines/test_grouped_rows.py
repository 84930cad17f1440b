"""Groupings in compiled code, through an engine's session: the same answer as DuckDB's own, whatever the rows; and when it is not done."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tocsin.engines import Relation, grouped_rows, volume
from tocsin.engines.embedded import Embedded, EmbeddedSession

pytest.importorskip("numba")

COLUMNS = (("k", "BIGINT"), ("j", "BIGINT"), ("ts", "BIGINT"), ("stage", "VARCHAR"), ("region", "VARCHAR"), ("is_held", "BOOLEAN"))
STAGES = ", ".join(f"min(ts) FILTER (WHERE stage = '{stage}') AS {stage}_at" for stage in "abc")
TOLD = f"""SELECT k, {STAGES}, min(ts) AS first_at, max(ts) AS last_at, whole_sum(ts) AS total, count(*) AS row_count,
  count_where(is_held) > 0 AS is_held, min(stage) AS stage, min(region) AS region, min(region) FILTER (WHERE stage = 'a') AS of_first
FROM legs WHERE j >= :first AND j < :first + 3 GROUP BY k"""
TEXT = f"WITH told AS ({TOLD}) SELECT * FROM told"


@pytest.fixture(autouse=True)
def _worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouped_rows, "WORTH_LOADING", 0)
    monkeypatch.setattr(grouped_rows, "WORTH_WHILE", 0)


@pytest.fixture
def grouped(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many groups compiled code gave, each time that it was asked; none where it gave nothing."""
    counted = []
    groups = grouped_rows._Asked.groups

    def told(asked: grouped_rows._Asked) -> object:
        found = groups(asked)
        counted.append(-1 if found is None else found.num_rows)
        return found

    monkeypatch.setattr(grouped_rows._Asked, "groups", told)
    return counted


@pytest.fixture
def session(tmp_path: Path) -> Iterator[EmbeddedSession]:
    with Embedded(threads=2).session() as session:
        yield session


def legs(folder: Path, rows: str) -> Relation:
    path = folder / "legs.parquet"
    cells = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in COLUMNS)
    duckdb.sql(f"SELECT {cells} FROM ({rows}) AS t({', '.join(name for name, _ in COLUMNS)})").write_parquet(str(path))
    return Relation("legs", COLUMNS, (str(path),))


DRAWN = """
SELECT (i * 7919) % 5000, i % 9, CASE WHEN i % 11 = 0 THEN NULL ELSE (i * 2654435761) % 1000003 - 500000 END,
  CASE WHEN i % 13 = 0 THEN NULL ELSE ['a', 'b', 'c', 'none of them', 'ä'][1 + i % 5] END,
  CASE WHEN i % 9 < 3 THEN ['north', 'north west of it', '', NULL][1 + i % 4] WHEN i % 9 < 6 THEN 'south' ELSE 'user ' || (i % 3000) END,
  CASE WHEN i % 17 = 0 THEN NULL ELSE i % 29 = 0 END
FROM range(200000) AS r(i)"""


def same(session: EmbeddedSession, folder: Path, text: str, names: tuple[str, ...] = ("told",), **parameters: int) -> None:
    for file, grouped in (("compiled", names), ("engine", ())):
        session.write_parquet(text, folder / f"{file}.parquet", parameters, grouped)
    compiled, engine = (f"SELECT * FROM '{folder}/{file}.parquet'" for file in ("compiled", "engine"))
    assert duckdb.sql(f"DESCRIBE {compiled}").fetchall() == duckdb.sql(f"DESCRIBE {engine}").fetchall()
    for one, other in ((compiled, engine), (engine, compiled)):
        assert duckdb.sql(f"{one} EXCEPT ALL {other}").fetchall() == []


def test_groups_are_those_of_the_engine(tmp_path: Path, session: EmbeddedSession, grouped: list[int]) -> None:
    session.add(legs(tmp_path, DRAWN))
    # Few words, then one that was not there before, then more than a list has, then no rows at all.
    for first in (0, 3, 6, 9):
        same(session, tmp_path, TEXT, first=first)
    assert grouped == [5000, 5000, 5000, 0]
    same(session, tmp_path, f"SELECT * FROM ({TEXT}) AS happenings ORDER BY k", first=0)


def test_two_keys_and_groupings_of_some_rows(tmp_path: Path, session: EmbeddedSession, grouped: list[int]) -> None:
    session.add(legs(tmp_path, DRAWN))
    text = """WITH often AS (SELECT k, j, min(ts) AS first_at, min(region) AS region FROM legs GROUP BY k, j),
      seldom AS (SELECT k, j, count_where(ts > 0) AS positive, max(ts) AS last_at FROM legs WHERE is_held OR ts = 7 GROUP BY k, j)
    SELECT often.*, positive, last_at FROM often LEFT JOIN seldom ON seldom.k = often.k AND seldom.j = often.j"""
    same(session, tmp_path, text, ("often", "seldom"))
    assert grouped[0] > 5000


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ("VALUES (NULL, 1, 5, 'a', 'b', TRUE), (1, 1, 6, 'a', 'b', TRUE)", TEXT),
        ("VALUES (1, 1, 9223372036854775807, 'a', 'b', TRUE), (1, 1, -9223372036854775808, 'a', 'b', TRUE)", TEXT),
        ("VALUES (1, 1, 5, 'a', 'b', TRUE)", "WITH told AS (SELECT stage, min(ts) AS a FROM legs GROUP BY stage) SELECT * FROM told"),
        ("VALUES (1, 1, 5, 'a', 'b', TRUE)", "WITH told AS (SELECT k, min(is_held) AS a FROM legs GROUP BY k) SELECT * FROM told"),
        ("VALUES (1, 1, 5, 'a', 'b', TRUE)", "WITH told AS (SELECT k, max(stage) AS a FROM legs GROUP BY k) SELECT * FROM told"),
    ],
    ids=["no key", "ends of 64 bits", "words for keys", "least truth", "greatest word"],
)
def test_what_kernels_do_not_take_the_engine_does(
    tmp_path: Path, session: EmbeddedSession, grouped: list[int], rows: str, text: str
) -> None:
    session.add(legs(tmp_path, rows))
    same(session, tmp_path, text, first=0)
    assert grouped == [-1]


def test_a_text_that_is_wrong_is_told_as_ever(tmp_path: Path, session: EmbeddedSession) -> None:
    session.add(legs(tmp_path, "VALUES (1, 1, 5, 'a', 'b', TRUE)"))
    with pytest.raises(Exception, match="no_such_column"):
        session.write_parquet(
            TEXT.replace("count_where(is_held)", "count_where(no_such_column)"), tmp_path / "x.parquet", {"first": 0}, ["told"]
        )
    with pytest.raises(Exception, match="first"):
        session.write_parquet(TEXT, tmp_path / "x.parquet", {}, ["told"])
    same(session, tmp_path, TEXT, first=0)


def test_small_files_and_an_installation_without_kernels_are_the_engines(
    tmp_path: Path, session: EmbeddedSession, grouped: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    session.add(legs(tmp_path, DRAWN))
    for name in ("WORTH_LOADING", "WORTH_WHILE"):
        monkeypatch.setattr(grouped_rows, name, 1_000_000_000)
    same(session, tmp_path, TEXT, first=0)
    for name in ("WORTH_LOADING", "WORTH_WHILE"):
        monkeypatch.setattr(grouped_rows, name, 0)
    monkeypatch.setattr(volume, "is_installed", lambda: False)
    same(session, tmp_path, TEXT, first=0)
    assert grouped == []
