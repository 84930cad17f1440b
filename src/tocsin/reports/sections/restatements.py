"""Restatements: months told otherwise than readers know them, figure by figure, and what made it so (architecture section 3)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from tocsin.reports.blocks import Block, Cell, Column, Heading, Note, Prose, Shown, Status, Table
from tocsin.reports.change_words import subject_title
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_restated import RestatedDelivery, RestatedFigure, RestatedMonth
from tocsin.reports.section import Section
from tocsin.reports.wording import UNITS, indicator_title, instant_figures, instant_words, measure_label, number, spoken, value_title

_PAGE_FIGURES = 30
# So many deliveries are named on a page; more are summed up there by sender, and named in the workbook.
_NAMED = 12
_SIDES = {"came": "Came", "went": "Gone"}


def build(run: FrozenRun) -> list[Block]:
    told = run.restated
    if told.why:
        return [Note(told.why)]
    blocks: list[Block] = [Prose(_about(run))]
    if told.unreadable:
        blocks.append(Note(f"Not compared, since it cannot be read: {', '.join(told.unreadable)}. Ask tocsin doctor.", "warning"))
    if not told.months:
        return [*blocks, Note("No month is restated: this is the first run of its period, and every month before it stands as it did.")]
    blocks.append(_overview(told.months))
    return [*blocks, *(block for month in told.months for block in _month(run, month))]


def _about(run: FrozenRun) -> str:
    told = run.restated
    since = f"Readers were last told by run {told.told_by}" if told.told_by else "No run of the month before is known"
    return (
        "A run is kept for ever; a later one of the same month is a restatement. This month stands beside the run of it before this one, "
        "and a month before it beside the run that stood when readers were last told of it. "
        f"{since}; months before are compared as they stood on {instant_words(told.since)}."
    )


def _overview(months: tuple[RestatedMonth, ...]) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (month.month, instant_figures(month.old_as_at), instant_figures(month.new_as_at), month.figure_count, month.status_count,
         month.appeared_count, month.vanished_count, month.suppressed_count)
        for month in months
    )  # fmt: skip
    columns = (
        Column("Month"), Column("Was as at, UTC", share=2), Column("Is as at, UTC", share=2), Column("Figures told otherwise", "whole"),
        Column("Of another status", "whole"), Column("New", "whole"), Column("No longer there", "whole"),
        Column("Suppressed, not told", "whole"),
    )  # fmt: skip
    return Table("Months told otherwise", columns, rows, "No month is restated.")


def _month(run: FrozenRun, month: RestatedMonth) -> Iterator[Block]:
    is_told_otherwise = month.figure_count or month.suppressed_count
    yield Heading(f"{month.month}: {'restated' if is_told_otherwise else 'closed again'}")
    yield Prose(f"Run {month.old_run} stood; run {month.new_run} stands. {_why(month)}")
    if month.figure_count:
        yield from _deliveries(run, month)
        yield _figures(run, month)
    if month.figure_count > len(month.figures):
        rest = month.figure_count - len(month.figures)
        yield Note(
            f"{number(rest)} further figures are told otherwise: "
            f"tocsin compare {month.month} --from {month.old_run} --to {month.new_run} lists every one."
        )


def _why(month: RestatedMonth) -> str:
    if not month.figure_count and not month.suppressed_count:
        return "No figure is told otherwise."
    sides = Counter(line.side for line in month.deliveries)
    said = []
    if month.delivery_count:
        said.append(
            f"Deliveries that make the difference and that its figures may rest on: {number(month.delivery_count)} "
            f"(came: {number(sides['came'])}, stand no more: {number(sides['went'])})."
        )
    if month.others:
        said.append(f"Further deliveries that came or went, on which none of the figures told otherwise rests: {number(month.others)}.")
    said += month.because
    if not said:
        said.append("No delivery came or went, and nothing printed in either report differs: other parameters moved the figures.")
    return " ".join(said)


def _deliveries(run: FrozenRun, month: RestatedMonth) -> Iterator[Block]:
    rows = tuple(_delivery(run, line) for line in month.deliveries)
    columns = (
        Column("What"), Column("Delivery", "code", 3), Column("Feed", share=2), Column("Sender", share=2), Column("Covers", share=2),
        Column("Submission"), Column("Received, UTC", share=2), Column("In place of, or replaced by", "code", 3),
    )  # fmt: skip
    caption = f"{month.month}: deliveries that came or stand no more"
    named = Table(caption, columns, rows, "No delivery that these figures rest on came or went.")
    if len(rows) <= _NAMED:
        yield named
        return
    yield _by_sender(run, month)
    yield replace(named, only_in="workbook")


def _by_sender(run: FrozenRun, month: RestatedMonth) -> Table:
    owners: dict[tuple[str, str], list[RestatedDelivery]] = {}
    for line in month.deliveries:
        owners.setdefault((line.feed, line.sender), []).append(line)
    rows: list[tuple[Cell, ...]] = []
    for (feed, sender), lines in owners.items():
        came, went = ([line for line in lines if line.side == side] for side in _SIDES)
        finals = sum(line.submission == "final" and bool(line.other) for line in came)
        last = instant_figures(max(line.received_at for line in came)) if came else "none came"
        rows.append((spoken(feed), value_title(run, "service_provider", sender), len(came), finals, len(went), last))
    columns = (
        Column("Feed", share=2), Column("Sender", share=2), Column("Came", "whole"), Column("Of them finals in place of another", "whole"),
        Column("Stand no more", "whole"), Column("Last received, UTC", share=2),
    )  # fmt: skip
    return Table(f"{month.month}: deliveries that came or stand no more, by sender", columns, tuple(rows), "None came or went.",
                 only_in="page")  # fmt: skip


def _delivery(run: FrozenRun, line: RestatedDelivery) -> tuple[Cell, ...]:
    return (
        _SIDES[line.side], line.delivery_id, spoken(line.feed), value_title(run, "service_provider", line.sender),
        line.covers or "not said", line.submission, instant_figures(line.received_at), line.other or "none",
    )  # fmt: skip


def _figures(run: FrozenRun, month: RestatedMonth) -> Table:
    rows = tuple(_figure(run, line) for line in month.figures)
    columns = (
        Column("Figure", share=4), Column("Of", share=3), Column("Was", "figure"), Column("Is", "figure"), Column("Apart", "figure"),
        Column("Counted", "figure"), Column("Status", share=2), Column("By what came or went", share=2),
    )  # fmt: skip
    return Table(f"{month.month}: figures told otherwise", columns, rows, "Every figure is told as it was.", _PAGE_FIGURES)


def _figure(run: FrozenRun, line: RestatedFigure) -> tuple[Cell, ...]:
    is_measure = any(measure.name == line.subject for measure in run.measures)
    title = measure_label(line.subject) if is_measure else subject_title(run, line.subject)
    name = f"{title}: {indicator_title(line.indicator)}" if line.indicator else title
    unit = UNITS.get(line.unit, line.unit)
    # A Service Provider's own measure by its reference alone: there is no room here for its title.
    of = ", ".join(value if column == "measure_ref" else value_title(run, column, value) for column, value in line.breakdown) or "all"
    return (
        f"{name}, {unit}" if unit else name, of, Shown(line.old_shown or "not there", line.unit, False),
        Shown(line.new_shown or "not there", line.unit, False), Shown(line.apart or "n/a", line.unit, False),
        Shown(_counts(line), "count", False), _statuses(line), ", ".join(spoken(feed) for feed in line.feeds) or "no delivery",
    )  # fmt: skip


def _counts(line: RestatedFigure) -> str:
    was, is_now = (number(count) if count is not None else "none" for count in (line.old_counted, line.new_counted))
    return was if was == is_now else f"{was}, now {is_now}"


def _statuses(line: RestatedFigure) -> str:
    was, is_now = (Status(status).words if status else "not there" for status in (line.old_status, line.new_status))
    return was if was == is_now else f"{was}, now {is_now.lower()}"


RESTATEMENTS = Section(name="restatements", title="Restatements", order=65, build=build, sheet="Restatements", starts_page=False)
