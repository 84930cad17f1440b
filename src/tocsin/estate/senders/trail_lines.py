"""Rows of the audit trail as a sender's lines of text, spoilt lines included."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tocsin.estate.block import EMPTY, Array, Block, Truth
from tocsin.estate.senders.clocks import local_stamps
from tocsin.estate.senders.layouts import TrailLayout
from tocsin.estate.senders.rhythm import zone_name
from tocsin.estate.senders.spoiling import BAD_STAMP, BAD_VARIANT, spoilt_line
from tocsin.estate.senders.text import Epoch, StampForm, Text, euis, lines_of, picked, request_ids, stamps, wholes, words
from tocsin.estate.senders.trail_rows import KIND, KINDS
from tocsin.estate.words import WORDS

STRUCTURAL = ("short_line", "long_line", "broken_json")
PLANNED = {"execution_at": "execution_us", "scheduled_at": "scheduled_us"}
SMALL = ("command_variant", "instruction_no", "instruction_total")
_DIGITS = pa.array(["", *(str(number) for number in range(1, 128))], pa.string())


def lines(rows: Block, layout: TrailLayout, users: Text) -> Text:
    """One text a row of `written_rows` (of `folded` for the DCO). `users` are the User IDs by their place in the population."""
    cells = [cell(rows, what, layout, users) for what in layout.fields.values()]
    if layout.kind == "objects":
        keys = [f'{"," if place else "{"}"{name}":"' for place, name in enumerate(layout.fields)]
        quoted = [piece for key, value in zip(keys, cells, strict=True) for piece in (pa.scalar(key), value, pa.scalar('"'))]
        made = lines_of([*quoted, pa.scalar("}")], "")
    else:
        made = lines_of(cells, layout.delimiter)
    return _spoilt(made, rows["done"], layout.delimiter)


def cell(rows: Block, what: str, layout: TrailLayout, users: Text) -> Text:
    """One column of a sender's file as text."""
    if what in WORDS:
        return words(what, rows[what], layout.words.get(what))
    if what in SMALL:
        made = _DIGITS.take(pa.array(rows[what]))
        return _but(made, rows["done"], "bad_variant", BAD_VARIANT) if what == "command_variant" else made
    if what in PLANNED:
        return stamps(rows[PLANNED[what]], layout.planned)
    match what:
        case "observed_at":
            return _observed(rows, rows["told_us"], layout)
        case "received_at" | "transmitted_at":
            at = rows["received_us" if what == "received_at" else "transmitted_us"]
            return pc.if_else(pa.array(at == EMPTY), pa.scalar(None, pa.string()), _observed(rows, at, layout))
        case "request_id" | "path":
            part = ":" if what == "request_id" else "/"
            return request_ids(rows["originator"], rows["target"], rows["counter"], has_request(rows), is_lower=layout.is_lower, part=part)
        case "counter":
            return wholes(rows["counter"], has_request(rows))
        case "originator" | "target":
            return euis(rows[what], layout.is_lower)
        case "user_id":
            return picked(users, rows["user"])
        case "device_id":
            return euis(rows["device"], layout.is_lower)
    return wholes(rows["schedule"], rows["schedule"] != 0)


def has_request(rows: Block) -> Truth:
    """Rows whose cell of the RequestID is filled."""
    told: Truth = rows["has_request"] & (rows["done"] != KIND["no_request"])
    return told


def _observed(rows: Block, at: Array, layout: TrailLayout) -> Text:
    told = np.where(rows["done"] == KIND["no_stamp"], EMPTY, at)
    form: StampForm | Epoch = layout.stamp
    zone = zone_name(layout.sender)
    if zone != "UTC":
        told = np.where(told == EMPTY, EMPTY, local_stamps(told, zone))
    return _but(stamps(told, form), rows["done"], "bad_stamp", BAD_STAMP)


def _but(made: Text, done: Array, kind: str, text: str) -> Text:
    """The texts, and another in their place on lines with a fault."""
    struck = done == KIND[kind]
    return pc.if_else(pa.array(struck), pa.scalar(text), made) if struck.any() else made


def _spoilt(made: Text, done: Array, delimiter: str) -> Text:
    places = np.flatnonzero(np.isin(done, [KIND[kind] for kind in STRUCTURAL]))
    if not len(places):
        return made
    struck = np.zeros(len(done), np.bool_)
    struck[places] = True
    texts = [spoilt_line(made[int(place)].as_py(), KINDS[done[place]], delimiter) for place in places]
    return pc.replace_with_mask(made, pa.array(struck), pa.array(texts, pa.string()))
