"""Rows of the audit trail as a table for Parquet: one layout for every sender, with stamps as stamps and codes as dictionaries."""

from typing import Any

import numpy as np
import pyarrow as pa

from tocsin.estate.block import EMPTY, Array, Block
from tocsin.estate.senders.spoiling import BAD_VARIANT
from tocsin.estate.senders.text import Text, euis
from tocsin.estate.senders.trail_lines import has_request
from tocsin.estate.senders.trail_rows import KIND
from tocsin.estate.words import WORDS

CODED = ("time_point", "message_class", "srv", "response_code", "device_result", "device_type", "region", "service_provider")
STAMP = pa.timestamp("us", tz="UTC")
WORD = pa.dictionary(pa.int16(), pa.string())

SCHEMA = pa.schema(
    [
        # The pieces of the RequestID, which the Shape joins: most of a row's octets are in them, and a counter is a number.
        ("originator", pa.dictionary(pa.int32(), pa.string())),
        ("target", pa.string()),
        ("counter", pa.uint64()),
        ("observed_at", STAMP),
        *((name, WORD) for name in CODED),
        ("command_variant", pa.int8()),
        ("user_id", pa.dictionary(pa.int32(), pa.string())),
        ("device_id", pa.string()),
        ("execution_at", STAMP),
        ("schedule_id", pa.int64()),
        ("scheduled_at", STAMP),
        ("instruction_no", pa.int8()),
        ("instruction_total", pa.int8()),
    ]
)
# Dictionaries where words come again and again; elsewhere Parquet's own try at one costs time and gains nothing.
DICTIONARIES = ["originator", *CODED, "command_variant", "user_id", "execution_at", "schedule_id", "scheduled_at", "instruction_no",
                "instruction_total"]  # fmt: skip


def table(rows: Block, users: Text) -> Any:
    """A pyarrow table in SCHEMA of `written_rows`."""
    done = rows["done"]
    variant = np.where(done == KIND["bad_variant"], np.int8(int(BAD_VARIANT)), rows["command_variant"])
    at = np.where(done == KIND["no_stamp"], EMPTY, rows["told_us"])
    target = euis(rows["target"])
    is_subject = rows["device"] == rows["target"]
    device = target if is_subject.all() else _device(rows["device"], target, is_subject)
    columns = {
        "originator": _few(rows["originator"]),
        "target": target,
        "counter": pa.array(rows["counter"], mask=~has_request(rows)),
        "observed_at": _stamps(at),
        **{name: _words(name, rows[name]) for name in CODED},
        "command_variant": _told(variant),
        "user_id": pa.DictionaryArray.from_arrays(pa.array(rows["user"], mask=rows["user"] < 0), users),
        "device_id": device,
        "execution_at": _stamps(rows["execution_us"]),
        "schedule_id": _told(rows["schedule"]),
        "scheduled_at": _stamps(rows["scheduled_us"]),
        "instruction_no": _told(rows["instruction_no"]),
        "instruction_total": _told(rows["instruction_total"]),
    }
    return pa.table(columns, schema=SCHEMA)


def _device(device: Array, target: Text, is_subject: Array) -> Text:
    """The target again where it is the device, as it is for nearly every row; else the device's own text, or null."""
    others = np.flatnonzero(~is_subject)
    place = np.arange(len(device))
    place[others] = len(device) + np.arange(len(others))
    return pa.concat_arrays([target, euis(device[others])]).take(pa.array(place))


def _stamps(at: Array) -> Any:
    is_empty = at == EMPTY
    return pa.array(at, mask=is_empty if is_empty.any() else None).cast(STAMP)


def _words(column: str, numbers: Array) -> Any:
    # Number 0 is the empty cell: a null, so that the words begin at 1.
    places = pa.array(numbers - 1, mask=numbers == 0).cast(pa.int16())
    return pa.DictionaryArray.from_arrays(places, pa.array(WORDS[column][1:], pa.string()))


def _few(values: Array) -> Any:
    """EUI-64s that are few and come again and again, each made text once."""
    found = pa.array(values).dictionary_encode()
    return pa.DictionaryArray.from_arrays(found.indices, euis(found.dictionary.to_numpy()))


def _told(values: Array) -> Any:
    return pa.array(values, mask=values == 0)
