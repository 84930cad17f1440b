"""Patterns that ask for one segment of a cell, such as a RequestID whose three parts stand in one cell parted by strokes."""

import re
from dataclasses import dataclass

from tocsin.engines.pieces import NotReadHere

# No pattern means anything else by these.
_PARTING = "[/:;,#=@!%&~_ ]"
_FROM_THE_START = re.compile(rf"\^((?:\[\^(?:{_PARTING})\]\+{_PARTING})*)\(\[\^({_PARTING})\]\+\)({_PARTING})")
_LAST = re.compile(rf"({_PARTING})\(\[\^({_PARTING})\]\+\)\$")


@dataclass(frozen=True)
class Segment:
    """The nth part of a cell (from 0, another following it; -1: the last, another before it), parted by a byte."""

    parting: int
    nth: int


def segment(pattern: str) -> Segment:
    """The segment that a Shape's pattern asks for, such as `^[^/]+/([^/]+)/`. Raises NotReadHere for any other pattern."""
    found = _LAST.fullmatch(pattern)
    if found is not None and found[1] == found[2]:
        return Segment(ord(found[1]), -1)
    found = _FROM_THE_START.fullmatch(pattern)
    if found is not None and found[2] == found[3]:
        before = f"[^{found[2]}]+{found[2]}"
        nth = len(found[1]) // len(before)
        if found[1] == before * nth:
            return Segment(ord(found[2]), nth)
    raise NotReadHere(f"a pattern that asks for more than a segment: {pattern}")
