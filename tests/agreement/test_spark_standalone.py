"""The kernel on a real Spark standalone cluster: the same drawn tables, and files handed both ways."""

import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest
from kernel_tables import DRAWN, TABLE, Drawn, ask
from tools.cluster import Cluster

from desk_month import AS_AT, MONTH, RECEIVED_AT
from desk_road import Desk, new_desk
from tocsin.deliveries.ledger import Delivery, Ledger
from tocsin.deliveries.store import Store
from tocsin.engines import Engine, Relation, Session
from tocsin.engines.parquet_cells import parquet_columns
from tocsin.engines.pieces import Finding
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


def entries(desk: Desk) -> list[tuple[Delivery, tuple[Finding, ...]]]:
    """The ledger, whole."""
    ledger = Ledger(Store(desk.root / "store"))
    try:
        return [(delivery, ledger.findings(delivery.delivery_no)) for delivery in ledger.deliveries()]
    finally:
        ledger.close()


def is_writing(store: Path) -> bool:
    """Whether some journeys are closed and a task of the cluster is at work on the next ones."""
    with suppress(FileNotFoundError):
        closed = list((store / "journeys").glob("*/*/_delta_log"))
        return len(closed) > 2 and any(store.glob(".*/**/.*.parts/_temporary/*/_temporary/attempt*"))
    return False


@contextmanager
def killing(cluster: Cluster, number: int, is_time: Callable[[], bool]) -> Iterator[Event]:
    """Kill a worker as soon as it is time; the event tells that it was."""
    killed, ended = Event(), Event()

    def watch() -> None:
        while not ended.wait(0.01):
            if is_time():
                cluster.kill_worker(number)
                killed.set()
                return

    watching = Thread(target=watch)
    watching.start()
    try:
        yield killed
    finally:
        ended.set()
        watching.join()


@pytest.fixture(scope="module")
def taken_in(month: Desk, standalone: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The files of the month taken in anew, every one of them by the cluster's workers, of whom one is killed amid it."""
    desk = new_desk(tmp_path_factory.mktemp("cluster") / "w")
    # One key, or the codes of parties would differ.
    shutil.copytree(month.root / "secret", desk.root / "secret", dirs_exist_ok=True)
    # Of whatever size.
    desk.settings(f'[engine]\nname = "spark"\nurl = "{standalone.url}"\n[intake]\nspread_from = "0KB"\n')
    files = [month.incoming / delivery.file_name for delivery, _ in entries(month)]
    attempts = desk.root / "store" / "deliveries" / ".aside-spread"
    with killing(standalone, 1, lambda: any(attempts.glob("*/work"))) as killed:
        taken = desk.take_in(*files, received_at=RECEIVED_AT)
    assert killed.is_set() and "Lost executor" in standalone.log.read_text()
    assert {row["result"] for row in taken} == {"accepted"}
    return desk


def test_files_taken_in_by_the_workers_give_the_rows_of_one_machine(month: Desk, taken_in: Desk, embedded: Engine) -> None:
    assert entries(taken_in) == entries(month)
    with embedded.session() as session:
        for accepted in sorted((month.root / "store" / "deliveries").glob("*/*.parquet")):
            there = taken_in.root / accepted.relative_to(month.root)
            columns = tuple(parquet_columns(accepted))
            told = []
            for file in (accepted, there):
                session.add(Relation("stored", columns, (str(file),)))
                told.append(session.rows(f"SELECT {', '.join(name for name, _ in columns)} FROM stored"))
            # In their order, too: rows lie sorted.
            assert told[0] == told[1], accepted
    assert not list((taken_in.root / "store" / "deliveries").glob(".*"))


def test_a_month_gives_the_figures_of_one_machine_though_a_worker_is_killed(month: Desk, taken_in: Desk, standalone: Cluster) -> None:
    """The last test here: of three workers one is left."""
    lost = standalone.log.read_text().count("Lost executor")
    with killing(standalone, 0, lambda: is_writing(taken_in.root / "store")) as killed:
        taken_in.close(MONTH, AS_AT)
    assert killed.is_set() and standalone.workers[0].returncode == -signal.SIGKILL
    assert standalone.log.read_text().count("Lost executor") == lost + 1
    assert taken_in.figures(MONTH) == month.figures(MONTH)
