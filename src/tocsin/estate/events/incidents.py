"""The service management system's days: its audit log of each, and how every Incident stood at each end, as the DSP sends both."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tocsin.estate.earlier_months import EarlierMonths
from tocsin.estate.events.incident_draw import incidents
from tocsin.estate.events.incident_layouts import EXTRACT_LAYOUT, LOG_LAYOUT
from tocsin.estate.events.incident_stories import Change, Extract, Story
from tocsin.estate.events.outage_file import outages_stand
from tocsin.estate.faults.fates import Fates
from tocsin.estate.faults.rhythm import due_at, ready_at
from tocsin.estate.outbox import Outbox, Posting
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.senders.table_file import write_table
from tocsin.estate.truth.incidents import IncidentTruth
from tocsin.vocabulary.calendar import WorkingDays
from tocsin.vocabulary.incidents import incident_working_days
from tocsin.vocabulary.instants import DAY_US, MINUTE_US, moment

LOG, EXTRACT = "incident_log", "incidents"
LAYOUTS = {LOG: LOG_LAYOUT, EXTRACT: EXTRACT_LAYOUT}
# It runs the DCC Service Management System.
SENDER = "DSP"
# The extract is made in the small hours after its day.
EXTRACTED_AFTER_US = 65 * MINUTE_US


@dataclass(frozen=True)
class Day:
    """What is sent of one UTC day (its number): the lines of its log, and an extract of what was open or touched."""

    day: int
    lines: tuple[Change, ...]
    extracts: tuple[Extract, ...]


def post_incidents(plan: Plan, population: Population, outbox: Outbox, aside: Path) -> IncidentTruth:
    """Write and post both files of every simulated day, and tell what of them was delivered."""
    del population
    # One day at a time: what was sent is gone from memory when the next is made.
    told = delivered(plan, _posted(plan, outbox, aside), outbox.fates, outbox.earlier)
    outbox.earlier.add_incidents(told.lines, told.extracts)
    return told


def _posted(plan: Plan, outbox: Outbox, aside: Path) -> Iterator[Day]:
    for day in days(plan, tuple(incidents(plan))):
        named = f"{moment(day.day * DAY_US):%Y%m%d}"
        _post(outbox, day.day, LOG, aside / f"DCC_SMS_AUDIT_{named}.psv.gz", day.lines)
        _post(outbox, day.day, EXTRACT, aside / f"DCC_SMS_INC_{named}.csv.gz", day.extracts)
        yield day


def expected_incidents(plan: Plan) -> list[dict[str, object]]:
    """Both feeds are owed for every day of the month."""
    period = plan.period
    return [
        {"feed": feed, "sender": SENDER, "every": "day", "since": period.first_on, "until": period.next().first_on}
        for feed in (LOG, EXTRACT)
    ]


def days(plan: Plan, stories: Sequence[Story]) -> Iterator[Day]:
    """What is sent of every simulated day. The first log carries all that went before, the last extract of the month all of the month."""
    by_day: dict[int, list[Change]] = {day: [] for day in plan.days}
    for story in stories:
        for change in story.changes if story.is_logged else ():
            day = max(change.changed_at // DAY_US, plan.days[0])
            if day in by_day:
                by_day[day].append(change)
    for day, lines in by_day.items():
        start_at, end_at = day * DAY_US, (day + 1) * DAY_US
        since_at = plan.period.start_at if end_at == plan.period.end_at else start_at
        told = (story for story in stories if story.is_touched(since_at, end_at) or story.is_open_at(end_at))
        extracts = sorted(story.extract(end_at, end_at + EXTRACTED_AFTER_US) for story in told)
        yield Day(day, tuple(sorted(lines, key=lambda line: (line.changed_at, line.incident_id, line.sequence))), tuple(extracts))


@dataclass
class Known:
    """What came of the days by the end of a plan: lines of the log and the latest extract by Incident, and which files of the month."""

    fates: Fates
    lines: dict[str, list[Change]] = field(default_factory=dict)
    extracts: dict[str, Extract] = field(default_factory=dict)
    has_log: bool = False
    has_extract: bool = False

    @classmethod
    def after(cls, earlier: EarlierMonths, fates: Fates) -> "Known":
        """What is known when the first day begins: what months before told, which have all come by then or never will."""
        return cls(fates, {incident: list(lines) for incident, lines in earlier.lines.items()}, dict(earlier.extracts))

    def add(self, day: Day) -> None:
        start_at, period = day.day * DAY_US, self.fates.plan.period
        has_log, has_extract = (self.fates.stands(feed, SENDER, start_at) for feed in (LOG, EXTRACT))
        is_of_month = period.start_at <= start_at < period.end_at
        self.has_log |= has_log and is_of_month
        self.has_extract |= has_extract and is_of_month
        for line in day.lines if has_log else ():
            self.lines.setdefault(line.incident_id, []).append(line)
        # A later extract of an Incident stands for an earlier one, whenever it came.
        self.extracts |= {extract.incident_id: extract for extract in day.extracts if has_extract}

    def truth(self, then: Mapping[int, IncidentTruth]) -> IncidentTruth:
        has_outages, has_files = outages_stand(self.fates), self.has_log or self.has_extract
        return IncidentTruth(self.fates.plan, self.lines, self.extracts, has_files, self.has_log, has_outages, then)


def delivered(plan: Plan, sent: Iterable[Day], fates: Fates, earlier: EarlierMonths | None = None) -> IncidentTruth:
    """What the product can know of what was sent, by the files that came whole by the end of the simulation, and by each Working Day."""
    before = EarlierMonths() if earlier is None else earlier
    known = Known.after(before, fates)
    then = {day: Known.after(before, Fates(replace(plan, until_at=at))) for day, at in looks(plan)}
    for day in sent:
        for one in (known, *then.values()):
            one.add(day)
    return known.truth({day: one.truth({}) for day, one in then.items()})


def looks(plan: Plan) -> Iterator[tuple[int, int]]:
    """The Working Days after the month that have ended by the end of the simulation, each with its last microsecond."""
    calendar = WorkingDays()
    for day in incident_working_days(plan.period.first_on):
        at = calendar.deadline_at(calendar.working_day(plan.period, day)) - 1
        if at <= plan.until_at:
            yield day, at


def _post(outbox: Outbox, day: int, feed: str, body: Path, rows: Sequence[Change] | Sequence[Extract]) -> None:
    start_at = day * DAY_US
    ready = ready_at(feed, SENDER, start_at)
    if ready <= outbox.plan.until_at:
        write_table(body, LAYOUTS[feed], (row._asdict() for row in rows))
        due = due_at(feed, start_at)
        outbox.post(Posting(feed, SENDER, body.name, start_at, start_at + DAY_US, "final", body, len(rows), {}, ready, due))
