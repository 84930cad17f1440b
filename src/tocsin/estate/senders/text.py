"""Numbers as columns of text, vectorised: no Python runs for a single row (pyarrow string arrays over byte matrices)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tocsin.estate.block import EMPTY, Array, Truth, Whole
from tocsin.estate.words import WORDS
from tocsin.vocabulary.instants import DAY_US, MINUTE_US

Text = Any  # a pyarrow array of strings
Octets = NDArray[np.uint8]

MS_US = 1000


@dataclass(frozen=True)
class StampForm:
    """How a sender writes a stamp: the date by strftime, then hours and minutes, then a template of seconds `s` and milliseconds `ms`."""

    date: str
    rest: str
    clock: str = "{hour:02d}:{minute:02d}:"


@dataclass(frozen=True)
class Epoch:
    """A stamp as a whole number of units since 1970."""

    unit_us: int


ISO = StampForm("%Y-%m-%dT", "{s:02d}.{ms:03d}Z")


def stamps(at: Whole, form: StampForm | Epoch) -> Text:
    """Instants, or what a local clock shows, as text; whole milliseconds. EMPTY is null."""
    is_told = at != EMPTY
    if not is_told.all():
        return _scattered(stamps(at[is_told], form), is_told)
    if isinstance(form, Epoch):
        return pa.array(at // form.unit_us).cast(pa.string())
    day, in_day = np.divmod(at, DAY_US)
    minute, in_minute = np.divmod(in_day, MINUTE_US)
    dates, place = _dates(day, form.date)
    clocks, rests = _tables(form)
    pieces = [("date", dates.dtype), ("clock", clocks.dtype), ("rest", rests.dtype)]
    written = np.empty(len(at), pieces)
    written["date"], written["clock"], written["rest"] = dates[place], clocks[minute], rests[in_minute // MS_US]
    return fixed_texts(written.view(np.uint8).reshape(len(at), written.dtype.itemsize))


def _dates(day: Whole, form: str) -> tuple[Array, Array]:
    """Dates as text and, for every row, which of them."""
    if len(day) and day.max() - day.min() < 1000:
        days, place = np.arange(day.min(), day.max() + 1), day - day.min()
    else:
        # Execution times may be in the year 3000.
        days, place = np.unique(day, return_inverse=True)
    start = datetime(1970, 1, 1, tzinfo=UTC)
    return _octets([(start + timedelta(days=int(one))).strftime(form) for one in days] or [start.strftime(form)]), place


@cache
def _tables(form: StampForm) -> tuple[Array, Array]:
    clocks = [form.clock.format(hour=minute // 60, minute=minute % 60) for minute in range(24 * 60)]
    return _octets(clocks), _octets([form.rest.format(s=ms // 1000, ms=ms % 1000) for ms in range(60_000)])


def _octets(texts: Sequence[str]) -> Array:
    """Texts of one length as an array of raw octets: numpy's own S type would drop what it takes for padding."""
    written = np.array([text.encode("ascii") for text in texts])
    return written.view(f"V{written.dtype.itemsize}")


@cache
def _pairs(is_lower: bool, end: str) -> Array:
    """For every two octets their characters, such as 90-B3 and `end`."""
    digits = "{:02x}-{:02x}" if is_lower else "{:02X}-{:02X}"
    return _octets([f"{digits.format(pair >> 8, pair & 255)}{end}" for pair in range(1 << 16)])


def eui_octets(parts: Sequence[tuple[Array, str]], is_lower: bool = False) -> Octets:
    """Characters of EUI-64s side by side, such as 90-B3-D5-1F-30-00-00-02, each with the text that ends it."""
    tables = [_pairs(is_lower, end) for _, last in parts for end in ("-", "-", "-", last)]
    written = np.empty(len(parts[0][0]), [(str(place), table.dtype) for place, table in enumerate(tables)])
    for part, (values, _) in enumerate(parts):
        pairs = values.astype(">u8").view(">u2").astype(np.intp).reshape(-1, 4)
        for place in range(4):
            written[str(4 * part + place)] = tables[4 * part + place][pairs[:, place]]
    return written.view(np.uint8).reshape(len(written), written.dtype.itemsize)


def euis(values: Array, is_lower: bool = False) -> Text:
    """EUI-64s as text; 0 is null."""
    return _nulled(fixed_texts(eui_octets([(values, "")], is_lower)), values != 0)


def wholes(values: Array, is_told: Truth | None = None) -> Text:
    """Whole numbers in decimal, originator counters above 2**63 included; null where it is not told."""
    return pa.array(values, mask=None if is_told is None else ~is_told).cast(pa.string())


def request_ids(originator: Array, target: Array, counter: Array, is_told: Truth, *, is_lower: bool = False, part: str = ":") -> Text:
    """Originator, target and counter in one cell; null where it is not told."""
    prefix = fixed_texts(eui_octets([(originator, part), (target, part)], is_lower))
    return _nulled(pc.binary_join_element_wise(prefix, wholes(counter), ""), is_told)


def words(column: str, numbers: Array, own: Mapping[str, str] | None = None) -> Text:
    """Coded words, in the sender's own where it has its own; number 0 is the empty text."""
    table = [(own or {}).get(word, word) for word in WORDS[column]]
    return pa.array(table, pa.string()).take(pa.array(numbers))


def picked(texts: Text, place: Array) -> Text:
    """The texts of a table at places; -1 is null."""
    return texts.take(pa.array(place, mask=place < 0))


def fixed_texts(octets: Octets) -> Text:
    """Rows of characters, all of one width, as texts."""
    rows, width = octets.shape
    offsets = np.arange(rows + 1, dtype=np.int32) * np.int32(width)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(octets)))


def lines_of(cells: Sequence[Text], part: str) -> Text:
    """One text a row, its cells parted; a null is an empty cell."""
    return pc.binary_join_element_wise(*cells, part, null_handling="replace", null_replacement="")


def joined(lines: Text) -> memoryview:
    """Lines one after another, each with its line feed."""
    if not len(lines):
        return memoryview(b"")
    # The texts of a freshly made array lie one after another in its last buffer; the one before says where the last of them ends.
    _, ends, octets = pc.binary_join_element_wise(lines, "", "\n").buffers()
    return memoryview(octets)[: int(np.frombuffer(ends, np.int32)[len(lines)])]


def _nulled(texts: Text, is_told: Truth) -> Text:
    return texts if is_told.all() else pc.if_else(pa.array(is_told), texts, pa.scalar(None, pa.string()))


def _scattered(told: Text, is_told: Truth) -> Text:
    """Texts of some rows, set back among the rows that have none."""
    return picked(told, np.where(is_told, np.cumsum(is_told) - 1, -1))
