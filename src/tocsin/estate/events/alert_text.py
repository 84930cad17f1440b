"""Columns of numbers as the text that files hold: EUI-64s, stamps, words. Whole columns at once, for a day has many alerts."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tocsin.estate.block import EMPTY, Array, Whole
from tocsin.estate.senders.clocks import instants_of, local_stamps
from tocsin.estate.senders.text import ISO, Epoch, StampForm, stamps
from tocsin.vocabulary.instants import SECOND_US

# How stamps are written: the unit they are cut to, and the form.
STAMPS: Mapping[str, tuple[int, StampForm | Epoch]] = {
    "iso_ms": (1000, ISO),
    "iso_s": (SECOND_US, StampForm("%Y-%m-%d ", "{s:02d}Z")),
    "british": (SECOND_US, StampForm("%d/%m/%Y ", "{s:02d}")),
    "american_ms": (1000, StampForm("%Y-%m-%d ", "{s:02d}.{ms:03d}")),
    "epoch_ms": (1000, Epoch(1000)),
    "epoch_s": (SECOND_US, Epoch(SECOND_US)),
}


def stamp_text(at: Whole, form: str, zone: str = "UTC") -> pa.Array:
    """Instants as a sender writes them; an EMPTY one is null."""
    told = at if zone == "UTC" else np.where(at == EMPTY, EMPTY, local_stamps(np.where(at == EMPTY, 0, at), zone))
    return stamps(told, STAMPS[form][1])


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
