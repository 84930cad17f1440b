"""Requests of one flow while they are drawn: when, to what, by whom, with which luck; and the sheet on which their rows are put."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tocsin.estate.block import EMPTY, Array, Truth, Whole
from tocsin.estate.requests.mix import mix
from tocsin.estate.requests.spans import USER_REJECT, behaviour

Bits = NDArray[np.uint64]

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@dataclass(frozen=True)
class Asked:
    """Requests of one flow. Instants in milliseconds UTC since 1970, EMPTY where there is none.

    `luck`, `more`: 64 bits of chance each, of which every use takes its own: see `bits`. `wait`: how long until one has timed out.
    """

    flow: int
    place: Whole
    cell: Array
    at: Whole
    device: Array
    user: Array
    region: Array
    outcome: NDArray[np.int8]
    luck: Bits
    more: Bits
    wait: Whole
    execution: Whole
    later: NDArray[np.int8]
    withdraws: Whole

    def __len__(self) -> int:
        return len(self.place)

    def take(self, rows: Array) -> "Asked":
        return Asked(self.flow, *(getattr(self, name)[rows] for name in COLUMNS))

    def of_cell(self, column: str) -> Array:
        return np.asarray(mix().cells[column][self.cell])

    @staticmethod
    def together(first: "Asked", second: "Asked") -> "Asked":
        return Asked(first.flow, *(np.concatenate([getattr(first, name), getattr(second, name)]) for name in COLUMNS))


COLUMNS = tuple(name for name in Asked.__dataclass_fields__ if name != "flow")


def bits(of: Bits, first: int, count: int) -> Whole:
    """Some of the 64 bits of each, as whole numbers. Of `luck`: 0 outcome (16), 16 rung (12), 28 jitter (8), 36 traced (8), 44 acked (8),
    52 answer (4), 56 way in (8). Of `more`: 0 and 16 the clock (16 and 10), 26 signing (10), 36 transform (8), 44 way out (8), 52 (12)."""
    return np.asarray(((of >> np.uint64(first)) & np.uint64((1 << count) - 1)).view(np.int64))


def span(asked: Asked, speed: Array | int) -> Whole:
    """How long each takes, in milliseconds, by speed and region."""
    rung = behaviour().spans[speed, asked.region, bits(asked.luck, 16, 12)].astype(np.int64)
    # Up to a sixteenth longer, so that the rungs do not show.
    return np.asarray(rung + (rung * bits(asked.luck, 28, 8) >> 12))


def outcomes(asked: Asked, speed: Array | int, severity: Array | None = None) -> NDArray[np.int8]:
    """How each ends, by speed and region; failures come `severity` times as often where that is not 1."""
    drawn = bits(asked.luck, 0, 16)
    found: NDArray[np.int8] = behaviour().outcomes[speed, asked.region, drawn]
    if severity is not None:
        bad = np.flatnonzero((severity > 1) & (found != USER_REJECT))
        worse = drawn[bad] // severity[bad]
        found[bad] = behaviour().outcomes[speed[bad] if isinstance(speed, np.ndarray) else speed, asked.region[bad], worse]
    return found


@dataclass
class Sheet:
    """Rows of a block as they are put down: place of the request, stamp in milliseconds, kind, answer, instruction number and total."""

    places: list[Array] = field(default_factory=list)
    stamps: list[Whole] = field(default_factory=list)
    kinds: list[Array] = field(default_factory=list)
    answers: list[Array] = field(default_factory=list)
    instructions: list[Array] = field(default_factory=list)

    def put(self, place: Array, stamp: Whole, kind: Array | int, answer: Array | int = 0, instruction: Array | int = 0) -> None:
        """Put down one row for each place. `instruction`: number * 16 + total, 0 for none."""
        if len(place):
            self.places.append(place)
            self.stamps.append(stamp)
            for kept, value in ((self.kinds, kind), (self.answers, answer), (self.instructions, instruction)):
                kept.append(np.broadcast_to(np.asarray(value, np.int16), len(place)))


def nothing(count: int) -> Whole:
    return np.full(count, EMPTY, np.int64)


def is_luck_below(of: Bits, first: int, count: int, below: int) -> Truth:
    return np.asarray(bits(of, first, count) < below)
