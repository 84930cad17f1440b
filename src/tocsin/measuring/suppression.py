"""Suppression: which rows of a table by SEC Party stay unpublished, so that nobody can work them out from the rest (decision 0007).

A reader knows every published sum: each row's, each party's, the whole. What he does not know of the rows kept back is a table of
counts, none below nought, with known sums of rows and columns; of one cell he can then say no less than row + column - whole, and no
more than the smaller of row and column, and both may be so. Here those bounds are worked out as he would, in whole numbers.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tocsin.measuring.anonymity import company_of, is_telling
from tocsin.vocabulary.errors import BadDeclaration

Numbers = Sequence[int]


@dataclass(frozen=True)
class Secrecy:
    """From when on a cell tells whose it is, and how wide the guess at a number kept back must stay, in percent of it."""

    fewest_parties: int
    dominance_percent: int
    protection_percent: int


@dataclass(frozen=True)
class NotShown:
    """The rows of which nothing is told by party, and whether the parties' sums over all rows are kept back too."""

    rows: frozenset[str]
    has_no_totals: bool


@dataclass(frozen=True)
class PartyTable:
    """`cells[row, party]`: the whole numbers behind its figures, each a part of the one before it (volume, decided, successful …).

    `shares` are the places (counted, met) of numbers whose quotient is published. Raises BadDeclaration where a number is greater than
    the one it should be part of: bounds would then be wrong.
    """

    cells: Mapping[tuple[str, str], Numbers]
    shares: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        for (row, _), numbers in self.cells.items():
            if any(part < 0 for part in _apart(numbers)):
                raise BadDeclaration(f'table by SEC Party, row "{row}": its numbers were expected to be parts each of the one before.')

    @cached_property
    def rows(self) -> list[str]:
        """Smallest volume first."""
        volumes = dict.fromkeys((row for row, _ in self.cells), 0)
        for (row, _), numbers in self.cells.items():
            volumes[row] += numbers[0]
        return sorted(volumes, key=lambda row: (volumes[row], row))

    def volumes(self, row: str | None = None) -> dict[str, int]:
        """Volume by party, of a row or of all."""
        found: dict[str, int] = {}
        for (of_row, party), numbers in self.cells.items():
            if row in (None, of_row):
                found[party] = found.get(party, 0) + numbers[0]
        return found

    @cached_property
    def units(self) -> dict[str, tuple[str, ...]]:
        """Whose numbers are to be guarded: each party's, and those of unlisted User IDs together, which may be one company's."""
        parties = sorted({party for _, party in self.cells if company_of(party)})
        together: dict[str, tuple[str, ...]] = {}
        for party in parties:
            together[company_of(party)] = (*together.get(company_of(party), ()), party)
        return {**{party: (party,) for party in parties}, **together}

    @cached_property
    def parts(self) -> dict[tuple[str, str], Numbers]:
        """By row and unit, the numbers taken apart so that none is in another; they add up and are told of one another in nothing."""
        whole = len(next(iter(self.cells.values()), ()))
        return {
            (row, unit): _apart([sum(self.cells.get((row, party), (0,) * whole)[n] for party in of) for n in range(whole)])
            for row in self.rows
            for unit, of in self.units.items()
        }

    @cached_property
    def row_parts(self) -> dict[str, Numbers]:
        """The same of whole rows, with what has no known party."""
        found: dict[str, Numbers] = {}
        for (row, _), numbers in self.cells.items():
            found[row] = _plus(found[row], _apart(numbers)) if row in found else _apart(numbers)
        return found

    @cached_property
    def unit_parts(self) -> dict[str, Numbers]:
        """The same of whole parties."""
        return {unit: self.sum_over(self.rows, unit) for unit in self.units}

    def sum_over(self, rows: Collection[str], unit: str) -> Numbers:
        return _sum_of([self.parts[row, unit] for row in rows])


def not_shown(table: PartyTable, secrecy: Secrecy) -> NotShown:
    """The rows that tell by themselves (too few parties, or one too great), and as few others as it takes to keep those secret.

    Where the whole tells, nothing is shown by party. Else rows are kept back, each time the smallest that leaves nothing to be worked
    out, or that leaves least; where all of them would not do, the parties' sums are kept back instead.
    """
    if is_telling(table.volumes(), secrecy.fewest_parties, secrecy.dominance_percent):
        return NotShown(frozenset(table.rows), True)
    telling = [row for row in table.rows if is_telling(table.volumes(row), secrecy.fewest_parties, secrecy.dominance_percent)]
    hidden, secret = list(telling), Secret(table, secrecy.protection_percent)
    open_cells = secret.worked_out(hidden, ((row, unit) for row in telling for unit in table.units))
    while open_cells:
        left = {row: secret.worked_out([*hidden, row], open_cells) for row in table.rows if row not in hidden}
        if not left:
            return NotShown(frozenset(telling), True)
        chosen = min(left, key=lambda row: len(left[row]))
        hidden.append(chosen)
        open_cells = left[chosen]
    return NotShown(frozenset(hidden), False)


@dataclass(frozen=True)
class Secret:
    """A table, and what a reader can work out of it."""

    table: PartyTable
    protection_percent: int

    def worked_out(self, hidden: Collection[str], cells: Iterator[tuple[str, str]] | Collection[tuple[str, str]]) -> list[tuple[str, str]]:
        """Those of the cells (row, unit) of which a reader learns too much, if these rows are kept back and all else is published.

        Keeping more back never lets him learn more: a row and its cells stay as they are, the other sums grow at most as the whole does.
        """
        sums = {unit: self.table.sum_over(hidden, unit) for unit in self.table.units}
        whole = _sum_of([self.table.row_parts[row] for row in hidden])
        readers = ["", *(unit for unit in dict.fromkeys(company_of(unit) for unit in sums) if any(sums[unit]))]
        return [
            (row, unit)
            for row, unit in cells
            if any(self.table.parts[row, unit])
            and any(
                self._is_worked_out(row, unit, self._known(reader, row, sums[unit], sums.get(reader), whole))
                for reader in readers
                if reader != company_of(unit)
            )
        ]

    def _known(self, reader: str, row: str, column: Numbers, own: Numbers | None, whole: Numbers) -> "_Known":
        """What is left of row, column and whole to a reader who takes his own numbers out: every SEC Party knows them."""
        of_row = self.table.row_parts[row]
        if own is None:
            return _Known(of_row, column, whole)
        return _Known(_minus(of_row, self.table.parts[row, reader]), column, _minus(whole, own))

    def _is_worked_out(self, row: str, unit: str, known: "_Known") -> bool:
        parts, all_rows = self.table.parts[row, unit], self.table.unit_parts[unit]
        for n in range(len(parts)):
            number, width = sum(parts[n:]), sum(known.most[n:]) - sum(known.least[n:])
            if number and (not width or 100 * width < self.protection_percent * number):
                return True
        for counted, met in self.table.shares:
            for some in (slice(counted, met), slice(met, len(parts))):
                # That all of it was met, or none, is no secret where the row's own figure or the party's says so of all.
                is_told_anyhow = not sum(known.row[some]) or not sum(all_rows[some])
                if sum(parts[counted:]) and not sum(known.most[some]) and not is_told_anyhow:
                    return True
        return False


@dataclass(frozen=True)
class _Known:
    """Sums a reader has of what is kept back, and the bounds of a cell that follow."""

    row: Numbers
    column: Numbers
    whole: Numbers

    @cached_property
    def least(self) -> Numbers:
        return [max(0, row + column - whole) for row, column, whole in zip(self.row, self.column, self.whole, strict=True)]

    @cached_property
    def most(self) -> Numbers:
        return [min(row, column) for row, column in zip(self.row, self.column, strict=True)]


def _apart(numbers: Numbers) -> Numbers:
    return [number - after for number, after in zip(numbers, (*numbers[1:], 0), strict=True)]


def _plus(one: Numbers, other: Numbers) -> Numbers:
    return [a + b for a, b in zip(one, other, strict=True)]


def _minus(one: Numbers, other: Numbers) -> Numbers:
    return [a - b for a, b in zip(one, other, strict=True)]


def _sum_of(many: Sequence[Numbers]) -> Numbers:
    return [sum(column) for column in zip(*many, strict=True)]
