"""The tables of a Business Process: the whole, by one column, and per Service Request Variant by another (domain.md 12).

A pair is laid out twice: on the page as a matrix that is quick to read, in the workbook as a native table with one row a cell.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tocsin.measuring.anonymity import NOT_SHOWN
from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import Block, Cell, Column, Note, Table, briefly, shown
from tocsin.reports.blocks import marks as marks_of
from tocsin.reports.figure_book import FigureBook, natural
from tocsin.reports.frozen import FrozenRun, ProcessText
from tocsin.reports.so_far import so_far
from tocsin.reports.wording import INDICATORS, column_title, indicator_title, value_title, with_unit
from tocsin.vocabulary.holes import UNKNOWN

PARTY = "party_code"
_PAGE_ROWS = 80
# What a matrix has room for, side by side for each value; units stand in its caption.
_ON_PAGE = (("volume", "volume"), ("success_rate", "success"), ("round_trip_p95", "p95"))
_UNITS = "success in %, p95 in s"
# So many values across A4; one more where they are called by short codes and no volume reaches millions, or letters would get too small.
_ACROSS = 4
_MILLION = 1_000_000
# Parties stand below one another, the Service Request Variants with the most requests across; the workbook has them all.
_MOST_ACROSS = 10
_NOTHING, _NO_MORE = "none", "\N{EN DASH}"
WHY_NOT_SHOWN = "too few parties, or one too large among them, so that figures would tell whose they are or let others be worked out"


@dataclass(frozen=True)
class Pair:
    """The figures of a process by two columns: by cell and indicator, without the parties that are not shown."""

    rows: str
    across: str
    cells: Mapping[tuple[str, str], Mapping[str, Figure]]

    @property
    def units(self) -> dict[str, str]:
        return {indicator: figure.unit for found in self.cells.values() for indicator, figure in found.items()}

    def values(self, n: int) -> list[str]:
        """The values of the rows (0) or of the columns (1) in order, unknown ones last."""
        found = dict.fromkeys(cell[n] for cell in self.cells)
        return sorted(found, key=lambda value: (value == UNKNOWN, natural(value)))

    def turned(self) -> "Pair":
        return Pair(self.across, self.rows, {(across, row): found for (row, across), found in self.cells.items()})


def whole_table(book: FigureBook, process: ProcessText) -> Table:
    """Every indicator of the whole process."""
    rows: list[tuple[Cell, ...]] = [
        (with_unit(indicator_title(figure.indicator), figure.unit), so_far(figure) if figure.so_far else shown(figure), marks_of(figure))
        for figure in book.totals(process.name)
    ]
    columns = (Column("Indicator", share=3), Column("Figure", "figure"), Column("Marks", share=3))
    return _without_idle_marks(
        Table(f"{process.title}: the whole period", columns, tuple(rows), "The run holds no figure of the whole process.")
    )


def by_one(run: FrozenRun, process: ProcessText, figures: Sequence[Figure], column: str) -> Table:
    """One row a value of the breakdown, one column an indicator; marks come last because they speak of the row."""
    units = {figure.indicator: figure.unit for figure in figures}
    indicators = _in_order(units)
    by_value: dict[str, dict[str, Figure]] = {}
    for figure in figures:
        by_value.setdefault(figure.breakdown[0][1], {})[figure.indicator] = figure
    rows = [(value_title(run, column, value), *_cells(found, indicators)) for value, found in by_value.items()]
    columns = (Column(column_title(column), share=3), *_columns(units, indicators))
    caption = f"{process.title}: by {column_title(column)}"
    return _without_idle_marks(Table(caption, columns, tuple(rows), "Nothing was counted under this breakdown.", _PAGE_ROWS))


def by_two(run: FrozenRun, process: ProcessText, figures: Sequence[Figure], columns: tuple[str, str]) -> Iterator[Block]:
    """A matrix for the page, in parts as wide as the page is, and the same cells one a row for the workbook."""
    cells: dict[tuple[str, str], dict[str, Figure]] = {}
    for figure in figures:
        (_, row), (_, across) = figure.breakdown
        cells.setdefault((row, across), {})[figure.indicator] = figure
    pair = Pair(*columns, {cell: found for cell, found in cells.items() if NOT_SHOWN not in cell})
    caption = f"{process.title}: per {column_title(columns[0])} by {column_title(columns[1])}"
    if PARTY in columns:
        yield from _kept_back(columns, cells)
        largest = _largest(pair)
        if len(largest.values(0)) < len(pair.values(0)):
            told = f"{len(largest.values(0))} of {len(pair.values(0))} {column_title(pair.rows)}s"
            yield Note(f"By {column_title(PARTY)} the page has the {told} with the most requests, the workbook all of them.")
        yield from _matrices(run, caption, largest.turned())
    else:
        yield from _matrices(run, caption, pair)
    yield _listed(run, caption, Pair(*columns, cells))


def _kept_back(columns: tuple[str, str], cells: Mapping[tuple[str, str], object]) -> Iterator[Note]:
    row = columns.index(PARTY) - 1
    every, hidden = {cell[row] for cell in cells}, sorted({cell[row] for cell in cells if NOT_SHOWN in cell}, key=natural)
    if hidden:
        of = "of the" if len(hidden) < len(every) else "and so for all of the"
        yield Note(
            f"Not shown by {column_title(PARTY)} for {len(hidden)} {of} {len(every)} {column_title(columns[row])}s ({', '.join(hidden)}): "
            f"{WHY_NOT_SHOWN}."
        )


def _largest(pair: Pair) -> Pair:
    """The rows with the greatest volume, as many as a page can carry across."""
    volumes = dict.fromkeys(pair.values(0), 0)
    for (row, _), found in pair.cells.items():
        if "volume" in found:
            volumes[row] += found["volume"].counted or 0
    kept = sorted(volumes, key=lambda row: -volumes[row])[:_MOST_ACROSS]
    return Pair(pair.rows, pair.across, {cell: found for cell, found in pair.cells.items() if cell[0] in kept})


def _matrices(run: FrozenRun, caption: str, pair: Pair) -> Iterator[Table]:
    """Rows by code (their names stand in the table before), and for each value across volume, success rate and p95."""
    units, values = pair.units, pair.values(1)
    told = [(indicator, word) for indicator, word in _ON_PAGE if indicator in units]
    is_narrow = pair.across == "srv" and all((of["volume"].counted or 0) < _MILLION for of in pair.cells.values() if "volume" in of)
    parts = _parts(values, _ACROSS + is_narrow)
    for part in parts:
        titles = {value: _short(run, pair.across, value) for value in part}
        columns = (
            Column("SRV" if pair.rows == "srv" else column_title(pair.rows), "code"),
            *(Column(f"{titles[value]} {word}", "figure", starts_group=told[0][1] == word) for value in part for _, word in told),
        )
        rows = []
        for row in pair.values(0):
            found = [pair.cells.get((row, value), {}) for value in part]
            if any(found):
                rows.append((row, *(_cell(of_value, indicator) for of_value in found for indicator, _ in told)))
        which = f" {', '.join(titles.values())};" if len(parts) > 1 else ""
        yield Table(
            f"{caption} ({which.lstrip()}{' ' * bool(which)}{_UNITS})",
            columns,
            tuple(rows),
            "Nothing was counted under this breakdown.",
            only_in="page",
        )


def _parts(values: Sequence[str], most: int) -> list[Sequence[str]]:
    """The values in as few parts as can be, each as long as the others or one longer."""
    count = len(range(0, len(values), most))
    length, longer = divmod(len(values), max(count, 1))
    starts = [n * length + min(n, longer) for n in range(count + 1)]
    return [values[start:end] for start, end in pairwise(starts)]


def _short(run: FrozenRun, column: str, value: str) -> str:
    """What a value is called at the head of three narrow columns."""
    return value if column == "srv" else value_title(run, column, value).partition(" (")[0]


def _listed(run: FrozenRun, caption: str, pair: Pair) -> Table:
    indicators = _in_order(pair.units)
    order = sorted(pair.cells, key=lambda cell: [(NOT_SHOWN in cell, natural(value)) for value in cell])
    rows = [
        (value_title(run, pair.rows, cell[0]), value_title(run, pair.across, cell[1]), *_cells(pair.cells[cell], indicators))
        for cell in order
    ]
    columns = (Column(column_title(pair.rows)), Column(column_title(pair.across)), *_columns(pair.units, indicators))
    return Table(f"{caption}, one row a cell", columns, tuple(rows), "Nothing was counted under this breakdown.", only_in="workbook")


def _in_order(units: Mapping[str, str]) -> list[str]:
    return [indicator for indicator in INDICATORS if indicator in units] + [word for word in units if word not in INDICATORS]


def _columns(units: Mapping[str, str], indicators: Sequence[str]) -> tuple[Column, ...]:
    return (*(Column(with_unit(indicator_title(one), units[one]), "figure") for one in indicators), Column("Marks"))


def _cells(found: Mapping[str, Figure], indicators: Sequence[str]) -> tuple[Cell, ...]:
    marks = dict.fromkeys(mark for figure in found.values() if figure.marks for mark in marks_of(figure).split(", "))
    return (*(briefly(found[one]) if one in found else "no figure" for one in indicators), ", ".join(marks) or "none")


def _cell(found: Mapping[str, Figure], indicator: str) -> Cell:
    """A cell of a matrix: without any request there is no figure, which the column of volumes says; the others have no more to say."""
    if not found:
        return _NOTHING if indicator == "volume" else _NO_MORE
    figure = found.get(indicator)
    return _NO_MORE if figure is None or figure.status == "no_events" else briefly(figure)


def _without_idle_marks(table: Table) -> Table:
    """The table without its last column where that would only say "none"."""
    if any(row[-1] != "none" for row in table.rows):
        return table
    return replace(table, columns=table.columns[:-1], rows=tuple(row[:-1] for row in table.rows))
