"""Spark through Spark Connect: the engine of an organisation that has a cluster. An optional extra; its client is loaded when asked for."""

import logging
import shutil
import socket
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

from tocsin.engines.engine import Relation
from tocsin.engines.failing import not_understood
from tocsin.engines.kernel import TYPES, spell
from tocsin.engines.passage import Passage, SharedFolder, passage
from tocsin.engines.stored import check_files, join_parts, row_count, write_no_rows, written_aside
from tocsin.engines.workers import SparkWorkers, Workers
from tocsin.vocabulary.errors import BadDeclaration, EngineUnavailable

DEFAULT_PORT = 15002
SECONDS_TO_ANSWER = 10
# The waits between tries grow to a minute and more in all; the client's own rule would keep a person waiting for ten.
RETRIES = 6
STORED_AS = {"bigint": "BIGINT", "string": "VARCHAR", "boolean": "BOOLEAN"}
WHOLE = {"tinyint", "smallint", "int"}
SETTINGS = {
    # The host's zone must not reach any figure (ecosystem.md 1.6).
    "spark.sql.session.timeZone": "UTC",
    # The default since Spark 4: an overflow or a bad cast stops the work as it does on DuckDB, instead of giving a wrong number.
    "spark.sql.ansi.enabled": "true",
}
# Looking at files one by one takes a driver no time in a folder; Spark's own rule, a job with a task for each of more than 32 files, took
# a tenth of a close. With an object store every look is a wait, which tasks share.
IN_A_FOLDER = {"spark.sql.sources.parallelPartitionDiscovery.threshold": "100000"}

Result = TypeVar("Result")


@dataclass(frozen=True)
class Spark:
    """A Spark cluster behind `url`, "sc://host:15002" or as Spark Connect writes it with ;token=…. Files are read by path: the cluster
    and this machine must see the same store.

    Where the cluster sees it elsewhere, `root` is the folder here and `seen_as` its address there: "file:///mnt/tocsin" for a mount, or
    "s3a://bucket/tocsin", a bucket through which files then pass.
    """

    url: str = "sc://127.0.0.1:15002"
    root: Path | None = None
    seen_as: str | None = None
    name: str = "spark"

    @property
    def shown(self) -> str:
        """The address without what may stand behind it (a token)."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.hostname}:{parts.port or DEFAULT_PORT}"

    @contextmanager
    def session(self) -> Iterator["SparkEngineSession"]:
        """A session of its own on the cluster.

        Raises EngineUnavailable where the client is not installed or nobody answers, BadDeclaration for a url that is none.
        """
        self._check_url()
        connect = self._client()
        self._knock()
        # The client writes every failed question to its log, the cells it failed on among them.
        logging.getLogger("SQLQueryContextLogger").disabled = True
        session = _translated(lambda: connect(self.url), f"Spark at {self.shown} refused a session")
        try:
            _retrying(session, RETRIES)
            way = passage(self.root, self.seen_as)
            for key, value in (SETTINGS | (IN_A_FOLDER if isinstance(way, SharedFolder) else {})).items():
                _translated(partial(session.conf.set, key, value), f"Spark at {self.shown} refused {key}")
            yield SparkEngineSession(session, way)
        finally:
            # A server that is gone has nothing to give back; one that is there forgets the session by itself.
            _retrying(session, 0)
            with suppress(EngineUnavailable):
                _translated(session.stop, f"Spark at {self.shown} did not take its session back")

    @contextmanager
    def workers(self) -> Iterator[Workers]:
        """The cluster's executors, for work that is no SQL. Raises as `session` does."""
        with self.session() as session:
            yield SparkWorkers(session.session, session.passage.address, lambda work: _translated(work, "Spark gave up"))

    @contextmanager
    def kept(self) -> Iterator["Spark"]:
        """The cluster is there anyhow; every session is one of its own."""
        yield self

    def _client(self) -> Callable[[str], Any]:
        try:
            from pyspark.sql.connect.session import SparkSession
        except ImportError as error:
            raise EngineUnavailable(
                f"Spark at {self.shown} cannot be asked: its client is not installed ({error})."
                " Install it with: pip install 'tocsin[cluster]'"
            ) from error
        return lambda url: SparkSession.builder.remote(url).create()

    def _check_url(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme != "sc" or not parts.hostname or not _port_is_whole(parts):
            raise BadDeclaration('engine spark: url is not an address of Spark Connect; expected "sc://host:15002".')

    def _knock(self) -> None:
        # The client itself tries an absent server again for many minutes before it says so.
        parts = urlsplit(self.url)
        try:
            socket.create_connection((parts.hostname, parts.port or DEFAULT_PORT), SECONDS_TO_ANSWER).close()
        except OSError as error:
            raise EngineUnavailable(
                f"Spark at {self.shown} does not answer ({error}); tried a connection for up to {SECONDS_TO_ANSWER} s."
                " Start its Spark Connect server, or put the url right in the workspace's engine settings."
            ) from error


class SparkEngineSession:
    """A stretch of work on Spark; see engine.Session."""

    def __init__(self, session: Any, passage: Passage) -> None:
        self.session, self.passage = session, passage

    def add(self, relation: Relation) -> None:
        """A view over the Parquet files. Raises BadDeclaration for a lacking or unfit column, EngineUnavailable for a lacking file."""
        if not relation.paths:
            self.add_rows(relation, ())
            return
        check_files(relation)
        uris = self.passage.shown([Path(path) for path in relation.paths])
        columns = [f"CAST({name} AS {_type(kind)}) AS {name}" for name, kind in relation.columns]
        self._run(lambda: self.session.read.parquet(*uris).selectExpr(*columns).createOrReplaceTempView(relation.name))

    def add_rows(self, relation: Relation, rows: Sequence[tuple[Any, ...]]) -> None:
        """A small table sent with the question."""
        schema = ", ".join(f"{name} {_type(kind)}" for name, kind in relation.columns)
        self._run(lambda: self.session.createDataFrame(list(rows), schema).createOrReplaceTempView(relation.name))

    def hold(self, name: str, sql: str, parameters: Mapping[str, int] | None = None) -> None:
        """A view, worked out at each question: what a cluster caches is the cluster's, and would stay there after the session."""
        frame, _ = self._frame(sql, parameters)
        self._run(lambda: frame.createOrReplaceTempView(name))

    def rows(self, sql: str, parameters: Mapping[str, int] | None = None) -> list[tuple[Any, ...]]:
        frame, _ = self._frame(sql, parameters)
        return [tuple(row) for row in self._run(frame.collect)]

    def write_parquet(self, sql: str, path: Path, parameters: Mapping[str, int] | None = None, grouped: Sequence[str] = ()) -> int:
        """The cluster groups in its own way, and writes its parts beside `path`, side by side; they become one file here."""
        frame, types = self._frame(sql, parameters)
        frame = frame.selectExpr(*(f"CAST(`{name}` AS {'BIGINT' if kind in WHOLE else kind}) AS `{name}`" for name, kind in types))
        folder = path.absolute().with_name(f".{path.name}.{uuid.uuid4().hex}.parts")
        uri = self.passage.address(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._run(lambda: frame.write.option("compression", "zstd").parquet(uri))
            self.passage.fetch(folder)
            # What a lost worker began and never finished stands under _temporary, if at all.
            parts = sorted(part for part in folder.glob("**/*.parquet") if "_temporary" not in part.relative_to(folder).parts)
            # No rows may mean no part; no part for rows means that the cluster wrote elsewhere.
            if not parts and self._run(frame.limit(1).collect):
                raise EngineUnavailable(f"Spark wrote no file into {folder}: the cluster and this machine must see the same store.")
            with written_aside(path) as aside:
                if len(parts) == 1:
                    parts[0].replace(aside)
                elif parts:
                    join_parts(parts, aside)
                else:
                    write_no_rows([(name, STORED_AS.get(kind, "BIGINT")) for name, kind in types], aside)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            with suppress(EngineUnavailable):
                self.passage.forget(folder)
        return row_count(path)

    def write_parts(
        self,
        sql: str,
        path: Path,
        parameters: Mapping[str, int] | None = None,
        grouped: Sequence[str] = (),
        mostly: tuple[str, int] | None = None,
    ) -> list[Path]:
        """One file, of whatever values."""
        self.write_parquet(sql, path, parameters, grouped)
        return [path]

    def _frame(self, sql: str, parameters: Mapping[str, int] | None) -> tuple[Any, list[tuple[str, str]]]:
        text = spell(sql, "spark", parameters)
        frame = self._run(lambda: self.session.sql(text))
        types = self._run(lambda: [(field.name, field.dataType.simpleString()) for field in frame.schema.fields])
        for name, kind in types:
            if kind not in STORED_AS and kind not in WHOLE and kind != "void":
                raise BadDeclaration(
                    f'SQL text: column "{name}" comes out as {kind}; engines give whole numbers, text and truths only.'
                    " Cast it, or divide in measuring/figures.py."
                )
        return frame, types

    def _run(self, work: Callable[[], Result]) -> Result:
        return _translated(work, "Spark gave up")


def _translated(work: Callable[[], Result], said: str) -> Result:
    """Spark's errors as ours: text it does not understand is a bad declaration, all else is an engine that gave up."""
    from grpc import RpcError
    from pyspark.errors import AnalysisException, ParseException, PySparkException

    try:
        return work()
    except (AnalysisException, ParseException) as error:
        raise not_understood("Spark", error, "in what it said") from error
    except (PySparkException, RpcError) as error:
        raise EngineUnavailable(f"{said}: {_in_short(error)}") from error


def _in_short(error: Exception) -> str:
    return str(error).partition("JVM stacktrace:")[0].strip()


def _retrying(session: Any, times: int) -> None:
    from pyspark.sql.connect.client.retries import DefaultPolicy

    session.client.set_retry_policies([DefaultPolicy(max_retries=times)])


def _port_is_whole(parts: SplitResult) -> bool:
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


def _type(kind: str) -> str:
    return TYPES["spark"].get(kind, kind)
