"""One digest of all figures of a run: two runs that say the same have the same, whichever engine counted (docs/decisions/0001)."""

import hashlib
from collections.abc import Iterable
from decimal import Decimal

from tocsin.measuring.figures import Figure


def figures_digest(figures: Iterable[Figure]) -> str:
    """SHA-256 over a line a figure, in the order of their names: its name, unit, status, whole numbers, value, levels and marks.

    What is only put into words (the way a value is rounded, predicates, sources) is left out: it says nothing else of the month.
    """
    digest = hashlib.sha256()
    for line in sorted(_line(figure) for figure in figures):
        digest.update(line.encode())
    return digest.hexdigest()


def _line(figure: Figure) -> str:
    numbers = (figure.counted, figure.met, _plain(figure.value), _plain(figure.target), _plain(figure.minimum))
    told = ("" if number is None else str(number) for number in numbers)
    cells = (figure.name, figure.unit, figure.status, *told, " ".join(figure.marks))
    # Names and marks hold no control characters; a name with one could not pass for two cells.
    return "\x1f".join(cells) + "\x1e"


def _plain(value: Decimal | None) -> str | None:
    # 99 and 99.00 are one level.
    return None if value is None else format(value.normalize(), "f")
