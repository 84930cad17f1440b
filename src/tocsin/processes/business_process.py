"""Business Processes: what one declares (a TOML beside this file), and its figures out of summed tallies and ladders."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tocsin.engines.engine import Relation
from tocsin.measuring.anonymity import PARTY_CODE, is_telling
from tocsin.measuring.figures import SMALL_NUMBERS, Figure, Making, absent_figures, indicator_figures, suppressed
from tocsin.measuring.journey import Journey
from tocsin.measuring.ladder import Percentiles
from tocsin.measuring.measure import Indicator
from tocsin.measuring.presence import Presence
from tocsin.measuring.tally import Breakdown, LookedUp, Sums
from tocsin.processes.indicators import INDICATORS
from tocsin.vocabulary.business_processes import OTHER, TITLES, rows
from tocsin.vocabulary.errors import BadDeclaration

# An SRV's one home by the dated map; an SRV without one, known or not, is filed under OTH and never dropped (domain.md 5.1).
PROCESS_OF_SRV = LookedUp(column="business_process", by="srv", relation="srv_processes", otherwise=OTHER)
SRV_PROCESSES = Relation("srv_processes", (("srv", "VARCHAR"), ("business_process", "VARCHAR")))

# Published under a code, never under its name (domain.md 6.5).
_PUBLISHED_AS = {PARTY_CODE.by: PARTY_CODE.column}
_VOLUME = "volume_counted"

Words = Annotated[tuple[str, ...], Field(min_length=1)]


class BusinessProcess(BaseModel):
    """One of the twelve Business Processes, or `other`, which holds every SRV that has none. `name` is its file's name."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str
    code: str
    title: Annotated[str, Field(min_length=1)]
    journey: str
    feeds: tuple[str, ...]
    indicators: Words
    split_by: tuple[str, ...]
    order: int
    # Of a journey without Service Request Variants: the column, and its value, by which a happening is of this process.
    selected_by: dict[str, str] = {}
    # Why it can have no figures: said on its page instead of them.
    not_fed_because: str = ""

    @property
    def is_fed(self) -> bool:
        return not self.not_fed_because

    @property
    def declared(self) -> tuple[Indicator, ...]:
        """Its indicators in order."""
        return tuple(indicator for word in self.indicators for indicator in INDICATORS[word])

    @property
    def groupings(self) -> tuple[tuple[str, ...], ...]:
        """What sums and percentiles are asked by: the process, and the process with each split as it is published."""
        process, _ = self.selection
        return ((process,), *((process, _PUBLISHED_AS.get(split, split)) for split in self.split_by))

    @property
    def selection(self) -> tuple[str, str]:
        """The column, of the journey or looked up, and its value by which a happening is of this process."""
        return next(iter(self.selected_by.items()), (PROCESS_OF_SRV.column, self.code))

    @property
    def sentence(self) -> str:
        """What its page says it holds."""
        if not self.is_fed:
            return self.not_fed_because
        if self.selected_by:
            return "Raised by devices or by the DCC, not asked for: they have no Service Request Variant."
        if self.code == OTHER:
            return "Service Request Variants that have no Business Process, unknown ones among them, so that totals add up."
        return (
            "Service Request Variants whose home is this process. Those that also play a part in it are counted in their own home, "
            "so that totals over processes add up; the map is inferred."
        )


def read_process(name: str, text: str, journeys: Sequence[str], where: str) -> BusinessProcess:
    """A declaration out of its TOML. Raises BadDeclaration naming file, key, what was expected and found."""
    try:
        declared = tomllib.loads(text)
        lists = {key: tuple(value) for key, value in declared.items() if isinstance(value, list)}
        process = BusinessProcess(name=name, **{**declared, **lists})
    except tomllib.TOMLDecodeError as reason:
        raise BadDeclaration(f"{where}: no TOML: {reason}. Put the line right.") from reason
    except ValidationError as reason:
        first = reason.errors()[0]
        key = ".".join(str(step) for step in first["loc"])
        raise BadDeclaration(f'{where}: key "{key}": {first["msg"]}, found {first["input"]!r}.') from reason
    except TypeError as reason:
        raise BadDeclaration(f'{where}: key "name" is the file\'s own name; leave it out.') from reason
    for key, found, expected in (
        ("code", (process.code,), (*TITLES, OTHER)),
        ("journey", (process.journey,), journeys if process.is_fed else (process.journey,)),
        ("indicators", process.indicators, tuple(INDICATORS)),
    ):
        if strange := [word for word in found if word not in expected]:
            raise BadDeclaration(f'{where}: {key}: "{strange[0]}" is not known; expected of {", ".join(expected)}.')
    return process


def srv_processes(on: date, override: Path | None = None) -> list[tuple[str, str]]:
    """The rows of SRV_PROCESSES: each mapped SRV and its one home, as in force on a date."""
    return [(srv, process) for srv, process, strength in rows(on, override) if strength == "primary"]


def process_figures(
    process: BusinessProcess,
    journey: Journey | None,
    sums: Iterable[Sums],
    percentiles: Iterable[Percentiles],
    presence: Presence,
    *,
    small_numbers: int = SMALL_NUMBERS,
    fewest_parties: int = 3,
    dominance_percent: int = 80,
) -> list[Figure]:
    """Every figure of a process, out of the sums and percentiles of all processes by the process's `groupings`.

    Figures by SEC Party carry its code; where the parties are too few, or one too large, they are suppressed (domain.md 6.5).
    `journey` is None for a process that nothing feeds.
    """
    if journey is None or not process.is_fed:
        return absent_figures(process.name, process.journey, process.declared)
    own = {breakdown: line for line in sums if (breakdown := _inside(process, line.breakdown)) is not None}
    placed = [replace(line, breakdown=inside) for line in percentiles if (inside := _inside(process, line.breakdown)) is not None]
    column, value = process.selection
    within = f"{column} = '{value}'"
    making = Making(process.name, journey, presence, within=within, small_numbers=small_numbers)
    figures = indicator_figures(making, process.declared, [replace(line, breakdown=inside) for inside, line in own.items()], placed)
    volumes = {by[0][1]: line.counters[_VOLUME] for by, line in own.items() if by and by[0][0] == PARTY_CODE.column}
    is_shown = not is_telling(volumes, fewest_parties, dominance_percent)
    return [figure if is_shown or not _names_a_party(figure) else suppressed(figure) for figure in figures]


def _inside(process: BusinessProcess, breakdown: Breakdown) -> Breakdown | None:
    """The breakdown without the process in front of it; None for another process's."""
    return breakdown[1:] if breakdown[0] == process.selection else None


def _names_a_party(figure: Figure) -> bool:
    return any(column == PARTY_CODE.column for column, _ in figure.breakdown)
