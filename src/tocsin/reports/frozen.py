"""A frozen run as one plain object: everything a report prints, and nothing it would have to work out (architecture section 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from pydantic import TypeAdapter, ValidationError

from tocsin.measuring.figures import Figure
from tocsin.reports.figure_book import FigureBook
from tocsin.reports.frozen_alerts import NO_ALERT_LINES, AlertLines
from tocsin.reports.frozen_asked import AskedLine
from tocsin.reports.frozen_changes import NO_CHANGE_LINES, ChangeLines
from tocsin.reports.frozen_incidents import NO_INCIDENT_LINES, IncidentLines
from tocsin.reports.frozen_opr import NO_OPR_LINES, OprLines
from tocsin.reports.frozen_received import (
    DeliveryLine,
    FeedLine,
    FindingLine,
    RefusedFile,
    RepeatedFile,
    SilenceLine,
    SlotLine,
    SupersededLine,
    WithdrawnLine,
)
from tocsin.reports.frozen_restated import NO_RESTATEMENTS, Restatements
from tocsin.reports.frozen_rhythm import NO_RHYTHM_LINES, RhythmLines
from tocsin.reports.frozen_signed import NO_SIGN_OFFS, SignedLines
from tocsin.reports.frozen_trend import TrendLine
from tocsin.reports.frozen_waits import WaitLine
from tocsin.reports.frozen_words import NO_PROVIDER_WORDS, ProviderWords
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.errors import BadDeclaration

# The layout of the frozen file. A run is kept for ever: a later layout must still say which one it reads.
LAYOUT = 1


@dataclass(frozen=True)
class OddityLine:
    """Happenings set aside or remarked on (late copies, clock skew, unknown codes): counted, never dropped.

    `left_out_of` names the measures and areas that count such happenings and left these out; empty for a remark.
    """

    name: str
    sentence: str
    count: int
    left_out_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class MeasureText:
    """What a measure counts, in words and as the predicate; the level in force, and which reading of the text was taken."""

    name: str
    title: str
    clause: str
    counted_sentence: str
    counted_predicate: str
    met_sentence: str
    met_predicate: str
    target: str | None
    minimum: str | None
    level_since: str | None
    level_status: str | None
    reading: str
    # Where its numbers come from, and the measure that says the same from the other source.
    source: str = ""
    beside: str = ""


@dataclass(frozen=True)
class AreaText:
    """A reporting area beside the Code Performance Measures: its name, title, place, what it holds and where its numbers come from."""

    name: str
    title: str
    order: int
    sentence: str
    source: str
    beside: str = ""


@dataclass(frozen=True)
class ProcessText:
    """A Business Process by name; `why_no_data` is the sentence printed when no feed of this run can carry it."""

    name: str
    code: str
    title: str
    order: int
    sentence: str
    why_no_data: str = ""


@dataclass(frozen=True)
class AssumptionLine:
    """One dated row in force whose status is not verified, as the report must print it."""

    table: str
    key: str
    value: str
    since: str
    status: str
    source: str


@dataclass(frozen=True)
class DayLine:
    """One Business Process on one UTC day (day number since 1970): whole numbers, and the rate as figures.py divided and wrote it.

    `rate` is None and `rate_shown` says why where nothing was counted: a day without data is not a day of no success.
    """

    process: str
    day: int
    volume: int
    counted: int
    success: int
    rate: Decimal | None = None
    rate_shown: str = ""


@dataclass(frozen=True)
class CubeLine:
    """One cell of the incidents cube (domain.md 2.5); category 0 is none given. `shown` is the share met, written by figures.py."""

    category: int
    clock: str
    resolver_group: str
    counted: int
    met: int
    shown: str = ""


@dataclass(frozen=True)
class OpenBreachedLine:
    """Incidents open at the period's end, and those of them already past their target (domain.md 3.3)."""

    category: int
    clock: str
    resolver_group: str
    open_count: int
    breached_count: int


@dataclass(frozen=True)
class DeadlineLine:
    """A date the Performance Measurement Report is due: the legal one and the operative one (domain.md 11.2).

    `standing` is met, not_yet or missed as at the run, empty where it was not judged; `met_by` an earlier run that met it.
    """

    name: str
    working_day: int
    due_on: str
    status: str
    sentence: str
    due_at: int | None = None
    standing: str = ""
    met_by: str = ""


@dataclass(frozen=True)
class WordLine:
    """What a value of a breakdown is called: ("srv", "2.2", "Top Up Device"), ("region", "north", "North")."""

    column: str
    value: str
    title: str


@dataclass(frozen=True)
class JourneyLine:
    """One kind of journey the figures were counted over: how many, and at which version of the journey store they stand."""

    name: str
    version: int
    rows: int


@dataclass(frozen=True)
class FrozenRun:
    """All of one frozen run. Instants are microseconds UTC; `is_complete` is False while slots are unfilled or requests open."""

    run_id: str
    period: Period
    as_at: int
    made_at: int
    code_version: str
    engine: str
    parameters_digest: str
    basis_digest: str
    is_complete: bool
    figures: tuple[Figure, ...]
    deliveries: tuple[DeliveryLine, ...] = ()
    refused_files: tuple[RefusedFile, ...] = ()
    findings: tuple[FindingLine, ...] = ()
    slots: tuple[SlotLine, ...] = ()
    oddities: tuple[OddityLine, ...] = ()
    measures: tuple[MeasureText, ...] = ()
    processes: tuple[ProcessText, ...] = ()
    areas: tuple[AreaText, ...] = ()
    assumptions: tuple[AssumptionLine, ...] = ()
    days: tuple[DayLine, ...] = ()
    incident_cube: tuple[CubeLine, ...] = ()
    open_breached: tuple[OpenBreachedLine, ...] = ()
    deadlines: tuple[DeadlineLine, ...] = ()
    words: tuple[WordLine, ...] = ()
    # Sentences for the cover that say why the run is provisional; empty when it is complete.
    provisional_because: tuple[str, ...] = ()
    journeys: tuple[JourneyLine, ...] = ()
    repeated_files: tuple[RepeatedFile, ...] = ()
    superseded: tuple[SupersededLine, ...] = ()
    silences: tuple[SilenceLine, ...] = ()
    # Deliveries near the period that had been taken back by the as-at instant.
    withdrawn: tuple[WithdrawnLine, ...] = ()
    # What is owed of the days after the period, in which answers to its last requests may still come.
    later_slots: tuple[SlotLine, ...] = ()
    incidents: IncidentLines = NO_INCIDENT_LINES
    opr: OprLines = NO_OPR_LINES
    changes: ChangeLines = NO_CHANGE_LINES
    alerts: AlertLines = NO_ALERT_LINES
    # Every Code Performance Measure in the twelve months before and this one.
    trend: tuple[TrendLine, ...] = ()
    provider_words: ProviderWords = NO_PROVIDER_WORDS
    feeds: tuple[FeedLine, ...] = ()
    restated: Restatements = NO_RESTATEMENTS
    rhythm: RhythmLines = NO_RHYTHM_LINES
    waits: tuple[WaitLine, ...] = ()
    # What was said of it since, put beside it by whoever tells it; in run.json all three are always empty.
    signed: SignedLines = NO_SIGN_OFFS
    asked: tuple[AskedLine, ...] = ()
    # Deliveries it rests on that were taken back after it was closed.
    withdrawn_since: tuple[WithdrawnLine, ...] = ()
    layout: int = LAYOUT
    # What the workspace is called, and, where its records were simulated, which estate: the cover must say so.
    title: str = ""
    simulated: str = ""

    @cached_property
    def book(self) -> FigureBook:
        """The figures by what they are of: twenty sections look them up."""
        return FigureBook(self.figures)

    @cached_property
    def titles(self) -> Mapping[tuple[str, str], str]:
        """Names of values by column and value."""
        return {(word.column, word.value): word.title for word in self.words}


_RUN = TypeAdapter(FrozenRun)


def to_json(run: FrozenRun) -> str:
    """The run as JSON text, the same text for the same run: fields in declared order, Decimal as text."""
    return _RUN.dump_json(run, indent=1).decode() + "\n"


def from_json(text: str, where: str = "frozen run") -> FrozenRun:
    """The run that `to_json` wrote. Raises BadDeclaration naming `where` and the first field that does not fit."""
    try:
        run = _RUN.validate_json(text, strict=True)
    except ValidationError as reason:
        first = reason.errors()[0]
        at = ".".join(str(step) for step in first["loc"]) or "the whole text"
        raise BadDeclaration(
            f"{where}: {at}: {first['msg']}. The file is not a frozen run of layout {LAYOUT}, or was changed since. Close the period again."
        ) from reason
    if run.layout != LAYOUT:
        raise BadDeclaration(
            f"{where}: layout {run.layout} was found, expected {LAYOUT}. Use the version of tocsin that made it ({run.code_version})."
        )
    return run
