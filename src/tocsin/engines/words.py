"""The kernel's own words: what each means, and its one spelling an engine. A new word is a new entry and a drawn table in the tests."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """A named function of the kernel. `takes` names its arguments; a spelling puts them, bracketed, in {their names}.

    {tail} is where an OVER (…) behind the word goes; `may_have` says which of FILTER and OVER a text may write behind it.
    """

    name: str
    takes: tuple[str, ...]
    sentence: str
    spellings: Mapping[str, str]
    may_have: frozenset[str] = frozenset()


def everywhere(spelling: str) -> Mapping[str, str]:
    return {"duckdb": spelling, "spark": spelling}


# The row of the least (greatest) instant is the least (greatest) tuple. Engines differ on where an empty value stands in a tuple, so
# whether the value is there stands before the value: of rows at one instant, one that says something wins over one that does not.
EARLIEST = {
    "duckdb": "struct_extract(min({{'instant': {at}, 'hole': {value} IS NULL, 'value': {value}}})"
    " FILTER (WHERE {condition} AND {at} IS NOT NULL){tail}, 'value')",
    "spark": "min(CASE WHEN {condition} AND {at} IS NOT NULL"
    " THEN named_struct('instant', {at}, 'hole', {value} IS NULL, 'value', {value}) END){tail}.value",
}
LATEST = {
    "duckdb": "struct_extract(max({{'instant': {at}, 'told': {value} IS NOT NULL, 'value': {value}}})"
    " FILTER (WHERE {condition} AND {at} IS NOT NULL){tail}, 'value')",
    "spark": "max(CASE WHEN {condition} AND {at} IS NOT NULL"
    " THEN named_struct('instant', {at}, 'told', {value} IS NOT NULL, 'value', {value}) END){tail}.value",
}

# How many places one 64-bit whole number has a mark for, its sign left out.
PLACES = 63

WORDS: Mapping[str, Word] = {
    word.name: word
    for word in (
        Word(
            "whole_div",
            ("a", "b"),
            "How many whole times b goes into a, for a >= 0 and b > 0; unknown where either is.",
            {"duckdb": "(CAST({a} AS BIGINT) // {b})", "spark": "({a} div {b})"},
        ),
        Word(
            "whole_sum",
            ("x",),
            "The sum as a 64-bit whole number; unknown over no rows; an overflow stops the work.",
            {"duckdb": "CAST(sum({x}){tail} AS BIGINT)", "spark": "sum(CAST({x} AS BIGINT)){tail}"},
            frozenset({"FILTER", "OVER"}),
        ),
        Word(
            "day_of",
            ("at",),
            "The UTC day number, days since 1970-01-01, of an instant in microseconds; for 1970 and later.",
            {"duckdb": "({at} // 86400000000)", "spark": "({at} div 86400000000)"},
        ),
        Word(
            "earliest",
            ("value", "at", "condition"),
            "The value in the row with the least `at` among rows where the condition is true; of several at that instant the least value,"
            " an empty one only if all are; empty where there is no such row. Rows without `at` do not compete.",
            EARLIEST,
            frozenset({"OVER"}),
        ),
        Word(
            "latest",
            ("value", "at", "condition"),
            "The value in the row with the greatest `at` among rows where the condition is true; of several at that instant the greatest"
            " value, an empty one only if all are; empty where there is no such row. Rows without `at` do not compete.",
            LATEST,
            frozenset({"OVER"}),
        ),
        Word(
            "count_where",
            ("condition",),
            "How many rows satisfy the condition; an unknown condition is not satisfied.",
            {"duckdb": "count(*) FILTER (WHERE {condition}){tail}", "spark": "count(CASE WHEN {condition} THEN 1 END){tail}"},
            frozenset({"OVER"}),
        ),
        Word(
            "nearest_rank",
            ("x", "per_mille"),
            "The nearest-rank percentile of a group's values: the one at place (per_mille * n + 999) whole_div 1000 of the n that are not"
            " empty, sorted; empty where there is none. By place and never by a fraction. The group's values are held in memory.",
            {
                "duckdb": "list_sort(list({x}) FILTER (WHERE {x} IS NOT NULL))[({per_mille} * count({x}) + 999) // 1000]",
                "spark": "CASE WHEN count({x}) > 0"
                " THEN element_at(sort_array(collect_list({x})), CAST(({per_mille} * count({x}) + 999) div 1000 AS INT)) END",
            },
        ),
        Word(
            "places_taken",
            ("n",),
            f"How many different ones a group has of the whole numbers 0 to {PLACES - 1}; an empty one is none. What count(DISTINCT n)"
            " says, without a list of them: for groups of a few rows by the million.",
            {
                "duckdb": "coalesce(CAST(bit_count(bit_or(CAST(1 AS BIGINT) << CAST({n} AS BIGINT))) AS BIGINT), 0)",
                "spark": "coalesce(CAST(bit_count(bit_or(shiftleft(CAST(1 AS BIGINT), CAST({n} AS INT)))) AS BIGINT), 0)",
            },
        ),
        Word("least_of", ("a", "b"), "The lesser of two values; an empty one is passed over.", everywhere("least({a}, {b})")),
        Word("greatest_of", ("a", "b"), "The greater of two values; an empty one is passed over.", everywhere("greatest({a}, {b})")),
        Word(
            "starts_with",
            ("text", "prefix"),
            "Whether the text begins with the prefix, letter for letter; unknown where either is.",
            {"duckdb": "starts_with({text}, {prefix})", "spark": "startswith({text}, {prefix})"},
        ),
    )
}
