"""Where each number of a dyed run's report was taken from: a figure, a line of the run, or a sum that is named here; nothing else."""

from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from typing import Any

from dyed_run import Dye, numbers_in
from report_reading import NUMBER, numbers_of, tables_of, words_of
from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import Cell, Graph, Heading, Note, Prose, Table
from tocsin.reports.document import Document
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.wording import value_title

# Of these a table always says which it speaks of, in the row, the heading of the column or the caption.
SAID = frozenset({"service_provider", "region", "srv", "party_code", "device_type", "resolver_group", "model", "generation", "service"})
# One figure of the Service Provider beside one of the TOC: the row is the measure, and which part reports it is not said again.
ONE_FIGURE_EACH = frozenset({"Reported and observed levels"})
# A Service Provider's region follows from its code.
REGION_OF_ITS_PROVIDER = frozenset({"Levels reported by Service Providers"})
OTHERWISE = {"NONE": "no device"}
SMALLEST_DYED = 10_000_019


def unexplained(run: FrozenRun, dye: Dye, document: Document) -> Iterator[str]:
    """Numbers of the report that no figure, no line of the run and no named sum accounts for."""
    known = set(_declared(run)) | set(_summed(run))
    for section, table, row, column, words in numbers_of(document):
        if not NUMBER.fullmatch(words) or _is_known(words, dye, known):
            continue
        if not _is_of_its_neighbours(table, row, column, words, dye) and not _is_weight(table, row, column, words):
            yield f"{section}: {table.caption}: {table.columns[column].title}: {words} in {[words_of(cell) for cell in row]}"
    totals = set(_totals(document))
    for section, words in _said(document):
        known_there = known | totals
        yield from (f"{section}: {number} in: {words[:200]}" for number in numbers_in(words) if not _is_known(number, dye, known_there))


def _is_known(number: str, dye: Dye, known: set[str]) -> bool:
    """Whether a number is somebody's; a sentence may say "fell by" for the sign."""
    plain = number.lstrip("-+\u2212")
    return any(f"{sign}{plain}" in dye.owners or f"{sign}{plain}" in known for sign in ("", "+", "-", "\u2212"))


def misplaced(run: FrozenRun, dye: Dye, document: Document) -> Iterator[str]:
    """Figures that stand where their own breakdown is not said: in another row, or under another heading."""
    for section, table, row, column, words in numbers_of(document):
        figure = dye.owners.get(words, (None,))[0]
        if not isinstance(figure, Figure) or table.caption in ONE_FIGURE_EACH:
            continue
        around = " ".join([table.caption, table.columns[column].title, *(words_of(cell) for cell in row)]).lower()
        for name, value in figure.breakdown:
            if name not in SAID or value == "all" or (name == "region" and table.caption in REGION_OF_ITS_PROVIDER):
                continue
            called = {value.lower(), value.lower().replace("_", " "), value_title(run, name, value).lower(), OTHERWISE.get(value, "")}
            if not any(words and words in around for words in called):
                yield f"{section}: {table.caption}: {figure.name} stands in {[words_of(cell) for cell in row]}"


def _said(document: Document) -> Iterator[tuple[str, str]]:
    """Everything that is said in sentences."""
    for section, blocks in document.sections:
        for block in blocks:
            match block:
                case Prose(text=text) | Note(text=text) | Heading(text=text):
                    yield section.name, text
                case Graph(caption=caption, alt=alt):
                    yield section.name, f"{caption} {alt}"


def _declared(run: FrozenRun) -> Iterator[str]:
    """Service Levels, and Working Days of deadlines: constants of dated tables that the run carries."""
    for measure in run.measures:
        yield from (text for text in (measure.target, measure.minimum) if text)
    yield from (f"{level:f}" for figure in run.figures for level in (figure.target, figure.minimum) if level is not None)
    yield from (str(line.working_day) for line in run.deadlines)
    # Names of categories are numbers.
    yield from (str(category) for category in range(6))


def _summed(run: FrozenRun) -> Iterator[str]:
    """Sums over the run's own lines, and how many of them there are, by what the tables group them by."""
    sums: Counter[Any] = Counter()
    left_out: Counter[str] = Counter()
    for line in run.deliveries:
        for field in ("lines", "accepted", "refused", "duplicates"):
            for by in ((line.feed,), (line.feed, line.sender)):
                sums[by, field] += getattr(line, field)
    for finding in run.findings:
        sums["findings", finding.check_id, finding.sentence] += finding.count
    for cube in run.incident_cube:
        sums["cube", cube.category, cube.clock, "counted"] += cube.counted
        sums["cube", cube.category, cube.clock, "met"] += cube.met
    yield from (f"{total:,}" for total in sums.values())
    for told in run.provider_words.exceptions:
        left_out[told.unit] += told.exceptions or 0
    yield from (f"{total:,}" for total in left_out.values())
    # Every answer of a distribution, and what is kept in a work list only.
    yield from (f"{sum(line.spans):,}" for line in run.rhythm.bands)
    yield f"{run.incidents.outage_count - len(run.incidents.outages):,}"
    yield f"{run.incidents.regrade_count - len(run.incidents.regrades):,}"
    # Lines are counted: no such count comes near a dyed number.
    most = len(run.deliveries) + len(run.slots) + len(run.later_slots) + len(run.findings) + len(run.superseded) + len(run.figures)
    yield from (f"{number:,}" for number in range(min(most + 1, SMALLEST_DYED)))


def _totals(document: Document) -> Iterator[str]:
    """Cells of a table and sums of its columns and rows, which the words of its graph may tell."""
    for _, table in tables_of(document):
        yield from (words_of(cell) for cells in table.rows for cell in cells)
        yield from (f"{sum(cell for cell in cells if isinstance(cell, int)):,}" for cells in table.rows)
        for n, _ in enumerate(table.columns):
            yield f"{sum(cell for cells in table.rows if isinstance(cell := cells[n], int)):,}"


def _is_of_its_neighbours(table: Table, row: tuple[Cell, ...], column: int, words: str, dye: Dye) -> bool:
    """A sum or a difference of numbers in the same row, or a difference in the same column."""
    asked = int(words.replace(",", "")) if "." not in words else None
    if asked is None:
        return False
    wholes = [cell for n, cell in enumerate(row) if isinstance(cell, int) and n != column]
    # A share in the row brings the whole numbers that it was made of.
    shares = [dye.owners.get(words_of(cell), (None,))[0] for cell in row]
    wholes += [number for share in shares if isinstance(share, Figure) for number in (share.counted, share.met) if number is not None]
    above = [cells[column] for cells in table.rows if isinstance(cells[column], int)]
    pairs = [*combinations(wholes, 2), *combinations([cell for cell in above if isinstance(cell, int)], 2)]
    return any(asked in {one - other, other - one} for one, other in pairs) or any(
        asked == sum(chosen) for size in range(2, len(wholes) + 1) for chosen in combinations(wholes, size)
    )


def _is_weight(table: Table, row: tuple[Cell, ...], column: int, words: str) -> bool:
    """A component's share of all events of its table, worked out again."""
    titles = [one.title for one in table.columns]
    if titles[column] != "Weight, %" or "Events" not in titles:
        return False
    place = titles.index("Events")
    whole = sum(cells[place] for cells in table.rows if isinstance(cells[place], int))
    share = Decimal(int(words_of(row[place]).replace(",", "")) * 100) / Decimal(whole)
    return str(share.quantize(Decimal("0.01"), ROUND_HALF_UP)) == words
