"""Code Performance Measures at a glance: the level asked, the level reached, and the status in words."""

from collections import Counter

from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import STATUS_WORDS, Block, Cell, Column, Prose, Status, Table, counted, level, marks, met, shown
from tocsin.reports.figure_book import FigureBook
from tocsin.reports.frozen import FrozenRun, MeasureText
from tocsin.reports.section import Section
from tocsin.reports.wording import measure_title

COLUMNS = (
    Column("Measure", share=4),
    Column("Target, %", "figure"),
    Column("Minimum, %", "figure"),
    Column("Result, %", "figure"),
    Column("Counted", "whole"),
    Column("Met", "whole"),
    Column("Status", "status"),
    Column("Marks", share=2),
)


def build(run: FrozenRun) -> list[Block]:
    book = FigureBook(run.figures)
    found = [(measure, book.whole(measure.name)) for measure in run.measures]
    rows = tuple(_row(measure, figure) for measure, figure in found)
    table = Table("Code Performance Measures", COLUMNS, rows, "No Code Performance Measure was declared when this run was made.")
    return [Prose(_in_words([figure for _, figure in found])), table]


def _row(measure: MeasureText, figure: Figure | None) -> tuple[Cell, ...]:
    target, minimum = level(measure.target), level(measure.minimum)
    if figure is None:
        why = "no figure in this run"
        return measure_title(measure), target, minimum, why, why, why, Status("no_data"), "none"
    return measure_title(measure), target, minimum, shown(figure), counted(figure), met(figure), Status(figure.status), marks(figure)


def _in_words(figures: list[Figure | None]) -> str:
    states = Counter("no_data" if figure is None else figure.status for figure in figures)
    parts = [f"{STATUS_WORDS[status][0].lower()}: {states[status]}" for status in STATUS_WORDS if states[status]]
    return (
        f"Of {len(figures)} Code Performance Measures, {'; '.join(parts) or 'none has a figure'}. Each is judged on the unrounded value; "
        "a value that would print as its level without reaching it is printed with more digits."
    )


CPM_SUMMARY = Section(name="cpm_summary", title="Code Performance Measures: summary", order=20, build=build, sheet="CPM summary")
