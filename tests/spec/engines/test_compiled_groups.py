"""What the compiled grouping promises: the groups DuckDB makes, to the last number, or a refusal that leaves them to DuckDB."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import pytest

pa = pytest.importorskip("pyarrow")
pytest.importorskip("numba", reason="the extra `volume` is not installed")

from hypothesis import example, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from bounds_checked import hold_bounds  # noqa: E402
from tocsin.engines.compiled import groups as grouping  # noqa: E402
from tocsin.engines.compiled.__main__ import compiled  # noqa: E402
from tocsin.engines.compiled.arrow_cells import NotGroupedHere  # noqa: E402
from tocsin.engines.compiled.groups import Aggregate, Groups  # noqa: E402
from tocsin.engines.compiled.kernels import groups as kernels  # noqa: E402

LOWEST, HIGHEST = -(2**63), 2**63 - 1
# Words that begin one another, that differ beyond what Arrow's views hold inline, whose order by bytes is not that of any language.
WORDS = (None, "", "a", "ab", "abc", "Z", "~", "é", "e", "日本", "a long word of a sender", "a long word of a sendes", "a\0", "x" * 255)

AGGREGATES = (
    Aggregate(("least",), "number", "min"),
    Aggregate(("greatest",), "number", "max"),
    Aggregate(("total",), "small", "sum"),
    Aggregate(("first_at", "second_at", "third_at"), "small", "min", place="place"),
    Aggregate(("first_sum", "second_sum"), "small", "sum", place="place"),
    Aggregate(("least_word",), "word", "min", is_word=True),
    Aggregate(("greatest_word",), "word", "max", is_word=True),
    Aggregate(("is_any",), "truth", "max"),
)
ASKED = """min(number) AS least, max(number) AS greatest, CAST(sum(small) AS BIGINT) AS total,
  min(small) FILTER (WHERE place = 0) AS first_at, min(small) FILTER (WHERE place = 1) AS second_at,
  min(small) FILTER (WHERE place = 2) AS third_at, CAST(sum(small) FILTER (WHERE place = 0) AS BIGINT) AS first_sum,
  CAST(sum(small) FILTER (WHERE place = 1) AS BIGINT) AS second_sum, min(word) AS least_word, max(word) AS greatest_word,
  max(CAST(truth AS BIGINT)) AS is_any"""
SCHEMA = {"key": pa.int64(), "other": pa.int64(), "number": pa.int64(), "small": pa.int32(), "place": pa.int8(), "word": pa.string()}
SCHEMA["truth"] = pa.bool_()

keys = st.one_of(st.integers(0, 5), st.sampled_from([LOWEST, HIGHEST, -1, 2**62]), st.integers(LOWEST, HIGHEST))
rows = st.lists(
    st.tuples(
        keys,
        st.one_of(st.integers(0, 1), st.sampled_from([LOWEST, HIGHEST])),
        st.one_of(st.none(), st.integers(-3, 3), st.sampled_from([LOWEST + 1, HIGHEST - 1])),
        st.one_of(st.none(), st.integers(-(2**31), 2**31 - 1)),
        st.one_of(st.none(), st.integers(-1, 4)),
        st.one_of(st.sampled_from(WORDS), st.text(st.characters(exclude_categories=["Cs"]), max_size=20)),
        st.one_of(st.none(), st.booleans()),
    ),
    max_size=60,
)


def batch_of(told: Sequence[tuple[Any, ...]]) -> Any:
    columns = list(zip(*told, strict=True)) or [()] * len(SCHEMA)
    return pa.RecordBatch.from_arrays([pa.array(cells, kind) for cells, kind in zip(columns, SCHEMA.values(), strict=True)], list(SCHEMA))


def numbers_batch(numbers: Sequence[int | None]) -> Any:
    return pa.RecordBatch.from_arrays([pa.array([7] * len(numbers)), pa.array(numbers, pa.int64())], ["key", "number"])


def told_by(groups: Groups) -> list[tuple[Any, ...]]:
    table = pa.Table.from_batches(groups.batches(), groups.schema)
    return sorted(zip(*(column.to_pylist() for column in table.columns), strict=True), key=repr)


def asked_of_duckdb(batch: Any, by: Sequence[str]) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        connection.register("told", batch)
        names = ", ".join(by)
        return sorted(connection.execute(f"SELECT {names}, {ASKED} FROM told GROUP BY {names}").fetchall(), key=repr)


@settings(max_examples=100, deadline=None)
@given(rows, st.integers(1, 30), st.integers(0, 2), st.booleans())
@example([], 1, 0, False)
def test_groups_are_those_of_duckdb_however_rows_come(told: list[tuple[Any, ...]], at_once: int, small: int, has_two: bool) -> None:
    by = ("key", "other") if has_two else ("key",)
    # Stretches of a few groups, so that what is one group lies in many; and set aside so little that they are put together on the way.
    with patch.multiple(
        grouping, ROWS=(8, 4, 64)[small], GROUPS=(8, 4, 64)[small], ASIDE=(8, 1 << 22, 1 << 22)[small], RANGES=(1, 3, 32)[small]
    ):
        groups = Groups(by, AGGREGATES)
        whole = batch_of(told)
        for start in range(0, len(told), at_once):
            groups.take(whole.slice(start, at_once))
        assert told_by(groups) == asked_of_duckdb(whole, by)


def test_words_of_every_kind_that_arrow_has_are_read() -> None:
    words = ["b", None, "a word of more than twelve letters", "a word of more than twelve lettres", "é", "b"]
    for kind in (pa.string(), pa.large_string(), pa.string_view()):
        groups = Groups(("key",), (Aggregate(("least",), "word", "min", is_word=True),))
        cells = [pa.array([1, 1, 2, 2, 3, 4], pa.int64()), pa.array(words, kind)]
        groups.take(pa.RecordBatch.from_arrays(cells, ["key", "word"]).slice(1))
        assert told_by(groups) == [(1, None), (2, "a word of more than twelve letters"), (3, "é"), (4, "b")]


def test_words_of_a_dictionary_are_taken_by_their_place() -> None:
    coded = pa.array(["b", "a", None, "b"], pa.string()).dictionary_encode()
    for kind in (pa.int8(), pa.uint8(), pa.int16(), pa.uint16(), pa.int32(), pa.uint32()):
        groups = Groups(("key",), (Aggregate(("least",), "word", "min"), Aggregate(("greatest",), "word", "max")))
        places = pa.DictionaryArray.from_arrays(coded.indices.cast(kind), coded.dictionary)
        groups.take(pa.RecordBatch.from_arrays([pa.array([1, 1, 2, 2], pa.int64()), places], ["key", "word"]))
        assert told_by(groups) == [(1, 0, 1), (2, 0, 0)]


@pytest.mark.parametrize(
    ("how", "numbers"),
    [
        ("min", [1, HIGHEST]),
        ("max", [1, LOWEST]),
        ("sum", [HIGHEST, 1]),
        ("sum", [HIGHEST, 2]),
        ("sum", [LOWEST + 1, -2]),
        ("sum", [LOWEST, -1]),
        ("sum", [LOWEST + 1, -1]),
        ("sum", [LOWEST]),
    ],
)
def test_what_is_at_the_end_of_64_bits_is_left_to_duckdb(how: Any, numbers: list[int]) -> None:
    for names, place in ((("a",), None), (("a", "b"), "place")):
        for size in (1, len(numbers)):
            groups = Groups(("key",), (Aggregate(names, "number", how, place),))
            rows = numbers_batch(numbers).append_column("place", pa.array([0] * len(numbers), pa.int8()))
            with pytest.raises(NotGroupedHere), patch.multiple(grouping, ROWS=size, GROUPS=size):
                for start in range(0, len(numbers), size):
                    groups.take(rows.slice(start, size))
                list(groups.batches())


def test_parts_that_have_no_room_together_are_left_to_duckdb() -> None:
    groups = Groups(("key",), (Aggregate(("total",), "number", "sum"),))
    with patch.multiple(grouping, ROWS=1, GROUPS=1):
        groups = Groups(("key",), (Aggregate(("total",), "number", "sum"),))
        groups.take(numbers_batch([HIGHEST]))
        groups.take(numbers_batch([HIGHEST]))
        with pytest.raises(NotGroupedHere, match="sum of number"):
            list(groups.batches())


def test_the_extreme_that_no_row_can_go_beyond_is_told() -> None:
    groups = Groups(("key",), (Aggregate(("least",), "number", "min"),))
    groups.take(numbers_batch([5, LOWEST, None]))
    assert told_by(groups) == [(7, LOWEST)]
    groups = Groups(("key",), (Aggregate(("greatest",), "number", "max"),))
    groups.take(numbers_batch([5, HIGHEST, None]))
    assert told_by(groups) == [(7, HIGHEST)]


def test_other_rows_are_refused_with_the_reason() -> None:
    def take(key: Any, value: Any, *, is_word: bool = False) -> None:
        groups = Groups(("key",), (Aggregate(("least",), "value", "min", is_word=is_word),))
        groups.take(pa.RecordBatch.from_arrays([key, value], ["key", "value"]))

    one = pa.array([1], pa.int64())
    with pytest.raises(NotGroupedHere, match="without key"):
        take(pa.array([None], pa.int64()), one)
    with pytest.raises(NotGroupedHere, match="type uint64"):
        take(one, pa.array([2**63], pa.uint64()))
    with pytest.raises(NotGroupedHere, match="type double"):
        take(one, pa.array([0.5]))
    with pytest.raises(NotGroupedHere, match="word too long"):
        take(one, pa.array(["x" * 256]), is_word=True)
    with pytest.raises(NotGroupedHere, match="too many"), patch("tocsin.engines.compiled.dictionary.WORDS_UP_TO", 600):
        take(pa.array(range(5000), pa.int64()), pa.array([f"word {number}" for number in range(5000)]), is_word=True)


def test_memory_goes_by_groups_and_not_by_rows() -> None:
    with patch.multiple(grouping, ROWS=16, GROUPS=16, ASIDE=64):
        groups = Groups(("key",), (Aggregate(("total",), "number", "sum"),))
        one = pa.RecordBatch.from_arrays([pa.array(range(40), pa.int64()), pa.array([1] * 40, pa.int64())], ["key", "number"])
        for _ in range(200):
            groups.take(one)
            assert groups.aside_count <= 3 * 40 + 64 + 16
        assert told_by(groups) == sorted(((number, 200) for number in range(40)), key=repr)


def test_a_key_with_more_groups_than_a_stretch_stays_whole() -> None:
    with patch.multiple(grouping, ROWS=8, GROUPS=8):
        groups = Groups(("key", "other"), (Aggregate(("total",), "number", "sum"),))
        cells = [pa.array([3] * 100, pa.int64()), pa.array([n % 50 for n in range(100)], pa.int64()), pa.array([1] * 100, pa.int64())]
        groups.take(pa.RecordBatch.from_arrays(cells, ["key", "other", "number"]))
        assert told_by(groups) == sorted(((3, number, 2) for number in range(50)), key=repr)


def test_what_is_compiled_ahead_is_all_that_is_needed() -> None:
    compiled()
    every = {name: one for name, one in vars(kernels).items() if hasattr(one, "signatures")}
    before = {name: len(one.signatures) for name, one in every.items()}
    test_groups_are_those_of_duckdb_however_rows_come()
    test_words_of_every_kind_that_arrow_has_are_read()
    test_words_of_a_dictionary_are_taken_by_their_place()
    assert {name: len(one.signatures) for name, one in every.items()} == before


LOOKED_AT = (
    test_groups_are_those_of_duckdb_however_rows_come,
    test_words_of_every_kind_that_arrow_has_are_read,
    test_memory_goes_by_groups_and_not_by_rows,
    test_a_key_with_more_groups_than_a_stretch_stays_whole,
)


def test_kernels_keep_within_their_arrays(tmp_path: Path) -> None:
    hold_bounds(__file__, LOOKED_AT, tmp_path)
