"""A run whose every number is one of a kind, as if each had been dyed: whichever stands in a report tells where it was taken from."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from itertools import count
from typing import Any

from tocsin.measuring.figures import Figure
from tocsin.reports.frozen import FrozenRun
from tocsin.vocabulary.calendar import Period

# Whole numbers that place a line and count nothing: instants, days, keys.
PLACES = re.compile(
    r"(_at|_us|_ms|^day|_day|^hour|_category$|^category|^order|^version|^layout|^working_day|_on|^is_\w+|^months|^months_in_a_row|^rank|^severity)$"
)
# Text that looks like a share and is a name: a Service Request Variant, a version, the value of a setting.
NAMES = frozenset({"srv", "code_version", "value", "key", "breakdown", "cell", "cells", "where", "values", "place"})
SHARE = re.compile(r"([-+\u2212]?)[0-9,]+\.[0-9]+")


class Dye:
    """Gives numbers that it gave to nobody else, and knows what each was given to."""

    def __init__(self) -> None:
        self.owners: dict[str, tuple[Any, ...]] = {}
        self._wholes, self._shares = count(10_000_019, 2), count(1)

    def whole(self, *owner: Any) -> int:
        given = next(self._wholes)
        self.owners[f"{given:,}"] = owner
        return given

    def share(self, *owner: Any, sign: str = "") -> str:
        n = next(self._shares)
        # Three decimals, the last a seven: nothing of the run is written so.
        given = f"{sign}{n // 100}.{n % 100:02d}7"
        self.owners[given] = owner
        return given


def dyed(run: FrozenRun) -> tuple[FrozenRun, Dye]:
    """The run with other numbers, and whose each of them is."""
    dye = Dye()
    figures = tuple(_figure(figure, dye) for figure in run.figures)
    rest = {
        field.name: _dyed(getattr(run, field.name), dye, field.name) for field in fields(run) if field.name not in {"figures", "layout"}
    }
    return replace(run, figures=figures, **rest), dye


def _figure(figure: Figure, dye: Dye) -> Figure:
    counted = None if figure.counted is None else dye.whole(figure, "counted")
    if figure.unit == "count" and figure.value is not None:
        return replace(figure, counted=counted, value=Decimal(counted or 0), shown=str(counted))
    met = None if figure.met is None else dye.whole(figure, "met")
    if figure.value is None:
        return replace(figure, counted=counted, met=met, so_far=dye.share(figure, "so_far") if figure.so_far else "")
    shown = dye.share(figure, "shown")
    return replace(figure, counted=counted, met=met, shown=shown, value=Decimal(shown))


def _dyed(value: Any, dye: Dye, name: str, *owner: Any) -> Any:
    match value:
        case Period() | bool():
            return value
        case int():
            return value if PLACES.search(name) else dye.whole(*owner, name)
        case Decimal():
            return value if name in {"target", "minimum"} else Decimal(dye.share(*owner, name))
        case str():
            found = SHARE.fullmatch(value) if name not in NAMES else None
            return dye.share(*owner, name, sign=found.group(1)) if found else value
        case tuple():
            return tuple(_dyed(one, dye, name, *owner) for one in value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{field.name: _dyed(getattr(value, field.name), dye, field.name, value) for field in fields(value)})
        case _:
            return value


def numbers_in(text: str) -> Iterator[str]:
    """Whatever in a text looks like one of the dyed numbers."""
    yield from re.findall(r"[0-9]+\.[0-9]{2}7(?![0-9])|[0-9]{1,3}(?:,[0-9]{3}){2,}", text)
