"""Dividing changes of rates over their cells: Service Request Variant, party, device type and region, from the tallies of two runs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from tocsin.engines import Engine, Session
from tocsin.engines.failing import asked_for
from tocsin.journeys import all_journeys
from tocsin.measures import measures_on
from tocsin.measuring.anonymity import PARTY_CODE, PARTY_CODES, party_codes, reporting_year
from tocsin.measuring.contribution import NOTHING, Counts, whole_of
from tocsin.measuring.figures import Figure
from tocsin.measuring.journey import Journey
from tocsin.measuring.measure import Counter, Indicator, Measure
from tocsin.measuring.movement import counts_of
from tocsin.measuring.tally import Breakdown, Tally, counters
from tocsin.processes import all_processes
from tocsin.processes.business_process import PROCESS_OF_SRV, SRV_PROCESSES, srv_processes
from tocsin.reports.change_parties import SRV, Limits, Told, Volumes, without_parties
from tocsin.reports.change_tables import told_lines
from tocsin.reports.counting import tally_file
from tocsin.reports.earlier_runs import EarlierRuns
from tocsin.reports.figuring import LOOKUPS
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_changes import ChangeLine, SplitLine
from tocsin.vocabulary.errors import TocsinError
from tocsin.vocabulary.settings import setting

VOLUME = "volume_counted"

# Counters by cell, those of each Business Process together.
Table = Mapping[str, Mapping[Breakdown, Mapping[str, int]]]


@dataclass(frozen=True)
class Splitting:
    """A run whose tallies stand below `folder`, the runs before it, and what their parties and processes are looked up with."""

    engine: Engine
    run: FrozenRun
    folder: Path
    earlier: EarlierRuns
    reference: Path
    secret: bytes
    _tables: dict[tuple[str, str, tuple[str, ...]], Table | None] = field(default_factory=dict, repr=False)

    @cached_property
    def measures(self) -> Mapping[str, Measure]:
        return measures_on(self.run.period.first_on, self.reference)

    def limits(self) -> Limits:
        on = self.run.period.first_on
        fewest, dominance = (setting(name, on, self.reference).whole for name in ("anonymity_fewest_parties", "anonymity_dominance"))
        return Limits(fewest, dominance)


@dataclass(frozen=True)
class Divided:
    """What a rate is divided by: its journey, the counters behind it, the columns, and the process its happenings are of, if of one."""

    journey: Journey
    of: Measure | Indicator
    columns: tuple[str, ...]
    process: tuple[str, str] | None

    @property
    def homes(self) -> tuple[str, ...]:
        """The column that says of which process a happening is."""
        return (PROCESS_OF_SRV.column,) if SRV in self.columns else (self.process[0],) if self.process else ()

    @property
    def by(self) -> tuple[str, ...]:
        """What the tallies are summed by, the process first."""
        return (*self.homes, *(column for column in self.columns if column not in self.homes))


def split_lines(splitting: Splitting, lines: Iterable[ChangeLine]) -> Iterator[ChangeLine]:
    """The lines, each rate that moved divided over its cells, or with the reason why it could not be."""
    for line in lines:
        is_divided = line.unit == "percent" and line.is_moved and bool(line.against) and line.kind != "incomplete"
        yield replace(line, split=_split(splitting, line)) if is_divided else line


def _split(splitting: Splitting, line: ChangeLine) -> SplitLine | None:
    against, divided = splitting.earlier.run_of(line.against), _divided(splitting, line)
    if against is None or divided is None or not divided.columns:
        return None
    tables = _table(splitting, divided, splitting.run, splitting.folder), _table(splitting, divided, against, _folder(splitting, against))
    now, before = tables
    if now is None or before is None:
        label = (splitting.run if now is None else against).period.label
        return SplitLine(why=f"The change cannot be divided: the tallies of {label} are gone, or were counted by other columns.")
    cells = [_cells(table, divided) for table in (before, now)]
    figures = [run.book.whole(line.subject, line.indicator) for run in (against, splitting.run)]
    for run, of, figure in zip((against, splitting.run), cells, figures, strict=True):
        if figure is None or whole_of(of) != counts_of(figure):
            label = run.period.label
            return SplitLine(
                why=f"The change cannot be divided: {label} was counted by other definitions, its tallies do not give its figure."
            )
    if PARTY_CODE.column not in divided.columns:
        return told_lines(divided.columns, (cells[0], cells[1]), Told(cells[0], cells[1], 0), divided.columns)
    volumes = Volumes(*(_volumes(table, divided) for table in (before, now)))
    told = without_parties((cells[0], cells[1]), volumes, _shown(splitting, against), splitting.limits())
    return told_lines(divided.columns, (cells[0], cells[1]), told, _alone(splitting, divided, against, line.subject))


def _alone(splitting: Splitting, divided: Divided, against: FrozenRun, subject: str) -> tuple[str, ...]:
    """The columns by each of which alone a change is divided as well: by party where both runs publish the party figures of the whole."""
    is_told = divided.process is not None and reporting_year(splitting.run.period) == reporting_year(against.period)
    for run in (splitting.run, against):
        of_party = [figure for figure in run.figures if figure.subject == subject and _columns(figure) == (PARTY_CODE.column,)]
        is_told = is_told and bool(of_party) and not any("suppressed" in figure.marks for figure in of_party)
    return tuple(column for column in divided.columns if is_told or column != PARTY_CODE.column)


def _columns(figure: Figure) -> tuple[str, ...]:
    return tuple(column for column, _ in figure.breakdown)


def _divided(splitting: Splitting, line: ChangeLine) -> Divided | None:
    if line.subject in splitting.measures:
        measure = splitting.measures[line.subject]
        journey = all_journeys()[measure.of]
        # A measure of Service Requests is divided as their processes are, for its own splits are fewer; not by party, though: it counts
        # some of the flows of many processes, and what a process tells of a party, less that, would be told of the other flows.
        columns = _process_columns(journey) if SRV in journey.splits else measure.split_by
        return Divided(journey, measure, columns, None)
    process = all_processes().get(line.subject)
    indicator = next((one for one in process.declared if one.name == line.indicator), None) if process else None
    if process is None or indicator is None:
        return None
    columns = _published(split for split in _flat(process.split_by))
    return Divided(all_journeys()[process.journey], indicator, columns, process.selection)


def _process_columns(journey: Journey) -> tuple[str, ...]:
    splits = [split for process in all_processes().values() if process.journey == journey.name for split in _flat(process.split_by)]
    return tuple(column for column in _published(splits) if column != PARTY_CODE.column)


def _flat(splits: Sequence[object]) -> Iterator[str]:
    """Splits, and the columns of splits by two at once, each as it comes."""
    for split in splits:
        if isinstance(split, str):
            yield split
        elif isinstance(split, Sequence):
            yield from _flat(split)


def _published(splits: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(PARTY_CODE.column if split == PARTY_CODE.by else split for split in splits))


def _folder(splitting: Splitting, run: FrozenRun) -> Path:
    return splitting.earlier.runs / run.period.label / run.run_id


def _table(splitting: Splitting, divided: Divided, run: FrozenRun, folder: Path) -> Table | None:
    """The counters of a run's tally by every cell; asked once of a run for all that is divided alike. None where they are not to be had."""
    key = run.run_id, divided.journey.name, divided.by
    if key not in splitting._tables:
        splitting._tables[key] = _asked(splitting, divided, run, folder)
    return splitting._tables[key]


def _asked(splitting: Splitting, divided: Divided, run: FrozenRun, folder: Path) -> Table | None:
    tally = Tally(divided.journey, _wanted(splitting, divided))
    lookups = [lookup for lookup in LOOKUPS if lookup.by in divided.journey.splits and lookup.column in divided.by]
    with asked_for(f"what changed in {divided.journey.name}"), splitting.engine.session() as session:
        try:
            session.add(tally.relation([str(tally_file(folder, divided.journey.name))]))
        except TocsinError:
            # An older run's tallies may lack a column of today, or have been taken away to save room: that is told, and is no failure.
            return None
        if PROCESS_OF_SRV in lookups:
            # By today's map in both months: a month that was counted by another is found out by its sums.
            session.add_rows(SRV_PROCESSES, srv_processes(splitting.run.period.first_on, splitting.reference))
        if PARTY_CODE in lookups:
            session.add_rows(PARTY_CODES, sorted(_codes(splitting, tally, session).items()))
        found = tally.read(divided.by, session.rows(tally.sums_sql(divided.by, lookups)))
    table: dict[str, dict[Breakdown, Mapping[str, int]]] = {}
    for line in found:
        home, cell = (line.breakdown[0][1], line.breakdown[1:]) if divided.homes else ("", line.breakdown)
        table.setdefault(home, {})[cell] = line.counters
    return table


def _wanted(splitting: Splitting, divided: Divided) -> tuple[Counter, ...]:
    """Every counter that a rate of this journey may be divided by, so that its tally is asked once for all of them."""
    ofs: list[Measure | Indicator] = [one for one in splitting.measures.values() if one.of == divided.journey.name and one.met is not None]
    named = [
        process for process in all_processes().values() if process.is_fed and process.journey == divided.journey.name and SRV in divided.by
    ]
    ofs += [one for process in named for one in process.declared if one.name in {"success_rate", "volume"}]
    wanted = {counter.name: counter for one in (divided.of, *ofs) for counter in counters(one)}
    return tuple(wanted.values())


def _codes(splitting: Splitting, tally: Tally, session: Session) -> dict[str, str]:
    """The codes under which the run itself publishes parties, the same for both months: of one party one code."""
    own = Tally(tally.journey, tally.counters).read((PARTY_CODE.by,), session.rows(tally.sums_sql((PARTY_CODE.by,))))
    return party_codes([line.breakdown[0][1] for line in own], reporting_year(splitting.run.period), splitting.secret)


def _cells(table: Table, divided: Divided) -> dict[Breakdown, Counts]:
    name, found = divided.of.name, dict[Breakdown, Counts]()
    for cell, numbers in _own(table, divided):
        counts = Counts(numbers[f"{name}_counted"], numbers[f"{name}_met"])
        if counts.counted:
            found[cell] = found.get(cell, NOTHING) + counts
    return found


def _volumes(table: Table, divided: Divided) -> dict[Breakdown, int]:
    return {cell: numbers[VOLUME] for cell, numbers in _own(table, divided)}


def _own(table: Table, divided: Divided) -> Iterator[tuple[Breakdown, Mapping[str, int]]]:
    """The cells of its process, or of all of them."""
    homes = table if divided.process is None else [divided.process[1]]
    return ((cell, numbers) for home in homes for cell, numbers in table.get(home, {}).items())


def _shown(splitting: Splitting, against: FrozenRun) -> frozenset[str]:
    """Service Request Variants of which neither run suppresses a figure by party, nor a figure by party of all their process."""
    if reporting_year(splitting.run.period) != reporting_year(against.period):
        # What is told of last year under this year's code would tell which code a party had then.
        return frozenset()
    homes = dict(srv_processes(splitting.run.period.first_on, splitting.reference))
    hidden_srvs: set[str] = set()
    hidden_processes: set[str] = set()
    srvs: set[str] = set()
    for figure in (*splitting.run.figures, *against.figures):
        where = dict(figure.breakdown)
        if SRV in where:
            srvs.add(where[SRV])
        if PARTY_CODE.column in where and "suppressed" in figure.marks:
            hidden_srvs |= {where[SRV]} if SRV in where else set()
            hidden_processes |= {figure.subject} if SRV not in where else set()
    codes = {process.code for name, process in all_processes().items() if name in hidden_processes}
    other = next((process.code for process in all_processes().values() if process.code == PROCESS_OF_SRV.otherwise), "")
    return frozenset(srv for srv in srvs - hidden_srvs if homes.get(srv, other) not in codes)
