"""The kernel on a real Spark standalone cluster: the same drawn tables, and files handed both ways."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kernel_tables import DRAWN, TABLE, Drawn, ask

from desk_month import MONTH
from desk_road import Desk
from tocsin.engines import Engine, Relation, Session
from tocsin.vocabulary.errors import BadDeclaration, EngineUnavailable

pytestmark = pytest.mark.cluster

LEGS = Relation("legs", (("k", "BIGINT"), ("v", "BIGINT"), ("t", "VARCHAR")))
NUMBERS = """WITH digit AS (SELECT d FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS v(d))
SELECT a.d * 100 + b.d * 10 + c.d AS k, (a.d * 100 + b.d * 10 + c.d) * 1000003 % 997 AS v, 'é' || CAST(c.d AS VARCHAR) AS t
  FROM digit a CROSS JOIN digit b CROSS JOIN digit c"""
SUMS = "SELECT t, count(*) AS n, whole_sum(v) AS s, earliest(k, v, k > 9) AS e, latest(k, v, TRUE) AS l FROM legs GROUP BY t ORDER BY t"


@pytest.fixture(scope="module")
def spark(spark_standalone: Engine) -> Iterator[Session]:
    with spark_standalone.session() as session:
        yield session


@pytest.mark.parametrize("drawn", DRAWN, ids=lambda drawn: drawn.title.partition(":")[0])
def test_drawn_table(spark: Session, drawn: Drawn) -> None:
    assert ask(spark, drawn) == drawn.expected


def test_files_are_read_alike_whoever_wrote_them(spark: Session, embedded: Engine, tmp_path: Path) -> None:
    """One file each, the cluster's joined from what its executors wrote; both engines answer the same over both."""
    with embedded.session() as here:
        assert here.write_parquet(NUMBERS, tmp_path / "here.parquet") == 1000
        assert spark.write_parquet(NUMBERS, tmp_path / "there.parquet") == 1000
        answers = []
        for session in (here, spark):
            for file in ("here.parquet", "there.parquet"):
                session.add(Relation(LEGS.name, LEGS.columns, (str(tmp_path / file),)))
                answers.append(session.rows(SUMS))
    assert answers[0][3][:2] == ("é3", 100)
    assert answers == [answers[0]] * 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here.parquet", "there.parquet"]


def test_an_overflow_stops_the_work(spark: Session) -> None:
    spark.add_rows(TABLE, [(1, None, 2**63 - 1, None, None), (1, None, 1, None, None)])
    with pytest.raises(EngineUnavailable, match="OVERFLOW"):
        spark.rows("SELECT whole_sum(n) AS s FROM drawn")


def test_text_it_does_not_understand_is_a_bad_declaration(spark: Session) -> None:
    with pytest.raises(BadDeclaration, match="nowhere"):
        spark.rows("SELECT nowhere FROM drawn")


def test_a_month_gives_the_figures_that_it_gives_on_one_machine(
    month: Desk, closed_on: Callable[[str], Desk], spark_standalone: Engine
) -> None:
    assert closed_on(spark_standalone.url).figures(MONTH) == month.figures(MONTH)  # type: ignore[attr-defined]  # only Spark has one
