"""YAML text of mappings, lists and plain values: as much of YAML as a data contract needs, and no library for it."""

import json
from collections.abc import Iterator, Mapping, Sequence

Value = str | int | bool | Sequence["Value"] | Mapping[str, "Value"]


def yaml_text(document: Mapping[str, Value]) -> str:
    """Block style, two blanks a level; every text is quoted as JSON quotes it, which is YAML too, so that none is taken for a number."""
    return "\n".join(_mapping(document, 0)) + "\n"


def _mapping(mapping: Mapping[str, Value], depth: int) -> Iterator[str]:
    for key, value in mapping.items():
        if isinstance(value, Mapping):
            yield f"{'  ' * depth}{key}:"
            yield from _mapping(value, depth + 1)
        elif isinstance(value, str | int) or all(isinstance(entry, str | int) for entry in value):
            yield f"{'  ' * depth}{key}: {json.dumps(value, ensure_ascii=False)}"
        else:
            yield f"{'  ' * depth}{key}:"
            yield from _list(value, depth + 1)


def _list(mappings: Sequence[Value], depth: int) -> Iterator[str]:
    """A list of mappings: no contract holds a list of lists."""
    for entry in mappings:
        if not isinstance(entry, Mapping):
            raise TypeError(f"a mapping was expected among mappings, found {entry!r}")
        lines = list(_mapping(entry, depth + 1))
        # The dash takes the place of the first line's last two blanks.
        yield f"{'  ' * depth}- {lines[0][2 * (depth + 1) :]}"
        yield from lines[1:]
