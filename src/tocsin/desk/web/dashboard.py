"""The dashboard: how the newest month stands, from its latest run, and what came since. Every number is a figure's, or of the ledger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tocsin import __version__
from tocsin.deliveries.ledger import Delivery
from tocsin.desk.web.areas import alerts, firmware_and_installs, incidents, processes, throughput
from tocsin.desk.web.awaited import awaited, due_sentence
from tocsin.desk.web.figure_page import superseded
from tocsin.desk.web.held_runs import HeldRun
from tocsin.desk.web.received import FeedStanding
from tocsin.desk.web.served_page import ServedPage, brief, brief_words, figure_address, figure_link, month_address
from tocsin.reports.blocks import Block, Cell, Column, Heading, Link, Note, Status, Table, counted, level, marks
from tocsin.reports.change_words import change_title
from tocsin.reports.document import Document
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.page import Part
from tocsin.reports.trend_graph import has_earlier, trend_summary
from tocsin.reports.wording import (
    instant_figures,
    instant_words,
    measure_title,
    month_words,
    number,
    spoken,
)
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.instants import span_words

_MOST_CHANGES = 12


@dataclass(frozen=True)
class Now:
    """What the ledger says at the instant of the request (µs UTC): its deliveries, and the feeds of the month shown."""

    at: int
    deliveries: Sequence[Delivery]
    feeds: Sequence[FeedStanding]

    def since(self, as_at: int) -> list[Delivery]:
        """What came after a run's as-at."""
        return [one for one in self.deliveries if one.received_at > as_at]

    def taken_back(self, run: FrozenRun) -> list[str]:
        """The deliveries a run rests on that do not stand any more, by their ids."""
        withdrawn = {one.delivery_id for one in self.deliveries if one.status == "withdrawn"}
        return [line.delivery_id for line in run.deliveries if line.delivery_id in withdrawn]


def dashboard(held: HeldRun, now: Now, months: Sequence[str], runs: Sequence[str]) -> ServedPage:
    """The page of a month. `months` and `runs` are all there are, to lead to."""
    run = held.run
    simulated = " (simulated)" if run.simulated else ""
    parts = (
        Part("standing", "What stands now", tuple(_standing(held, now))),
        Part("cpm", "Code Performance Measures", tuple(_measures(run))),
        Part("awaited", "Due, and still waited for", tuple(awaited(run, now.at))),
        Part("changes", "What changed most", tuple(_changes(run))),
        Part("processes", "Business Processes", (processes(run),)),
        Part("incidents", "Open Incidents by category", (incidents(run),)),
        Part("alerts", "Alerts", tuple(alerts(run))),
        Part("firmware", "Firmware, and Install & Commission", tuple(firmware_and_installs(run))),
        Part("feeds", "Files owed and in", (_feeds(run, now),)),
        Part("months", "Other months and runs", (_others(run, months, runs),)),
        Part("throughput", "Alerts by quarter-hour", tuple(throughput(run))),
    )
    return ServedPage(
        heading="How the network was served",
        under=month_words(run.period),
        title=f"Dashboard, {month_words(run.period)}{simulated}",
        description=f"How {month_words(run.period)} stands, by run {run.run_id}.",
        lead=" ".join(word for word in _lead(run, now) if word),
        parts=parts,
        footer=f"Run {run.run_id}, made {instant_words(run.made_at)}. Basis {run.basis_digest}. Served by tocsin {__version__} at "
        f"{instant_words(now.at)}. For programs: /api/v1/months, described in /api/v1/openapi.json.",
        code_version=__version__,
        state=Status("complete" if run.is_complete else "provisional"),
        main="dashboard",
    )


def nothing_closed(deliveries: Sequence[Delivery]) -> ServedPage:
    """The page of a workspace without a run."""
    told = f"{number(len(deliveries))} deliveries are in the ledger." if deliveries else "Nothing was taken in yet."
    step = Note(
        "Take files in with: tocsin take-in. Then make the first run with: tocsin close MONTH. This page shows it as soon as it is there."
    )
    return ServedPage(
        heading="No month was closed yet",
        under="There is no run to show",
        title="Dashboard: no run yet",
        description="A workspace without a run.",
        lead=told,
        parts=(Part("next", "What to do next", (step,)),),
        footer=f"Served by tocsin {__version__}.",
        code_version=__version__,
        main="dashboard",
    )


def _lead(run: FrozenRun, now: Now) -> Iterator[str]:
    """How the month went before anything else is read: levels missed, results that are not there, when it is due, how old this is."""
    yield f"{run.simulated}." if run.simulated else ""
    # The report's own sentences of its title page.
    yield from Document(run, ()).levels()
    yield due_sentence(run, now.at)
    yield _age(run, now)
    yield _since(run, now)


def _age(run: FrozenRun, now: Now) -> str:
    return f"As at {instant_words(run.as_at)}, {span_words(max(0, now.at - run.as_at))} ago."


def _since(run: FrozenRun, now: Now) -> str:
    came = now.since(run.as_at)
    if not came:
        return "Nothing came since."
    noun = "delivery" if len(came) == 1 else "deliveries"
    return f"{number(len(came))} {noun} since: close {run.period.label} again for what they change."


def _standing(held: HeldRun, now: Now) -> Iterator[Block]:
    run, came = held.run, now.since(held.run.as_at)
    if not held.is_latest:
        yield Note(superseded(run), "warning")
    if gone := now.taken_back(run):
        words = (
            f"Withdrawn since this run was made, and counted in it: {', '.join(gone)}. It stays as it was: close {run.period.label} again."
        )
        yield Note(words, "warning")
    yield from (Note(reason) for reason in run.provisional_because)
    of_month = [one for one in run.slots if one.state != "not_expected"]
    rows: tuple[tuple[Cell, ...], ...] = (
        ("State", Status("complete" if run.is_complete else "provisional")),
        ("As at", instant_words(run.as_at)),
        ("Files owed for the month, as at the run", len(of_month)),
        ("Of them in", sum(one.state in {"on_time", "late"} for one in of_month)),
        ("Deliveries it rests on", len(run.deliveries)),
        *((f"Came since: {status}", sum(one.status == status for one in came)) for status in sorted({one.status for one in came})),
        ("Run", run.run_id),
    )
    yield Table("The run that is shown", (Column("Fact", share=2), Column("Told", share=4)), rows, "There is no run.")


def _measures(run: FrozenRun) -> Iterator[Block]:
    columns = (
        Column("Measure", share=8), Column("Result, %", "figure"), Column("Status", "status"), Column("Target, %", "figure"),
        Column("Minimum, %", "figure"), Column("Change, points", "figure"), Column("Counted", "whole"), Column("Marks"),
    )  # fmt: skip
    change = {line.measure: line.change for line in run.trend if line.month == run.period.label}
    rows: list[tuple[Cell, ...]] = []
    for measure in run.measures:
        figure = run.book.whole(measure.name)
        levels = level(measure.target), level(measure.minimum)
        if figure is None:
            rows.append((measure_title(measure), "n/a", Status("no_data"), *levels, "n/a", "n/a", "none"))
            continue
        result = figure_link(run, figure, brief_words(figure))
        moved = change.get(measure.name) or "n/a"
        rows.append((measure_title(measure), result, Status(figure.status), *levels, moved, counted(figure), marks(figure)))
    table = Table("Code Performance Measures, each result leading to its figure", columns, tuple(rows), "No measure was declared.")
    yield table
    graph = trend_summary(run) if has_earlier(run) else None
    yield Heading("The months before")
    yield graph if graph is not None else Note("No trend is drawn: no earlier month has a run with a result of any measure.")


def _changes(run: FrozenRun) -> Iterator[Block]:
    if run.changes.why:
        yield Note(run.changes.why)
    lines = run.changes.lines[:_MOST_CHANGES]
    columns = (
        Column("What", share=5), Column("Kind", "status"), Column("Before", "figure"), Column("Now", "figure"), Column("Change", "figure"),
        Column("Touches", share=3),
    )  # fmt: skip
    rows = tuple(
        (
            change_title(run, line), Status(line.kind), brief(line.before),
            Link(brief(line.now), figure_address(run, line.figure)) if line.figure else brief(line.now),
            line.change or "n/a", f"{number(line.events)} {line.events_words}",
        )
        for line in lines
    )  # fmt: skip
    more = f", the first {len(lines)} of {number(len(run.changes.lines))}" if len(lines) < len(run.changes.lines) else ""
    yield Table(f"What changed, severest first{more}", columns, rows, "Nothing that matters changed.")


def _feeds(run: FrozenRun, now: Now) -> Table:
    names = {line.feed: line.title for line in run.feeds}
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            names.get(one.feed, spoken(one.feed)), sum(count for state, count in one.states.items() if state != "not_expected"),
            *(one.states.get(state, 0) for state in ("on_time", "late", "missing", "not_due_yet")),
            instant_figures(one.last_at) if one.last_at is not None else "nothing yet",
        )
        for one in now.feeds
    )  # fmt: skip
    columns = (
        Column("Feed", share=4), Column("Owed", "whole"), Column("In on time", "whole"), Column("In late", "whole"),
        Column("Missing", "whole"), Column("Not due yet", "whole"), Column("Last came, UTC"),
    )  # fmt: skip
    caption = f"Files owed for {month_words(run.period)}, as the ledger has them now"
    return Table(caption, columns, rows, "Nobody is expected to send anything.")


def _others(run: FrozenRun, months: Sequence[str], runs: Sequence[str]) -> Table:
    this = month_words(run.period)
    rows: list[tuple[Cell, ...]] = [
        (Link(name, month_address(run.period.label, name)), f"{this}, {'shown' if name == run.run_id else 'another run'}")
        for name in reversed(runs)
    ]
    others = [label for label in reversed(months) if label != run.period.label]
    rows += [(Link(label, month_address(label)), month_words(Period.parse(label))) for label in others]
    return Table("Months and runs", (Column("Leads to", share=2), Column("What it is", share=2)), tuple(rows), "There is no other.")
