"""Shapes: how one sender's file layout maps onto a feed. A Shape is a TOML file of the workspace; a new sender needs no code."""

import re
from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from tocsin.feeds.file_name import Covers, NamePattern
from tocsin.vocabulary.instants import DAY_US, MINUTE_US, SECOND_US

Unit = Literal["us", "ms", "s", "min", "h", "d"]
UNIT_US: dict[str, int] = {"us": 1, "ms": SECOND_US // 1000, "s": SECOND_US, "min": MINUTE_US, "h": 60 * MINUTE_US, "d": DAY_US}
EPOCHS: dict[str, int] = {f"epoch_{unit}": UNIT_US[unit] for unit in ("us", "ms", "s")}
FORMATS = ("csv", "parquet", "xlsx", "jsonl")

Text = Annotated[str, StringConstraints(min_length=1)]
Words = tuple[str, ...]


class Strict(BaseModel):
    """A Shape refuses a key it does not know: a misspelt key must not be taken for a default."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Span(Strict):
    """A length of time added to or taken from a stamp: a column of whole numbers, or one whole number."""

    column: Text | None = None
    whole: int | None = None
    unit: Unit

    @model_validator(mode="after")
    def _one(self) -> "Span":
        if (self.column is None) == (self.whole is None):
            raise ValueError("expected exactly one of column, whole")
        return self


def _named(found: Any) -> Any:
    return {"column": found} if isinstance(found, str) else found


class Source(Strict):
    """Where the text of one feed column comes from, and how it is read. A plain word in the TOML is short for `{column = word}`."""

    column: Text | None = None
    constant: str | None = None
    line: bool = False
    join: tuple["SourceOf", ...] = ()
    with_: str = Field(":", alias="with")
    # A regular expression with one group: the group is the text. No match is an empty cell.
    pattern: str | None = None
    fold: Literal["upper", "lower"] | None = None
    values: dict[str, str] = {}
    when_empty: str | None = None
    # Instants only.
    format: str = "iso"
    zone: str | None = None
    plus: tuple[Span, ...] = ()
    minus: tuple[Span, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> "Source":
        named = [self.column is not None, self.constant is not None, self.line, bool(self.join)]
        if sum(named) != 1:
            raise ValueError("expected exactly one of column, constant, line, join")
        if self.pattern is not None:
            try:
                groups = re.compile(self.pattern).groups
            except re.error as wrong:
                raise ValueError(f"pattern is no regular expression: {wrong}") from wrong
            if groups != 1:
                raise ValueError(f"pattern has {groups} groups; expected one, which is the text to keep")
        if self.format not in ("iso", *EPOCHS):
            if "%" not in self.format:
                raise ValueError(f'format "{self.format}" is not known; expected iso, {", ".join(EPOCHS)} or one such as %d/%m/%Y %H:%M')
            if self.zone is None and "%z" not in self.format:
                raise ValueError("a stamp without an offset needs its zone, such as UTC or Europe/London")
        if self.zone is not None:
            zone_named(self.zone)
        return self

    def columns_read(self) -> set[str]:
        """Columns of the received file that this text is made of."""
        own = {self.column} if self.column is not None else set()
        spans = {span.column for span in (*self.plus, *self.minus) if span.column is not None}
        return own | spans | {name for part in self.join for name in part.columns_read()}


SourceOf = Annotated[Source, BeforeValidator(_named)]
Source.model_rebuild()


class When(Strict):
    """On which lines an unfolded row is made: the cell is empty, is not empty, or is one of some words."""

    column: Text
    is_: Words | str = Field("not_empty", alias="is")

    def columns_read(self) -> set[str]:
        return {self.column}


class Unfold(Strict):
    """One of several rows made of one line: what differs from `[columns]`, and on which lines it is made."""

    when: tuple[When, ...] | When = ()
    columns: dict[str, SourceOf] = {}

    @property
    def conditions(self) -> tuple[When, ...]:
        return (self.when,) if isinstance(self.when, When) else self.when


class Shape(Strict):
    """One sender's layout of one feed. `name` is the name of its file, `where` the file itself, for messages."""

    name: str
    where: str
    feed: Text
    sender: Text
    pattern: Text
    format: Literal["csv", "parquet", "xlsx", "jsonl"] | None = None
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","
    encoding: Text = "utf-8"
    header: bool = True
    # The names of the columns, in order, of a file without a header line.
    positions: Words = ()
    sheet: Text | None = None
    covers: tuple[date, date] | None = None
    covers_zone: str = "UTC"
    submission: Literal["initial", "final"] = "final"
    nulls: Words = ()
    true_words: Words = ("true", "yes", "y", "t", "1")
    false_words: Words = ("false", "no", "n", "f", "0")
    columns: dict[str, SourceOf]
    values: dict[str, dict[str, str]] = {}
    unfold: tuple[Unfold, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> "Shape":
        if not self.delimiter.isascii() or self.delimiter in '"\r\n\0':
            raise ValueError("delimiter: expected one plain character other than a quotation mark or a line end")
        if self.header == bool(self.positions):
            raise ValueError("positions: name the columns in order where header = false, and only there")
        if self.covers is not None and self.covers[1] <= self.covers[0]:
            raise ValueError("covers: the second day is the first that is no longer covered, so it must come later than the first")
        try:
            "".encode(self.encoding)
        except LookupError as wrong:
            raise ValueError(f'encoding: "{self.encoding}" is not known; expected one such as utf-8, cp1252 or utf-16') from wrong
        zone_named(self.covers_zone)
        return self

    @property
    def file_names(self) -> NamePattern:
        return NamePattern.parse(self.pattern)

    def covering(self, file_name: str) -> Covers | None:
        """What a file of that name covers under this Shape, or None when it is not one of its files."""
        return self.file_names.read(file_name, zone_named(self.covers_zone), self.covers, self.submission)

    def parts(self) -> tuple[tuple[tuple[When, ...], dict[str, Source]], ...]:
        """The rows made of one line: for each its conditions and the Source of every mapped column, value maps included."""
        made = self.unfold or (Unfold(),)
        return tuple((part.conditions, self._mapped({**self.columns, **part.columns})) for part in made)

    def _mapped(self, columns: dict[str, Source]) -> dict[str, Source]:
        return {
            name: source.model_copy(update={"values": {**self.values.get(name, {}), **source.values}}) for name, source in columns.items()
        }

    def columns_read(self) -> tuple[str, ...]:
        """Every column of the received file that the Shape asks for, in order of name."""
        asked: set[str] = set()
        for conditions, columns in self.parts():
            asked |= {name for condition in conditions for name in condition.columns_read()}
            asked |= {name for source in columns.values() for name in source.columns_read()}
        return tuple(sorted(asked))


def zone_named(name: str) -> ZoneInfo:
    """A time zone by name. Raises ValueError saying what was expected."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as wrong:
        raise ValueError(f'zone "{name}" is not known; expected one such as UTC or Europe/London') from wrong
