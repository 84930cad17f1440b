"""Rows between blocks and Arrow: accepted ones on their way to Parquet, and those that the statement made on their way into blocks."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tocsin.engines.compiled.arrow_arrays import bit_buffer, number_array, text_array
from tocsin.engines.compiled.block import EMPTY, NO_WORD, Block, Words
from tocsin.engines.compiled.ordered_rows import OrderedRows
from tocsin.engines.compiled.runs import LINE
from tocsin.engines.settling import STAGED, Staged
from tocsin.feeds.feed import BAND_BITS, BAND_SHIFT, Column, Feed, Kind

# As DuckDB cuts its own files: what a reader may pass over by a group's least and greatest stamp.
GROUP_ROWS = 122_880
# Bands of fewer rows stand together in a group: each group costs its reader a look at its footer.
LEAST_ROWS = 16_384
# With fewer words than this all of them stand with every group of rows, used there or not.
FEW_WORDS = 256
ROWS_AT_ONCE = 100_000
TYPES = {"BIGINT": pa.int64(), "BOOLEAN": pa.bool_()}


class AcceptedFile:
    """The accepted rows of a delivery as they are stored (docs/ARCHITECTURE.md, stored rows), a stretch after another."""

    def __init__(self, path: Path, feed: Feed, words: Words, delivery_no: int, rows: int) -> None:
        """`rows`: about how many there will be."""
        self.feed, self.words, self.delivery_no = feed, words, delivery_no
        # How many bits less than its band's tell in which group a key may stand, so that ranges of keys begin and end between groups.
        self.bits_together = next((bits for bits in range(BAND_BITS) if rows >> (BAND_BITS - bits) >= LEAST_ROWS), BAND_BITS)
        self.steady: dict[str, pa.Array] = {}
        self.texts = [column.name for column in feed.columns if column.stored_as == "VARCHAR"]
        numbers = [column.name for column in feed.columns if column.stored_as == "BIGINT"]
        slow = [LINE, *(column.name for column in feed.columns if column.kind is Kind.INSTANT)]
        # A negative number of that size wants one bit more, the sign's: so the numbers of all words fit, and NO_WORD.
        self.indices = {name: np.min_scalar_type(-max(1, len(words.of.get(name, ())))) for name in self.texts}
        types = {name: pa.dictionary(pa.from_numpy_dtype(kind), pa.string()) for name, kind in self.indices.items()}
        columns = [(column.name, types.get(column.name) or TYPES[column.stored_as]) for column in feed.columns]
        self.schema = pa.schema([(LINE, pa.int64()), *columns, ("delivery_no", pa.int64())])
        # Least and greatest value of numbers let a reader pass over groups of rows; of words, which stand in every group, they would
        # cost a quarter of the writing. Lines and stamps as differences are smaller, and quicker both ways (docs/decisions/0012).
        self.writer = pq.ParquetWriter(
            path,
            self.schema,
            compression="zstd",
            compression_level=1,
            use_dictionary=[*self.texts, "delivery_no"],
            column_encoding=dict.fromkeys(slow, "DELTA_BINARY_PACKED"),
            write_statistics=[LINE, *numbers, "delivery_no"],
            store_schema=False,
        )

    def write(self, ordered: OrderedRows, table: pa.Table) -> None:
        """Rows, and the `table` made of them, at the end of the file."""
        for start, stop in pairwise(self._edges(ordered)):
            groups = max(1, round((stop - start) / GROUP_ROWS))
            self.writer.write_table(table.slice(start, stop - start), row_group_size=-(-(stop - start) // groups))

    def _edges(self, ordered: OrderedRows) -> list[int]:
        """Where groups of rows begin whatever their size, and where the last ends."""
        inside: list[int] = []
        if self.feed.banded_by is not None:
            bands = ordered.columns[self.feed.banded_by]
            assert bands is not None, "every row has the key by whose bands they lie"
            bands = bands >> (BAND_SHIFT + self.bits_together)
            inside = (np.flatnonzero(bands[1:] != bands[:-1]) + 1).tolist()
        return [0, *inside, ordered.rows]

    def close(self) -> None:
        self.writer.close()

    def table(self, ordered: OrderedRows) -> pa.Table:
        """Rows in the columns of the file."""
        cells = [self._cells(column, ordered) for column in self.feed.columns]
        lines, number = ordered.columns[LINE], self._steady("delivery_no", ordered.rows)
        assert lines is not None, "every row has its line"
        return pa.Table.from_arrays([number_array(lines), *cells, number], schema=self.schema)

    def _steady(self, name: str, rows: int) -> pa.Array:
        """So many rows of a column that is the same in all: empty, or the delivery's number. Kept, for new memory costs more."""
        if name not in self.steady or len(self.steady[name]) < rows:
            is_number, kind = name == "delivery_no", self.schema.field(name).type
            self.steady[name] = number_array(np.full(rows, self.delivery_no, np.int64)) if is_number else pa.nulls(rows, kind)
        return self.steady[name].slice(0, rows)

    def _cells(self, column: Column, ordered: OrderedRows) -> pa.Array:
        values = ordered.columns.get(column.name)
        if values is None:
            return self._steady(column.name, ordered.rows)
        if column.stored_as == "VARCHAR":
            return self._worded(column.name, values)
        if column.stored_as == "BOOLEAN":
            return pa.Array.from_buffers(pa.bool_(), len(values), [bit_buffer(values != NO_WORD), bit_buffer(values == 1)])
        # A mask is a look at every row, and a row that lacks what is required is refused.
        return number_array(values, values != EMPTY if column.may_be_empty else None)

    def _worded(self, name: str, numbers: NDArray[Any]) -> pa.Array:
        words = self.words[name]
        filled = numbers != NO_WORD if int(numbers.min()) == NO_WORD else None
        if len(words) > FEW_WORDS:
            used = np.flatnonzero(np.bincount(numbers if filled is None else numbers[filled], minlength=len(words)))
            places = np.full(len(words) + 1, NO_WORD, np.int32)
            places[used] = np.arange(len(used), dtype=np.int32)
            words, numbers = [words[place] for place in used.tolist()], places[numbers]
        return pa.DictionaryArray.from_arrays(number_array(numbers.astype(self.indices[name], copy=False), filled), text_array(words))


def statement_blocks(reading: Staged, words: Words) -> Iterator[Block]:
    """The rows that the statement accepted, as blocks."""
    columns = reading.sql.mapped
    asked = ", ".join(column.name for column in columns)
    rows = reading.connection.sql(f"SELECT line, part, {asked} FROM {STAGED} ORDER BY line, part")
    for batch in rows.to_arrow_reader(ROWS_AT_ONCE):
        if batch.num_rows:
            cells = {column.name: _numbers(batch.column(column.name), column.name, column.stored_as, words) for column in columns}
            yield Block(batch.column("line").to_numpy(), batch.column("part").to_numpy().astype(np.int8), cells)


def _numbers(cells: Any, name: str, stored_as: str, words: Words) -> NDArray[Any]:
    """A column of Arrow as a Block has it."""
    if stored_as == "BIGINT":
        return np.asarray(cells.fill_null(EMPTY).to_numpy(zero_copy_only=False), np.int64)
    if stored_as == "BOOLEAN":
        return np.asarray(cells.cast(pa.int8()).fill_null(NO_WORD).to_numpy(zero_copy_only=False), np.int8)
    coded = cells.dictionary_encode()
    numbers = np.append(words.numbered(name, coded.dictionary.to_pylist()), np.int32(NO_WORD))
    return np.asarray(numbers[coded.indices.fill_null(len(coded.dictionary)).to_numpy(zero_copy_only=False)], np.int32)
