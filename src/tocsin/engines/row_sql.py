"""One statement for the contract: received lines in, rows of the feed out, each with what speaks against it."""

from dataclasses import dataclass
from functools import cached_property

from tocsin.engines.cell_sql import Cells, instant_sql, key_sql, named, quoted, value_sql, zoned_sql
from tocsin.feeds.feed import Column, Feed, Kind
from tocsin.feeds.shape import Shape, Source, Span
from tocsin.vocabulary.instants import DAY_US

# Nothing the field measures is older: DCC Live was in November 2016, and real records used as stand-ins begin in 2010.
OLDEST_AT = 946_684_800_000_000  # 2000-01-01
YEAR_US = 366 * DAY_US
LONGEST_SHOWN = 200


@dataclass(frozen=True)
class Fault:
    """What may speak against a row: the check, the sentence told once a delivery, the SQL of its condition and of the reason."""

    check_id: str
    sentence: str
    holds: str
    reason: str


@dataclass(frozen=True)
class RowSql:
    """The contract of one delivery: its feed, its Shape, the columns found in it, when it was received, and the time it covers."""

    feed: Feed
    shape: Shape
    columns: tuple[str, ...]
    received_at: int
    covers: tuple[int, int] | None = None

    @cached_property
    def cells(self) -> Cells:
        return Cells(self.shape, {name: place for place, name in reversed(list(enumerate(self.columns, 1)))})

    @cached_property
    def parts(self) -> tuple[tuple[str, dict[str, Source]], ...]:
        """For each unfolded row the SQL of its conditions and its Sources."""
        return tuple(
            (" AND ".join(self.cells.holds(condition) for condition in conditions) or "TRUE", columns)
            for conditions, columns in self.shape.parts()
        )

    @cached_property
    def mapped(self) -> tuple[Column, ...]:
        """The feed's columns that this Shape fills; the others are empty in every row and are added only when the file is written."""
        filled = {name for _, columns in self.parts for name in columns}
        if self.feed.key_when_empty:
            filled.add(self.feed.key_when_empty[0])
        return tuple(column for column in self.feed.columns if column.name in filled)

    @cached_property
    def zoned(self) -> tuple[str, ...]:
        """Instants that some Source reads as local time."""
        sources = [(column.name, part[column.name]) for column in self.mapped for _, part in self.parts if column.name in part]
        return tuple(dict.fromkeys(name for name, source in sources if source.zone not in {None, "UTC"}))

    def made(self, lines: str, is_tidy: bool) -> str:
        """SELECT over `lines` (line, raw, cells, width, told_check, told_reason): the feed's columns, their texts, `is_sound`."""
        kept = "line, raw, cells, width, told_check, told_reason"
        sound = f"(told_check IS NULL AND width = {len(self.columns)})"
        texts = [f"{self.cells.clean(name, is_tidy)} AS {self.cells.cleaned(name)}" for name in self.shape.columns_read()]
        cleaned = ", ".join([f"SELECT {kept}, {sound} AS is_sound", *texts]) + f" FROM {lines}"
        parts = []
        for place, (holds, columns) in enumerate(self.parts, 1):
            # A line of the wrong width makes one row, so that it is refused once.
            where = f"NOT is_sound OR ({holds})" if place == 1 else f"is_sound AND ({holds})"
            texts = [self._texts(column, columns.get(column.name)) for column in self.mapped]
            read = f"SELECT {kept}, is_sound, {place} AS part, {', '.join(texts)} FROM cleaned WHERE {where}"
            instants = [self._instant(column, columns.get(column.name)) for column in self.mapped if column.kind is Kind.INSTANT]
            # A stamp's text is read below and its zone asked above, so that it is read once and not once for every clock change.
            parts.append(f"SELECT *, {', '.join(instants)} FROM ({read})" if instants else read)
        unfolded = "cleaned AS MATERIALIZED" if len(parts) > 1 else "cleaned AS"
        rows = " UNION ALL BY NAME ".join(parts)
        typed = ", ".join([*(self._value(column) for column in self.feed.columns)])
        return f"WITH {unfolded} ({cleaned}), rows AS ({rows}), typed AS (SELECT *, {typed} FROM rows) {self._keyed('typed')}"

    def _texts(self, column: Column, source: Source | None) -> str:
        """The text of a column (NULL when any piece of it is empty) and, for instants, the two stamps and the spans."""
        name = column.name
        text = self.cells.text(source) if source is not None else "CAST(NULL AS VARCHAR)"
        if column.kind is not Kind.INSTANT or source is None:
            return f"{text} AS {named('x:' + name)}"
        spans = [self.cells.span(span, sign) for span, sign in _signed(source)]
        # With || one empty piece makes the whole empty.
        shown = " || ' ' || ".join([text, *(words for words, _ in spans)])
        length = " + ".join(["0", *(length.replace("span", words) for words, length in spans)])
        absolute, local = instant_sql(source, text)
        stamps = {"x": shown, "a": absolute, "l": f"CAST({local} AS BIGINT)", "s": length}
        return ", ".join(f"{sql} AS {named(f'{mark}:{name}')}" for mark, sql in stamps.items())

    def _instant(self, column: Column, source: Source | None) -> str:
        """The instant of a column, out of its stamps and spans, and what a clock change does to it."""
        absolute, local, length, at, odd = (named(f"{mark}:{column.name}") for mark in "alsio")
        if source is None:
            # Every part has the same columns, whatever it maps.
            nothing = ", ".join(f"CAST(NULL AS BIGINT) AS {name}" for name in (absolute, local, length, at))
            return f"{nothing}, 0 AS {odd}"
        zone = source.zone if instant_sql(source, "")[1] != "NULL" else None
        value, oddity = zoned_sql(absolute, local, zone, self.received_at + YEAR_US)
        return f"{value} + {length} AS {at}, {oddity} AS {odd}"

    def _value(self, column: Column) -> str:
        if column not in self.mapped:
            return f"CAST(NULL AS {column.stored_as}) AS {column.name}"
        if column.kind is Kind.INSTANT:
            return f"{named('i:' + column.name)} AS {column.name}"
        return f"{value_sql(column, self.shape, named('x:' + column.name))} AS {column.name}"

    def _keyed(self, typed: str) -> str:
        """A row without an identifier of its own is keyed by the columns the feed names for that, where it has them all."""
        if self.feed.key_when_empty is None:
            return f"SELECT * FROM {typed}"
        name, of = self.feed.key_when_empty
        if any(self.feed.column(other) not in self.mapped for other in of):
            return f"SELECT * FROM {typed}"
        pieces = [f"CAST({other} AS VARCHAR)" if self.feed.column(other).kind is Kind.INSTANT else named("x:" + other) for other in of]
        own = named("x:" + name)
        joined = " || ':' || ".join(pieces)
        return f"SELECT * REPLACE (coalesce({name}, {key_sql(joined)}) AS {name}, coalesce({own}, {joined}) AS {own}) FROM {typed}"

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """Everything that refuses a sound row, in order of column."""
        code = self.feed.code
        found: list[Fault] = []
        for column in self.mapped:
            name, text = column.name, named("x:" + column.name)
            shown = f"left({text}, {LONGEST_SHOWN})"
            if not column.may_be_empty:
                empty = f"{name} is required and is empty"
                found.append(Fault(f"{code}-EMPTY:{name}", empty, f"{text} IS NULL", quoted(empty)))
            if column.kind in {Kind.INSTANT, Kind.WHOLE, Kind.FLAG}:
                expected = {Kind.INSTANT: "a stamp as the Shape says", Kind.WHOLE: "a whole number", Kind.FLAG: "a yes or no"}[column.kind]
                reason = f"{quoted(f'{name}: expected {expected}, found ')} || {shown}"
                holds = f"{name} IS NULL AND {text} IS NOT NULL"
                found.append(Fault(f"{code}-TYPE:{name}", f"{name} is not {expected}", holds, reason))
            if column.kind is Kind.INSTANT:
                reason = f"{quoted(f'{name} is ')} || {shown}"
                past = Fault(f"{code}-PAST:{name}", f"{name} is before the year 2000", f"{name} < {OLDEST_AT}", reason)
                latest = self.received_at + DAY_US
                future = Fault(f"{code}-FUTURE:{name}", f"{name} is over a day after the file was received", f"{name} > {latest}", reason)
                found += [past] if column.far_future_allowed else [past, future]
        for check in self.feed.checks:
            found.append(Fault(check.id, check.sentence, f"NOT coalesce({check.holds}, FALSE)", quoted(f"does not hold: {check.sentence}")))
        return tuple(found)

    @property
    def is_refused(self) -> str:
        """SQL, over `made`, that is true of a refused row."""
        # A fault of an empty cell is not known to hold, and then does not: said once, for each word costs planning time.
        return f"coalesce({' OR '.join(['NOT is_sound', *(f'({fault.holds})' for fault in self.faults)])}, FALSE)"

    def reasons(self, made: str) -> str:
        """SELECT over refused rows of `made`: line, part, check_id, reason, raw; one row for each reason."""
        code, width = self.feed.code, len(self.columns)
        structure = (
            f"CASE WHEN told_check IS NOT NULL THEN {{'check_id': told_check, 'reason': told_reason}}"
            f" WHEN width < {width} THEN {{'check_id': '{code}-STRUCT-SHORT', 'reason': width || ' fields where the file has {width}'}}"
            f" WHEN width > {width} THEN {{'check_id': '{code}-STRUCT-LONG', 'reason': width || ' fields where the file has {width}'}} END"
        )
        others = [
            f"CASE WHEN is_sound AND {fault.holds} THEN {{'check_id': {quoted(fault.check_id)}, 'reason': {fault.reason}}} END"
            for fault in self.faults
        ]
        return (
            f"SELECT line, part, fault.check_id AS check_id, fault.reason AS reason, raw FROM"
            f" (SELECT line, part, raw, unnest([{', '.join([structure, *others])}]) AS fault FROM ({made})) WHERE fault IS NOT NULL"
        )


def _signed(source: Source) -> list[tuple[Span, str]]:
    return [*((span, "+") for span in source.plus), *((span, "-") for span in source.minus)]
