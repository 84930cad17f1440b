"""What SQL text may hold: a small ANSI core that every engine reads alike, the kernel's words, the relations and columns declared.

Checked once, when a declaration is imported, so that a wrong word is a BadDeclaration naming the rule it stands in, not a wrong figure on
the one engine nobody tried. What is left out is left out because engines differ on it (examples.md section 5, ecosystem.md 1.6).
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from sqlglot import exp, parse, parse_one, tokenize
from sqlglot._version import __version__ as sqlglot_version
from sqlglot.errors import ParseError, SqlglotError, TokenError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, traverse_scope
from sqlglot.tokenizer_core import TokenType

from tocsin.engines.found_good import WORTH_REMEMBERING, digest_of, is_remembered, remember
from tocsin.engines.words import WORDS
from tocsin.engines.words import __file__ as words_file
from tocsin.vocabulary.errors import BadDeclaration

Columns = Sequence[tuple[str, str]]

TYPES = {exp.DataType.Type.BIGINT, exp.DataType.Type.VARCHAR, exp.DataType.Type.BOOLEAN}
FUNCTIONS = {
    *("count", "min", "max", "coalesce", "nullif", "abs", "cast"),
    *("row_number", "rank", "dense_rank", "lag", "lead", "first_value", "last_value"),
}
STATEMENT = {
    exp.Select,
    exp.Union,
    exp.Subquery,
    exp.CTE,
    exp.With,
    exp.From,
    exp.Join,
    exp.Where,
    exp.Group,
    exp.Having,
    exp.Order,
    exp.Ordered,
}
SHAPE = {
    exp.Limit,
    exp.Alias,
    exp.TableAlias,
    exp.Column,
    exp.Table,
    exp.Identifier,
    exp.Star,
    exp.Values,
    exp.Tuple,
    exp.Paren,
    exp.Distinct,
}
VALUE = {exp.Literal, exp.Null, exp.Boolean, exp.Placeholder, exp.Cast, exp.DataType, exp.Case, exp.If}
OPERATOR = {exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between, exp.Exists}
ARITHMETIC = {exp.NullSafeEQ, exp.NullSafeNEQ, exp.Add, exp.Sub, exp.Mul, exp.Mod, exp.Neg, exp.DPipe, exp.Coalesce, exp.Nullif, exp.Abs}
AGGREGATE = {exp.Count, exp.Min, exp.Max, exp.Filter, exp.Window, exp.WindowSpec, exp.RowNumber, exp.Rank, exp.DenseRank}
NEIGHBOUR = {exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue}
# A call of a word: sqlglot knows starts_with itself, the others it takes as they are; `_check_functions` has looked at the names.
CALL = {exp.Anonymous, exp.StartsWith}
ALLOWED = STATEMENT | SHAPE | VALUE | OPERATOR | ARITHMETIC | AGGREGATE | NEIGHBOUR | CALL

ADVICE = {
    "Div": "a quotient is made in measuring/figures.py; whole_div(a, b) says how many whole times b goes into a",
    "IntDiv": "say whole_div(a, b)",
    "Sum": "say whole_sum(x)",
    "Concat": "say a || b: engines differ on an empty part",
    "Like": "say starts_with(text, prefix): engines differ on the escape",
    "Quoted": 'write names without quotes: Spark takes "x" for a text',
}
WHOLE_NUMBERS = "engines count, compare and order whole numbers"
NO_CLOCK = "time comes in as a parameter, :as_at"


def check(sql: str, relations: Mapping[str, Columns], where: str, parameters: Collection[str] | None = None) -> None:
    """Refuse SQL text that engines might read differently, or that asks for a relation or column not declared.

    `relations` gives each readable relation's columns as (name, stored type); `where` is named in the message (file and rule).
    `parameters`, where given, are the only `:name`s the text may ask for. Raises BadDeclaration.
    """
    is_long = len(sql) >= WORTH_REMEMBERING
    digest = digest_of(sql, {name: tuple(columns) for name, columns in relations.items()}, parameters and sorted(parameters))
    if is_long and is_remembered(digest, _rules()):
        return
    statement = _parsed(sql, where)
    _check_functions(sql, statement, where)
    _check_nodes(statement, where)
    _check_parameters(statement, parameters, where)
    _check_columns(statement, relations, where)
    if is_long:
        remember(digest, _rules())


@cache
def _rules() -> str:
    """A digest of what texts are held to: this module, the kernel's words, sqlglot's understanding of SQL."""
    return digest_of(sqlglot_version, *(Path(file).read_bytes() for file in (__file__, words_file)))


def check_predicate(predicate: str, columns: Columns, where: str) -> None:
    """Refuse a Rule's predicate that is not one truth about one row of a relation with these columns. Raises BadDeclaration.

    What was found good is not looked at again: a close reads the measures anew for every kind of journey.
    """
    _found_good(predicate, tuple(columns), where)


@cache
def _found_good(predicate: str, columns: Columns, where: str) -> None:
    try:
        condition = parse_one(predicate, into=exp.Condition)
    except (ParseError, TokenError) as error:
        raise BadDeclaration(f'{where}: "{predicate}" is not a predicate: {_first_line(error)}') from error
    _check_functions(predicate, condition, where)
    if any(token.comments for token in tokenize(predicate)):
        raise BadDeclaration(f'{where}: "{predicate}" holds a comment, which would swallow what is put behind it; say it in the sentence.')
    for node in condition.walk():
        if isinstance(node, (exp.Query, exp.AggFunc, exp.Window, exp.Star)) or node.name.lower() in _AGGREGATE_WORDS:
            raise BadDeclaration(f'{where}: "{_shown(node)}" looks beyond the row; a predicate is asked of one row at a time.')
    statement = exp.select("1").from_("the_relation").where(condition)
    _check_nodes(statement, where)
    _check_parameters(statement, (), where)
    known = {name.lower() for name, _ in columns}
    # A row has its columns and nothing else. sqlglot's way through scopes finds no more, and took a third of a second of every start.
    if any(column.table or column.name.lower() not in known for column in condition.find_all(exp.Column)):
        _check_columns(statement, {"the_relation": columns}, where)


_AGGREGATE_WORDS = {"whole_sum", "earliest", "latest", "count_where", "nearest_rank", "places_taken"}


def _parsed(sql: str, where: str) -> exp.Query:
    try:
        statements = parse(sql)
    except (ParseError, TokenError) as error:
        # `//` is a comment to some engines, whole division to others and nothing to sqlglot.
        advice = " There is no // in the core; say whole_div(a, b)." if "//" in sql else ""
        raise BadDeclaration(f"{where}: not understood as SQL: {_first_line(error)}{advice}") from error
    if len(statements) == 1 and isinstance(statements[0], exp.Query):
        return statements[0]
    raise BadDeclaration(f"{where}: expected one SELECT statement, found {', '.join(_shown(found) for found in statements)}.")


def _check_functions(sql: str, statement: exp.Expr, where: str) -> None:
    """The names as written: sqlglot takes several engines' names for one function, engines do not."""
    tokens = tokenize(sql)
    aliases = {alias.name.lower() for alias in statement.find_all(exp.TableAlias)}
    for token, following in pairwise(tokens):
        name = token.text.lower()
        is_call = token.token_type is TokenType.VAR and following.token_type is TokenType.L_PAREN
        if is_call and name not in FUNCTIONS and name not in WORDS and name not in aliases:
            raise _refused(where, token.text, ADVICE.get(name.capitalize(), _theme(name)))
    for token in tokens:
        if token.token_type is TokenType.STRING and ("\\" in token.text or "'" in token.text):
            raise BadDeclaration(f"{where}: the text '{token.text}' has a quote or backslash in it, which engines read differently.")


def _check_nodes(statement: exp.Expr, where: str) -> None:
    for node in statement.walk():
        kind = type(node)
        if kind not in ALLOWED:
            raise _refused(where, _shown(node), ADVICE.get(kind.__name__, _theme(kind.__name__)))
        if isinstance(node, exp.Literal) and not node.is_string and not node.name.isdigit():
            raise _refused(where, node.name, WHOLE_NUMBERS)
        if isinstance(node, exp.Identifier) and node.args.get("quoted"):
            raise _refused(where, f'"{node.name}"', ADVICE["Quoted"])
        if isinstance(node, exp.DataType) and (node.this not in TYPES or node.expressions):
            raise _refused(where, _shown(node), "stored types are BIGINT, VARCHAR and BOOLEAN, without a length")
        if isinstance(node, exp.If) and not isinstance(node.parent, exp.Case):
            raise _refused(where, _shown(node), "say CASE WHEN … THEN … ELSE … END")
        if isinstance(node, (exp.Anonymous, exp.StartsWith)):
            _check_word(node, where)
        reason = _odd_part(node)
        if reason:
            raise _refused(where, _shown(node), reason)


def _odd_part(node: exp.Expr) -> str:
    """Why a part of the core is not written in the core's way; empty where it is."""
    args = node.args
    if isinstance(node, exp.Join):
        kinds = {"", "INNER", "CROSS", "OUTER"}
        if args.get("method") or (args.get("kind") or "").upper() not in kinds:
            return "joins are INNER, LEFT, RIGHT, FULL and CROSS"
    elif isinstance(node, exp.Group):
        if any(args.get(part) for part in ("all", "cube", "rollup", "grouping_sets", "totals")):
            return "say each column to group by"
    elif isinstance(node, exp.Distinct):
        in_count = isinstance(node.parent, exp.Count)
        if args.get("on") or (in_count and len(node.expressions) != 1):
            return "say row_number() over (…), or count one column"
    elif isinstance(node, exp.Tuple):
        if not isinstance(node.parent, exp.Values):
            return "compare column by column: engines differ on a hole in a row"
    elif isinstance(node, exp.Star):
        if any(args.get(part) for part in ("except_", "except", "replace", "rename")):
            return "name the columns"
    elif isinstance(node, exp.Limit):
        if not (node.parent and node.parent.args.get("order")):
            return "which rows are the first is known only with ORDER BY"
    elif isinstance(node, exp.With):
        if args.get("recursive"):
            return "engines differ on recursion"
    elif isinstance(node, exp.Window) and isinstance(node.this, exp.Filter):
        return "Spark has no FILTER together with OVER; say count_where or a CASE inside"
    return ""


def _check_word(node: exp.Expr, where: str) -> None:
    name = "starts_with" if isinstance(node, exp.StartsWith) else node.name.lower()
    word = WORDS.get(name)
    if word is None:
        raise _refused(where, name, _theme(name))
    given = 2 if isinstance(node, exp.StartsWith) else len(node.expressions)
    if given != len(word.takes):
        raise BadDeclaration(f"{where}: {name} was given {given} arguments; expected {len(word.takes)}: {', '.join(word.takes)}.")
    for kind, clause in ((exp.Filter, "FILTER"), (exp.Window, "OVER")):
        if type(node.parent) is kind and node.arg_key == "this" and clause not in word.may_have:
            raise _refused(where, _shown(node.parent), f"{name} takes no {clause}")


def _check_parameters(statement: exp.Expr, parameters: Collection[str] | None, where: str) -> None:
    for placeholder in statement.find_all(exp.Placeholder):
        if placeholder.this is None:
            raise _refused(where, "?", "a parameter has a name, :as_at")
        if parameters is not None and placeholder.name not in parameters:
            raise BadDeclaration(
                f"{where}: :{placeholder.name} is not a parameter here (known: {', '.join(sorted(parameters)) or 'none'})."
            )


def _check_columns(statement: exp.Query, relations: Mapping[str, Columns], where: str) -> None:
    schema: dict[str, object] = {name: dict(columns) for name, columns in relations.items()}
    try:
        for scope in traverse_scope(statement):
            _check_scope(scope, relations, where)
        qualify(statement, schema=schema, quote_identifiers=False, validate_qualify_columns=True)
    except SqlglotError as error:
        known = "; ".join(f"{name} has {', '.join(column for column, _ in columns)}" for name, columns in relations.items())
        raise BadDeclaration(f"{where}: {_first_line(error)} ({known}).") from error


def _check_scope(scope: Scope, relations: Mapping[str, Columns], where: str) -> None:
    """One SELECT asks declared relations only, and names its own results only where every engine lets it: GROUP BY, HAVING, ORDER BY."""
    found: set[str] = set()
    for source in scope.sources.values():
        if isinstance(source, exp.Table):
            if source.name not in relations:
                raise BadDeclaration(
                    f'{where}: relation "{source.name}" is not declared (known: {", ".join(sorted(relations)) or "none"}).'
                )
            found.update(name for name, _ in relations[source.name])
        elif isinstance(source.expression, exp.Query):
            found.update(source.expression.named_selects)
    select = scope.expression
    if not isinstance(select, exp.Select) or "*" in found:
        return
    own = {part.alias for part in select.expressions if isinstance(part, exp.Alias)} - found
    parts = [*select.expressions, *select.args.get("joins", ()), select.args.get("where")]
    for column in (column for part in parts if part for column in part.find_all(exp.Column)):
        if not column.table and column.name in own and column.parent_select is select:
            raise _refused(where, column.name, "a SELECT's own result cannot be asked in the same SELECT; put it in a CTE before")


def _refused(where: str, word: str, advice: str) -> BadDeclaration:
    return BadDeclaration(
        f'{where}: "{word}" is not in the kernel\'s core{"; " + advice if advice else ""}.'
        " Words every engine shares are listed in engines/words.py and engines/allowed.py."
    )


def _theme(name: str) -> str:
    lower = name.lower()
    if any(part in lower for part in ("current", "now", "today", "localtime")):
        return NO_CLOCK
    if any(part in lower for part in ("percentile", "quantile", "median")):
        return "percentiles go by place: measuring/ladder.py"
    if any(part in lower for part in ("date", "time", "trunc", "interval", "extract", "year", "month")):
        return "instants are whole microseconds; say day_of(at) or a subtraction"
    return ""


def _shown(node: exp.Expr | None) -> str:
    # sqlglot's own writing is good enough to show a person; no engine is given it.
    return "nothing" if node is None else node.sql()[:80]


def _first_line(error: Exception) -> str:
    line = str(error).splitlines()[0].replace("\x1b[4m", "").replace("\x1b[0m", "")
    return line.replace("could not be resolved", "is in no relation asked here, or in several")
