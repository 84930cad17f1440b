"""The kernel's words mean one thing on DuckDB and on the cluster engine: drawn tables, and random tables against a slow twin."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_tables import DRAWN, TABLE, Drawn, ask

from tocsin.engines import Engine, Session
from tocsin.engines.kernel import WORDS, check
from tocsin.vocabulary.errors import EngineUnavailable

SQL = """
SELECT k, earliest(word, happened_at, is_final), latest(word, happened_at, is_final), earliest(n, happened_at, n > 0),
       latest(n, happened_at, TRUE), count_where(is_final), whole_sum(n), whole_sum(n) FILTER (WHERE is_final),
       min(least_of(n, happened_at)), max(greatest_of(n, happened_at)), min(day_of(happened_at)), max(whole_div(happened_at, 7)),
       count_where(starts_with(word, 'a')), nearest_rank(n, 250), places_taken(CASE WHEN n BETWEEN 0 AND 62 THEN n END)
  FROM drawn GROUP BY k ORDER BY k
"""

instants = st.none() | st.sampled_from([0, 1, 86_399_999_999, 86_400_000_000, 1_630_454_400_000_000]) | st.integers(0, 3)
table_rows = st.tuples(
    st.integers(1, 4),
    st.none() | st.sampled_from(["", "a", "ab", "A", "é", "z", "😀", "0"]),
    st.none() | st.integers(-3, 3) | st.sampled_from([62, 2**31, -(2**40)]),
    instants,
    st.none() | st.booleans(),
)


@pytest.fixture(scope="module")
def sessions(embedded: Engine, sail: Engine) -> Iterator[tuple[Session, Session]]:
    with embedded.session() as here, sail.session() as there:
        yield here, there


@pytest.mark.parametrize("drawn", DRAWN, ids=lambda drawn: drawn.title.partition(":")[0])
def test_drawn_table(sessions: tuple[Session, Session], drawn: Drawn) -> None:
    check(drawn.sql, {"drawn": TABLE.columns}, "drawn table", dict(drawn.parameters))
    for session in sessions:
        assert ask(session, drawn) == drawn.expected


def test_every_word_is_drawn() -> None:
    drawn = " ".join(table.sql for table in DRAWN)
    assert [word for word in WORDS if f"{word}(" not in drawn] == []


@settings(max_examples=60, deadline=None, derandomize=True)
@given(rows=st.lists(table_rows, max_size=25))
def test_random_tables_agree_with_the_twin(sessions: tuple[Session, Session], rows: list[tuple[Any, ...]]) -> None:
    expected = twin(rows)
    for session in sessions:
        session.add_rows(TABLE, rows)
        assert session.rows(SQL) == expected


def twin(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The same question answered one row at a time."""
    answers = []
    for k in sorted({row[0] for row in rows}):
        of_k = [row for row in rows if row[0] == k]
        answers.append(
            (
                k,
                placed([(row[3], row[1]) for row in of_k if row[4]], first=True),
                placed([(row[3], row[1]) for row in of_k if row[4]], first=False),
                placed([(row[3], row[2]) for row in of_k if row[2] is not None and row[2] > 0], first=True),
                placed([(row[3], row[2]) for row in of_k], first=False),
                sum(1 for row in of_k if row[4]),
                total([row[2] for row in of_k]),
                total([row[2] for row in of_k if row[4]]),
                min(known([cell for row in of_k for cell in (row[2], row[3])]), default=None),
                max(known([cell for row in of_k for cell in (row[2], row[3])]), default=None),
                min((at // 86_400_000_000 for at in known([row[3] for row in of_k])), default=None),
                max((at // 7 for at in known([row[3] for row in of_k])), default=None),
                sum(1 for row in of_k if row[1] is not None and row[1].startswith("a")),
                quarter_way(known([row[2] for row in of_k])),
                len({n for n in known([row[2] for row in of_k]) if 0 <= n <= 62}),
            )
        )
    return answers


def quarter_way(values: list[Any]) -> Any:
    """The least value that a quarter of them, or more, do not exceed."""
    return min((value for value in values if 4 * sum(other <= value for other in values) >= len(values)), default=None)


def placed(pairs: list[tuple[int | None, Any]], first: bool) -> Any:
    timed = [(at, value) for at, value in pairs if at is not None]
    if not timed:
        return None
    at = (min if first else max)(at for at, _ in timed)
    there = known([value for when, value in timed if when == at])
    in_bytes = sorted(there, key=lambda value: value.encode() if isinstance(value, str) else value)
    return (in_bytes[0] if first else in_bytes[-1]) if in_bytes else None


def known(cells: list[Any]) -> list[Any]:
    return [cell for cell in cells if cell is not None]


def total(cells: list[Any]) -> int | None:
    return sum(known(cells)) if known(cells) else None


@pytest.mark.parametrize("text", ["O'Neill's", "''", "back\\slash \\n \\' end", '%_ "quoted"', "Ŵyth 漢"])
def test_text_is_the_same_text_on_every_engine(sessions: tuple[Session, Session], text: str) -> None:
    """A Resolver Group's apostrophe or backslash must not become another group on Spark (found by tracing a figure)."""
    literal = "'" + text.replace("'", "''") + "'"
    assert [session.rows(f"SELECT {literal} AS told") for session in sessions] == [[(text,)], [(text,)]]


def test_an_overflow_stops_the_work(embedded: Engine) -> None:
    """Sail wraps round in silence; Spark itself is asked in test_spark_standalone.py."""
    with embedded.session() as session:
        session.add_rows(TABLE, [(1, None, 2**63 - 1, None, None), (1, None, 1, None, None)])
        with pytest.raises(EngineUnavailable, match=r"(?i)out of range"):
            session.rows("SELECT whole_sum(n) AS s FROM drawn")
