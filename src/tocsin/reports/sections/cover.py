"""Cover: which month, as known when, out of what, by when it was due, and what to know before reading on."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from tocsin.reports.blocks import Block, Cell, Column, Heading, Link, Note, Status, Table
from tocsin.reports.figures_digest import figures_digest
from tocsin.reports.frozen import DeadlineLine, FrozenRun
from tocsin.reports.section import Section
from tocsin.reports.wording import date_words, instant_words, month_words, number, spoken

_MEANINGS: Mapping[str, str] = {
    "met": "At or above the Target Service Level.",
    "below_target": "Below the Target Service Level, at or above the Minimum Service Level.",
    "below_minimum": "Below the Minimum Service Level.",
    "no_events": "Nothing to count in the period; this is neither a pass nor a failure.",
    "no_data": "The feed it rests on was not received.",
    "incomplete": "Part of what it rests on was not received; the counts are given, the figure is not.",
    "stated": "A figure to which no Service Level applies.",
    "no_run": "No run of that month was known; nothing is said of it.",
}


def build(run: FrozenRun) -> list[Block]:
    return [
        *_simulated(run),
        *_state(run),
        *_withdrawn(run),
        _facts(run),
        Heading("When this report is due"),
        _deadlines(run),
        Heading("How to read a status"),
        _legend(),
    ]


def _simulated(run: FrozenRun) -> list[Block]:
    if not run.simulated:
        return []
    return [Note(f"{run.simulated}. Every record behind this report is made up; it says nothing of the real network.", "warning")]


def _state(run: FrozenRun) -> list[Block]:
    if run.is_complete and not any(slot.state != "not_expected" for slot in run.slots):
        return [Note("Nothing is known to be missing, but no delivery was expected of any sender; no request was still open.")]
    if run.is_complete:
        return [Note("This run is complete: no delivery that was due is missing, and no request was still open.")]
    why = " ".join(run.provisional_because) or "The run does not say why."
    return [Note(f"This run is provisional; its figures may change when it is made again. {why}", "warning")]


def _withdrawn(run: FrozenRun) -> list[Block]:
    if not (count := len(run.withdrawn_since)):
        return []
    what = "a delivery that it counts was" if count == 1 else f"{number(count)} deliveries that it counts were"
    return [
        Note(f"Since this run was closed, {what} withdrawn; Data quality says which and why. Another run counts no row of it.", "warning")
    ]


def _facts(run: FrozenRun) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = (
        *((("Workspace", run.title),) if run.title else ()),
        ("Performance Measurement Period", month_words(run.period)),
        ("Read in time zone", run.period.zone),
        ("State", Status("complete" if run.is_complete else "provisional")),
        ("As at", instant_words(run.as_at)),
        ("Made at", instant_words(run.made_at)),
        ("Slots filled of those owed", _completeness(run)),
        ("Restated since readers were last told", _restated(run)),
        ("Run", run.run_id),
        ("Software version", run.code_version),
        ("Engine", run.engine),
        ("Digest of the figures", figures_digest(run.figures)),
        ("Digest of the basis", run.basis_digest),
        ("Digest of the parameters", run.parameters_digest),
        ("Deliveries it rests on", number(len(run.deliveries))),
        ("Figures", number(len(run.figures))),
    )
    columns = (Column("Fact", share=2), Column("Value", share=5))
    return Table("What this report is made of", columns, rows, "The run gives no facts of itself.")


def _completeness(run: FrozenRun) -> Cell:
    """Feed by feed where something is not filled; one line for all where nothing is missing."""
    owed = [slot for slot in run.slots if slot.state != "not_expected"]
    if not owed:
        return "no delivery was expected of any sender"
    filled = [slot for slot in owed if slot.state in {"on_time", "late"}]
    told = f"{number(len(filled))} of {number(len(owed))}"
    of_feed, in_feed = Counter(slot.feed for slot in owed), Counter(slot.feed for slot in filled)
    short = [f"{spoken(feed)} {number(in_feed[feed])} of {number(count)}" for feed, count in of_feed.items() if in_feed[feed] < count]
    feeds = f"{len(of_feed)} feed{'s' * (len(of_feed) != 1)}"
    return f"{told}, of {feeds}; not filled: {', '.join(short)}" if short else f"{told}, of {feeds}: every one"


def _restated(run: FrozenRun) -> Cell:
    changed = [month for month in run.restated.months if month.figure_count or month.suppressed_count]
    if run.restated.why:
        return run.restated.why
    if not changed:
        return "no month" if not run.restated.unreadable else "no month that can be compared"
    told = (f"{month.month}: {number(month.figure_count + month.suppressed_count)} figures" for month in changed)
    return Link(", ".join(told), "restatements")


def _deadlines(run: FrozenRun) -> Table:
    rows = tuple(
        (line.name, line.working_day, date_words(date.fromisoformat(line.due_on)), _standing(line), _met_by(line), Status(line.status),
         line.sentence)
        for line in run.deadlines
    )  # fmt: skip
    columns = (
        Column("Deadline"), Column("Working Day", "whole"), Column("Date", share=2), Column("As at this run", "status"),
        Column("By", share=2), Column("Known as", "status"), Column("Rule", share=4),
    )  # fmt: skip
    return Table("Dates by which the report is due", columns, rows, "The run was frozen without its deadlines.")


def _standing(line: DeadlineLine) -> Cell:
    return Status(line.standing) if line.standing else "not judged"


def _met_by(line: DeadlineLine) -> str:
    if line.standing == "met":
        return f"run {line.met_by}" if line.met_by else "this run"
    return {"missed": "no complete run in time", "not_yet": "a complete run is awaited"}.get(line.standing, "not judged")


def _legend() -> Table:
    rows = tuple((Status(name), meaning) for name, meaning in _MEANINGS.items())
    return Table("What each status means", (Column("Status", "status"), Column("Meaning")), rows, "No status is in use.")


COVER = Section(name="cover", title="About this report", order=10, build=build)
