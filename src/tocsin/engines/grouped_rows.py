"""The dearest grouping of a journey in compiled code: DuckDB reads, joins and tells rows, kernels group them, DuckDB goes on from there.

Rows cross over column by column, and that is the price: so words cross as their places in a list of the words there are, which costs
DuckDB next to nothing where it reads them out of a dictionary (docs/decisions/0018).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import duckdb
import structlog

from tocsin.engines import volume
from tocsin.engines.groupings import GROUPS, Grouping, take_apart
from tocsin.engines.kernel import spell
from tocsin.engines.stored import literal

if TYPE_CHECKING:
    import pyarrow as pa

log = structlog.get_logger(__name__)

# From so many bytes of Parquet on it is worth while to load the kernels, and where they are loaded.
# A row of the largest feeds has 10 to 20.
WORTH_LOADING, WORTH_WHILE = 150_000_000, 64_000_000
# How many rows cross over at once.
ROWS_AT_ONCE = 122_880
# A list of more words takes longer to look through than a word to cross as it is.
MOST_WORDS = 64
# From so many rows it is seen which columns have few words.
ROWS_TRIED = 100_000
WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}


class _NewWord(Exception):
    """A word came that the list of a column has not."""


@dataclass(frozen=True)
class GroupedRows:
    """Groupings out of the texts that a session asks. `sizes` are of the files behind each relation; `words`, those a column of a text was
    found to have, for they are nearly the same in every bucket.
    """

    connection: duckdb.DuckDBPyConnection
    sizes: dict[str, int] = field(default_factory=dict)
    words: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    @contextmanager
    def taken_out(self, sql: str, parameters: Mapping[str, int] | None, names: Sequence[str]) -> Iterator[str]:
        """A kernel text as DuckDB is to be asked it: with the groupings under `names` done already, where that is known to give the same
        and the files are large enough; else as it stands. The groups are there until it was asked.
        """
        grouping = take_apart(sql, tuple(names))
        groups = None
        if grouping is not None and self._is_worth_it(grouping):
            try:
                groups = _Asked(self.connection, grouping, spell(grouping.rows, "duckdb", parameters), self.words).groups()
            except (duckdb.Error, ArithmeticError, ImportError, MemoryError, OSError, ValueError) as error:
                # Whatever it was, DuckDB is asked for the whole: it does it, or says what is wrong.
                log.info("not_grouped_in_compiled_code", error=type(error).__name__)
        if grouping is None or groups is None:
            yield spell(sql, "duckdb", parameters)
            return
        self.connection.register(GROUPS, groups)
        try:
            yield spell(grouping.rest, "duckdb", parameters)
        finally:
            self.connection.unregister(GROUPS)

    def _is_worth_it(self, grouping: Grouping) -> bool:
        if not volume.is_installed():
            return False
        size = sum(self.sizes.get(word, 0) for word in set(re.findall(r"\w+", grouping.rows)))
        return size >= (WORTH_WHILE if volume.is_loaded() else WORTH_LOADING)


@dataclass(frozen=True)
class _Asked:
    """The rows of one grouping, as DuckDB tells them when asked for `text`."""

    connection: duckdb.DuckDBPyConnection
    grouping: Grouping
    text: str
    words: dict[tuple[str, str], tuple[str, ...]]

    def groups(self) -> "pa.Table | None":
        """The groups, one a row; None where a column is neither whole numbers nor words, or a row tells what kernels do not take."""
        from tocsin.engines.compiled.arrow_cells import NotGroupedHere

        kinds = {str(name): str(kind) for name, kind, *_ in self._asked(f"DESCRIBE {self.text}")}
        if not self._are_known(kinds):
            return None
        texts = [column.value for column in self.grouping.columns if kinds[column.value] == "VARCHAR"]
        try:
            return self._grouped_by_words(texts)
        except (NotGroupedHere, _NewWord):
            return None

    def _grouped_by_words(self, texts: Sequence[str]) -> "pa.Table":
        try:
            return self._grouped(self._lists(texts, is_known=True), texts)
        except _NewWord:
            return self._grouped(self._lists(texts, is_known=False), texts)

    def _are_known(self, kinds: Mapping[str, str]) -> bool:
        keys, columns = self.grouping.keys, self.grouping.columns
        return all(kinds[key] == "BIGINT" for key in keys) and all(
            kinds[one.value] in WHOLE or (kinds[one.value], one.how) in {("VARCHAR", "min"), ("BOOLEAN", "sum")} for one in columns
        )

    def _lists(self, names: Sequence[str], *, is_known: bool) -> dict[str, tuple[str, ...]]:
        """The words of each column that has few, in order of their bytes; `is_known`: as far as a bucket before had them."""
        wanted = [name for name in names if not is_known or (self.grouping.rows, name) not in self.words]
        few = self._of_few_words(wanted) if wanted else []
        found = self._asked(f"SELECT {', '.join(f'list(DISTINCT {name})' for name in few)} FROM ({self.text})")[0] if few else ()
        told = dict(zip(few, found, strict=True))
        for name in wanted:
            there = {word for word in told.get(name) or () if word is not None} | set(self.words.get((self.grouping.rows, name), ()))
            is_short = name in told and len(there) <= MOST_WORDS
            self.words[self.grouping.rows, name] = tuple(sorted(there, key=str.encode)) if is_short else ()
        return {name: words for name in names if (words := self.words[self.grouping.rows, name])}

    def _of_few_words(self, names: Sequence[str]) -> list[str]:
        """Those of which some rows have few words."""
        counts = ", ".join(f"count(DISTINCT {name})" for name in names)
        counted = self._asked(f"SELECT {counts} FROM (SELECT * FROM ({self.text}) LIMIT {ROWS_TRIED})")[0]
        return [name for name, count in zip(names, counted, strict=True) if count <= MOST_WORDS]

    def _grouped(self, lists: Mapping[str, Sequence[str]], texts: Sequence[str]) -> "pa.Table":
        import pyarrow as pa

        from tocsin.engines.compiled.groups import Aggregate, Groups

        columns = self.grouping.columns
        groups = Groups(
            self.grouping.keys,
            [Aggregate(one.names, one.value, one.how, one.place, one.value in texts and one.value not in lists) for one in columns],
        )
        values = dict.fromkeys(name for one in columns for name in (one.value, one.place) if name)
        cells = [_cell(name, lists) for name in (*self.grouping.keys, *values)]
        reader = self.connection.sql(f"SELECT {', '.join(cells)} FROM ({self.text})").to_arrow_reader(ROWS_AT_ONCE)
        try:
            for batch in reader:
                if any(batch.column(name).null_count for name in lists):
                    raise _NewWord
                groups.take(batch)
        finally:
            reader.close()
        words = {name: lists[one.value] for one in columns if one.value in lists for name in one.names}
        return pa.Table.from_batches([_in_words(batch, words) for batch in groups.batches()])

    def _asked(self, text: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(text).fetchall()


def _cell(name: str, lists: Mapping[str, Sequence[str]]) -> str:
    if name not in lists:
        return name
    # No word is found in the list, too, behind all words: what is not found at all is a word that is not in it.
    words = ", ".join(literal(word) for word in lists[name])
    return f"CAST(list_position([{words}, NULL], {name}) AS UTINYINT) AS {name}"


def _in_words(groups: "pa.RecordBatch", words: Mapping[str, Sequence[str]]) -> "pa.RecordBatch":
    """Groups with the words that their places in a list stand for."""
    import pyarrow as pa
    import pyarrow.compute as pc

    def told(name: str, column: pa.Array) -> pa.Array:
        if name not in words:
            return column
        return pa.DictionaryArray.from_arrays(pc.subtract(column, 1).cast(pa.uint8()), pa.array([*words[name], None], pa.string()))

    names = groups.schema.names
    return pa.RecordBatch.from_arrays([told(*one) for one in zip(names, groups.columns, strict=True)], names=names)
