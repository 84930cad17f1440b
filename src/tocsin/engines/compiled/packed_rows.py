"""Rows of Parquet files packed by whole numbers: what a row is beside its span is one number, and a sort of 64 bits does the rest.

A row costs 0.4 µs so, where DuckDB's sort of its seventeen columns takes 1.0 and the disk (docs/decisions/0014).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tocsin.engines.compiled.arrow_arrays import bit_buffer, number_array, word_array
from tocsin.engines.compiled.words_of_rows import WordsOfRows
from tocsin.engines.packing import NotPacked

# Larger groups share a dictionary of spans among more rows: a twentieth of the bytes against DuckDB's 122,880.
GROUP_ROWS = 262_144
# Room in a dictionary for every span of a group; what is beyond it would stand as it is.
SPANS_BYTES = 8 * GROUP_ROWS
# From how many places in a file rows are taken to see how its spans are smaller.
TRIED = 16
# A file and a few groups of it.
Stretch = Sequence[tuple[str, Sequence[int]]]


@dataclass(frozen=True)
class Packed:
    """Rows in order: what they are beside their span (`tuples`, ascending, by `words`), how many are of each, and all their spans.

    A row's number is the place of its tuple, then its span: 0 for none, else what it is above `least`, in the lower `bits`.
    """

    words: WordsOfRows
    tuples: NDArray[np.uint64]
    ends: NDArray[np.int64]
    numbers: NDArray[np.uint64]
    bits: int
    least: int


def stretches(files: Sequence[str], rows_at_once: int) -> list[list[tuple[str, list[int]]]]:
    """The groups of rows of these files in stretches of about as many rows each, none of many more than `rows_at_once`."""
    groups = [(file, group, rows) for file in files for group, rows in enumerate(_rows_of_groups(file))]
    total = sum(rows for _, _, rows in groups)
    wanted = max(1, -(-total // rows_at_once))
    made: list[list[tuple[str, list[int]]]] = [[] for _ in range(wanted)]
    before = 0
    for file, group, rows in groups:
        stretch = made[min(wanted - 1, before * wanted // max(1, total))]
        if not stretch or stretch[-1][0] != file:
            stretch.append((file, []))
        stretch[-1][1].append(group)
        before += rows
    return [stretch for stretch in made if stretch]


def _rows_of_groups(file: str) -> list[int]:
    about = pq.read_metadata(file)
    return [about.row_group(group).num_rows for group in range(about.num_row_groups)]


def pack_stretch(stretch: Stretch, columns: Sequence[tuple[str, str]], sorted_by: Sequence[str], to: Path) -> None:
    """The rows of a stretch with these columns alone, sorted, as one file; the last of `sorted_by` is the span.

    Raises NotPacked where a row does not fit into whole numbers of 64 bits.
    """
    *first, span = sorted_by
    packed = packed_rows(stretch, columns, (*first, *(name for name, _ in columns if name not in sorted_by)), span)
    write_packed(packed, columns, span, to)


def packed_rows(stretch: Stretch, columns: Sequence[tuple[str, str]], names: Sequence[str], span: str) -> Packed:
    """The rows of a stretch in order of `names`, then of their span. Raises NotPacked."""
    words, spans = WordsOfRows(names), []
    texts = [name for name, kind in columns if kind == "VARCHAR"]
    for file, groups in stretch:
        opened = pq.ParquetFile(file, read_dictionary=texts)
        for group in groups:
            rows = opened.read_row_group(group, columns=[*names, span])
            words.add(rows)
            spans.append(rows.column(span).combine_chunks())
    tuples, places, counts = words.tuples()
    least, greatest = _range(spans)
    bits = (greatest - least + 1).bit_length()
    if bits + len(tuples).bit_length() > 64 or least < -(1 << 62):
        raise NotPacked(f"{span} from {least} to {greatest} beside {len(tuples):,} different rows")
    numbers = places.astype(np.uint64)
    numbers <<= np.uint64(bits)
    at = 0
    for some in spans:
        numbers[at : at + len(some)] |= (some.fill_null(least - 1).to_numpy() - (least - 1)).astype(np.uint64)
        at += len(some)
    numbers.sort()
    return Packed(words, tuples, np.cumsum(counts), numbers, bits, least)


def _range(spans: Sequence[Any]) -> tuple[int, int]:
    """The least and greatest span; of none at all, two numbers that have room for a hole."""
    told = [some.drop_null() for some in spans]
    filled = [some.to_numpy() for some in told if len(some)]
    if not filled:
        return 0, 0
    return min(int(some.min()) for some in filled), max(int(some.max()) for some in filled)


def write_packed(packed: Packed, columns: Sequence[tuple[str, str]], span: str, to: Path) -> None:
    """Packed rows as a file. Raises OSError."""
    text = pa.dictionary(pa.int32(), pa.string())
    types = {"BIGINT": pa.int64(), "BOOLEAN": pa.bool_(), "VARCHAR": text}
    schema = pa.schema([(name, types[kind]) for name, kind in columns])
    slow = {span: "DELTA_BINARY_PACKED"} if _is_smaller_as_differences(packed) else {}
    with pq.ParquetWriter(
        to,
        schema,
        compression="zstd",
        compression_level=1,
        use_dictionary=[name for name, _ in columns if name not in slow],
        dictionary_pagesize_limit=SPANS_BYTES,
        # A page a column and group: by Arrow's pages of 20,000 rows a question took a fifth longer.
        data_page_size=32 * GROUP_ROWS,
        max_rows_per_page=GROUP_ROWS,
        column_encoding=slow,
        # Least and greatest word would cost a fifth of the writing, and nobody passes over groups of rows by them.
        write_statistics=[name for name, kind in columns if kind != "VARCHAR"],
        store_schema=False,
    ) as writer:
        starts = np.concatenate([[0], packed.ends[:-1]])
        for start in range(0, len(packed.numbers), GROUP_ROWS):
            stop = min(start + GROUP_ROWS, len(packed.numbers))
            # The tuples of these rows, and how many of the rows are of each.
            some = slice(int(np.searchsorted(packed.ends, start, "right")), int(np.searchsorted(starts, stop)))
            counts = np.minimum(packed.ends[some], stop) - np.maximum(starts[some], start)
            cells = [
                _spans(packed, packed.numbers[start:stop])
                if name == span
                else _cells(*packed.words.words(packed.tuples[some], name), counts, kind)
                for name, kind in columns
            ]
            writer.write_table(pa.Table.from_arrays(cells, schema=schema), row_group_size=GROUP_ROWS)


def _spans(packed: Packed, numbers: NDArray[np.uint64]) -> Any:
    above = (numbers & np.uint64((1 << packed.bits) - 1)).astype(np.int64)
    return number_array(above + (packed.least - 1), None if above.all() else above != 0)


def _is_smaller_as_differences(packed: Packed) -> bool:
    """Whole milliseconds are few enough for a dictionary, microseconds are not: tried on as many rows as a group has, from all over."""
    run, every = GROUP_ROWS // TRIED, max(GROUP_ROWS, len(packed.numbers)) // TRIED
    tried = _spans(packed, np.concatenate([packed.numbers[start : start + run] for start in range(0, len(packed.numbers), every)]))
    as_words, as_differences = (
        _bytes(tried, {"use_dictionary": True}),
        _bytes(tried, {"use_dictionary": False, "column_encoding": {"n": "DELTA_BINARY_PACKED"}}),
    )
    return as_differences < as_words


def _bytes(cells: Any, options: Mapping[str, Any]) -> int:
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(
        sink,
        pa.schema([("n", pa.int64())]),
        compression="zstd",
        compression_level=1,
        dictionary_pagesize_limit=SPANS_BYTES,
        **options,
    ) as writer:
        writer.write_table(pa.Table.from_arrays([cells], ["n"]))
    return int(sink.getvalue().size)


def _cells(numbers: NDArray[np.int32], words: Sequence[Any], counts: NDArray[np.int64], kind: str) -> Any:
    """A column of rows that lie together: each word so often; NULL where its number is negative."""
    if kind == "VARCHAR":
        return word_array(np.repeat(numbers, counts), words)
    filled = np.repeat(numbers >= 0, counts) if (numbers < 0).any() else None
    values = np.array([*words, 0], np.bool_ if kind == "BOOLEAN" else np.int64)
    cells = np.repeat(values[numbers], counts)
    if kind == "BOOLEAN":
        return pa.Array.from_buffers(pa.bool_(), len(cells), [None if filled is None else bit_buffer(filled), bit_buffer(cells)])
    return number_array(cells, filled)
