"""The promise every engine keeps: the same SQL text, the same whole numbers (architecture section 4)."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class Relation:
    """A named table an engine may read: its columns as (name, stored type) and the Parquet files that hold it.

    Stored types are BIGINT, VARCHAR, BOOLEAN. No files means a typed, empty table: an absent feed is not an error.
    Files may hold more columns than are declared; a declared column that a file lacks is an error naming both.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    paths: tuple[str, ...] = ()


class Session(Protocol):
    """One stretch of work on an engine. Everything added is gone when it closes."""

    def add(self, relation: Relation) -> None:
        """Make the Parquet files of `relation` readable under its name."""

    def add_rows(self, relation: Relation, rows: Sequence[tuple[Any, ...]]) -> None:
        """Make a small table (a dated table of the vocabulary) readable under the relation's name; its paths are not looked at."""

    def hold(self, name: str, sql: str, parameters: Mapping[str, int] | None = None) -> None:
        """Make the rows of kernel SQL readable under `name`: what many questions begin with is worked out once where the engine can."""

    def rows(self, sql: str, parameters: Mapping[str, int] | None = None) -> list[tuple[Any, ...]]:
        """Run kernel SQL; `:name` stands for a whole number in `parameters`. Order only where the text says so."""

    def write_parquet(self, sql: str, path: Path, parameters: Mapping[str, int] | None = None, grouped: Sequence[str] = ()) -> int:
        """Run kernel SQL into Parquet at `path`, written aside and moved in whole; gives the number of rows.

        `grouped` names groupings under WITH that most of the work is: a hint, which changes no answer.
        """

    def write_parts(
        self,
        sql: str,
        path: Path,
        parameters: Mapping[str, int] | None = None,
        grouped: Sequence[str] = (),
        mostly: tuple[str, int] | None = None,
    ) -> list[Path]:
        """The same, in more than one file where the engine can spare the parting of rows by it; gives the files.

        `mostly` names a column and the value that nearly all rows are expected to have there: a hint. Those without it may stand beside.
        """


class Engine(Protocol):
    """An engine by name. Raises EngineUnavailable with what was tried when it cannot be reached."""

    @property
    def name(self) -> str:
        """The word a workspace names the engine by."""

    def session(self) -> AbstractContextManager[Session]:
        """Open a stretch of work; time zone UTC, nothing left behind."""

    def kept(self) -> AbstractContextManager["Engine"]:
        """The same engine for many stretches of work one after another, each of which is spared a start; they share nothing else."""
