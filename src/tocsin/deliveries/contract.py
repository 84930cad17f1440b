"""The contract: a received file, read as its Shape says, becomes accepted rows, refused rows with their reasons, and findings."""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

import structlog

from tocsin.deliveries.header import require
from tocsin.deliveries.json_lines import JsonLines
from tocsin.deliveries.known_words import known_words
from tocsin.deliveries.lines import Delimited
from tocsin.deliveries.sheets import Sheet
from tocsin.deliveries.unpacking import GZIP, Limits
from tocsin.engines.parquet_cells import parquet_columns
from tocsin.engines.pieces import Counts, NotReadHere
from tocsin.engines.reading import Piece, Readings
from tocsin.engines.row_sql import RowSql
from tocsin.feeds.feed import Feed
from tocsin.feeds.shape import FORMATS, Shape
from tocsin.vocabulary.calendar import moment
from tocsin.vocabulary.errors import EngineUnavailable, RefusedDelivery

# Counted up when the same file would give other rows: part of what a delivery is recognised by.
VERSION = 1

log = structlog.get_logger()

_BEGINS = {"parquet": b"PAR1", "xlsx": b"PK\x03\x04"}


@dataclass(frozen=True)
class Means:
    """What the contract may use: limits of a file, memory, threads, and the words codes are known by (else the vocabulary's)."""

    limits: Limits = field(default_factory=Limits)
    memory_limit: str = "1GB"
    threads: int = 2
    known: Mapping[str, Set[str]] | None = None
    # A workspace's reference/ folder, whose dated rows add to the words known.
    reference: Path | None = None
    # Whether large files are read in compiled code: None where that is installed. The rows are the same either way.
    compiled: bool | None = None


def contract_digest(feed: Feed, shape: Shape) -> str:
    """SHA-256 of all that decides which rows a file gives: the contract's version, the feed and the Shape."""
    told = f"{VERSION}\x1e{feed!r}\x1e{shape.model_dump_json(exclude={'where'})}"
    return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True)
class Received:
    """A file to hold to the contract: where it is kept, what it was called, how it is read, when it came, its number, what it covers."""

    file: Path
    file_name: str
    shape: Shape
    feed: Feed
    received_at: int
    delivery_no: int
    covers: tuple[int, int] | None = None


def hold_to(
    received: Received, out: Path, means: Means, readings: Readings, progress: Callable[[int], None] = lambda count: None
) -> Counts:
    """Write `accepted.parquet` and `refused.parquet` into the folder `out` and tell what became of every line.

    Raises RefusedDelivery for a file that cannot be taken in whole.
    """
    done = 0

    def told(lines: int) -> None:
        nonlocal done
        done += lines
        progress(lines)

    try:
        return _held_to(received, out, means, readings, told)
    except NotReadHere as why:
        log.info("delivery read anew by the statement", feed=received.feed.name, shape=received.shape.name, why=str(why))
        shutil.rmtree(out / "work")
        progress(-done)
        return _held_to(received, out, replace(means, compiled=False), readings, progress)


def _held_to(received: Received, out: Path, means: Means, readings: Readings, progress: Callable[[int], None]) -> Counts:
    file, shape, feed = received.file, received.shape, received.feed
    kind = _format(file, received.file_name, shape)
    objects = JsonLines(file, shape, feed.code, means.limits) if kind == "jsonl" else None
    pieces, columns = _source(file, kind, shape, feed, means.limits) if objects is None else (objects.pieces(), objects.columns)
    if objects is None:
        require(shape, columns)
    work = out / "work"
    work.mkdir()
    with readings.reading(RowSql(feed, shape, columns, received.received_at, received.covers), work) as rows:
        if kind == "parquet":
            rows.take_parquet(file)
        else:
            rows.take(pieces, progress, means.compiled)
        if objects is not None:
            objects.require_keys()
        known = means.known if means.known is not None else known_words(moment(received.received_at).date(), means.reference)
        counts = rows.finish(out / "accepted.parquet", out / "refused.parquet", received.delivery_no, known)
    shutil.rmtree(work)
    return counts


def _source(file: Path, kind: str, shape: Shape, feed: Feed, limits: Limits) -> tuple[Iterator[Piece], tuple[str, ...]]:
    if kind == "csv":
        delimited = Delimited(file, shape, feed.code, limits)
        return delimited.pieces(), delimited.columns
    if kind == "xlsx":
        sheet = Sheet(file, shape, limits)
        return sheet.pieces(), sheet.columns
    try:
        columns = parquet_columns(file)
    except EngineUnavailable as wrong:
        # The engine's first line says why; where the store lies and what the engine was asked are nothing a report may tell.
        why = str(wrong).partition("\n")[0].replace(str(file), "the file").replace("file 'the file'", "the file")
        raise RefusedDelivery(f"a Parquet file was expected, found one that cannot be read ({why}). Ask the sender.") from wrong
    for name, stored in columns:
        if name in shape.columns_read() and any(word in stored for word in ("STRUCT", "MAP", "[", "UNION")):
            raise RefusedDelivery(f'column "{name}" holds {stored}; a single value a row was expected. Ask the sender for a flat column.')
    return iter(()), tuple(name for name, _ in columns)


def _format(file: Path, file_name: str, shape: Shape) -> str:
    """The format by the Shape, else by the file's name; the first bytes must not say otherwise. Raises RefusedDelivery."""
    with file.open("rb") as opened:
        begins = opened.read(4)
    if not begins:
        raise RefusedDelivery("the file is empty (0 bytes); a file that says 'nothing happened' has a header line. Ask the sender.")
    ending = file_name.lower().removesuffix(".gz").rpartition(".")[2]
    kind = shape.format or {"jl": "jsonl", "ndjson": "jsonl", "json": "jsonl"}.get(ending, ending if ending in FORMATS else "csv")
    expected = _BEGINS.get(kind)
    if expected is not None and begins != expected:
        packed = " (it is packed with gzip: send it as it is)" if begins.startswith(GZIP) else ""
        raise RefusedDelivery(f"{kind} was expected by its name or Shape, found a file that does not begin as one{packed}. Ask the sender.")
    for other, start in _BEGINS.items():
        if expected is None and begins == start:
            raise RefusedDelivery(f'{kind} was expected by its name or Shape, found {other}. Say format = "{other}" in {shape.where}.')
    return kind
