"""What a report explains: each measure in words and as a predicate, what things are called, and every assumption in force."""

from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from tocsin.areas import all_areas
from tocsin.feeds import all_feeds
from tocsin.feeds.feed import Due
from tocsin.measures import measures_on
from tocsin.measuring.measure import Measure
from tocsin.processes import all_processes
from tocsin.reports.frozen import AreaText, AssumptionLine, MeasureText, ProcessText, WordLine
from tocsin.reports.frozen_received import FeedLine
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.dated import DatedTable
from tocsin.vocabulary.provider_reports import relevant_measures
from tocsin.vocabulary.service_requests import variants
from tocsin.vocabulary.settings import setting

# Printed row by row; of the other tables only how many rows rest on an assumption, for they are long.
IN_FULL = frozenset(
    {
        "settings",
        "target_response_times",
        "incident_targets",
        "clock_stops",
        "incident_measure_readings",
        "relevant_measures",
        "smki_targets",
    }
)
# The calendar is no table of dated rows: its rows are the dates. It is checked against the government's list.
CALENDAR = "bank_holidays"
_EVERY = {"quarter_hour": "every quarter of an hour", "day": "every day", "month": "every month", "occasion": "on occasion"}
READINGS = "incident_measure_readings"
_DATA = files("tocsin.vocabulary") / "data"
_BESIDES = frozenset({"since", "status", "source"})


def measure_texts(period: Period, reference: Path) -> tuple[MeasureText, ...]:
    """Each measure as it is read for the period."""
    return tuple(_measure_text(measure, period) for measure in measures_on(period.first_on, reference).values())


def _measure_text(measure: Measure, period: Period) -> MeasureText:
    level = measure.level_at(period.first_on)
    return MeasureText(
        name=measure.name,
        title=measure.title,
        clause=measure.clause,
        counted_sentence=measure.counted.sentence,
        counted_predicate=measure.counted.predicate,
        met_sentence=measure.met.sentence,
        met_predicate=measure.met.predicate,
        target=level.target if level else None,
        minimum=level.minimum if level else None,
        level_since=level.since if level else None,
        level_status=level.status if level else None,
        reading=measure.reading,
        source=measure.source,
        beside=measure.beside,
    )


def area_texts() -> tuple[AreaText, ...]:
    """Each reporting area and where its numbers come from."""
    return tuple(AreaText(area.name, area.title, area.order, area.sentence, area.source, area.beside) for area in all_areas().values())


def feed_lines() -> tuple[FeedLine, ...]:
    """Each feed, how often it is sent, and when it is due, in words."""
    return tuple(
        FeedLine(name, feed.title, _EVERY[feed.every], _due_words(feed.due), feed.due.status, feed.source)
        for name, feed in all_feeds().items()
    )


def _due_words(due: Due) -> str:
    if due.working_day is not None:
        return f"by the end of Working Day {due.working_day} after the month"
    if due.hours_after is None:
        return "no time is set"
    return f"within {due.hours_after} hour{'s' * (due.hours_after != 1)} of the time it covers"


def process_texts() -> tuple[ProcessText, ...]:
    """Each Business Process, with why it has no figures where nothing feeds it."""
    return tuple(
        ProcessText(name, process.code, process.title, process.order, process.sentence, process.not_fed_because)
        for name, process in all_processes().items()
    )


def word_lines(on: date, reference: Path) -> tuple[WordLine, ...]:
    """What Service Request Variants and the Service Providers' own measures are called."""
    titles: dict[str, list[str]] = {}
    for measure in relevant_measures(on, reference):
        if measure.title not in titles.setdefault(measure.measure_ref, []):
            titles[measure.measure_ref].append(measure.title)
    return (
        *(WordLine("srv", srv, variant.name) for srv, variant in variants(on, reference).items()),
        *(WordLine("measure_ref", ref, _referred(ref, "; ".join(found))) for ref, found in sorted(titles.items())),
    )


def _referred(ref: str, title: str) -> str:
    """A measure of the methodology by its clause and title; a reference that is no clause tells a reader nothing."""
    return f"{ref} {title}" if ref[:1].isdigit() else title


def assumption_lines(period: Period, reference: Path) -> tuple[AssumptionLine, ...]:
    """Every dated row in force that is not verified: in full for what judges, as a count for the long catalogues."""
    return tuple(_assumptions(period, reference))


def _assumptions(period: Period, reference: Path) -> Iterator[AssumptionLine]:
    for measure in measures_on(period.first_on, reference).values():
        level = measure.level_at(period.first_on)
        if level is not None and level.status != "verified":
            value = f"target {level.target} %, minimum {level.minimum} %"
            yield AssumptionLine("service levels", measure.name, value, level.since, level.status, "domain.md 2.2")
    reading = setting("incident_measure_reading", period.first_on, reference).value
    for name in table_names():
        table = DatedTable.load(name, reference)
        unsure = {key: row for key, row in table.at(period.first_on).items() if row.cells["status"] != "verified"}
        if name == READINGS:
            # The other readings are no assumption of this report: it does not rest on them.
            unsure = {key: row for key, row in unsure.items() if key[0] == reading}
        if name in IN_FULL:
            for key, row in unsure.items():
                # A zone that workspace.toml names is that company's choice and no assumption.
                if key == ("period_zone",) and row.cells["value"] != period.zone:
                    continue
                value = _told(row.cells, len(key))
                yield AssumptionLine(name, ", ".join(key), value, row.cells["since"], row.cells["status"], row.cells["source"])
        else:
            for status in ("inferred", "assumed"):
                count = sum(row.cells["status"] == status for row in unsure.values())
                if count:
                    yield AssumptionLine(name, f"{count} rows", "see the shipped table", "", status, "each row names its own")


def _told(cells: Mapping[str, str], width: int) -> str:
    """A row's own cells beside its key, in words: "30 seconds: …" for a setting, "seconds 600, calendar 24x7" elsewhere."""
    own = {column: cell for column, cell in list(cells.items())[width:] if column not in _BESIDES and cell}
    if "sentence" in own:
        return f"{own['value']} {own['unit']}: {own['sentence']}" if "unit" in own else f"{own['value']}: {own['sentence']}"
    if "target_us" in own:
        return f"{int(own['target_us']) // 1_000_000} s"
    return ", ".join(f"{column.replace('_', ' ')} {cell}" for column, cell in own.items())


def table_names() -> list[str]:
    """The shipped dated tables."""
    names = (file.name.removesuffix(".csv") for file in _DATA.iterdir() if file.name.endswith(".csv"))
    return sorted(name for name in names if name != CALENDAR)


def parameters_digest(period: Period, reference: Path, others: Mapping[str, str]) -> str:
    """One digest of all that may move a figure beside the rows: dated tables with the workspace's own rows, measures, other settings."""
    told = [f"{name} {DatedTable.load(name, reference).digest()}" for name in table_names()]
    own_calendar = reference / f"{CALENDAR}.csv"
    told += [(_DATA / f"{CALENDAR}.csv").read_text(encoding="utf-8"), own_calendar.read_text("utf-8") if own_calendar.is_file() else ""]
    told += [f"{measure!r}" for measure in measure_texts(period, reference)]
    told += [f"{key} {value}" for key, value in sorted(others.items())]
    return sha256("\x1e".join(told).encode()).hexdigest()
