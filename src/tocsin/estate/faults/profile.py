"""Fault profiles: how often each thing goes wrong. A profile is one TOML file of the shelf `profiles/`; a new one needs no code."""

import tomllib
from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tocsin.vocabulary.errors import BadDeclaration

Rate = Annotated[int, Field(ge=0)]


class FaultProfile(BaseModel):
    """One profile: `files` of 1,000 slots, `rows` of a million rows, `behaviour` of a million Service Requests."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str
    sentence: str
    files: dict[str, Rate] = {}
    rows: dict[str, Rate] = {}
    behaviour: dict[str, Rate] = {}


def fault_profile(name: str) -> FaultProfile:
    """A profile by name. Raises BadDeclaration naming those there are."""
    shelf = files("tocsin.estate.faults") / "profiles"
    known = sorted(entry.name.removesuffix(".toml") for entry in shelf.iterdir() if entry.name.endswith(".toml"))
    if name not in known:
        raise BadDeclaration(f'faults: expected one of {", ".join(known)}, found "{name}".')
    return FaultProfile(name=name, **tomllib.loads((shelf / f"{name}.toml").read_text(encoding="utf-8")))
