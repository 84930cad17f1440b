"""Which Shape a received file is read by: the one whose pattern its name fits."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from tocsin.feeds.file_name import Covers
from tocsin.feeds.shape import Shape
from tocsin.vocabulary.errors import BadDeclaration, RefusedDelivery

# A workspace has some seventy patterns: all of them would fill the screen, and the one that was meant is among the likest.
SHOWN = 3


def recognise(file_name: str, shapes: Sequence[Shape]) -> tuple[Shape, Covers]:
    """The one Shape a file name fits. Raises RefusedDelivery when none does, BadDeclaration when several do."""
    fitting = [(shape, covers) for shape in shapes if (covers := shape.covering(file_name)) is not None]
    if not fitting:
        raise RefusedDelivery(
            f"no Shape fits this file name. {_known(file_name, shapes)} Add a Shape to shapes/, or ask the sender for the agreed name."
        )
    if len(fitting) > 1:
        both = ", ".join(f"{shape.where} ({shape.pattern})" for shape, _ in fitting)
        raise BadDeclaration(f"{file_name}: expected one Shape that fits, found {len(fitting)}: {both}. Make their patterns differ.")
    return fitting[0]


def _known(file_name: str, shapes: Sequence[Shape]) -> str:
    if not shapes:
        return "Patterns known: none, the workspace has no Shapes."
    likest = sorted(shapes, key=lambda shape: (-_likeness(file_name, shape.pattern), shape.name))[:SHOWN]
    told = ", ".join(f'"{shape.pattern}" ({shape.name})' for shape in likest)
    if len(shapes) <= SHOWN:
        return f"Patterns known: {told}."
    return f"Of the {len(shapes)} patterns known the likest are {told}; the others stand in shapes/."


def _likeness(file_name: str, pattern: str) -> float:
    """How much of both is the same, but for what differs from file to file: dates, numbers and the pieces that stand for them."""
    plain = re.sub(r"[0-9]+", "", file_name).lower()
    return SequenceMatcher(None, plain, re.sub(r"\{[^}]*\}|[*?0-9]", "", pattern).lower(), autojunk=False).ratio()
