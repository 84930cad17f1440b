"""The dashboard: how the newest month stands, from its latest run, and what came since. Every number is a figure's, or of the ledger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tocsin import __version__
from tocsin.deliveries.ledger import Delivery
from tocsin.desk.web.figure_page import superseded
from tocsin.desk.web.held_runs import HeldRun
from tocsin.desk.web.received import FeedStanding
from tocsin.desk.web.served_page import ServedPage, brief, brief_words, figure_address, figure_link, month_address
from tocsin.reports.alert_graphs import throughput_graph
from tocsin.reports.blocks import MARK_WORDS, Block, Cell, Column, Heading, Link, Note, Prose, Status, Table, counted, level
from tocsin.reports.change_words import change_title
from tocsin.reports.figure_book import natural
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.page import Part
from tocsin.reports.trend_graph import has_earlier, trend_summary
from tocsin.reports.wording import (
    CLOCKS,
    indicator_title,
    instant_figures,
    instant_words,
    measure_title,
    month_words,
    number,
    spoken,
)
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.instants import DAY_US, QUARTER_HOUR_US

_MOST_CHANGES = 12
_HOUR_US, _MINUTE_US = 4 * QUARTER_HOUR_US, QUARTER_HOUR_US // 15


@dataclass(frozen=True)
class Now:
    """What the ledger says at the instant of the request (µs UTC): its deliveries, and the feeds of the month shown."""

    at: int
    deliveries: Sequence[Delivery]
    feeds: Sequence[FeedStanding]

    def since(self, as_at: int) -> list[Delivery]:
        """What came after a run's as-at."""
        return [one for one in self.deliveries if one.received_at > as_at]


def dashboard(held: HeldRun, now: Now, months: Sequence[str], runs: Sequence[str]) -> ServedPage:
    """The page of a month. `months` and `runs` are all there are, to lead to."""
    run = held.run
    simulated = " (simulated)" if run.simulated else ""
    parts = (
        Part("standing", "What stands now", tuple(_standing(held, now))),
        Part("cpm", "Code Performance Measures", tuple(_measures(run))),
        Part("changes", "What changed most", tuple(_changes(run))),
        Part("incidents", "Open Incidents by category", (_incidents(run),)),
        Part("feeds", "Files owed and in", (_feeds(run, now),)),
        Part("alerts", "Alerts by quarter-hour", tuple(_alerts(run))),
        Part("months", "Other months and runs", (_others(run, months, runs),)),
    )
    return ServedPage(
        heading="How the network was served",
        under=month_words(run.period),
        title=f"Dashboard, {month_words(run.period)}{simulated}",
        description=f"How {month_words(run.period)} stands, by run {run.run_id}.",
        lead=" ".join((*((f"{run.simulated}.",) if run.simulated else ()), _age(run, now), _since(run, now))),
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


def _age(run: FrozenRun, now: Now) -> str:
    return f"As at {instant_words(run.as_at)}, {span_words(now.at - run.as_at)} ago."


def span_words(span: int) -> str:
    """A span of µs in its two largest units: "3 days 2 hours"."""
    units = (("day", DAY_US), ("hour", _HOUR_US), ("minute", _MINUTE_US))
    told = []
    for name, unit in units:
        count, span = divmod(max(0, span), unit)
        told += [f"{number(count)} {name}{'' if count == 1 else 's'}"] if count else []
    return " ".join(told[:2]) or "less than a minute"


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
        Column("Measure", share=8), Column("Target, %", "figure"), Column("Minimum, %", "figure"), Column("Result, %", "figure"),
        Column("Counted", "whole"), Column("Status", "status"), Column("Change, points", "figure"), Column("Marks"),
    )  # fmt: skip
    change = {line.measure: line.change for line in run.trend if line.month == run.period.label}
    rows: list[tuple[Cell, ...]] = []
    for measure in run.measures:
        figure = run.book.whole(measure.name)
        told = (measure_title(measure), level(measure.target), level(measure.minimum))
        if figure is None:
            rows.append((*told, "n/a", "n/a", Status("no_data"), "n/a", "none"))
            continue
        marked = ", ".join(MARK_WORDS.get(mark, mark.replace("_", " ")) for mark in figure.marks) or "none"
        rows.append(
            (
                *told,
                figure_link(run, figure, brief_words(figure)),
                counted(figure),
                Status(figure.status),
                change.get(measure.name) or "n/a",
                marked,
            )
        )
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


def _alerts(run: FrozenRun) -> Iterator[Block]:
    whole = run.book.totals("alerts")
    rows = tuple(
        (indicator_title(figure.indicator), figure_link(run, figure, brief_words(figure)), Status(figure.status)) for figure in whole
    )
    columns = (Column("Of the month", share=4), Column("Alerts", "figure"), Column("Status", "status"))
    yield Table("Alerts of the month", columns, rows, "No alerts are told in this run.")
    slices = run.alerts.slices
    if slices:
        day = max(line.slice_at for line in slices) // DAY_US
        yield Prose(f"The last day of which quarter-hours came; {number(len(slices))} quarter-hours of the month are told.")
        yield throughput_graph(run, [line for line in slices if line.slice_at // DAY_US == day])
    else:
        yield Note("No quarter-hour of alerts is told in this run.")


def _incidents(run: FrozenRun) -> Table:
    told = [one for one in run.book.of("incidents") if [column for column, _ in one.breakdown] == ["clock", "category"]]
    by_place = {(one.indicator, one.breakdown): one for one in told}
    cells = sorted({one.breakdown for one in told if one.indicator == "open"}, key=lambda cell: [natural(value) for _, value in cell])
    rows: list[tuple[Cell, ...]] = []
    for cell in cells:
        (_, clock), (_, category) = cell
        pair = [by_place.get((indicator, cell)) for indicator in ("open", "open_breached")]
        linked = [figure_link(run, one, brief_words(one)) if one is not None else "n/a" for one in pair]
        rows.append((f"Category {category}" if category not in {"", "0"} else "No category", CLOCKS.get(clock, clock), *linked))
    columns = (Column("Category"), Column("Clock"), Column("Open at the end", "figure"), Column("Of them past target", "figure"))
    return Table("Incidents open at the month's end", columns, tuple(rows), "No Incidents are told in this run.")


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
