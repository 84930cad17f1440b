"""One who reads a report and tries to work out what it keeps back of SEC Parties: subtracts, bounds, and tries every table that fits.

He has figures, nothing else: no code of the product but the figures' own fields, and the knowledge that counts are never below nought
and that each number is part of the one before it.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from tocsin.measuring.figures import Figure

# The whole numbers of a cell as figures tell them, the widest first.
TOLD_BY = (
    ("volume", "counted"),
    ("success_rate", "counted"),
    ("success_rate", "met"),
    ("round_trip_p50", "counted"),
    ("within_target", "counted"),
    ("within_target", "met"),
)

Numbers = tuple[int, ...]
Cell = tuple[str, str]
Range = tuple[int, int]


class Attacker:
    """What can be read of one process: sums of rows, of parties and of all, and the cells that are shown.

    With numbers of his `own` (by row) he is a SEC Party himself, `party`, who knows what he asked for.
    """

    def __init__(self, figures: Iterable[Figure], own: Mapping[str, Numbers] | None = None, party: str = "") -> None:
        self.figures = {(figure.indicator, figure.breakdown): figure for figure in figures}
        self.rows = self._values(("srv",))
        self.parties = self._values(("party_code",))
        self.whole = self._read(())
        self.row_sums = {row: self._read((("srv", row),)) for row in self.rows}
        self.party_sums = {party: self._read((("party_code", party),)) for party in self.parties}
        self.cells = {(row, party): self._read((("srv", row), ("party_code", party))) for row, party in self._values(("srv", "party_code"))}
        self.hidden = [row for row in self.rows if not any(row == shown for shown, _ in self.cells) and any(self.row_sums[row])]
        self.own, self.party = own or {}, party

    def _values(self, columns: tuple[str, ...]) -> list:
        found = dict.fromkeys(
            tuple(value for _, value in figure.breakdown)
            for figure in self.figures.values()
            if tuple(column for column, _ in figure.breakdown) == columns and "suppressed" not in figure.marks
        )
        return [values[0] if len(columns) == 1 else values for values in found]

    def _read(self, breakdown: tuple[tuple[str, str], ...]) -> Numbers:
        return tuple(int(getattr(self.figures[indicator, breakdown], field) or 0) for indicator, field in TOLD_BY)

    def residuals(self) -> tuple[dict[str, Numbers], dict[str, Numbers]]:
        """Of the rows kept back: the sum of each, and of each party over all of them; his own numbers are taken out of both."""
        rows = {row: _minus(self.row_sums[row], self.own.get(row, (0,) * 6)) for row in self.hidden}
        parties = {}
        for party in self.party_sums.keys() - {self.party}:
            shown = [self.cells.get((row, party), (0,) * 6) for row in self.rows]
            parties[party] = _minus(self.party_sums[party], tuple(map(sum, zip(*shown, strict=True))))
        return rows, parties

    def bounds(self) -> dict[Cell, list[Range]]:
        """The range of each number of each cell kept back, narrowed again and again by every sum and by what is part of what.

        Without the parties' sums he has no names for the columns, and no more to go by than the rows.
        """
        rows, parties = self.residuals()
        found = {(row, party): [(0, number) for number in rows[row]] for row in rows for party in parties}
        lines = [([(row, party) for party in parties], rows[row]) for row in rows]
        lines += [([(row, party) for row in rows], parties[party]) for party in parties]
        while True:
            before = {cell: list(ranges) for cell, ranges in found.items()}
            for line, sums in lines:
                for n in range(6):
                    # Of each number, and of what is in it and not in the next: both add up to sums that are told.
                    _narrow(found, line, n, sums[n])
                    rest = sums[n] - (sums[n + 1] if n < 5 else 0)
                    _narrow_parts(found, line, n, rest)
            for ranges in found.values():
                for n in range(5):
                    ranges[n] = (max(ranges[n][0], ranges[n + 1][0]), ranges[n][1])
                    ranges[n + 1] = (ranges[n + 1][0], min(ranges[n][1], ranges[n + 1][1]))
            if found == before:
                return found

    def every_table(self, n: int) -> Iterator[dict[Cell, int]]:
        """Every table of one number of the cells kept back that agrees with what is told of that number; for tiny tables."""
        rows, parties = self.residuals()
        names = list(parties)
        choices = [[cells for cells in product(range(rows[row][n] + 1), repeat=len(names)) if sum(cells) == rows[row][n]] for row in rows]
        for table in product(*choices):
            if all(sum(line[at] for line in table) == parties[name][n] for at, name in enumerate(names)):
                yield {(row, name): line[at] for row, line in zip(rows, table, strict=True) for at, name in enumerate(names)}


def _minus(one: Numbers, other: Numbers) -> Numbers:
    return tuple(a - b for a, b in zip(one, other, strict=True))


def _narrow(found: dict[Cell, list[Range]], line: list[Cell], n: int, total: int) -> None:
    """Of numbers that add up to a sum, none is more than the others leave, nor less."""
    least, most = sum(found[cell][n][0] for cell in line), sum(found[cell][n][1] for cell in line)
    for cell in line:
        low, high = found[cell][n]
        found[cell][n] = (max(low, total - (most - high)), min(high, total - (least - low)))


def _narrow_parts(found: dict[Cell, list[Range]], line: list[Cell], n: int, rest: int) -> None:
    """Where nothing is left between a number and the next of a whole line, the two are one number in each of its cells."""
    if n < 5 and rest == 0:
        for cell in line:
            low, high = max(found[cell][n][0], found[cell][n + 1][0]), min(found[cell][n][1], found[cell][n + 1][1])
            found[cell][n] = found[cell][n + 1] = (low, high)
