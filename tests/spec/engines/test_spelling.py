"""How text reaches an engine: words spelt where they stand, parameters bound, the rest untouched."""

import pytest

from tocsin.engines.kernel import WORDS, spell
from tocsin.vocabulary.errors import BadDeclaration


def test_only_words_parameters_and_comments_change() -> None:
    sql = "SELECT a || ':x', whole_div(b, :x)  -- per :x\n  FROM t WHERE day_of IN (1) AND b::VARCHAR = 'whole_div(b, 1)'"
    assert spell(sql, "duckdb", {"x": 7}) == (
        "SELECT a || ':x', (CAST((b) AS BIGINT) // (CAST(7 AS BIGINT))) FROM t WHERE day_of IN (1) AND b::VARCHAR = 'whole_div(b, 1)'"
    )
    assert spell(sql, "spark", {"x": 7}) == (
        "SELECT a || ':x', ((b) div (CAST(7 AS BIGINT))) FROM t WHERE day_of IN (1) AND b::STRING = 'whole_div(b, 1)'"
    )


def test_a_window_goes_inside_the_cast() -> None:
    spelt = spell("SELECT Whole_Sum(x) OVER (ORDER BY day_of(y)) FROM t", "duckdb")
    assert spelt == "SELECT CAST(sum((x)) OVER (ORDER BY ((y) // 86400000000)) AS BIGINT) FROM t"


def test_words_stand_inside_words() -> None:
    spelt = spell("least_of(greatest_of(a, (b)), coalesce(c, 1))", "spark")
    assert spelt == "least((greatest((a), ((b)))), (coalesce(c, 1)))"


def test_a_negative_parameter_keeps_its_sign() -> None:
    assert spell("SELECT 5-:x", "duckdb", {"x": -3}) == "SELECT 5-CAST(-3 AS BIGINT)"


@pytest.mark.parametrize(
    ("sql", "parameters", "said"),
    [
        ("SELECT :start_at", {"end_at": 1}, r":start_at, which was given no value \(given: :end_at\)"),
        ("SELECT :x", {"x": "1; DROP TABLE t"}, "expected a whole number"),
        ("SELECT :x", {"x": True}, "expected a whole number"),
        ("SELECT :x", {"x": 1.5}, "expected a whole number"),
        ("SELECT day_of(a, b)", {}, "2 arguments; expected 1: at"),
        ("SELECT earliest()", {}, "0 arguments; expected 3"),
        ("SELECT day_of(a", {}, "never closed"),
    ],
)
def test_what_cannot_be_spelt_is_refused(sql: str, parameters: dict[str, int], said: str) -> None:
    with pytest.raises(BadDeclaration, match=said):
        spell(sql, "duckdb", parameters)


def test_every_word_has_a_sentence_and_a_spelling_for_every_engine() -> None:
    for word in WORDS.values():
        assert word.sentence.endswith(".")
        assert set(word.spellings) == {"duckdb", "spark"}
