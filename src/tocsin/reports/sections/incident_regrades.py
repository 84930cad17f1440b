"""Category changes of Incidents, those near a breach one by one (domain.md 3.3): downgrading before a breach must show."""

from tocsin.reports.blocks import Block, Cell, Column, Note, Prose, Table, counted
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.section import Section
from tocsin.reports.wording import CLOCKS, indicator_title, instant_figures, number, spoken, value_title

_SUBJECT = "incident_regrades"


def build(run: FrozenRun) -> list[Block]:
    figures = run.book.split(_SUBJECT, ("clock",))
    if not figures and any(figure.status == "no_data" for figure in run.book.of(_SUBJECT)):
        return [Note("No data: no audit log of Incidents was received for the period, so no change of category is known.")]
    rows: list[tuple[Cell, ...]] = [
        (indicator_title(figure.indicator), CLOCKS.get(value) or spoken(value), counted(figure))
        for figure in figures
        for _, value in figure.breakdown
    ]
    columns = (Column("Of the Incidents that the DCC must resolve", share=3), Column("Clock", share=2), Column("Changes", "whole"))
    return [
        Prose(
            "An Incident is judged by its final category. A change that makes the target longer is listed where little of a running "
            "clock's target was left, or where it was over already; minutes below zero are minutes after the breach. "
            "Source: TOC proxy, worked out from the audit log of the DCC Service Management System."
        ),
        Table("Category changes made in the period", columns, tuple(rows), "No category was changed in the period."),
        _listed(run),
        *_left_off(run),
    ]


def _listed(run: FrozenRun) -> Table:
    rows = tuple(
        (line.incident_id, CLOCKS.get(line.clock) or spoken(line.clock), instant_figures(line.changed_at), line.from_category,
         line.to_category, line.minutes_before_breach, value_title(run, "resolver_group", line.resolver_group))
        for line in run.incidents.regrades
    )  # fmt: skip
    columns = (
        Column("Incident", "code", share=2), Column("Clock"), Column("Changed at, UTC", share=2), Column("From category", "whole"),
        Column("To category", "whole"), Column("Minutes before breach", "whole"), Column("Resolver group", share=2),
    )  # fmt: skip
    return Table("Made less severe near a breach", columns, rows, "No category was made less severe near a breach.", 40)


def _left_off(run: FrozenRun) -> list[Block]:
    rest = run.incidents.regrade_count - len(run.incidents.regrades)
    return [Note(f"{number(rest)} more such changes are in the work list and not kept with this run.")] if rest else []


INCIDENT_REGRADES = Section(
    name="incident_regrades",
    title="Category changes of Incidents",
    order=42,
    build=build,
    sheet="Category changes",
    starts_page=False,
)
