"""From tallies and ladders to every figure of a run: measures first, then the reporting areas, then the Business Processes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tocsin.areas import all_areas
from tocsin.engines import Engine, Session
from tocsin.engines.failing import asked_for
from tocsin.journeys.incident_clocks import INCIDENT_CLOCKS
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measures import measures_on
from tocsin.measuring.anonymity import PARTY_CODE, PARTY_CODES, party_codes, reporting_year
from tocsin.measuring.figures import Figure, Making, indicator_figures, measure_figures, measure_groupings
from tocsin.measuring.journey import Journey
from tocsin.measuring.ladder import Percentiles
from tocsin.measuring.measure import Area, Counter, Indicator, Measure
from tocsin.measuring.presence import Presence
from tocsin.measuring.shares import decimal_of, percent, rounded
from tocsin.measuring.suppression import Secrecy
from tocsin.measuring.tally import LookedUp, Sums, counters
from tocsin.processes import all_processes
from tocsin.processes.business_process import PROCESS_OF_SRV, SRV_PROCESSES, BusinessProcess, process_figures, srv_processes
from tocsin.reports.counting import Counted, Remembering
from tocsin.reports.frozen import CubeLine, DayLine, OpenBreachedLine
from tocsin.reports.looks import Look, figures_by_look
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.settings import setting

LOOKUPS = (PROCESS_OF_SRV, PARTY_CODE)


@dataclass(frozen=True)
class Figured:
    """All figures of a run, and the small tables a report draws beside them."""

    figures: tuple[Figure, ...]
    days: tuple[DayLine, ...]
    incident_cube: tuple[CubeLine, ...]
    open_breached: tuple[OpenBreachedLine, ...]


@dataclass(frozen=True)
class Figuring:
    """What figures are made with: the period, which feeds are there, the workspace's own tables, the key of the party codes."""

    period: Period
    presence: Mapping[str, Presence]
    reference: Path
    secret: bytes
    looks: tuple[Look, ...] = ()

    @property
    def on(self) -> date:
        return self.period.first_on

    def together(self, feeds: Iterable[str]) -> Presence:
        return Presence.together(self.presence[feed] for feed in feeds)

    def limit(self, name: str) -> int:
        return setting(name, self.on, self.reference).whole

    @property
    def secrecy(self) -> Secrecy:
        return Secrecy(*(self.limit(f"anonymity_{word}") for word in ("fewest_parties", "dominance", "protection")))


def counters_of(journey: str, on: date, reference: Path) -> tuple[Counter, ...]:
    """Every counter that measures and indicators want of one kind of journey, each once. Raises BadDeclaration for two of one name."""
    wanted: list[Measure | Indicator] = [measure for measure in measures_on(on, reference).values() if measure.of == journey]
    wanted += [i for process in all_processes().values() if process.is_fed and process.journey == journey for i in process.declared]
    wanted += [indicator for area in all_areas().values() if area.of == journey for indicator in area.indicators]
    found: dict[str, Counter] = {}
    for counter in (counter for one in wanted for counter in counters(one)):
        # Two that mean different things under one name would be summed as one: a wrong figure, not an error.
        if found.setdefault(counter.name, counter).rule.predicate != counter.rule.predicate:
            raise BadDeclaration(f'journey {journey}: two rules are called "{counter.name}"; name one of the indicators otherwise.')
    return tuple(found.values())


def make_figures(engine: Engine, counted: Mapping[str, Counted], making: Figuring) -> Figured:
    """Every figure of the run. Raises EngineUnavailable."""
    figures: list[Figure] = []
    held: dict[str, Counted] = {}
    with asked_for("figures"), engine.session() as session:
        for one in counted.values():
            for relation in one.relations:
                session.add(relation)
        _add_lookups(session, counted[SERVICE_REQUESTS.name], making)
        for name, one in counted.items():
            with asked_for(name):
                held[name] = one.held(session, _groupings(name, making), _lookups_of(one))
        asked = Remembering(session)
        for measure in measures_on(making.on, making.reference).values():
            with asked_for(measure.name):
                figures += _measure(asked, held[measure.of], measure, making)
        with asked_for(INCIDENT_CLOCKS.name):
            cube = held[INCIDENT_CLOCKS.name].sums(asked, INCIDENT_CLOCKS.splits)
        for area in all_areas().values():
            with asked_for(area.name):
                figures += _area(asked, held[area.of], area, making)
        with asked_for("Business Processes"):
            figures += _processes(asked, held, making)
        with asked_for("days"):
            days = _days(asked, held)
    is_whole = making.together(all_areas()["incidents"].feeds).state == "complete"
    return Figured(tuple(figures), days, tuple(_cube_lines(cube, is_whole)), tuple(_open_lines(cube)))


def _groupings(journey: str, making: Figuring) -> Iterable[tuple[str, ...]]:
    """What sums of one kind of journey are asked by, the days of a process apart."""
    for measure in measures_on(making.on, making.reference).values():
        yield from measure_groupings(measure) if measure.of == journey else ()
    for area in all_areas().values():
        yield from area.groupings if area.of == journey else ()
    for process in all_processes().values():
        yield from process.groupings if process.is_fed and process.journey == journey else ()


def _add_lookups(session: Session, counted: Counted, making: Figuring) -> None:
    session.add_rows(SRV_PROCESSES, srv_processes(making.on, making.reference))
    parties = [line.breakdown[0][1] for line in counted.sums(session, (PARTY_CODE.by,))]
    codes = party_codes(parties, reporting_year(making.period), making.secret)
    session.add_rows(PARTY_CODES, sorted(codes.items()))


def _measure(session: Remembering, counted: Counted, measure: Measure, making: Figuring) -> list[Figure]:
    sums = [line for by in measure_groupings(measure) for line in counted.sums(session, by)]
    presence, small = making.together(measure.feeds), making.limit("small_numbers")
    return measure_figures(measure, counted.tally.journey, sums, presence, making.period, small_numbers=small)


def _area(session: Remembering, counted: Counted, area: Area, making: Figuring) -> list[Figure]:
    presence = making.together(area.feeds)
    subject = Making(area.name, counted.tally.journey, presence, small_numbers=making.limit("small_numbers"), source=area.source)
    sums = [line for by in area.groupings for line in counted.sums(session, by)]
    if counted.tally.journey.is_by_working_day:
        return figures_by_look(area, subject, sums, making.looks)
    is_timed = any(indicator.per_mille is not None for indicator in area.indicators)
    percentiles = [line for by in area.groupings for line in counted.percentiles(session, by)] if is_timed else []
    made = indicator_figures(subject, area.indicators, sums, percentiles)
    # All together only where the area says that adds up; without any data, every indicator is named once.
    return [figure for figure in made if figure.breakdown or () in area.groupings or figure.status == "no_data"]


def _processes(session: Remembering, counted: Mapping[str, Counted], making: Figuring) -> list[Figure]:
    fed = [process for process in all_processes().values() if process.is_fed]
    sums: dict[str, list[Sums]] = {}
    percentiles: dict[str, list[Percentiles]] = {}
    for journey in dict.fromkeys(process.journey for process in fed):
        of, lookups = counted[journey], _lookups_of(counted[journey])
        groupings = dict.fromkeys(by for process in fed if process.journey == journey for by in process.groupings)
        sums[journey] = [line for by in groupings for line in of.sums(session, by, lookups)]
        percentiles[journey] = [line for by in groupings for line in of.percentiles(session, by, lookups)]
    made = []
    for process in all_processes().values():
        of_journey = counted[process.journey].tally.journey if process.is_fed else None
        made += _process(process, of_journey, sums.get(process.journey, []), percentiles.get(process.journey, []), making)
    return made


def _lookups_of(counted: Counted) -> tuple[LookedUp, ...]:
    """What is looked up for a journey: by the columns it has."""
    return tuple(lookup for lookup in LOOKUPS if lookup.by in counted.tally.journey.splits)


def _process(
    process: BusinessProcess, journey: Journey | None, sums: Sequence[Sums], percentiles: Sequence[Percentiles], making: Figuring
) -> list[Figure]:
    return process_figures(
        process,
        journey,
        sums,
        percentiles,
        making.together(process.feeds),
        small_numbers=making.limit("small_numbers"),
        secrecy=making.secrecy,
    )


def _days(session: Remembering, counted: Mapping[str, Counted]) -> tuple[DayLine, ...]:
    names = {(process.journey, *process.selection): name for name, process in all_processes().items() if process.is_fed}
    lines = []
    for journey, column in dict.fromkeys((journey, column) for journey, column, _ in names):
        for line in counted[journey].sums(session, (column, "day"), _lookups_of(counted[journey])):
            (_, value), (_, day) = line.breakdown
            counts, success = line.counters["success_rate_counted"], line.counters["success_rate_met"]
            rate = percent(success, counts) if counts else None
            shown = rounded(rate, 2) if rate is not None else "n/a (0 events)"
            exact = decimal_of(rate) if rate is not None else None
            # A value without a process of its own is in no table of days; its figures stand among the areas.
            if (journey, column, value) in names:
                volume = line.counters["volume_counted"]
                lines.append(DayLine(names[journey, column, value], int(day), volume, counts, success, exact, shown))
    return tuple(lines)


def _cube_lines(cube: Iterable[Sums], is_whole: bool) -> Iterable[CubeLine]:
    for line in cube:
        where, counts, met = dict(line.breakdown), line.counters["within_target_counted"], line.counters["within_target_met"]
        if counts:
            # While owed files are not in, the figures give no share, and a table of the same cells must not either.
            shown = rounded(percent(met, counts), 2) if is_whole else "n/a (incomplete)"
            yield CubeLine(int(where["category"]), where["clock"], where["resolver_group"], counts, met, shown)


def _open_lines(cube: Iterable[Sums]) -> Iterable[OpenBreachedLine]:
    for line in cube:
        where, still_open = dict(line.breakdown), line.counters["open_counted"]
        if still_open:
            breached = line.counters["open_breached_counted"]
            yield OpenBreachedLine(int(where["category"]), where["clock"], where["resolver_group"], still_open, breached)
