"""The rows of one sender as they are written: faults done to them, repeats among them, and the DCO's two stamps on one line."""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from tocsin.estate.block import EMPTY, Array, Block, Truth
from tocsin.estate.faults.kinds import COPY_AFTER_US, ROW_FAULTS
from tocsin.estate.senders.rhythm import REPEATING, REPEATS_ONE_IN, TRAIL_SENDERS
from tocsin.estate.senders.spoiling import AHEAD_US, CANNOT, FAULT
from tocsin.estate.words import number

# Kinds that the text of a line knows beside those of a row.
KINDS = (*ROW_FAULTS, "broken_json")
KIND: Mapping[str, int] = {name: place for place, name in enumerate(KINDS)}
# What the DCO's line tells once for both of its stamps.
SHARED = ("message_class", "srv", "command_variant", "device_type", "region", "service_provider")


def written_rows(rows: Block, means: str) -> tuple[Block, Counter[str]]:
    """Rows as a file has them, and how many lines of each fault there are in it. `means` is a key of CANNOT.

    Their column `done` says what is done to the text (place in KINDS); a repeated or copied row stands twice.
    """
    done = _can(rows, means)
    rows = _with_vice(rows.put(done=done))
    done = rows["done"]
    is_twice = (done == KIND["repeated"]) | (done == KIND["copied"])
    places = np.repeat(np.arange(len(rows)), 1 + is_twice)
    is_second = np.concatenate([[False], places[1:] == places[:-1]]) if len(places) else np.zeros(0, np.bool_)
    counted = np.bincount(done, minlength=len(KINDS))
    spoilt = Counter({kind: int(counted[place]) for place, kind in enumerate(KINDS) if place and counted[place]})
    rows = rows.take(places) if is_twice.any() else rows
    told = rows["told_us"]
    told = told + COPY_AFTER_US * (is_second & (rows["done"] == KIND["copied"]))
    told = told + AHEAD_US * (rows["done"] == KIND["future_stamp"])
    return rows.put(told_us=told), spoilt


def _can(rows: Block, means: str) -> Array:
    """The faults that a file of this kind can carry, in place of those that it cannot."""
    done = rows["fault"].astype(np.int8)
    if not done.any():
        return done
    for kind, instead in CANNOT[means].items():
        done[rows["fault"] == FAULT[kind]] = KIND[instead]
    # A scheduled run has no RequestID of its own: without one it is known by its schedule, and nothing is amiss (duis.md 6, rule 10).
    done[(done == KIND["no_request"]) & (rows["schedule"] != 0)] = KIND["no_stamp"]
    return done


def _with_vice(rows: Block) -> Block:
    """One sender repeats about one row in a hundred, told by the row itself and not by chance."""
    own = rows["sender"] == TRAIL_SENDERS.index(REPEATING)
    if not own.any():
        return rows
    # Multiplied by 2**64 over the golden ratio the upper bits are spread evenly, whatever the counters are.
    mixed = (rows["counter"] ^ rows["device"] ^ rows["time_point"].astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
    is_struck = own & (rows["done"] == 0) & ((mixed >> np.uint64(32)) % np.uint64(REPEATS_ONE_IN) == 0)
    return rows.put(done=np.where(is_struck, KIND["repeated"], rows["done"]).astype(np.int8))


def folded(rows: Block) -> Block:
    """The DCO's lines: `received_us` and `transmitted_us` in place of the rows' stamps, both where two rows are of one command.

    A spoilt or repeated row has a line of its own, so that its fault strikes nothing else.
    """
    is_first = rows["time_point"] == number("time_point", "RX_CSP")
    received = np.where(is_first, rows["told_us"], EMPTY)
    transmitted = np.where(is_first, EMPTY, rows["told_us"])
    first, second = (_once(rows, side & (rows["done"] == 0)) for side in (is_first, ~is_first))
    _, of_first, of_second = np.intersect1d(rows["request"][first], rows["request"][second], assume_unique=True, return_indices=True)
    first, second = first[of_first], second[of_second]
    alike = np.ones(len(first), np.bool_)
    for column in SHARED:
        alike &= rows[column][first] == rows[column][second]
    first, second = first[alike], second[alike]
    transmitted[first] = transmitted[second]
    kept = np.ones(len(rows), np.bool_)
    kept[second] = False
    return rows.put(received_us=received, transmitted_us=transmitted).take(kept)


def _once(rows: Block, side: Truth) -> Array:
    """Places of one side's rows whose request has a single one there."""
    places = np.flatnonzero(side)
    _, first, count = np.unique(rows["request"][places], return_index=True, return_counts=True)
    single: Array = places[first[count == 1]]
    return single
