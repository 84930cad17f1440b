"""What the real records say, computed from the files in plain Python: no code of tocsin, no SQL (duckdb only opens the one Parquet file).

Stamps are whole microseconds since 1970 UTC. Percentiles are nearest rank, by whole numbers.
"""

import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
PER_MILLE = (500, 900, 950, 990, 1000)

UCI = "itsm_uci498_opened_to_apr2016.csv.gz"
VOLVO = "itsm_volvo_vinst_bpic2013.csv.gz"
JMETER = "requests_jmeter_blazedemo_run2.csv.gz"
TRACES = "traces_onlineboutique_20220823_h12_h13.parquet"
FLIGHTS = "flights_nyc2013_jan_jun.csv.gz"
PLANES = "flights_nyc2013_planes.csv.gz"
AIRLINES = "flights_nyc2013_airlines.csv.gz"


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


def published(shared: Path) -> dict[str, dict[str, object]]:
    """The figures others published, by name of the data set."""
    found: dict[str, dict[str, object]] = json.loads((shared / "realdata" / "published.json").read_text())
    return found


def microseconds(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def nearest_rank(values: Iterable[int], per_mille: int) -> int:
    """The least value that is no smaller than so many in a thousand of them."""
    ordered = sorted(values)
    place = -(-per_mille * len(ordered) // 1000)
    return ordered[max(place, 1) - 1]


def percentiles(values: Sequence[int]) -> tuple[int, ...]:
    return tuple(nearest_rank(values, per_mille) for per_mille in PER_MILLE)


@dataclass(frozen=True)
class Change:
    """One row of an incident's log, in our words."""

    incident: str
    at: int
    order: int
    status: str
    reason: str
    category: int
    group: str
    submitted_at: int | None
    is_met: bool | None


@dataclass(frozen=True)
class Clock:
    """An incident's resolution clock over one episode: `resolved_at` is None where it is open at the end of the file."""

    incident: str
    episode: int
    submitted_at: int
    responded_at: int | None
    resolved_at: int | None
    paused_us: int
    category: int
    is_met: bool | None

    @property
    def span_us(self) -> int:
        assert self.resolved_at is not None
        return self.resolved_at - self.submitted_at - self.paused_us


OVER = ("resolved", "closed", "cancelled")
# Waiting for the user stops the clock; an incident opened again more than five days after its resolution is a new one.
STOPS = ("waiting_on_user", "waiting_on_site_access", "approved_suspension")
REOPEN_WINDOW_US = 5 * DAY_US


def clocks(changes: Iterable[Change]) -> list[Clock]:
    """Every episode of every incident, by the rules of domain.md 3.3: walked through change by change."""
    by_incident: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_incident[change.incident].append(change)
    found: list[Clock] = []
    for incident, log in sorted(by_incident.items()):
        log.sort(key=lambda change: (change.at, change.order))
        found += _walk(incident, log)
    return found


def _walk(incident: str, log: list[Change]) -> Iterator[Clock]:
    told = [change.submitted_at for change in log if change.submitted_at is not None]
    episode, submitted, responded, over_since, paused = 1, min(told) if told else log[0].at, None, None, 0
    # Time in a state is added to the pauses when the next change ends it.
    category, is_met, state_since, is_waiting = 0, None, log[0].at, False
    for change in log:
        if is_waiting and over_since is None:
            paused += max(change.at - max(state_since, submitted), 0)
        is_over = change.status in OVER
        if over_since is not None and not is_over:
            if change.at - over_since > REOPEN_WINDOW_US:
                yield Clock(incident, episode, submitted, responded, over_since, paused, category, is_met)
                episode, submitted, responded, paused = episode + 1, change.at, None, 0
            else:
                paused += max(change.at - max(over_since, submitted), 0)
            over_since = None
        if is_over and over_since is None:
            over_since = change.at
        if responded is None and change.status not in ("new", "reopened"):
            responded = change.at
        is_waiting, state_since = change.status == "pending" and change.reason in STOPS, change.at
        category = change.category or category
        is_met = change.is_met if change.is_met is not None else is_met
    yield Clock(incident, episode, submitted, responded, over_since, paused, category, is_met)


UCI_STATES = {"New": "new", "Active": "in_progress", "Resolved": "resolved", "Closed": "closed"}


def uci_changes(folder: Path) -> list[Change]:
    """In order of the file."""

    def stamp(text: str) -> int:
        return microseconds(datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC))

    return [
        Change(
            incident=row["number"],
            at=stamp(row["sys_updated_at"]),
            order=int(row["sys_mod_count"]),
            status=UCI_STATES.get(row["incident_state"], "pending"),
            reason={"Awaiting User Info": "waiting_on_user"}.get(row["incident_state"], ""),
            category=int(row["priority"][0]),
            group=row["assignment_group"] if row["assignment_group"] != "?" else "",
            submitted_at=stamp(row["opened_at"]),
            is_met={"true": True, "false": False}[row["made_sla"]],
        )
        for row in rows_of(folder / UCI)
    ]


def uci_misses(folder: Path) -> dict[str, tuple[int, int]]:
    """(missed, incidents) by month of opening, by the published rule: the flag of the last row, the never worked on left out."""
    last: dict[str, tuple[str, bool]] = {}
    worked_on = set()
    for row in rows_of(folder / UCI):
        _, month, year = row["opened_at"].split(" ")[0].split("/")
        last[row["number"]] = (f"{year}-{month:0>2}", row["made_sla"] == "false")
        if row["incident_state"] not in ("Resolved", "Closed"):
            worked_on.add(row["number"])
    found: dict[str, tuple[int, int]] = {}
    for month in sorted({month for month, _ in last.values()}):
        missed = [is_missed for incident, (of, is_missed) in last.items() if of == month and incident in worked_on]
        found[month] = (sum(missed), len(missed))
    return found


VOLVO_STATES = {
    "Queued/Awaiting Assignment": "new",
    "Accepted/Assigned": "assigned",
    "Accepted/In Progress": "in_progress",
    "Completed/Resolved": "resolved",
    "Completed/In Call": "resolved",
    "Completed/Closed": "closed",
    "Completed/Cancelled": "cancelled",
    "Unmatched/Unmatched": "Unmatched/Unmatched",
}


def volvo_changes(folder: Path) -> list[Change]:
    return [
        Change(
            incident=row["SR Number"],
            at=microseconds(datetime.fromisoformat(row["Change Date+Time"])),
            order=line,
            status=VOLVO_STATES.get(f"{row['Status']}/{row['Sub Status']}", "pending"),
            reason="waiting_on_user" if row["Sub Status"] in ("Wait - User", "Wait - Customer") else "",
            category=("Major", "High", "Medium", "Low").index(row["SR Latest Impact"]) + 1,
            group=row["Involved ST Function Div"],
            submitted_at=None,
            is_met=None,
        )
        for line, row in enumerate(rows_of(folder / VOLVO), start=2)
    ]


def first_to_last_us(changes: Iterable[Change]) -> dict[str, int]:
    """For each incident the time from its first change to its last."""
    stamps: dict[str, list[int]] = defaultdict(list)
    for change in changes:
        stamps[change.incident].append(change.at)
    return {incident: max(of) - min(of) for incident, of in stamps.items()}


@dataclass(frozen=True)
class Calls:
    """Requests of one kind: how many, how many failed, and the spans of all of them in microseconds."""

    count: int
    errors: int
    spans: tuple[int, ...]


def jmeter_calls(folder: Path) -> dict[str, Calls]:
    spans: dict[str, list[int]] = defaultdict(list)
    errors: Counter[str] = Counter()
    for row in rows_of(folder / JMETER):
        spans[row["label"]].append(int(row["elapsed"]) * 1000)
        errors[row["label"]] += row["success"] == "false"
    return {label: Calls(len(of), errors[label], tuple(of)) for label, of in spans.items()}


@dataclass(frozen=True)
class Spans:
    """The trace file: its rows, how many of them stand there a second time, and the spans without the second ones by operation."""

    rows: int
    repeated: int
    by_operation: dict[str, tuple[int, ...]]


def trace_spans(folder: Path) -> Spans:
    import duckdb

    columns = "trace_no, span_no, operation, start_unix_ns, end_unix_ns"
    rows = duckdb.connect().execute(f"SELECT {columns} FROM read_parquet('{folder / TRACES}')").fetchall()
    seen = set()
    spans: dict[str, list[int]] = defaultdict(list)
    for trace_no, span_no, operation, start_ns, end_ns in rows:
        if (trace_no, span_no) not in seen:
            seen.add((trace_no, span_no))
            spans[operation].append((end_ns - start_ns) // 1000)
    return Spans(len(rows), len(rows) - len(seen), {operation: tuple(of) for operation, of in spans.items()})


@dataclass(frozen=True)
class Flight:
    """One flight: `late_min` is None where it never arrived, `is_sent` False where it never left."""

    local_month: int
    scheduled_at: int
    carrier: str
    origin: str
    is_known_plane: bool
    is_sent: bool
    late_min: int | None

    @property
    def is_in_time(self) -> bool:
        return self.late_min is not None and self.late_min < 15


def flights(folder: Path) -> list[Flight]:
    """The scheduled instant is worked out of the local clock time, not of the file's UTC column."""
    planes = {row["tailnum"] for row in rows_of(folder / PLANES)}
    new_york = ZoneInfo("America/New_York")
    found = []
    for row in rows_of(folder / FLIGHTS):
        clock = int(row["sched_dep_time"])
        local = datetime(int(row["year"]), int(row["month"]), int(row["day"]), clock // 100, clock % 100, tzinfo=new_york)
        found.append(
            Flight(
                local_month=local.month,
                scheduled_at=microseconds(local.astimezone(UTC)),
                carrier=row["carrier"],
                origin=row["origin"],
                is_known_plane=row["tailnum"] in planes,
                is_sent=row["dep_time"] != "NA",
                late_min=None if row["arr_delay"] == "NA" else int(row["arr_delay"]),
            )
        )
    return found


def carriers(folder: Path) -> dict[str, str]:
    return {row["carrier"]: row["name"] for row in rows_of(folder / AIRLINES)}
