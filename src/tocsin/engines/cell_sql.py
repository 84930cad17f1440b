"""The SQL by which the text of a received cell becomes the text, and then the value, of a feed's column."""

from dataclasses import dataclass

from tocsin.engines.zone_sql import oddity_sql, offset_sql
from tocsin.feeds.feed import Column, Kind
from tocsin.feeds.shape import EPOCHS, UNIT_US, Shape, Source, Span, When

# What Python's str.strip takes away, so that a key made here equals feeds.feed.identifier_key.
BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
# The bounds keep every sum of a stamp and its spans inside 64 bits: 8,000 years of stamps, 100 years of span.
FURTHEST_US, LONGEST_US = 250_000_000_000_000_000, 3_155_760_000_000_000
WHOLE = "[+-]?[0-9]{1,19}"
_DATE_TIME = r"\d{4}-\d\d-\d\d[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d{1,9})?)?"
ISO_LOCAL = _DATE_TIME
ISO_OFFSET = _DATE_TIME + r"(Z|[+-]([01]\d|2[0-3]):?[0-5]\d)"


def quoted(text: str) -> str:
    """An SQL text literal."""
    return "'" + text.replace("'", "''") + "'"


def named(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def stripped(text: str) -> str:
    """A text without surrounding blanks, as str.strip. The trim is dear, so only texts whose edge is no plain character pay for it."""
    return f"CASE WHEN {text}[1] BETWEEN '!' AND '~' AND {text}[-1] BETWEEN '!' AND '~' THEN {text} ELSE trim({text}, {quoted(BLANKS)}) END"


@dataclass(frozen=True)
class Cells:
    """How the cells of a line are asked for: `places` says where each column of the file stands, counted from 1."""

    shape: Shape
    places: dict[str, int]

    def clean(self, column: str, is_tidy: bool) -> str:
        """A cell without surrounding blanks; empty cells and the Shape's null words are NULL."""
        cell = f"cells[{self.places[column]}]"
        trimmed = cell if is_tidy else stripped(cell)
        words = ", ".join(quoted(word) for word in ("", *self.shape.nulls))
        return f"CASE WHEN {trimmed} NOT IN ({words}) THEN {trimmed} END"

    def text(self, source: Source) -> str:
        """The text of a feed column, out of cleaned cells: NULL where it is empty."""
        if source.column is not None:
            made = self.cleaned(source.column)
        elif source.constant is not None:
            made = f"nullif({quoted(source.constant.strip())}, '')"
        elif source.line:
            made = "CAST(line AS VARCHAR)"
        else:
            # One empty part makes the whole empty: half an identifier would be taken for a whole one.
            made = f" || {quoted(source.with_)} || ".join(self.text(part) for part in source.join)
        if source.pattern is not None:
            found = f"regexp_extract({made}, {quoted(source.pattern)}, 1)"
            made = f"nullif({stripped(found)}, '')"
        if source.values:
            rungs = " ".join(f"WHEN {quoted(was)} THEN nullif({quoted(is_.strip())}, '')" for was, is_ in source.values.items())
            made = f"CASE {made} {rungs} ELSE {made} END"
        if source.fold is not None:
            made = f"{source.fold}({made})"
        if source.when_empty is not None:
            made = f"coalesce({made}, {quoted(source.when_empty.strip())})"
        return f"({made})"

    def cleaned(self, column: str) -> str:
        return named(f"t:{self.places[column]}")

    def holds(self, condition: When) -> str:
        """SQL that is true of the lines on which an unfolded row is made."""
        cell = self.cleaned(condition.column)
        if condition.is_ == "empty":
            return f"{cell} IS NULL"
        if condition.is_ == "not_empty":
            return f"{cell} IS NOT NULL"
        words = (condition.is_,) if isinstance(condition.is_, str) else condition.is_
        return f"coalesce({cell} IN ({', '.join(quoted(word) for word in words)}), FALSE)"

    def span(self, span: Span, sign: str) -> tuple[str, str]:
        """The text of a span and, from that text under the name `span`, its signed length in microseconds (NULL when no whole number)."""
        unit = UNIT_US[span.unit]
        if span.column is None:
            return quoted(str(span.whole)), f"({sign}{(span.whole or 0) * unit})"
        limit = LONGEST_US // unit
        value = f"CASE WHEN regexp_full_match(span, {quoted(WHOLE)}) THEN TRY_CAST(span AS BIGINT) END"
        return self.cleaned(span.column), f"({sign}{unit} * (CASE WHEN {value} BETWEEN -{limit} AND {limit} THEN {value} END))"


def value_sql(column: Column, shape: Shape, text: str) -> str:
    """The value of a text, NULL where the text is none; instants have `instant_sql`."""
    if column.kind is Kind.WHOLE:
        return f"CASE WHEN regexp_full_match({text}, {quoted(WHOLE)}) THEN TRY_CAST({text} AS BIGINT) END"
    if column.kind is Kind.FLAG:
        true, false = (", ".join(quoted(word.lower()) for word in words) for words in (shape.true_words, shape.false_words))
        return f"CASE WHEN lower({text}) IN ({true}) THEN TRUE WHEN lower({text}) IN ({false}) THEN FALSE END"
    if column.kind is Kind.IDENTIFIER:
        return key_sql(text)
    return f"{column.fold}({text})" if column.fold is not None else text


def key_sql(text: str) -> str:
    """The 63-bit key of an identifier without surrounding blanks; equals feeds.feed.identifier_key."""
    return f"CAST(md5_number(upper({text})) >> 65 AS BIGINT)"


def instant_sql(source: Source, text: str) -> tuple[str, str]:
    """Two expressions of a stamp in microseconds: as an instant, and as local time of the Source's zone; each NULL where it is not that."""
    if source.format in EPOCHS:
        unit = EPOCHS[source.format]
        number = f"CASE WHEN regexp_full_match({text}, {quoted(WHOLE)}) THEN TRY_CAST({text} AS BIGINT) END"
        return f"CASE WHEN {number} BETWEEN 0 AND {FURTHEST_US // unit} THEN {number} * {unit} END", "NULL"
    if source.format != "iso":
        stamp = f"epoch_us(try_strptime({text}, {quoted(source.format)}))"
        return (stamp, "NULL") if "%z" in source.format or source.zone == "UTC" else ("NULL", stamp)
    # The usual form is told by its shape alone, five times cheaper than by a regular expression.
    usual = f"{text} LIKE '____-__-__T__:__:__.___Z' AND {text} NOT LIKE '___________24%'"
    plain = f"epoch_us(TRY_CAST({text} AS TIMESTAMP))"
    other = f"epoch_us(TRY_CAST(replace({text}, ',', '.') AS TIMESTAMPTZ))"
    absolute = f"CASE WHEN {usual} THEN {plain} WHEN regexp_full_match({text}, {quoted(ISO_OFFSET)}) THEN {other} END"
    if source.zone is None:
        return absolute, "NULL"
    local = f"CASE WHEN regexp_full_match({text}, {quoted(ISO_LOCAL)}) THEN epoch_us(TRY_CAST(replace({text}, ',', '.') AS TIMESTAMP)) END"
    return absolute, local


def zoned_sql(absolute: str, local: str, zone: str | None, until: int) -> tuple[str, str]:
    """The instant, and which oddity its local stamp shows: 1 the hour occurs twice, 2 no clock ever showed it, 0 neither."""
    if zone is None:
        return absolute, "0"
    return f"coalesce({absolute}, {local} - {offset_sql(local, zone, until)})", oddity_sql(local, zone, until)
