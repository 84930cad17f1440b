"""Business Processes: what one declares (a TOML beside this file), and its figures out of summed tallies and ladders."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tocsin.engines.engine import Relation
from tocsin.measuring.anonymity import PARTY_CODE
from tocsin.measuring.figures import SMALL_NUMBERS, Figure, Making, absent_figures, indicator_figures
from tocsin.measuring.journey import Journey
from tocsin.measuring.ladder import Percentiles
from tocsin.measuring.measure import Indicator
from tocsin.measuring.presence import Presence
from tocsin.measuring.suppression import Secrecy
from tocsin.measuring.tally import LookedUp, Sums, counters
from tocsin.processes.by_party import is_shown, kept_back, stand_ins
from tocsin.processes.indicators import CROSSED, INDICATORS, NESTED
from tocsin.vocabulary.business_processes import OTHER, TITLES, rows
from tocsin.vocabulary.errors import BadDeclaration

# An SRV's one home by the dated map; an SRV without one, known or not, is filed under OTH and never dropped (domain.md 5.1).
PROCESS_OF_SRV = LookedUp(column="business_process", by="srv", relation="srv_processes", otherwise=OTHER)
SRV_PROCESSES = Relation("srv_processes", (("srv", "VARCHAR"), ("business_process", "VARCHAR")))

# Published under a code, never under its name (domain.md 6.5).
_PUBLISHED_AS = {PARTY_CODE.by: PARTY_CODE.column}

# Where nothing is set by date: domain.md 6.5, and settings.csv.
_SECRECY = Secrecy(fewest_parties=3, dominance_percent=80, protection_percent=10)

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
    # A column, or two together: of pairs only the indicators in CROSSED are told.
    split_by: tuple[str | tuple[str, str], ...]
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
        return ((process,), *((process, *(_PUBLISHED_AS.get(column, column) for column in split)) for split in self.splits))

    @property
    def splits(self) -> tuple[tuple[str, ...], ...]:
        """Each split as the columns it is made of."""
        return tuple((split,) if isinstance(split, str) else split for split in self.split_by)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of all splits, each once."""
        return tuple(dict.fromkeys(column for split in self.splits for column in split))

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
        lists = {key: tuple(map(_tupled, value)) for key, value in declared.items() if isinstance(value, list)}
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
    _check_parties(process, where)
    return process


def _tupled(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _check_parties(process: BusinessProcess, where: str) -> None:
    """What is kept back of one table by SEC Party could be worked out from a second one, so there is one at most (decision 0007)."""
    by_party = [by for by in process.groupings if PARTY_CODE.column in by]
    if len(by_party) > 2 or (len(by_party) == 2 and (process.selection[0], PARTY_CODE.column) not in by_party):
        found = ", ".join(" and ".join(by[1:]) for by in by_party)
        raise BadDeclaration(f"{where}: split_by: by SEC Party and by one pair with it were expected, found {found}. Leave pairs out.")
    lacking = [name for name in NESTED if name not in {counter.name for one in process.declared for counter in counters(one)}]
    if by_party and lacking:
        raise BadDeclaration(f"{where}: indicators: a process told by SEC Party needs those that count {lacking[0]}. Add them.")


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
    secrecy: Secrecy = _SECRECY,
) -> list[Figure]:
    """Every figure of a process, out of the sums and percentiles of all processes by the process's `groupings`.

    Figures by SEC Party carry its code; where they would tell whose they are, or let others be worked out, one suppressed figure
    stands for all parties of the row (domain.md 6.5, decision 0007). `journey` is None for a process that nothing feeds.
    """
    if journey is None or not process.is_fed:
        return absent_figures(process.name, process.journey, process.declared)
    column, value = selection = process.selection
    own = {line.breakdown[1:]: line for line in sums if line.breakdown[0] == selection}
    placed = [replace(line, breakdown=line.breakdown[1:]) for line in percentiles if line.breakdown[0] == selection]
    making = Making(process.name, journey, presence, within=f"{column} = '{value}'", small_numbers=small_numbers)
    hidden, shown = kept_back(own, secrecy), [replace(line, breakdown=inside) for inside, line in own.items()]
    figures = indicator_figures(making, process.declared, [line for line in shown if len(line.breakdown) < 2], placed)
    crossed = [indicator for indicator in process.declared if indicator.name in CROSSED]
    figures += [f for f in indicator_figures(making, crossed, [line for line in shown if len(line.breakdown) > 1], placed) if f.breakdown]
    not_told = sorted(breakdown for breakdown in own if not is_shown(breakdown, hidden))
    for indicator in (one for one in process.declared if one.is_broken_down and presence.state != "no_data"):
        of_it = not_told if indicator.name in CROSSED else [breakdown for breakdown in not_told if len(breakdown) < 2]
        figures += stand_ins(making, indicator, of_it)
    shown_of = {breakdown: is_shown(breakdown, hidden) for breakdown in {figure.breakdown for figure in figures}}
    return [figure for figure in figures if shown_of[figure.breakdown] or "suppressed" in figure.marks]
