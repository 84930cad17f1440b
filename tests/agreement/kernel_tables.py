"""Drawn tables: what each word of the kernel, and each corner of the core, answers on every engine."""

import re
from dataclasses import dataclass
from typing import Any

from tocsin.engines import Relation, Session

COLUMNS = (("k", "BIGINT"), ("word", "VARCHAR"), ("n", "BIGINT"), ("happened_at", "BIGINT"), ("is_final", "BOOLEAN"))
TABLE = Relation("drawn", COLUMNS)
HOUR = 3_600_000_000
DAY = 24 * HOUR


@dataclass(frozen=True)
class Drawn:
    """A small table, a question in kernel SQL, and the rows every engine must give."""

    title: str
    table: str
    sql: str
    expected: list[tuple[Any, ...]]
    parameters: tuple[tuple[str, int], ...] = ()


def rows_of(table: str) -> list[tuple[Any, ...]]:
    """The rows under the heading line; an empty cell is no value, yes and no are truths."""
    lines = [line for line in table.splitlines() if line.strip()]
    names = [name.strip() for name in lines[0].split("|")]
    rows = []
    for line in lines[2:]:
        cells = dict(zip(names, (cell.strip() for cell in line.split("|")), strict=True))
        rows.append(tuple(_value(cells.get(name, ""), kind) for name, kind in COLUMNS))
    return rows


def _value(cell: str, kind: str) -> Any:
    if not cell:
        return None
    if kind == "BIGINT":
        return int(re.sub("_", "", cell))
    return {"yes": True, "no": False}[cell] if kind == "BOOLEAN" else cell


def ask(session: Session, drawn: Drawn) -> list[tuple[Any, ...]]:
    session.add_rows(TABLE, rows_of(drawn.table))
    return session.rows(drawn.sql, dict(drawn.parameters))


ANSWERS = """
    k | word | n | happened_at | is_final
   ---+------+---+-------------+----------
    1 | b    | 7 | 50          | yes
    1 | a    | 8 | 50          | yes
    1 |      |   | 50          | yes
    1 | z    | 1 | 40          | no
    1 | y    | 2 | 40          |
    1 | q    | 9 | 60          | yes
    2 |      |   | 30          | yes
    2 | m    | 5 | 40          | yes
    3 | x    | 4 | 10          | no
    4 | u    | 3 |             | yes
    5 |      |   | 70          | yes
    5 | é    | 6 | 70          | yes
    5 | Z    | 6 | 70          | yes
"""

DRAWN = [
    Drawn(
        "nearest_rank: by place among the values that are there; a value stands as often as it came; empty over none",
        """
            k | n
           ---+----
            1 | 30
            1 | -5
            1 |
            1 | 10
            1 | 10
            2 |
            3 | 4
        """,
        "SELECT k, nearest_rank(n, 500) AS middle, nearest_rank(n, 501) AS next, nearest_rank(n, 250) AS low, nearest_rank(n, 1000) AS top"
        " FROM drawn GROUP BY k ORDER BY k",
        [(1, 10, 10, -5, 30), (2, None, None, None, None), (3, 4, 4, 4, 4)],
    ),
    Drawn(
        "places_taken: how many different ones of 0 to 62 there are, each once; holes are none; over no rows nought",
        """
            k | n
           ---+----
            1 | 62
            1 | 0
            1 | 62
            1 |
            1 | 31
            2 |
            3 | 61
            3 | 32
        """,
        "SELECT k, places_taken(n) AS p FROM drawn GROUP BY k UNION ALL SELECT 4, places_taken(n) FROM drawn WHERE k > 9 ORDER BY k",
        [(1, 3), (2, 0), (3, 2), (4, 0)],
    ),
    Drawn(
        "earliest: the least instant among rows that satisfy the condition, ties by least value, a hole only if nothing else stands there",
        ANSWERS,
        "SELECT k, earliest(word, happened_at, is_final) AS w, earliest(n, happened_at, is_final) AS v FROM drawn GROUP BY k ORDER BY k",
        [(1, "a", 7), (2, None, None), (3, None, None), (4, None, None), (5, "Z", 6)],
    ),
    Drawn(
        "latest: the greatest instant, ties by greatest value; text is compared letter by letter as UTF-8",
        ANSWERS,
        "SELECT k, latest(word, happened_at, is_final) AS w, latest(n, happened_at, n < 9) AS v FROM drawn GROUP BY k ORDER BY k",
        [(1, "q", 8), (2, "m", 5), (3, None, 4), (4, None, None), (5, "é", 6)],
    ),
    Drawn(
        "earliest and latest over a window, and of a truth",
        ANSWERS,
        """SELECT DISTINCT k, earliest(word, happened_at, is_final) OVER (PARTITION BY k) AS e,
                  latest(is_final, happened_at, word IS NOT NULL) OVER (PARTITION BY k) AS l FROM drawn ORDER BY k""",
        [(1, "a", True), (2, None, True), (3, None, False), (4, None, None), (5, "Z", True)],
    ),
    Drawn(
        "count_where: an unknown condition is not satisfied; no row is nought, not a hole",
        ANSWERS,
        """SELECT k, count_where(is_final) AS n, count_where(NOT is_final) AS m, count_where(word > 'b') AS w
             FROM drawn GROUP BY k ORDER BY k""",
        [(1, 4, 1, 3), (2, 2, 0, 1), (3, 0, 1, 1), (4, 1, 0, 1), (5, 3, 0, 1)],
    ),
    Drawn("count_where over no rows", ANSWERS, "SELECT count_where(is_final) AS n, whole_sum(n) AS s FROM drawn WHERE k > 9", [(0, None)]),
    Drawn(
        "whole_sum: 64 bits, holes passed over, a hole where there is nothing; with FILTER",
        ANSWERS,
        "SELECT k, whole_sum(n) AS s, whole_sum(n) FILTER (WHERE is_final) AS f FROM drawn WHERE k < 4 GROUP BY k ORDER BY k",
        [(1, 27, 24), (2, 5, 5), (3, 4, None)],
    ),
    Drawn(
        "whole_sum and count_where over a window: a running sum",
        ANSWERS,
        """SELECT n, whole_sum(n) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS s,
                  count_where(is_final) OVER () AS c FROM drawn WHERE k = 1 AND n IS NOT NULL ORDER BY n""",
        [(1, 1, 3), (2, 3, 3), (7, 10, 3), (8, 18, 3), (9, 27, 3)],
    ),
    Drawn(
        "whole_div: how many whole times, also beyond 32 bits; unknown where either side is",
        ANSWERS,
        """SELECT k, whole_div(n, 3) AS a, whole_div(n * 9000000000000, :part) AS b, whole_div(7, n + 1 - 1) AS c
             FROM drawn WHERE k IN (2, 3) ORDER BY k, n""",
        [(2, None, None, None), (2, 1, 45_000, 1), (3, 1, 36_000, 1)],
        (("part", 1_000_000_000),),
    ),
    Drawn(
        "day_of: the last microsecond of a day belongs to it",
        f"""
    k | happened_at
   ---+------------
    1 | 0
    2 | {DAY - 1}
    3 | {DAY}
    4 | {18_871 * DAY + 23 * HOUR}
    5 |
""",
        "SELECT k, day_of(happened_at) AS d, day_of(happened_at + :hour) AS later FROM drawn ORDER BY k",
        [(1, 0, 0), (2, 0, 1), (3, 1, 1), (4, 18_871, 18_872), (5, None, None)],
        (("hour", HOUR),),
    ),
    Drawn(
        "least_of and greatest_of: a hole is passed over, of numbers and of texts",
        ANSWERS,
        """SELECT k, least_of(n, happened_at) AS l, greatest_of(n, happened_at) AS g, least_of(word, 'n') AS w, greatest_of(:x, n) AS x
             FROM drawn WHERE k IN (2, 4) ORDER BY k, happened_at""",
        [(2, 30, 30, "n", 4), (2, 5, 40, "m", 5), (4, 3, 3, "n", 4)],
        (("x", 4),),
    ),
    Drawn(
        "starts_with: letter for letter; unknown where the text is; nothing stands before every text",
        """
    k | word
   ---+------
    1 | E50
    2 | e50
    3 | I0
    4 |
    5 | %E
""",
        "SELECT k, starts_with(word, 'E') AS e, starts_with(word, '') AS n, starts_with(word, '%') AS p FROM drawn ORDER BY k",
        [(1, True, True, False), (2, False, True, False), (3, False, True, False), (4, None, None, None), (5, False, True, True)],
    ),
    Drawn(
        "holes stand first in a rising order and last in a falling one, in windows too",
        ANSWERS,
        """SELECT row_number() OVER (ORDER BY n, happened_at) AS up, row_number() OVER (ORDER BY n DESC, happened_at) AS down, n
             FROM drawn WHERE k = 2 ORDER BY n""",
        [(1, 2, None), (2, 1, 5)],
    ),
    Drawn(
        "casts, joined text, remainders, empty texts",
        ANSWERS,
        """SELECT CAST(n AS VARCHAR) || '/' || word AS t, CAST('12' AS BIGINT) % 5 AS r, CAST(is_final AS VARCHAR) AS f,
                  CAST(NULL AS BIGINT) AS h, coalesce(nullif(word, 'u'), '') AS e, (0 - 7) % 2 AS m
             FROM drawn WHERE k IN (2, 4) ORDER BY k, happened_at""",
        [(None, 2, "true", None, "", -1), ("5/m", 2, "true", None, "m", -1), ("3/u", 2, "true", None, "", -1)],
    ),
    Drawn(
        "comments, strings that look like words, and words inside words",
        ANSWERS,
        """WITH seen AS ( -- count_where( is not called here
               SELECT k, earliest(CASE WHEN starts_with(word, 'day_of(') THEN 'no' ELSE word || '-- :x' END, -- the first answer)
                                  least_of(happened_at, whole_div(happened_at * 2, 2)), is_final AND coalesce(n, 0) >= 0) AS w
                 FROM drawn GROUP BY k /* earliest(a, b) */
           ) SELECT k, w FROM seen WHERE w IS NOT NULL ORDER BY k""",
        [(1, "a-- :x"), (5, "Z-- :x")],
    ),
]
