"""From the journeys of a run to its rhythm: Business Processes by hour of each day, and their spans on bands of time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tocsin.engines import Engine, Session
from tocsin.engines.failing import asked_for
from tocsin.journeys.alerts import ALERTS
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measuring.journey import Journey
from tocsin.measuring.measure import Rule
from tocsin.measuring.shares import percent, rounded
from tocsin.measuring.tally import group_by, kept, summed, with_lookups
from tocsin.processes import all_processes
from tocsin.processes.business_process import PROCESS_OF_SRV, SRV_PROCESSES, srv_processes
from tocsin.reports.closing import JourneyTable
from tocsin.reports.figuring import counters_of
from tocsin.reports.frozen_rhythm import BandsLine, HoursLine, OfTheDayLine, RhythmLines
from tocsin.vocabulary.instants import DAY_US
from tocsin.vocabulary.settings import setting

HOURS = 24
HOUR_US = DAY_US // HOURS
MILLISECOND_US = 1000
# Even steps to the eye from half a second to five days, with every Target Response Time of domain.md 4.1 an edge among them.
EDGES_MS = tuple(
    seconds * 1000 // 2 for seconds in (1, 2, 4, 6, 10, 14, 20, 30, 40, 60, 90, 120, 240, 600, 1200, 3600, 7200, 172_800, 864_000)
)
PLACES = 2
# What is counted by the hour: the counters of the same names by which the days are drawn.
COUNTERS = ("volume_counted", "success_rate_counted", "success_rate_met")
# What a span is held against: of a Service Request its own Target Response Time, of an alert the one target of all (CPM 3).
TARGETS = {SERVICE_REQUESTS.name: "target_response_us", ALERTS.name: ":alert_target_us"}

Hours = dict[tuple[str, int], list[list[int]]]


@dataclass(frozen=True)
class Rhythm:
    """What the rhythm is worked out with, of the dated tables as on the period's first day."""

    engine: Engine
    on: date
    reference: Path


def rhythm_lines(means: Rhythm, closed: Mapping[str, JourneyTable]) -> RhythmLines:
    """Hours and bands of every Business Process that is fed. Raises EngineUnavailable."""
    hours: list[HoursLine] = []
    bands: list[BandsLine] = []
    for journey in dict.fromkeys(process.journey for process in all_processes().values() if process.is_fed):
        with asked_for(f"rhythm of {journey}"), means.engine.session() as session:
            session.add(closed[journey].relation)
            session.add_rows(SRV_PROCESSES, srv_processes(means.on, means.reference))
            hours += _hours(session, closed[journey].journey, means)
            bands += _bands(session, closed[journey].journey, means)
    order = {name: place for place, name in enumerate(all_processes())}
    return RhythmLines(
        edges_ms=EDGES_MS,
        hours=tuple(sorted(hours, key=lambda line: (order[line.process], line.day))),
        of_the_day=tuple(sorted(_of_the_day(hours), key=lambda line: (order[line.process], line.hour))),
        bands=tuple(sorted(bands, key=lambda line: (order[line.process], line.region, line.target_us or 0))),
    )


def _selections(journey: str) -> tuple[str, dict[str, str]]:
    """The column by which the processes of a journey are told apart, and which process each of its values is."""
    found = {process.selection: name for name, process in all_processes().items() if process.is_fed and process.journey == journey}
    return next(column for column, _ in found), {value: name for (_, value), name in found.items()}


def _looked_up(relation: str, columns: Sequence[str], column: str) -> str:
    return with_lookups(relation, columns, (PROCESS_OF_SRV,) if column == PROCESS_OF_SRV.column else ())


def _key(column: str) -> str:
    """What the journey itself has of it."""
    return PROCESS_OF_SRV.by if column == PROCESS_OF_SRV.column else column


def hours_sql(journey: Journey, column: str, rules: Sequence[Rule]) -> str:
    """Kernel SQL over a journey: process, day, hour, and each rule's whole number. Looked up after it is summed: a journey is long."""
    key, hour = _key(column), f"whole_div({journey.began} - {journey.day} * {DAY_US}, {HOUR_US})"
    names = [f"counted_{place}" for place, _ in enumerate(rules)]
    sums = ", ".join(f"{summed(rule)} AS {name}" for rule, name in zip(rules, names, strict=True))
    again = ", ".join(f"coalesce(whole_sum({name}), 0) AS {name}" for name in names)
    return (
        f"WITH by_hour AS (\n  SELECT {key}, {journey.day} AS on_day, {hour} AS hour, {sums}\n  FROM {journey.name}\n"
        f"  WHERE {kept(journey)}\n  GROUP BY {key}, {journey.day}, {hour}\n)\n"
        f"SELECT {column}, on_day, hour, {again}\nFROM {_looked_up('by_hour', (key, 'on_day', 'hour', *names), column)}"
        f"{group_by((column, 'on_day', 'hour'))}"
    )


def _hours(session: Session, journey: Journey, means: Rhythm) -> list[HoursLine]:
    column, processes = _selections(journey.name)
    rules = {counter.name: counter.rule for counter in counters_of(journey.name, means.on, means.reference)}
    rows = session.rows(hours_sql(journey, column, [rules[name] for name in COUNTERS]))
    # A day of which the journey holds anything was told: a process that is not in it had none of its own.
    days = sorted({int(row[1]) for row in rows})
    found: Hours = {(name, day): [[0] * HOURS for _ in COUNTERS] for name in processes.values() for day in days}
    for value, day, hour, *numbers in rows:
        if value in processes:
            for place, number in enumerate(numbers):
                found[processes[value], int(day)][place][int(hour)] = int(number)
    return [
        HoursLine(name, day, tuple(volume), tuple(counted), tuple(success), tuple(map(_share, success, counted)))
        for (name, day), (volume, counted, success) in found.items()
    ]


def _of_the_day(lines: Iterable[HoursLine]) -> list[OfTheDayLine]:
    sums: dict[tuple[str, int], list[int]] = {}
    for line in lines:
        for hour, numbers in enumerate(zip(line.volume, line.counted, line.success, strict=True)):
            so_far = sums.setdefault((line.process, hour), [0] * len(numbers))
            sums[line.process, hour] = [one + other for one, other in zip(so_far, numbers, strict=True)]
    return [
        OfTheDayLine(process, hour, volume, counted, success, _share(success, counted))
        for (process, hour), (volume, counted, success) in sums.items()
    ]


def _share(part: int, whole: int) -> str:
    return rounded(percent(part, whole), PLACES) if whole else ""


def bands_sql(journey: Journey, column: str, target: str) -> str:
    """Kernel SQL over a journey: process, CSP Region, target (empty where none applied), band (0 to the number of edges), spans, within."""
    key = _key(column)
    steps = " ".join(f"WHEN {journey.span} < {edge * MILLISECOND_US} THEN {place}" for place, edge in enumerate(EDGES_MS))
    band = f"CASE {steps} ELSE {len(EDGES_MS)} END"
    return (
        f"WITH banded AS (\n  SELECT {key}, region, {target} AS target_us, {band} AS band, count(*) AS spans,\n"
        f"    count_where(coalesce({journey.span} <= {target}, FALSE)) AS within\n  FROM {journey.name}\n"
        f"  WHERE {kept(journey)} AND ({journey.span_counts}) AND {journey.span} IS NOT NULL\n"
        f"  GROUP BY {key}, region, {target}, {band}\n)\n"
        f"SELECT {column}, region, target_us, band, whole_sum(spans) AS spans, whole_sum(within) AS within\n"
        f"FROM {_looked_up('banded', (key, 'region', 'target_us', 'band', 'spans', 'within'), column)}"
        f"{group_by((column, 'region', 'target_us', 'band'))}"
    )


def _bands(session: Session, journey: Journey, means: Rhythm) -> list[BandsLine]:
    if journey.name not in TARGETS or journey.span is None:
        return []
    column, processes = _selections(journey.name)
    of_alerts = {"alert_target_us": setting("alert_target", means.on, means.reference).us}
    found: dict[tuple[str, str, int | None], tuple[list[int], list[int]]] = {}
    for value, told, target_us, band, spans, within in session.rows(bands_sql(journey, column, TARGETS[journey.name]), of_alerts):
        if value in processes:
            for region in ("", str(told)):
                on_bands, inside = found.setdefault((processes[value], region, target_us), ([0] * (len(EDGES_MS) + 1), [0]))
                on_bands[int(band)] += int(spans)
                inside[0] += int(within)
    wholes: dict[tuple[str, str], int] = {}
    for (process, region, _), (spans, _) in found.items():
        wholes[process, region] = wholes.get((process, region), 0) + sum(spans)
    return [
        BandsLine(
            process=process,
            region=region,
            target_us=target_us,
            spans=tuple(spans),
            shares=tuple(_share(one, wholes[process, region]) for one in spans),
            within=inside[0],
            rate=_share(inside[0], sum(spans)) if target_us is not None else "",
        )
        for (process, region, target_us), (spans, inside) in found.items()
    ]
