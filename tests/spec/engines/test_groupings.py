"""A text taken apart says the same as the text: every form that is known, and every journey that names a grouping."""

import duckdb
import pytest

from tocsin.engines.groupings import GROUPS, Grouping, take_apart
from tocsin.engines.kernel import spell
from tocsin.journeys import all_journeys
from tocsin.measuring.journey import Journey

ROWS = """
CREATE TABLE legs AS SELECT * FROM (VALUES
  (1, 10, 5, 'a', 'north', TRUE), (1, 10, 3, 'b', NULL, FALSE), (1, 11, NULL, 'b', 'south', NULL),
  (2, 10, 9, 'a', NULL, NULL), (2, NULL, 2, NULL, 'north', TRUE),
  (NULL, 10, 7, 'c', 'south', FALSE), (NULL, 10, -7, 'a', '', TRUE),
  (3, 10, NULL, NULL, NULL, NULL)
) AS t(k, j, ts, stage, region, is_held)"""

TOLD = "min(ts) AS first_at"
KNOWN = {
    "each aggregate": "min(ts) AS a, max(ts) AS b, whole_sum(ts) AS c, count(*) AS d, count(ts) AS e,"
    " count_where(ts > 4) AS f, min(region) AS g",
    "under a filter": "min(ts) FILTER (WHERE stage = 'a') AS a, max(ts) FILTER (WHERE is_held) AS b, "
    "count(region) FILTER (WHERE ts > 2) AS c,"
    " count(*) FILTER (WHERE stage = 'a' OR is_held) AS d, whole_sum(ts) FILTER (WHERE NOT is_held) AS e",
    "of something worked out": "min(CASE WHEN stage = 'a' THEN ts * 16 + coalesce(j, 0) ELSE 1000 + ts END) AS a,"
    " min(CASE WHEN region = 'north' THEN '~' ELSE region END) AS b, whole_sum(CASE WHEN is_held THEN 1 ELSE 0 END) AS c",
    "by a column's literal": "min(ts) FILTER (WHERE stage = 'a') AS a, min(ts) FILTER (WHERE stage = 'b') AS b, min(ts) AS c,"
    " min(ts + 1) FILTER (WHERE j = 10) AS d, min(ts + 1) FILTER (WHERE j = 11) AS e, max(ts) FILTER (WHERE stage = 'a') AS f,"
    " min(region) FILTER (WHERE stage = 'a') AS g, min(region) FILTER (WHERE stage = 'c') AS h",
    "with something around it": "count_where(is_held) > 0 AS a, coalesce(max(ts), 1) AS b, max(whole_div(ts, 2)) * 8 + min(ts % 2) AS c,"
    " CASE WHEN min(stage) = 'a' THEN 'first' WHEN count(*) > 1 AND NOT count(ts) = 2 THEN 'more' END AS d",
    "the same twice": "min(ts) AS a, min(ts) AS b, min(ts) + 1 AS c, max(ts) AS d",
    "a literal": "1 AS a, min(ts) AS b",
}


def both(text: str, names: tuple[str, ...] = ("told",), **parameters: int) -> Grouping:
    """What a text says, and what it says taken apart with the rows grouped by the engine; gives how it was taken apart."""
    found = take_apart(text, names)
    assert found is not None
    with duckdb.connect() as connection:
        connection.execute(ROWS)
        whole = connection.execute(spell(text, "duckdb", parameters)).fetchall()
        columns = ", ".join(
            f"{column.how}({column.value})" + (f" FILTER (WHERE {column.place} = {place})" if column.place else "") + f" AS {name}"
            for column in found.columns
            for place, name in enumerate(column.names)
        )
        rows = spell(found.rows, "duckdb", parameters)
        connection.execute(f"CREATE TABLE {GROUPS} AS SELECT {', '.join(found.keys)}, {columns} FROM ({rows}) GROUP BY ALL")
        connection.execute("DROP TABLE legs")
        assert sorted(connection.execute(spell(found.rest, "duckdb", parameters)).fetchall(), key=repr) == sorted(whole, key=repr)
        assert whole
    return found


@pytest.mark.parametrize("items", KNOWN.values(), ids=KNOWN)
@pytest.mark.parametrize("keys", ["k", "k, j"])
@pytest.mark.parametrize("where", ["", "WHERE ts > :least"])
def test_taken_apart_a_text_says_the_same(items: str, keys: str, where: str) -> None:
    both(f"WITH told AS (SELECT {keys}, {items} FROM legs {where} GROUP BY {keys}) SELECT * FROM told", least=-100)


def test_what_stands_before_and_behind_stays() -> None:
    text = """WITH held AS (SELECT k, ts, coalesce(is_held, FALSE) AS is_held FROM legs), -- told by few
      told AS (SELECT h.k, 'x' AS word, max(h.ts) AS last_at FROM held h WHERE h.is_held GROUP BY h.k),
      after AS (SELECT k, last_at, word, row_number() OVER (ORDER BY k) AS place FROM told)
    SELECT * FROM after WHERE place >= 1 ORDER BY place"""
    found = both(text)
    assert found.keys == ("k0",)
    both(f"SELECT * FROM ({text}) AS happenings ORDER BY k")


def test_a_with_that_begins_with_another_is_seen() -> None:
    both("WITH shares AS (WITH told AS (SELECT k, min(ts) AS a FROM legs GROUP BY k) SELECT * FROM told) SELECT * FROM shares")


def test_a_value_of_several_literals_crosses_over_once_with_its_place() -> None:
    stages = ", ".join(f"min(ts) FILTER (WHERE stage = '{stage}') AS {stage}_at" for stage in "abc")
    found = both(f"WITH told AS (SELECT k, {stages}, min(ts) AS first_at FROM legs GROUP BY k) SELECT * FROM told")
    assert [(len(column.names), column.place is not None) for column in found.columns] == [(3, True), (1, False)]
    assert len({column.value for column in found.columns}) == 1


def test_what_is_asked_of_the_same_rows_twice_is_one_column() -> None:
    asked = "min(ts) AS a, min(ts) AS b, count(*) AS n, count_where(ts > 1) AS m"
    found = both(f"WITH told AS (SELECT k, {asked} FROM legs GROUP BY k) SELECT * FROM told")
    assert [column.how for column in found.columns] == ["min", "sum", "sum"]


def test_groupings_of_the_same_rows_are_one_and_of_some_rows_have_their_groups_alone() -> None:
    often = "often AS (SELECT k, j, min(ts) AS first_at, count(*) AS row_count FROM legs GROUP BY k, j)"
    seldom = "seldom AS (SELECT k, j AS of_j, max(ts) AS last_at, count(*) AS n FROM legs WHERE is_held OR stage = 'c' GROUP BY k, j)"
    found = both(
        f"WITH {often}, {seldom} SELECT often.*, last_at, n FROM often LEFT JOIN seldom ON seldom.k = often.k AND of_j = j",
        ("often", "seldom"),
    )
    assert "WHERE" not in found.rows.rpartition("FROM")[2]


REFUSED = {
    "an unnamed item": "SELECT k, min(ts) FROM legs GROUP BY k",
    "a key that is worked out": "SELECT k + 1 AS k, min(ts) AS a FROM legs GROUP BY k + 1",
    "more keys than two": "SELECT k, j, stage, min(ts) AS a FROM legs GROUP BY k, j, stage",
    "no key": "SELECT min(ts) AS a FROM legs",
    "HAVING": "SELECT k, min(ts) AS a FROM legs GROUP BY k HAVING count(*) > 1",
    "DISTINCT in a count": "SELECT k, count(DISTINCT stage) AS a FROM legs GROUP BY k",
    "DISTINCT rows": "SELECT DISTINCT k, min(ts) AS a FROM legs GROUP BY k",
    "a column beside an aggregate": "SELECT k, min(ts) + k AS a FROM legs GROUP BY k",
    "another word": "SELECT k, latest(stage, ts, TRUE) AS a FROM legs GROUP BY k",
    "places taken": "SELECT k, places_taken(j) AS a FROM legs GROUP BY k",
    "over a window": "SELECT k, min(min(ts)) OVER (PARTITION BY k) AS a FROM legs GROUP BY k",
    "a union": "SELECT k, min(ts) AS a FROM legs GROUP BY k UNION ALL SELECT 1, 2",
    "an order": "SELECT k, min(ts) AS a FROM legs GROUP BY k ORDER BY k LIMIT 1",
    "a question in an item": "SELECT k, (SELECT max(ts) FROM legs) AS a, min(ts) AS b FROM legs GROUP BY k",
    "a question in an aggregate": "SELECT k, min(CASE WHEN ts IN (SELECT j FROM legs) THEN 1 END) AS a FROM legs GROUP BY k",
    "no grouping": "SELECT k, ts AS a FROM legs",
    "every column": "SELECT * FROM legs GROUP BY k",
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_what_is_not_known_is_left_to_the_engine(body: str) -> None:
    assert take_apart(f"WITH told AS ({body}) SELECT * FROM told", ("told",)) is None


@pytest.mark.parametrize(
    "text",
    [
        "SELECT k, min(ts) AS a FROM legs GROUP BY k",
        f"WITH other AS (SELECT k, {TOLD} FROM legs GROUP BY k) SELECT * FROM other",
        # Rows out of a name that only the text around knows.
        f"WITH x AS (SELECT * FROM legs) SELECT * FROM (WITH told AS (SELECT k, {TOLD} FROM x GROUP BY k) SELECT * FROM told) AS t",
    ],
)
def test_a_name_that_is_not_there_is_no_grouping(text: str) -> None:
    assert take_apart(text, ("told",)) is None


def test_groupings_of_different_rows_are_left_to_the_engine() -> None:
    other = "other AS (SELECT k, max(ts) AS b FROM legs{} GROUP BY {})"
    text = f"WITH told AS (SELECT k, {TOLD} FROM legs WHERE ts > 1 GROUP BY k), {{}} SELECT * FROM told LEFT JOIN other ON other.k = told.k"
    assert take_apart(text.format(other.format(" WHERE ts > 1", "k")), ("told", "other")) is not None
    assert take_apart(text.format(other.format(" WHERE ts > 2", "k")), ("told", "other")) is None
    assert take_apart(text.format(other.format(" JOIN legs l ON TRUE WHERE ts > 1", "k")), ("told", "other")) is None
    assert take_apart(text.format(other.format(" WHERE ts > 1", "j")), ("told", "other")) is None


GROUPED = [journey for journey in all_journeys().values() if journey.grouped]


def test_the_dearest_journeys_name_their_grouping() -> None:
    assert {journey.name for journey in GROUPED} >= {"alerts", "alert_losses"}


@pytest.mark.parametrize("journey", GROUPED, ids=lambda journey: journey.name)
def test_a_journeys_grouping_is_taken_apart(journey: Journey) -> None:
    """A change of its text that loses this would cost a national day minutes, and no figure would tell."""
    texts = [f"SELECT * FROM ({journey.sql}) AS happenings ORDER BY day"]
    if journey.gathered is not None:
        texts.append(journey.gathered.sql)
    for text in texts:
        found = take_apart(text, journey.grouped)
        assert found is not None
        assert len(found.columns) > 4
