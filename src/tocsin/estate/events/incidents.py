"""The service management system's days: its audit log of each, and how every Incident stood at each end, as the DSP sends both."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tocsin.estate.events.incident_draw import incidents
from tocsin.estate.events.incident_layouts import EXTRACT_LAYOUT, LOG_LAYOUT
from tocsin.estate.events.incident_stories import Change, Extract, Story
from tocsin.estate.faults.fates import Fates
from tocsin.estate.faults.rhythm import due_at, ready_at
from tocsin.estate.outbox import Outbox, Posting
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.senders.table_file import write_table
from tocsin.estate.truth.incidents import IncidentTruth
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
    return delivered(plan, _posted(plan, outbox, aside), outbox.fates)


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


def delivered(plan: Plan, sent: Iterable[Day], fates: Fates) -> IncidentTruth:
    """What the product can know of what was sent, by the files that came whole by the end of the simulation."""
    lines: dict[str, list[Change]] = {}
    extracts: dict[str, Extract] = {}
    has_files = False
    for day in sent:
        start_at = day.day * DAY_US
        has_log, has_extract = (fates.stands(feed, SENDER, start_at) for feed in (LOG, EXTRACT))
        has_files |= (has_log or has_extract) and plan.period.start_at <= start_at < plan.period.end_at
        for line in day.lines if has_log else ():
            lines.setdefault(line.incident_id, []).append(line)
        # A later extract of an Incident stands for an earlier one, whenever it came.
        extracts |= {extract.incident_id: extract for extract in day.extracts if has_extract}
    return IncidentTruth(plan, lines, extracts, has_files)


def _post(outbox: Outbox, day: int, feed: str, body: Path, rows: Sequence[Change] | Sequence[Extract]) -> None:
    start_at = day * DAY_US
    ready = ready_at(feed, SENDER, start_at)
    if ready <= outbox.plan.until_at:
        write_table(body, LAYOUTS[feed], (row._asdict() for row in rows))
        due = due_at(feed, start_at)
        outbox.post(Posting(feed, SENDER, body.name, start_at, start_at + DAY_US, "final", body, len(rows), {}, ready, due))
