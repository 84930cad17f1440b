"""From tallies and ladders to every figure of a run: measures first, then incidents, then the Business Processes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tocsin.engines import Engine, Session
from tocsin.journeys.incident_clocks import INCIDENT_CLOCKS
from tocsin.journeys.incident_cube import CUBE, CUBE_SPLITS, SUBJECT
from tocsin.journeys.incident_cube import FEEDS as INCIDENT_FEEDS
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measures import measures_on
from tocsin.measuring.anonymity import PARTY_CODE, PARTY_CODES, party_codes, reporting_year
from tocsin.measuring.figures import Figure, Making, indicator_figures, measure_figures, measure_groupings
from tocsin.measuring.ladder import Percentiles
from tocsin.measuring.measure import Counter, Indicator, Measure
from tocsin.measuring.presence import Presence
from tocsin.measuring.shares import decimal_of, percent, rounded
from tocsin.measuring.tally import Sums, counters
from tocsin.processes import all_processes
from tocsin.processes.business_process import PROCESS_OF_SRV, SRV_PROCESSES, BusinessProcess, process_figures, srv_processes
from tocsin.reports.counting import Counted
from tocsin.reports.frozen import CubeLine, DayLine, OpenBreachedLine
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.settings import setting

LOOKUPS = (PROCESS_OF_SRV, PARTY_CODE)
CUBE_GROUPINGS = (("clock",), ("clock", "category"), ("clock", "resolver_group"), CUBE_SPLITS)


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

    @property
    def on(self) -> date:
        return self.period.first_on

    def together(self, feeds: Iterable[str]) -> Presence:
        return Presence.together(self.presence[feed] for feed in feeds)

    def limit(self, name: str) -> int:
        return setting(name, self.on, self.reference).whole


def counters_of(journey: str, on: date, reference: Path) -> tuple[Counter, ...]:
    """Every counter that measures and indicators want of one kind of journey, each once."""
    wanted: list[Measure | Indicator] = [measure for measure in measures_on(on, reference).values() if measure.of == journey]
    wanted += [i for process in all_processes().values() if process.is_fed and process.journey == journey for i in process.declared]
    if journey == INCIDENT_CLOCKS.name:
        wanted += CUBE
    return tuple({counter.name: counter for one in wanted for counter in counters(one)}.values())


def make_figures(engine: Engine, counted: Mapping[str, Counted], making: Figuring) -> Figured:
    """Every figure of the run. Raises EngineUnavailable."""
    figures: list[Figure] = []
    with engine.session() as session:
        for one in counted.values():
            for relation in one.relations:
                session.add(relation)
        _add_lookups(session, counted[SERVICE_REQUESTS.name], making)
        for measure in measures_on(making.on, making.reference).values():
            figures += _measure(session, counted[measure.of], measure, making)
        cube = counted[INCIDENT_CLOCKS.name].sums(session, CUBE_SPLITS)
        figures += _incidents(session, counted[INCIDENT_CLOCKS.name], making)
        figures += _processes(session, counted[SERVICE_REQUESTS.name], making)
        days = _days(session, counted[SERVICE_REQUESTS.name])
    is_whole = making.together(INCIDENT_FEEDS).state == "complete"
    return Figured(tuple(figures), days, tuple(_cube_lines(cube, is_whole)), tuple(_open_lines(cube)))


def _add_lookups(session: Session, counted: Counted, making: Figuring) -> None:
    session.add_rows(SRV_PROCESSES, srv_processes(making.on, making.reference))
    parties = [line.breakdown[0][1] for line in counted.sums(session, (PARTY_CODE.by,))]
    codes = party_codes(parties, reporting_year(making.period), making.secret)
    session.add_rows(PARTY_CODES, sorted(codes.items()))


def _measure(session: Session, counted: Counted, measure: Measure, making: Figuring) -> list[Figure]:
    sums = [line for by in measure_groupings(measure) for line in counted.sums(session, by)]
    presence, small = making.together(measure.feeds), making.limit("small_numbers")
    return measure_figures(measure, counted.tally.journey, sums, presence, making.period, small_numbers=small)


def _incidents(session: Session, counted: Counted, making: Figuring) -> list[Figure]:
    presence = making.together(INCIDENT_FEEDS)
    subject = Making(SUBJECT, counted.tally.journey, presence, small_numbers=making.limit("small_numbers"))
    sums = [line for by in CUBE_GROUPINGS for line in counted.sums(session, by)]
    made = indicator_figures(subject, CUBE, sums)
    # Each Incident has two clocks: without a clock named, it would be counted twice.
    return [figure for figure in made if figure.breakdown or figure.status == "no_data"]


def _processes(session: Session, counted: Counted, making: Figuring) -> list[Figure]:
    fed = [process for process in all_processes().values() if process.is_fed]
    groupings = dict.fromkeys(by for process in fed for by in process.groupings)
    sums = [line for by in groupings for line in counted.sums(session, by, LOOKUPS)]
    percentiles = [line for by in groupings for line in counted.percentiles(session, by, LOOKUPS)]
    return [figure for process in all_processes().values() for figure in _process(process, counted, sums, percentiles, making)]


def _process(
    process: BusinessProcess, counted: Counted, sums: Sequence[Sums], percentiles: Sequence[Percentiles], making: Figuring
) -> list[Figure]:
    return process_figures(
        process,
        counted.tally.journey if process.is_fed else None,
        sums,
        percentiles,
        making.together(process.feeds),
        small_numbers=making.limit("small_numbers"),
        fewest_parties=making.limit("anonymity_fewest_parties"),
        dominance_percent=making.limit("anonymity_dominance"),
    )


def _days(session: Session, counted: Counted) -> tuple[DayLine, ...]:
    names = {process.code: name for name, process in all_processes().items()}
    lines = []
    for line in counted.sums(session, (PROCESS_OF_SRV.column, "day"), LOOKUPS):
        (_, code), (_, day) = line.breakdown
        counts, success = line.counters["success_rate_counted"], line.counters["success_rate_met"]
        rate = percent(success, counts) if counts else None
        shown = rounded(rate, 2) if rate is not None else "n/a (0 events)"
        exact = decimal_of(rate) if rate is not None else None
        lines.append(DayLine(names[code], int(day), line.counters["volume_counted"], counts, success, exact, shown))
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
