"""The kernel: the few named words our SQL may use beside a small ANSI core, each spelt by hand for every engine.

The same text gives the same whole numbers on every engine because nothing is translated: a word is replaced by its spelling where it
stands, the rest of the text is untouched. sqlglot only finds where the words stand (ecosystem.md 1.3: its translator turned exact
percentiles into approximate ones without a warning). What the text may hold is checked once, at import, by `check` and `check_predicate`.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from sqlglot.tokenizer_core import TokenType

from tocsin.engines.allowed import check, check_predicate
from tocsin.engines.tokens import Piece, closing, parted, pieces_of, tail_of
from tocsin.engines.words import WORDS, Word
from tocsin.vocabulary.errors import BadDeclaration

__all__ = ["WORDS", "Word", "check", "check_predicate", "spell"]

# Spark knows no VARCHAR without a length; nothing else of the core has two names.
TYPES = {"duckdb": {}, "spark": {"VARCHAR": "STRING"}}


def spell(sql: str, engine_name: str, parameters: Mapping[str, int] | None = None) -> str:
    """The text an engine is given: kernel words spelt, `:name` bound to a whole number, comments left out.

    Raises BadDeclaration for a word with the wrong number of arguments and for a `:name` without a value.
    """
    given = parameters or {}
    return _NAMED.sub(lambda found: _bound(found.group(1), given), _template(sql, engine_name))


# What stands for a `:name` between spelling and binding: the same texts are asked month after month with other numbers.
_NAMED = re.compile(r"\0(\w+)\0")
TEXTS_KEPT = 1024


@lru_cache(TEXTS_KEPT)
def _template(sql: str, engine_name: str) -> str:
    return _spelt(pieces_of(sql), engine_name).strip()


def _spelt(pieces: list[Piece], engine_name: str) -> str:
    out: list[str] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        follows = pieces[at + 1].kind if at + 1 < len(pieces) else None
        word = WORDS.get(piece.text.lower())
        if piece.is_apart:
            out.append(" ")
        if word is not None and follows is TokenType.L_PAREN:
            close = closing(pieces, at + 1)
            arguments = [_spelt(argument, engine_name).strip() for argument in parted(pieces[at + 2 : close])]
            # The FILTER (…) or OVER (…) behind a word belongs to the aggregate inside the spelling, not to the cast around it.
            at = tail_of(pieces, close + 1)
            out.append(_word(word, arguments, _spelt(pieces[close + 1 : at], engine_name), engine_name))
            continue
        if piece.kind is TokenType.COLON and follows is not None:
            out.append(f"\0{pieces[at + 1].text}\0")
            at += 2
            continue
        out.append(_as_written(piece, engine_name))
        at += 1
    return "".join(out)


def _as_written(piece: Piece, engine_name: str) -> str:
    if piece.kind is TokenType.VARCHAR:
        return TYPES[engine_name].get(piece.text.upper(), piece.text)
    if piece.kind is TokenType.STRING and engine_name == "spark":
        # Spark reads '' inside text as the end of one text and the start of the next, and a backslash as an escape.
        told = piece.text[1:-1].replace("''", "'").replace("\\", "\\\\").replace("'", "\\'")
        return f"'{told}'"
    return piece.text


def _word(word: Word, arguments: list[str], tail: str, engine_name: str) -> str:
    if len(arguments) != len(word.takes):
        raise BadDeclaration(
            f"{word.name}({', '.join(arguments)}): {len(arguments)} arguments; expected {len(word.takes)}: {', '.join(word.takes)}."
        )
    places = {name: f"({argument})" for name, argument in zip(word.takes, arguments, strict=True)}
    return word.spellings[engine_name].format(**places, tail=tail)


def _bound(name: str, parameters: Mapping[str, int]) -> str:
    if name not in parameters:
        known = ", ".join(f":{known}" for known in sorted(parameters)) or "none"
        raise BadDeclaration(f"SQL text asks for :{name}, which was given no value (given: {known}).")
    value = parameters[name]
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadDeclaration(f":{name} is {value!r}; expected a whole number.")
    # A bare literal is 32 bits wide where it fits, and then :day * 86400000000 would depend on the value.
    return f"CAST({value} AS BIGINT)"
