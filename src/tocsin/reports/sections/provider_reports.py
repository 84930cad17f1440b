"""What the Service Providers report of themselves, beside what was observed: both sources, and the difference by component (CR1430)."""

from collections.abc import Sequence

from tocsin.measuring.differences import difference, parts_of
from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import Block, Cell, Column, Heading, Note, Prose, Shown, Table, briefly, counted, met
from tocsin.reports.figure_book import FigureBook, columns_of
from tocsin.reports.frozen import FrozenRun, MeasureText
from tocsin.reports.section import Section
from tocsin.reports.source_graph import source_graph
from tocsin.reports.wording import SOURCES, measure_label, measure_title, value_title
from tocsin.vocabulary.provider_reports import NO_MEASURE

_LEVELS, _REPORTED = "reported_levels", "_reported"
_COMPONENT = ("service_provider", "region", "measure_ref")


def build(run: FrozenRun) -> list[Block]:
    book = run.book
    if all(figure.status == "no_data" for figure in book.of(_LEVELS)):
        return [Note("No data: no monthly report of a Service Provider was received for the period.")]
    return [
        Prose(
            "Each Service Provider reports levels of its own measures, an initial and where applicable a final. Those that are relevant "
            "for a Code Performance Measure are pooled by their events; a percentage without counts cannot be weighed, and makes the "
            "whole incomplete. What was observed is worked out by the TOC from records it holds itself."
        ),
        Heading("Both sources"),
        _both(run, book),
        *(block for measure in run.measures for block in _explained(run, book, measure)),
        Heading("Every reported level, final beside initial"),
        _levels(run, book),
    ]


def _both(run: FrozenRun, book: FigureBook) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for measure in run.measures:
        if measure.name.endswith(_REPORTED):
            continue
        observed, reported = book.whole(measure.name), _reported(book, measure.name)
        if observed is None or reported is None:
            continue
        apart = Shown(difference(reported, observed), "percent", False)
        rows.append((measure_title(measure), briefly(reported), briefly(observed), apart, SOURCES.get(observed.source, observed.source)))
    columns = (
        Column("Measure", share=3), Column(f"Reported ({SOURCES['provider_feed']}), %", "figure"), Column("Observed, %", "figure"),
        Column("Reported less observed, points", "figure"), Column("Observed by", share=2),
    )  # fmt: skip
    return Table("Reported and observed levels", columns, tuple(rows), "No measure has both a reported and an observed level.")


def _reported(book: FigureBook, cpm: str) -> Figure | None:
    """The reported reading of a measure: its own, or the one level that it equals."""
    whole = book.whole(f"{cpm}{_REPORTED}")
    if whole is not None:
        return whole
    own = [figure for figure in book.of(_LEVELS) if figure.indicator == "level" and ("cpm", cpm) in figure.breakdown]
    return own[0] if len(own) == 1 else None


def _explained(run: FrozenRun, book: FigureBook, measure: MeasureText) -> list[Block]:
    """By region, and what each component brings into the difference."""
    reported, observed = measure.name, book.whole(measure.beside) if measure.beside else None
    if not reported.endswith(_REPORTED) or observed is None:
        return []
    components = [figure for figure in book.of(reported) if columns_of(figure) == _COMPONENT and not figure.indicator]
    if not components:
        return []
    return [
        Heading(f"{measure_label(measure.beside)}: reported against observed"),
        _regions(run, book, measure),
        Prose(
            "A component's part is its weight among all reported events times how far its level lies from what was observed; the parts of "
            "all add up to the difference. Components without whole numbers have no weight and are not among them."
        ),
        _parts(run, components, observed),
    ]


def _regions(run: FrozenRun, book: FigureBook, measure: MeasureText) -> Block:
    rows: list[tuple[Cell, ...]] = []
    for reported in book.split(measure.name, ("region",)):
        observed = book.at(measure.beside, "", reported.breakdown)
        if observed is None:
            continue
        apart = Shown(difference(reported, observed), "percent", False)
        rows.append(
            (value_title(run, *reported.breakdown[0]), briefly(reported), counted(reported), briefly(observed), counted(observed), apart)
        )
    columns = (
        Column("CSP Region"), Column("Reported, %", "figure"), Column("Events", "whole"), Column("Observed, %", "figure"),
        Column("Requests", "whole"), Column("Difference, points", "figure"),
    )  # fmt: skip
    caption = f"{measure_label(measure.name)}: by region"
    table = Table(caption, columns, tuple(rows), "No region has both a reported and an observed level.")
    levels = (columns[1].title, columns[3].title)
    return source_graph(run, f"{measure.name}_by_region", measure_label(measure.beside), table, levels) or table


def _parts(run: FrozenRun, components: Sequence[Figure], observed: Figure) -> Table:
    rows = tuple(
        (*(value_title(run, *one) for one in part.figure.breakdown), briefly(part.figure), counted(part.figure),
         Shown(part.weight, "percent", True), Shown(part.part, "percent", False))
        for part in parts_of(components, observed)
    )  # fmt: skip
    columns = (
        Column("Service Provider", share=2), Column("CSP Region"), Column("Measure", share=4), Column("Level, %", "figure"),
        Column("Events", "whole"), Column("Weight, %", "figure"), Column("Part, points", "figure"),
    )  # fmt: skip
    return Table("What each component brings into the difference", columns, rows, "Nothing was observed that it could differ from.", 60)


def _levels(run: FrozenRun, book: FigureBook) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for level in (figure for figure in book.of(_LEVELS) if figure.indicator == "level"):
        where = dict(level.breakdown)
        first = book.at(_LEVELS, "initial_level", level.breakdown)
        changed = book.at(_LEVELS, "changed", level.breakdown)
        # Counts that nobody told are not none of them.
        is_told = bool(level.counted) or level.status == "no_events"
        rows.append(
            (
                where["service_provider"],
                value_title(run, "measure_ref", where["measure_ref"]),
                measure_label(where["cpm"]) if where["cpm"] != NO_MEASURE else "no measure",
                where["submission"],
                _level(book, level),
                counted(level) if is_told else "not told",
                met(level) if is_told else "not told",
                briefly(first) if first is not None and first.counted else "none",
                "yes" if changed is not None and changed.counted else "no",
            )
        )
    columns = (
        Column("Service Provider", share=2), Column("Measure", share=4), Column("In"), Column("Submission"), Column("Level, %", "figure"),
        Column("Counted", "whole"), Column("Met", "whole"), Column("Initial, %", "figure"), Column("Changed"),
    )  # fmt: skip
    return Table("Levels reported by Service Providers", columns, tuple(rows), "No level was reported.", 80)


def _level(book: FigureBook, level: Figure) -> Cell:
    """The level of its counts; else the percentage that the sender states, which says how many of how many it does not know."""
    if level.value is None:
        stated = book.at(_LEVELS, "stated_percentage", level.breakdown)
        if stated is not None and stated.counted:
            digits = str(stated.counted).rjust(3, "0")
            return Shown(f"{digits[:-2]}.{digits[-2:]} stated", "percent", False)
    return briefly(level)


PROVIDER_REPORTS = Section(
    name="provider_reports", title="Service Provider reports, against what was observed", order=33, build=build, sheet="Provider reports"
)
