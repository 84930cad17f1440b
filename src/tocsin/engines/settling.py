"""The end of the contract: the pieces of a delivery become one sorted file without duplicates, and its findings are counted."""

from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path
from typing import Protocol

import duckdb

from tocsin.engines.cell_sql import named, quoted
from tocsin.engines.pieces import FIRST_LINES, Counts, Finding
from tocsin.engines.row_sql import RowSql
from tocsin.engines.stored import PARQUET, write_no_rows
from tocsin.feeds.feed import BAND_SHIFT, Feed, Kind
from tocsin.vocabulary.errors import EngineUnavailable

WORDS_SHOWN = 5
WORDED_FROM_ROWS = 200_000
ROWS_LOOKED_AT = 100_000
WORDED_UP_TO = 2_000


# The rows that may be accepted.
STAGED = "(SELECT * FROM pieces WHERE NOT refused AND NOT blank)"
REFUSED = (("line", "BIGINT"), ("check_id", "VARCHAR"), ("reason", "VARCHAR"), ("raw", "VARCHAR"))


class Staged(Protocol):
    """A reading whose pieces stand in its folder, or are held in the table `pieces`."""

    sql: RowSql
    folder: Path
    connection: duckdb.DuckDBPyConnection
    pieces: int
    is_held: bool
    counts: Counts
    odd_clocks: dict[tuple[str, int], list[int]]
    odd_clock_counts: dict[tuple[str, int], int]


def settle(reading: Staged, accepted: Path, refused: Path, delivery_no: int, known: Mapping[str, Set[str]]) -> Counts:
    """Write both Parquet files of a delivery whose pieces are all set down, and tell its counts and findings."""
    run, sql, counts, feed = reading.connection.execute, reading.sql, reading.counts, reading.sql.feed
    columns = {column.name for column in sql.mapped}
    if not reading.pieces:
        # A header and nothing else: most quarter-hour files of a small sender.
        write_no_rows(feed.stored_columns, accepted)
        write_no_rows(REFUSED, refused)
        return counts
    see_pieces(reading)
    repeats, first_repeats = _repeats(reading)
    counts.duplicates = repeats
    words = _worded(reading)
    # Two rows of one line keep the Shape's order; without such rows the sort has a column less to carry.
    place = ("line", "part") if len(sql.parts) > 1 else ("line",)
    kept = f"(SELECT * FROM {STAGED} ANTI JOIN repeats USING ({', '.join(place)}))" if repeats else STAGED
    narrow = ", ".join(f"CAST({c} AS {words[c]}) AS {c}" if c in words else c for c in (*place, *(c.name for c in sql.mapped)))
    cells = ", ".join(c.name if c.name in columns else f"CAST(NULL AS {c.stored_as}) AS {c.name}" for c in feed.columns)
    bands = [f"{feed.banded_by} >> {BAND_SHIFT}"] if feed.banded_by else []
    order = ", ".join([*bands, *(name for name in feed.sorted_by if name in columns), *place])
    body = f"SELECT line, {cells}, {delivery_no}::BIGINT AS delivery_no FROM (SELECT {narrow} FROM {kept} ORDER BY {order})"
    counts.accepted = run(f"COPY ({body}) TO {quoted(str(accepted))} ({PARQUET})").fetchall()[0][0]
    add_up(counts)
    if stamp := dated_by(sql):
        found = run(f"SELECT min({stamp}), max({stamp}) FROM read_parquet({quoted(str(accepted))})").fetchall()[0]
        counts.first_at, counts.last_at = found
    if repeats:
        counts.findings.append(repeated(feed, repeats, first_repeats))
    counts.findings += refusals(reading, refused)
    counts.findings += oddities(reading)
    counts.findings += _outside(reading, accepted)
    counts.findings += _unknown(reading, accepted, known, words)
    counts.findings.sort(key=lambda finding: finding.check_id)
    return counts


def see_pieces(reading: Staged) -> None:
    """The view `pieces` of what a Reading has set down, where it does not hold a table of that name."""
    if not reading.is_held:
        pieces = ", ".join(quoted(str(file)) for file in sorted(reading.folder.glob("staged-*.parquet")))
        reading.connection.execute(f"CREATE TEMP VIEW pieces AS SELECT * FROM read_parquet([{pieces}])")


def add_up(counts: Counts) -> None:
    """Every row is accepted, refused or a repeat of another. Raises EngineUnavailable where some are none of these."""
    if counts.rows != counts.accepted + counts.refused + counts.duplicates:
        raise EngineUnavailable(f"rows do not add up: {counts}. Nothing was taken in; report this.")


def dated_by(sql: RowSql) -> str | None:
    """The stamp whose first and last values a delivery is told by: the first required one, else the first that is of the past."""
    stamps = [column for column in sql.mapped if column.kind is Kind.INSTANT]
    told = [one.name for one in stamps if not one.may_be_empty] or [one.name for one in stamps if not one.far_future_allowed]
    return told[0] if told else None


def expected_words(sql: RowSql, known: Mapping[str, Set[str]]) -> dict[str, set[str]]:
    """Of every column of codes that has known words: the feed's own and those of the day."""
    expected = {c.name: set(c.known) | set(known.get(c.name, ())) for c in sql.mapped if c.kind is Kind.CODE}
    return {name: words for name, words in expected.items() if words}


def repeated(feed: Feed, count: int, lines: tuple[int, ...]) -> Finding:
    return Finding(f"{feed.code}-DUP", REMARKS["DUP"].format(key=", ".join(feed.key)), count, lines)


def outside(feed: Feed, count: int, lines: tuple[int, ...]) -> Finding:
    return Finding(f"{feed.code}-OUTSIDE", REMARKS["OUTSIDE"], count, lines)


def unknown(feed: Feed, name: str, words: Iterable[str], count: int, lines: tuple[int, ...]) -> Finding:
    found = sorted(words)
    shown = ", ".join(f'"{word[:20]}"' for word in found[:WORDS_SHOWN])
    more = f" and {len(found) - WORDS_SHOWN} more" if len(found) > WORDS_SHOWN else ""
    return Finding(f"{feed.code}-UNKNOWN:{name}", REMARKS["UNKNOWN"].format(column=name, words=f"{shown}{more}"), count, lines)


def _repeats(reading: Staged) -> tuple[int, tuple[int, ...]]:
    """Rows whose key an earlier row has, as the table `repeats`: how many, and the first lines. Without any there is no table."""
    run, sql = reading.connection.execute, reading.sql
    # By hash first: 8 bytes a row to look through, and only the rows that share one are compared by their whole key.
    twice = f"CREATE TEMP TABLE twice AS SELECT key_hash FROM {STAGED} GROUP BY key_hash HAVING count(*) > 1"
    if not run(twice).fetchall()[0][0]:
        return 0, ()
    columns = {column.name for column in sql.mapped}
    key = ", ".join(name for name in sql.feed.key if name in columns)
    suspects = f"SELECT * FROM {STAGED} WHERE key_hash IN (SELECT key_hash FROM twice)"
    ranked = f"SELECT line, part, row_number() OVER (PARTITION BY {key} ORDER BY line, part) AS place FROM ({suspects})"
    run(f"CREATE TEMP TABLE repeats AS SELECT line, part FROM ({ranked}) WHERE place > 1")
    repeats, lines = run(f"SELECT count(*), min(line, {FIRST_LINES}) FROM repeats").fetchall()[0]
    return repeats, tuple(lines or ())


def _worded(reading: Staged) -> dict[str, str]:
    """Columns of few words, each with an enumeration of them: sorted as numbers they cost half the time and memory.

    They are stored as text all the same. A column the rows are sorted by stays text: an enumeration has an order of its own.
    """
    run, sql, counts = reading.connection.execute, reading.sql, reading.counts
    texts = [c.name for c in sql.mapped if c.stored_as == "VARCHAR" and c.name not in sql.feed.sorted_by]
    if not texts or counts.rows - counts.refused < WORDED_FROM_ROWS:
        return {}
    # The first rows tell a column of codes from one of identifiers, which no enumeration could hold.
    counted = ", ".join(f"count(DISTINCT {name})" for name in texts)
    distinct = run(f"SELECT {counted} FROM (SELECT * FROM {STAGED} LIMIT {ROWS_LOOKED_AT})").fetchall()[0]
    few = [name for name, words in zip(texts, distinct, strict=True) if words <= WORDED_UP_TO]
    for name in few:
        run(f"CREATE TEMP TYPE {named('words of ' + name)} AS ENUM (SELECT DISTINCT {name} FROM {STAGED} WHERE {name} IS NOT NULL)")
    return {name: named("words of " + name) for name in few}


def refusals(reading: Staged, refused: Path) -> Iterator[Finding]:
    """Write the refused rows, one for each reason: the contract over their lines once more, since reasons are told only of these."""
    run, sql = reading.connection.execute, reading.sql
    if not reading.counts.refused:
        write_no_rows(REFUSED, refused)
        return
    # A Parquet row has no raw line: its cells are shown, parted as the Shape parts them.
    shown = f"array_to_string(list_transform(cells, lambda cell: coalesce(cell, '')), {quoted(sql.shape.delimiter)})"
    once = "DISTINCT " if len(sql.parts) > 1 else ""
    kept = f"line, coalesce(raw, {shown}) AS raw, cells, width, told_check, told_reason"
    again = f"SELECT {once}{kept} FROM pieces WHERE refused AND NOT blank"
    reasons = sql.reasons(sql.made(f"({again})", False))
    told = ", ".join(name for name, _ in REFUSED)
    run(f"COPY (SELECT {told} FROM ({reasons}) ORDER BY line, part, check_id) TO {quoted(str(refused))} ({PARQUET})")
    file = f"read_parquet({quoted(str(refused))})"
    sentences = {fault.check_id: fault.sentence for fault in sql.faults}
    counted = f"SELECT check_id, count(*), min(line, {FIRST_LINES}), min(reason) FROM {file} GROUP BY check_id ORDER BY check_id"
    for check_id, count, lines, reason in run(counted).fetchall():
        yield Finding(check_id, sentences.get(check_id, STRUCTURE.get(check_id.partition("-")[2], reason)), count, tuple(lines))


STRUCTURE = {
    "STRUCT-SHORT": "line has fewer fields than the file has columns",
    "STRUCT-LONG": "line has more fields than the file has columns",
    "STRUCT-WIDE": "line is longer than a line may be",
    "STRUCT-QUOTE": "a quotation mark opens a field and none closes it",
    "STRUCT-JSON": "line is no flat JSON object",
}

# What is counted and refuses nothing; the pages of docs/feeds print the same sentences.
REMARKS = {
    "DUP": "rows that repeat an earlier row of the file ({key}); the earliest is kept",
    "BLANK": "lines that are blank, passed over",
    "NONE": "lines of which the Shape makes no row",
    "TWICE": "{column}: local hours that occur twice when the clock goes back, read as the earlier",
    "SKIPPED": "{column}: local hours that no clock showed, read with the offset before the change",
    "OUTSIDE": "rows stamped outside the time that the file covers, kept",
    "UNKNOWN": "{column}: codes that are not known, kept: {words}",
}


def oddities(reading: Staged) -> Iterator[Finding]:
    """What was read all the same: blank lines, lines of which no row is made, hours around a clock change."""
    code, counts = reading.sql.feed.code, reading.counts
    if counts.blank:
        yield Finding(f"{code}-BLANK", REMARKS["BLANK"], counts.blank, ())
    if counts.passed_over:
        yield Finding(f"{code}-NONE", REMARKS["NONE"], counts.passed_over, ())
    for (name, oddity), lines in sorted(reading.odd_clocks.items()):
        word = "TWICE" if oddity == 1 else "SKIPPED"
        count = reading.odd_clock_counts[name, oddity]
        yield Finding(f"{code}-{word}:{name}", REMARKS[word].format(column=name), count, tuple(sorted(lines)[:FIRST_LINES]))


def _outside(reading: Staged, accepted: Path) -> Iterator[Finding]:
    """Rows that a sender has put into the file of another day: they count all the same, but a slot that looks filled may lack them."""
    sql, name = reading.sql, reading.sql.feed.stamped_within
    if sql.covers is None or name is None or name not in {column.name for column in sql.mapped}:
        return
    start_at, end_at = sql.covers
    source = f"read_parquet({quoted(str(accepted))}) WHERE {name} < {start_at} OR {name} >= {end_at}"
    count, lines = reading.connection.execute(f"SELECT count(*), min(line, {FIRST_LINES}) FROM {source}").fetchall()[0]
    if count:
        yield outside(sql.feed, count, tuple(lines))


def _unknown(reading: Staged, accepted: Path, known: Mapping[str, Set[str]], worded: Mapping[str, str]) -> Iterator[Finding]:
    """Codes outside the vocabulary are kept and counted: new ones appear before anybody tells the TOC."""
    run, sql = reading.connection.execute, reading.sql
    expected = expected_words(sql, known)
    names = list(expected)
    if not names:
        return
    # An enumeration tells its words without a look at the rows.
    every = "list_distinct(list({}))" if reading.is_held else "list(DISTINCT {})"  # of few rows the former is planned far quicker
    found = [f"enum_range(NULL::{worded[name]})" if name in worded else every.format(name) for name in names]
    source = "" if all(name in worded for name in names) else f" FROM {STAGED}"
    seen = run(f"SELECT {', '.join(found)}{source}").fetchall()[0]
    strange = {name: sorted(set(words or ()) - {None} - expected[name]) for name, words in zip(names, seen, strict=True)}
    for name in [name for name, words in strange.items() if words]:
        listed = ", ".join(quoted(word) for word in strange[name])
        source = f"read_parquet({quoted(str(accepted))}) WHERE {name} IN ({listed})"
        count, lines, words = run(f"SELECT count(*), min(line, {FIRST_LINES}), list(DISTINCT {name}) FROM {source}").fetchall()[0]
        if count:
            yield unknown(sql.feed, name, words, count, tuple(lines))
