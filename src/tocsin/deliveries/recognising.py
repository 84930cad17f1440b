"""Which Shape a received file is read by: the one whose pattern its name fits."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from tocsin.feeds.file_name import Covers
from tocsin.feeds.shape import Shape
from tocsin.vocabulary.errors import BadDeclaration, RefusedDelivery

# A workspace has some seventy patterns: all of them would fill the screen, and the one that was meant is among the likest.
SHOWN = 3
# From here difflib's documentation calls two sequences close: a photograph is like no pattern, and three named at random mislead.
ALIKE = 0.6


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
    if len(shapes) <= SHOWN:
        return f"Patterns known: {_told(shapes)}."
    by_likeness = sorted(((_likeness(file_name, shape.pattern), shape) for shape in shapes), key=lambda pair: (-pair[0], pair[1].name))
    likest = [shape for likeness, shape in by_likeness if likeness >= ALIKE][:SHOWN]
    if not likest:
        return f"None of the {len(shapes)} patterns known is like it; they stand in shapes/."
    are = "are" if len(likest) > 1 else "is"
    return f"Of the {len(shapes)} patterns known the likest {are} {_told(likest)}; the others stand in shapes/."


def _told(shapes: Sequence[Shape]) -> str:
    return ", ".join(f'"{shape.pattern}" ({shape.name})' for shape in shapes)


def _likeness(file_name: str, pattern: str) -> float:
    """How much of both is the same, but for what differs from file to file: dates, numbers and the pieces that stand for them."""
    plain, of_pattern = _plain(file_name), _plain(re.sub(r"\{[^}]*\}", "", pattern))
    return SequenceMatcher(None, plain, of_pattern, autojunk=False).ratio() if plain and of_pattern else 0.0


def _plain(name: str) -> str:
    """The words alone: an ending that half of all patterns have makes no name like another."""
    words = re.sub(r"(\.[a-z]+)?(\.(gz|zip))?$", "", re.sub(r"[*?0-9]", "", name.lower()))
    return re.sub(r"[^a-z]+", " ", words).strip()
