"""The forms of stamps that are read in compiled code: two digits a field, each at its place."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tocsin.engines.cell_sql import FURTHEST_US
from tocsin.engines.compiled.kernels.numbers import AS_IT_IS, ISO_FRACTION, LOCAL, MICROSECONDS, NO_FRACTION, OFFSET_OR_LOCAL, WITH_OFFSET
from tocsin.engines.pieces import NotReadHere
from tocsin.engines.row_sql import OLDEST_AT, YEAR_US
from tocsin.engines.zone_sql import HALF_HOUR_US, changes, first_offset
from tocsin.feeds.feed import Column
from tocsin.feeds.shape import EPOCHS, Source
from tocsin.vocabulary.instants import DAY_US

_WIDTHS = {"%Y": 4, "%m": 2, "%d": 2, "%H": 2, "%M": 2, "%S": 2}
_LAST = 2**62


@dataclass(frozen=True)
class StampForm:
    """How a stamp is written. `unit` is that of a whole number since 1970, else 0; `zone` is that of a local stamp."""

    least: int
    most: int
    unit: int = 0
    places: tuple[int, ...] = ()
    literals: tuple[tuple[int, int, int], ...] = ()
    fraction: int = NO_FRACTION
    ending: int = AS_IT_IS
    # What says UTC beside "Z".
    utc: int = ord("Z")
    zone: str | None = None
    until: int = 0

    @property
    def place_array(self) -> NDArray[np.int64]:
        return np.array(self.places, np.int64)

    @property
    def literal_array(self) -> NDArray[np.int64]:
        return np.array(self.literals, np.int64).reshape(-1, 3)

    @property
    def clock(self) -> NDArray[np.int64]:
        """Newest first: from which local stamp on which offset holds, and between which its change is near (zone_sql has the same)."""
        if self.zone is None:
            return np.empty((0, 4), np.int64)
        near = 2 * HALF_HOUR_US
        rungs = [
            (at + max(before, after), after, at + min(before, after) - near, at + max(before, after) + near)
            for at, before, after in reversed(changes(self.zone))
            if at <= self.until
        ]
        return np.array([*rungs, (-_LAST, first_offset(self.zone), 0, 0)], np.int64)


def stamp_form(source: Source, column: Column, received_at: int) -> StampForm:
    """The form of a Source's stamps. Raises NotReadHere."""
    most = _LAST if column.far_future_allowed else received_at + DAY_US
    until = received_at + YEAR_US
    if source.format in EPOCHS:
        unit = EPOCHS[source.format]
        return StampForm(OLDEST_AT, min(most, FURTHEST_US // unit * unit), unit)
    if source.format == "iso":
        if source.fold == "lower":
            raise NotReadHere(f"{column.name}: ISO stamps in lower case")
        # A Shape that folds its stamps has a sender that writes them in small letters.
        separators, utc = ((10, ord("T"), ord(" ")), ord("Z")) if source.fold is None else ((10, ord("T"), ord("t")), ord("z"))
        literals = ((4, 45, 45), (7, 45, 45), separators, (13, 58, 58), (16, 58, 58))
        ending = WITH_OFFSET if source.zone is None else OFFSET_OR_LOCAL
        return StampForm(OLDEST_AT, most, 0, (0, 5, 8, 11, 14, 17, 19), literals, ISO_FRACTION, ending, utc, source.zone, until)
    return _by_format(source, column, OLDEST_AT, most, until)


def _by_format(source: Source, column: Column, least: int, most: int, until: int) -> StampForm:
    form, has_fraction = source.format.removesuffix(".%f"), source.format.endswith(".%f")
    at, places, literals = 0, {}, []
    for token in re.findall(r"%.|[^%]", form, re.DOTALL):
        if token in _WIDTHS and token not in places:
            places[token] = at
            at += _WIDTHS[token]
        elif len(token) == 1 and token.isascii() and not token.isdigit():
            literals.append((at, ord(token), ord(token)))
            at += 1
        else:
            raise NotReadHere(f"{column.name}: stamps as {source.format}")
    if set(places) != set(_WIDTHS) or (has_fraction and not form.endswith("%S")):
        raise NotReadHere(f"{column.name}: stamps as {source.format}")
    order = (*(places[name] for name in ("%Y", "%m", "%d", "%H", "%M", "%S")), at)
    zone = None if source.zone == "UTC" else source.zone
    fraction, ending = MICROSECONDS if has_fraction else NO_FRACTION, AS_IT_IS if zone is None else LOCAL
    return StampForm(least, most, 0, order, tuple(literals), fraction, ending, ord("Z"), zone, until)
