"""JSON Schema, as much of it as the schema of the Open Data Contract Standard uses: what a document has wrong, as sentences.

Tried against the library `jsonschema` when it was written: the same documents were found right, the same spoilt ones wrong.
"""

import json
import re
from typing import Any

TYPES: dict[str, Any] = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


class Checked:
    """What is wrong with a value, and which of its keys a schema has spoken of (`unevaluatedProperties` asks for that)."""

    def __init__(self, wrong: list[str] | None = None, spoken_of: set[str] | None = None) -> None:
        self.wrong = wrong or []
        self.spoken_of = spoken_of or set()

    def take(self, other: "Checked") -> None:
        self.wrong += other.wrong
        self.spoken_of |= other.spoken_of if not other.wrong else set()


def faults(document: Any, whole: dict[str, Any]) -> list[str]:
    return checked(document, whole, whole, "document").wrong


def checked(value: Any, schema: dict[str, Any] | bool, whole: dict[str, Any], where: str) -> Checked:
    found = Checked()
    if isinstance(schema, bool):
        return Checked([] if schema else [f"{where}: nothing was expected"])
    if "$ref" in schema:
        found.take(checked(value, pointed_at(schema["$ref"], whole), whole, where))
    found.wrong += plain_faults(value, schema, where)
    for part in schema.get("allOf", ()):
        found.take(checked(value, part, whole, where))
    for word, expected in (("anyOf", "one or more"), ("oneOf", "one")):
        if word in schema:
            fitting = [one for one in (checked(value, part, whole, where) for part in schema[word]) if not one.wrong]
            if not fitting or (word == "oneOf" and len(fitting) > 1):
                found.wrong.append(f"{where}: {expected} of {len(schema[word])} forms was expected, found {len(fitting)}")
            for one in fitting:
                found.take(one)
    if "not" in schema and not checked(value, schema["not"], whole, where).wrong:
        found.wrong.append(f"{where}: is what it must not be")
    if "if" in schema:
        asked = checked(value, schema["if"], whole, where)
        found.spoken_of |= asked.spoken_of if not asked.wrong else set()
        found.take(checked(value, schema.get("else" if asked.wrong else "then", True), whole, where))
    if isinstance(value, dict):
        of_object(value, schema, whole, where, found)
    if isinstance(value, list) and "items" in schema:
        for place, entry in enumerate(value):
            found.wrong += checked(entry, schema["items"], whole, f"{where}[{place}]").wrong
    return found


def of_object(value: dict[str, Any], schema: dict[str, Any], whole: dict[str, Any], where: str, found: Checked) -> None:
    declared = schema.get("properties", {})
    for key in declared.keys() & value.keys():
        found.wrong += checked(value[key], declared[key], whole, f"{where}.{key}").wrong
        found.spoken_of.add(key)
    found.wrong += [f"{where}: {key} is missing" for key in schema.get("required", ()) if key not in value]
    if schema.get("additionalProperties") is False:
        found.wrong += [f"{where}: {key} is not known" for key in value.keys() - declared.keys()]
    if schema.get("unevaluatedProperties") is False:
        found.wrong += [f"{where}: {key} is not known" for key in value.keys() - found.spoken_of]


def plain_faults(value: Any, schema: dict[str, Any], where: str) -> list[str]:
    kind = schema.get("type")
    if kind is not None and not is_of_type(value, kind):
        return [f"{where}: {kind} was expected, found {value!r}"]
    wrong = []
    if "enum" in schema and value not in schema["enum"]:
        wrong.append(f"{where}: one of {schema['enum']} was expected, found {value!r}")
    if "const" in schema and value != schema["const"]:
        wrong.append(f"{where}: {schema['const']!r} was expected, found {value!r}")
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        wrong.append(f"{where}: {schema['pattern']} was expected, found {value!r}")
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            wrong.append(f"{where}: holds {len(value)} entries")
        if schema.get("uniqueItems") and len({json.dumps(entry) for entry in value}) < len(value):
            wrong.append(f"{where}: an entry stands twice")
    return wrong


def is_of_type(value: Any, kind: str | list[str]) -> bool:
    if isinstance(kind, list):
        return any(is_of_type(value, one) for one in kind)
    if kind in {"integer", "number"}:
        return isinstance(value, int if kind == "integer" else (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[kind])


def pointed_at(reference: str, whole: dict[str, Any]) -> dict[str, Any]:
    found: Any = whole
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found
