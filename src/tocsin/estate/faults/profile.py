"""Fault profiles: how often each thing goes wrong. A profile is one TOML file of the shelf `profiles/`; a new one needs no code."""

import tomllib
from importlib.resources import files
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tocsin.estate.faults.kinds import BEHAVIOUR_FAULTS, FILE_FATES, ROW_FAULTS
from tocsin.vocabulary.errors import BadDeclaration

Rate = Annotated[int, Field(ge=0)]

# The kinds a table of a profile may name, and of how many each rate is.
KINDS = {"files": tuple(FILE_FATES)[1:], "rows": ROW_FAULTS[1:], "behaviour": tuple(BEHAVIOUR_FAULTS)}
OF = {"files": 1_000, "rows": 1_000_000, "behaviour": 1_000_000}
# A network of which half goes wrong is no network: the truth stays exact, but the figures say nothing more.
HIGHEST = {kind: of // 4 for kind, of in OF.items()}


class FaultProfile(BaseModel):
    """One profile: `files` of 1,000 slots, `rows` of a million rows, `behaviour` of a million Service Requests."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str
    sentence: str
    files: dict[str, Rate] = {}
    rows: dict[str, Rate] = {}
    behaviour: dict[str, Rate] = {}

    @model_validator(mode="after")
    def _known(self) -> Self:
        for table, known in KINDS.items():
            rates: dict[str, int] = getattr(self, table)
            for kind in rates:
                if kind not in known:
                    raise ValueError(f'{table}: "{kind}" is no kind of fault; expected some of {", ".join(known)}')
            if sum(rates.values()) > HIGHEST[table]:
                raise ValueError(f"{table}: {sum(rates.values())} of {OF[table]:,} go wrong together; at most {HIGHEST[table]:,} may")
        return self

    def behaviour_rate(self, kind: str) -> float:
        """The share of Service Requests that show a kind of behaviour, 0 to 1."""
        return self.behaviour.get(kind, 0) / OF["behaviour"]

    def row_rate(self, kind: str) -> float:
        """The share of rows with a kind of fault, 0 to 1."""
        return self.rows.get(kind, 0) / OF["rows"]


def fault_profile(name: str) -> FaultProfile:
    """A profile by name. Raises BadDeclaration naming those there are, or file and key of one that is declared wrongly."""
    shelf = files("tocsin.estate.faults") / "profiles"
    known = sorted(entry.name.removesuffix(".toml") for entry in shelf.iterdir() if entry.name.endswith(".toml"))
    if name not in known:
        raise BadDeclaration(f'faults: expected one of {", ".join(known)}, found "{name}".')
    return profile_of(name, (shelf / f"{name}.toml").read_text(encoding="utf-8"))


def profile_of(name: str, text: str) -> FaultProfile:
    """A profile declared as TOML text. Raises BadDeclaration naming the file, the key, what was expected and found."""
    where = f"faults/profiles/{name}.toml"
    try:
        return FaultProfile(**{**tomllib.loads(text), "name": name})
    except tomllib.TOMLDecodeError as wrong:
        raise BadDeclaration(f"{where}: expected TOML, found {wrong}. Correct the file.") from wrong
    except ValidationError as wrong:
        first = wrong.errors()[0]
        key = ".".join(str(piece) for piece in first["loc"])
        told = first["msg"].removeprefix("Value error, ")
        raise BadDeclaration(f"{where}: {f'{key}: {told}' if key else told}. Correct the file.") from wrong
