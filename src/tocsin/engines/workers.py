"""Work that is no SQL, done by a cluster's workers: one function, and a text in and a text out for each piece of it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from tocsin.vocabulary.errors import EngineUnavailable


class Workers(Protocol):
    """The workers of an engine that has several."""

    def seen(self, path: Path) -> str:
        """A path of the store as a worker's own file system has it. Raises BadDeclaration where workers have it in none."""

    def each(self, work: Callable[[str], str], given: Sequence[str]) -> list[str]:
        """`work` done once at least for each text, on whatever worker is free; the answers in the order given.

        A worker that is lost costs what it had under way, which another does again: `work` must bear that. It goes by its module and
        name, so that every worker must have that module. Raises EngineUnavailable.
        """


@runtime_checkable
class HasWorkers(Protocol):
    """An engine that has workers."""

    def workers(self) -> AbstractContextManager[Workers]:
        """Have the workers at one's call. Raises as the engine's `session` does."""


class SparkWorkers:
    """The executors of a Spark cluster, each of which runs a Python of its own."""

    def __init__(self, session: Any, uri: Callable[[Path], str], run: Callable[[Callable[[], Any]], Any]) -> None:
        self.session, self.uri, self.run = session, uri, run

    def seen(self, path: Path) -> str:
        uri = self.uri(path)
        if not uri.startswith("file://"):
            raise EngineUnavailable(
                f"workers that take files in read and write {path} as a file, and the cluster sees it as {uri}."
                " Mount the workspace's folder on every worker, or leave [intake] spread_from out: files are then taken in by this machine."
            )
        return uri.removeprefix("file://")

    def each(self, work: Callable[[str], str], given: Sequence[str]) -> list[str]:
        # A task a text: a number of its own in `repartition` is kept as it is, where Spark would put small partitions together.
        frame = self.session.createDataFrame(list(enumerate(given)), "place BIGINT, given STRING").repartition(max(1, len(given)))
        try:
            answers = self.run(lambda: frame.mapInArrow(_applied(work), "place BIGINT, answer STRING").collect())
        except EngineUnavailable as error:
            raise EngineUnavailable(_explained(str(error))) from error
        return [answer for _, answer in sorted((int(place), str(answer)) for place, answer in answers)]


def _applied(work: Callable[[str], str]) -> Callable[[Iterator[Any]], Iterator[Any]]:
    def applied(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow

        for batch in batches:
            cells = batch.to_pydict()
            answers = [work(text) for text in cells["given"]]
            yield pyarrow.RecordBatch.from_pydict({"place": cells["place"], "answer": answers})

    return applied


def _explained(said: str) -> str:
    """What most often is amiss with a cluster's Python, before what Spark said of it."""
    if "No module named" in said or "ModuleNotFoundError" in said:
        why = "the executors' Python lacks a package: install tocsin[cluster] in the same version on every worker (spark.pyspark.python)."
    elif "PYTHON_VERSION_MISMATCH" in said:
        why = "the executors run another Python than this machine: install the same minor version on every worker."
    elif "has no attribute 'udfs'" in said:
        why = "this server does not know the functions of this pyspark (Sail 0.7 knows none above 4.2)."
    else:
        return said
    return f"{why} Or leave [intake] spread_from out: files are then taken in by this machine. {said}"
