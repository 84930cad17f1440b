"""Columns of numbers as the text that files hold: EUI-64s, stamps, words. Whole columns at once, for a day has many alerts."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tocsin.estate.block import EMPTY, Array, Whole
from tocsin.estate.senders.clocks import instants_of, local_stamps
from tocsin.vocabulary.instants import SECOND_US

# How stamps are written: the unit they are cut to, and the form (empty: the number itself).
STAMPS = {
    "iso_ms": (1000, "%Y-%m-%dT%H:%M:%SZ"),
    "iso_s": (SECOND_US, "%Y-%m-%d %H:%M:%SZ"),
    "british": (SECOND_US, "%d/%m/%Y %H:%M:%S"),
    "american_ms": (1000, "%Y-%m-%d %H:%M:%S"),
    "epoch_ms": (1000, ""),
    "epoch_s": (SECOND_US, ""),
}
_HEX = np.frombuffer(b"".join(b"%02X" % number for number in range(256)), np.uint8).reshape(256, 2)


def eui_text(eui: Array) -> pa.Array:
    """EUI-64s as "90-B3-D5-1F-30-00-00-02"."""
    octets = np.ascontiguousarray(eui, ">u8").view(np.uint8).reshape(-1, 8)
    text = np.full((len(eui), 24), ord("-"), np.uint8)
    text[:, 0::3], text[:, 1::3] = _HEX[octets][:, :, 0], _HEX[octets][:, :, 1]
    return pa.array(np.ascontiguousarray(text[:, :23]).view("S23").ravel()).cast(pa.string())


def stamp_text(at: Whole, form: str, zone: str = "UTC") -> pa.Array:
    """Instants as a sender writes them; an EMPTY one is null."""
    unit, written = STAMPS[form]
    known = at != EMPTY
    local = local_stamps(np.where(known, at, 0), zone) // unit
    if not written:
        return pa.array(local, mask=~known).cast(pa.string())
    of_unit = pa.array(local, pa.int64(), mask=~known).cast(pa.timestamp("ms" if unit == 1000 else "s"))
    return pc.strftime(of_unit, format=written)


def as_read(at: Whole, form: str, zone: str = "UTC") -> Whole:
    """The instants a reader must take the stamps of `stamp_text` for: cut to their unit, an hour that comes twice read as the earlier."""
    unit, _ = STAMPS[form]
    known = at != EMPTY
    local = local_stamps(np.where(known, at, 0), zone)
    return np.where(known, instants_of(local - local % unit, zone), EMPTY)


def words(values: Array, of: Sequence[str]) -> pa.Array:
    """Numbers of words as the words; an empty word is null."""
    return pa.array([word or None for word in of], pa.string()).take(pa.array(values.astype(np.int64)))


def ended(texts: pa.Array) -> tuple[memoryview, Array]:
    """Texts one after another, each ended by a line feed, and the place where each begins and the last ends."""
    if not len(texts):
        return memoryview(b""), np.zeros(1, np.int64)
    # The texts of a freshly made array lie one after another in its last buffer; the one before says where each begins.
    _, starts, octets = pc.binary_join_element_wise(texts, "", "\n").buffers()
    return memoryview(octets), np.frombuffer(starts, np.int32)[: len(texts) + 1]


def joined(columns: Sequence[pa.Array], by: str) -> pa.Array:
    """The columns of each row as one text, nulls as nothing."""
    return pc.binary_join_element_wise(*columns, by, null_handling="replace", null_replacement="")
