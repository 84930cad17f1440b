"""From the rows that came to one wide row a request and device: the earliest stamp at each point of its road (decision 0003)."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from tocsin.estate.block import EMPTY, Array, Block, Truth, Whole
from tocsin.estate.truth.readings import DONE, POINTS, read_rows, seen_time_points
from tocsin.estate.words import WORDS
from tocsin.vocabulary.service_requests import variants

# Later than any instant, and above any number: a minimum that nothing was put into.
NEVER = np.iinfo(np.int64).max

# Below an instant: four bits for a command variant, two for a verdict.
VARIANTS, VERDICTS = 16, 4

_READ = (
    *("request", "told_us", "time_point", "message_class", "srv", "response_code", "command_variant", "device_result", "user", "device"),
    *("device_type", "region", "service_provider", "execution_us", "scheduled_us", "instruction_no", "instruction_total"),
    *("fault", "sender", "file_day"),
)

# The number of the SRV that no row of a request tells; the words' own numbers come before it, in the order of their texts.
UNTOLD_SRV = len(WORDS["srv"])


def least(places: Array, values: Array, count: int, at_most: int = NEVER) -> Array:
    """The least of the values put at each place; `at_most` where none was put."""
    found = np.full(count, at_most, values.dtype)
    np.minimum.at(found, places, values)
    return found


@cache
def text_order(column: str, last: str = "") -> tuple[Array, Array]:
    """Rank of each word's number by its text, and the number of each rank; the empty cell comes last, and `last` just before it."""
    words = WORDS[column]
    order = sorted(range(len(words)), key=lambda number: (words[number] == "", words[number] == last, words[number]))
    ranks = np.empty(len(words), np.int16)
    ranks[order] = np.arange(len(words), dtype=np.int16)
    return ranks, np.array(order, np.int16)


def least_word(column: str, places: Array, numbers: Array, count: int, last: str = "") -> Array:
    """The first word by its text that the rows tell; 0 where none does."""
    ranks, order = text_order(column, last)
    found: Array = order[least(places, ranks[numbers], count, len(order) - 1)]
    return found


@cache
def answered_in_dcc(on: date) -> Truth:
    """By an SRV's number whether its requests are told apart by request alone: no device answers, or the catalogue does not have it."""
    listed = variants(on)
    return np.array([word not in listed or listed[word].is_non_device for word in (*WORDS["srv"], "untold")])


def read_columns(rows: Block, delivered: Truth) -> Block:
    """Those of the delivered rows that a clock may stand on, or that tell an SRV another row leaves out; only the columns read."""
    found = Block({name: rows[name] for name in _READ})
    mask = delivered if (rows["srv"] == 0).any() else delivered & seen_time_points()[rows["time_point"]]
    return found if mask.all() else found.take(np.flatnonzero(mask))


def seen(rows: Block) -> Block:
    """The rows that the DSP's clock saw, each with its SRV: its own, else the least that another row of its request tells, wherever
    it was seen, else UNTOLD_SRV.
    """
    srv, request = rows["srv"], rows["request"]
    untold = srv == 0
    if not untold.any():
        return rows
    telling = np.flatnonzero(~untold)
    told = least(request[telling], srv[telling].astype(np.int16), int(request.max()) + 1, UNTOLD_SRV)
    return rows.put(srv=np.where(untold, told[request], srv)).take(np.flatnonzero(seen_time_points()[rows["time_point"]]))


def grouped(requests: Whole, devices: Array, count: int) -> tuple[Whole, int]:
    """A group for each pair of request and own device. Nearly every request has one: it bears the request's own number."""
    one = np.zeros(count, devices.dtype)
    one[requests] = devices
    others = np.flatnonzero(one[requests] != devices)
    if not len(others):
        return requests, count
    pairs = np.stack([requests[others].astype(np.uint64), devices[others]], axis=1)
    _, places = np.unique(pairs, axis=0, return_inverse=True)
    groups = requests.copy()
    groups[others] = count + places.reshape(-1)
    return groups, count + int(places.max()) + 1


@dataclass(frozen=True)
class Ranks:
    """Users in the order of their EUI-64: the rank of each place, and the place of each rank. The last of both is nobody (-1)."""

    ranks: Array
    places: Array

    @classmethod
    def of(cls, eui: Array) -> "Ranks":
        order = np.append(np.argsort(eui, kind="stable"), -1)
        ranks = np.empty(len(order), np.int32)
        ranks[order] = np.arange(len(order))
        return cls(ranks, order)


def widen(rows: Block, users: Ranks, on: date) -> Block:
    """One row a request and device, of rows as `seen` gives them, `told_us` their stamps as they came.

    Stamps are µs UTC, NEVER where a point was not seen; packed with
    what they say are `received` and `signed` (VARIANTS), `answered`, `failed` and `reported` (VERDICTS). `repeats` counts rows beyond
    the first at a point, `report_count` what devices reported, `device` is the EUI-64 told, 0 for none.
    """
    count = int(rows["request"].max()) + 1 if len(rows) else 0
    group, groups = grouped(rows["request"], np.where(answered_in_dcc(on)[rows["srv"]], np.uint64(0), rows["device"]), count)
    point, verdict = read_rows(rows, on)
    stamps, order = rows["told_us"], np.argsort(point, kind="stable")
    at = dict(zip(POINTS, np.split(order, np.cumsum(np.bincount(point, minlength=len(POINTS)))[:-1]), strict=True))

    def earliest(name: str) -> Array:
        return least(group[at[name]], stamps[at[name]], groups)

    def earliest_with_variant(name: str) -> Array:
        return least(group[at[name]], stamps[at[name]] * VARIANTS + rows["command_variant"][at[name]], groups)

    answers, failing = at["answered"], at["answered"][verdict[at["answered"]] < DONE]
    stamped = {
        "received": earliest_with_variant("received"),
        "signed": earliest_with_variant("signed"),
        **{f"{name}_at": earliest(name) for name in ("precommand", "acknowledged", "commanded", "returned", "local")},
        "answered": least(group[answers], stamps[answers] * VERDICTS + verdict[answers], groups),
    }
    passed = np.bincount(group, minlength=groups) - sum(
        np.bincount(group[at[name]], minlength=groups) for name in ("elsewhere", "reported")
    )
    request = np.zeros(groups, np.int64)
    request[group] = rows["request"]
    wide = Block(
        {
            "request": request,
            "first_at": least(group, stamps, groups),
            **stamped,
            "failed": least(group[failing], stamps[failing] * VERDICTS + verdict[failing], groups),
            "repeats": passed - sum((seen_at != NEVER).astype(np.int64) for seen_at in stamped.values()),
            **_reports(rows.put(group=group, verdict=verdict).take(at["reported"]), groups),
            **_planned(group, rows, groups),
            "srv": least(group, rows["srv"], groups, UNTOLD_SRV),
            "user": users.places[least(group, users.ranks[rows["user"]], groups, len(users.places) - 1)],
            "device_type": least_word("device_type", group, rows["device_type"], groups),
            "region": least_word("region", group, rows["region"], groups),
            # The DSP is on every leg: it is named only where nobody else is.
            "service_provider": least_word("service_provider", group, rows["service_provider"], groups, "DSP"),
        }
    )
    has_rows = wide["first_at"] != NEVER
    return wide if has_rows.all() else wide.take(np.flatnonzero(has_rows))


def _planned(group: Whole, rows: Block, groups: int) -> dict[str, Array]:
    """Execution and planned time, and the device: of the request, and of the row that tells the execution time."""

    def told(column: str) -> tuple[Array, Array]:
        places = np.flatnonzero(rows[column] != EMPTY)
        return places, least(group[places], rows[column][places], groups)

    def device(places: Array) -> Array:
        # None is 0, and wraps to the greatest.
        return least(group[places], rows["device"][places] - np.uint64(1), groups, np.iinfo(np.uint64).max) + np.uint64(1)

    dated, execution_at = told("execution_us")
    return {
        "execution_at": execution_at,
        "scheduled_at": told("scheduled_us")[1],
        "dated_device": device(dated),
        "device": device(np.arange(len(group))),
    }


def _reports(reports: Block, groups: int) -> dict[str, Array]:
    """What devices reported of commands they held: complete with the last of all instructions, and as bad as the worst of them."""
    instruction = np.maximum(reports["instruction_no"], 1).astype(np.int64)
    keys, places = np.unique(reports["group"] * 128 + instruction, return_inverse=True)
    firsts = least(places, reports["told_us"] * VERDICTS + reports["verdict"], len(keys))
    group, count = keys // 128, np.zeros(groups, np.int64)
    last, total, worst = count.copy(), np.ones(groups, np.int64), least(group, firsts % VERDICTS, groups)
    np.add.at(count, group, 1)
    np.maximum.at(last, group, firsts // VERDICTS)
    np.maximum.at(total, reports["group"], reports["instruction_total"].astype(np.int64))
    is_complete = (count > 0) & (count >= total)
    return {
        "report_count": np.bincount(reports["group"], minlength=groups),
        "instruction_count": count,
        "reported": np.where(is_complete, last * VERDICTS + np.where(is_complete, worst, 0), NEVER),
    }
