"""Behaviour that real trails show and a profile of faults asks for: skewed clocks, answers before their request, words no table has."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tocsin.estate.block import Array, Whole


@dataclass(frozen=True)
class Oddities:
    """`rates`: of a million requests that it can happen to, for how many it does; `draw`: the chance it is drawn by."""

    rates: dict[str, int] = field(default_factory=dict)
    draw: Any = None

    def some(self, of: int, name: str) -> Array:
        """Places of those out of so many to which it happens, in order, none twice."""
        rate = self.rates.get(name, 0)
        if not rate or not of:
            return np.empty(0, np.int64)
        count = int(self.draw.binomial(of, min(rate / 1e6, 1)))
        return np.unique(self.draw.integers(0, of, count))

    def whole(self, count: int, least: int, most: int) -> Whole:
        return np.asarray(self.draw.integers(least, most + 1, count)) if count else np.empty(0, np.int64)


NO_ODDITIES = Oddities()
