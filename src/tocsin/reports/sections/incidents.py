"""Incidents: the cube of category, clock and resolver group, and those still open past their target (domain.md 2.5 and 3.3)."""

from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import Block, Cell, Column, Heading, Note, Prose, Shown, Table, shown
from tocsin.reports.figure_book import natural
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.incident_graph import incident_graph
from tocsin.reports.section import Section
from tocsin.reports.wording import CLOCKS, indicator_title, spoken, titles, value_title, with_unit

# The subject of the cube's own figures.
_CUBE = "incidents"


def build(run: FrozenRun) -> list[Block]:
    if not run.incident_cube and not run.open_breached:
        return [Note("No data: no Incident of this period was received, so neither clock could be read.")]
    return [
        Prose("An Incident counts in the month in which it was resolved, under its final category. Its two clocks are read apart."),
        *_clocks(run),
        Heading("Resolved in the period, by category and clock"),
        _by_category(run),
        Heading("Resolved in the period, by resolver group"),
        _cube(run),
        Heading("Open at the end of the period"),
        Prose("An Incident that is never closed never counts as a miss above; it is shown here so that it cannot hide."),
        _open(run),
    ]


def _category(run: FrozenRun, category: int) -> str:
    named = titles(run).get(("category", str(category)), "")
    number = f"Category {category}" if category else "No category given"
    return f"{number}: {named}" if named else number


def _order(category: int, clock: str) -> tuple[bool, int, str]:
    """Categories from the gravest on; those without one last, where a reader looks for a remainder."""
    return category == 0, category, clock


def _clock(clock: str) -> str:
    return CLOCKS.get(clock) or spoken(clock)


def _clocks(run: FrozenRun) -> list[Block]:
    """The figures of each clock over all categories: what the senders report stands beside what was observed."""
    figures = run.book.split(_CUBE, ("clock",))
    units = {figure.indicator: figure.unit for figure in figures}
    by_clock: dict[str, dict[str, Figure]] = {}
    for figure in figures:
        by_clock.setdefault(figure.breakdown[0][1], {})[figure.indicator] = figure
    if not by_clock:
        return []
    rows: list[tuple[Cell, ...]] = [
        (_clock(clock), *(shown(found[indicator]) if indicator in found else "no figure" for indicator in units))
        for clock, found in by_clock.items()
    ]
    columns = Column("Clock"), *(Column(with_unit(indicator_title(indicator), unit), "figure") for indicator, unit in units.items())
    return [Heading("The two clocks"), Table("Incidents by clock", columns, tuple(rows), "No clock could be read.")]


def _by_category(run: FrozenRun) -> Block:
    sums: dict[tuple[int, str], tuple[int, int]] = {}
    for line in run.incident_cube:
        counted, met = sums.get((line.category, line.clock), (0, 0))
        sums[line.category, line.clock] = counted + line.counted, met + line.met
    rows = [
        (_category(run, category), _clock(clock), counted, met, counted - met)
        for (category, clock), (counted, met) in sorted(sums.items(), key=lambda found: _order(*found[0]))
    ]
    columns = (Column("Category", share=2), Column("Clock"), Column("Counted", "whole"), Column("Met", "whole"), Column("Missed", "whole"))
    table = Table("Incidents by category and clock", columns, tuple(rows), "No Incident was resolved in the period.")
    return incident_graph(run, rows, table) if rows else table


def _cube(run: FrozenRun) -> Table:
    # Shares are shown only where figures.py wrote them; a report divides nothing.
    has_share = any(line.shown for line in run.incident_cube)
    rows: list[tuple[Cell, ...]] = []
    for line in sorted(run.incident_cube, key=lambda line: (*_order(line.category, line.clock), natural(line.resolver_group))):
        group = value_title(run, "resolver_group", line.resolver_group)
        share: tuple[Cell, ...] = (Shown(line.shown or "not worked out", "percent", False),) if has_share else ()
        rows.append((_category(run, line.category), _clock(line.clock), group, line.counted, line.met, *share))
    columns = (
        Column("Category", share=2), Column("Clock"), Column("Resolver group", share=2), Column("Counted", "whole"), Column("Met", "whole"),
        *((Column("Met, %", "figure"),) if has_share else ()),
    )  # fmt: skip
    return Table("Incidents by category, clock and resolver group", columns, tuple(rows), "No Incident was resolved in the period.", 120)


def _open(run: FrozenRun) -> Table:
    rows = tuple(
        (_category(run, line.category), _clock(line.clock), value_title(run, "resolver_group", line.resolver_group), line.open_count,
         line.breached_count)
        for line in sorted(run.open_breached, key=lambda line: (*_order(line.category, line.clock), natural(line.resolver_group)))
    )  # fmt: skip
    columns = (
        Column("Category", share=2), Column("Clock"), Column("Resolver group", share=2), Column("Open", "whole"),
        Column("Past target", "whole"),
    )  # fmt: skip
    return Table("Incidents open at the end of the period", columns, rows, "No Incident was open at the end of the period.", 120)


INCIDENTS = Section(name="incidents", title="Incidents", order=40, build=build)
