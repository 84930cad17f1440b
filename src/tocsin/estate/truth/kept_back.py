"""Which rows by SEC Party a report must keep back, by the truth's own arithmetic: all cells and all readers at once (decision 0007).

The axes of every array are reader, row, party and part, those that it has, in this order; parts are counts of which none is in another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tocsin.estate.block import Array, Whole
from tocsin.estate.truth.splits import Splits
from tocsin.estate.truth.whereabouts import UNLISTED_USER
from tocsin.vocabulary.holes import UNKNOWN

# Volume, decided or rejected, decided, successful, timed, with a target, within it: places of a counted number and the one that met it.
_NUMBERS = 7
_SHARES = ((1, 3), (2, 3), (5, 6))


@dataclass(frozen=True)
class _Table:
    """A process: its rows from the smallest volume on, the parties a reader would know more of, and each reader's own numbers."""

    rows: list[int]
    row_sums: Whole
    guarded: Whole
    readers: Whole
    is_own: Array

    @classmethod
    def of(cls, splits: Splits, cells: Mapping[tuple[int, int], Sequence[int]]) -> "_Table":
        volumes: dict[int, int] = {}
        for (row, _), numbers in cells.items():
            volumes[row] = volumes.get(row, 0) + numbers[0]
        rows = sorted(volumes, key=lambda row: (volumes[row], splits.words["srv"][row]))
        parties = sorted({party for _, party in cells})
        whole = np.zeros((len(rows), len(parties), _NUMBERS), np.int64)
        for (row, party), numbers in cells.items():
            whole[rows.index(row), parties.index(party)] = numbers
        parts = whole - np.append(whole[:, :, 1:], np.zeros_like(whole[:, :, :1]), axis=2)
        names = [splits.words["party"][party] for party in parties]
        owners = [UNLISTED_USER if name.startswith(UNLISTED_USER) else name for name in names]
        companies = sorted(set(owners) - {UNKNOWN})
        sums = np.stack([parts[:, [owner == company for owner in owners]].sum(axis=1) for company in companies], axis=1)
        alone = [n for n, owner in enumerate(owners) if owner != UNKNOWN]
        # Whoever is not in the list may be one company with others who are not: guarded by himself, and all of them together.
        together = [n for n, company in enumerate(companies) if company == UNLISTED_USER]
        whose = [owners[n] for n in alone] + [companies[n] for n in together]
        is_own = np.array([[owner == company for owner in whose] for company in ("", *companies)])
        guarded = np.concatenate([parts[:, alone], sums[:, together]], axis=1)
        # The first reader is outside, and knows nobody's numbers.
        readers = np.concatenate([np.zeros_like(sums[:, :1]), sums], axis=1)
        return cls(rows, parts.sum(axis=1), guarded, readers, is_own)

    def told(self, hidden: list[int], row: int, protection_percent: int) -> Array:
        """For each party of a row, whether a reader learns too much of it with these rows kept back."""
        own = self.readers[row]
        of_row = (self.row_sums[row] - own)[:, None]
        of_all = (self.row_sums[hidden].sum(axis=0) - self.readers[hidden].sum(axis=0))[:, None]
        of_party = self.guarded[hidden].sum(axis=0)[None]
        most, cell = np.minimum(of_row, of_party), self.guarded[row][None]
        width = _tails(most - np.maximum(0, of_row + of_party - of_all))
        number = _tails(cell)
        found = ((number > 0) & ((width == 0) | (100 * width < protection_percent * number))).any(axis=2)
        everywhere = self.guarded.sum(axis=0)[None]
        for counted, met in _SHARES:
            for some in (slice(counted, met), slice(met, None)):
                may_differ = (of_row[..., some].sum(axis=2) > 0) & (everywhere[..., some].sum(axis=2) > 0)
                found |= (number[..., counted] > 0) & (most[..., some].sum(axis=2) == 0) & may_differ
        return np.asarray((found & ~self.is_own & (number[..., 0] > 0)).any(axis=0))


def kept_back(splits: Splits, cells: Mapping[tuple[int, int], Sequence[int]]) -> tuple[set[int], bool]:
    """The rows (places of SRVs) of which nothing may be told by party, and whether the parties' sums must be kept back as well.

    `cells` by SRV and party: volume, decided or rejected, decided, successful, timed, with a target, within it.
    """
    if splits.is_telling(_volumes(cells)):
        return {row for row, _ in cells}, True
    own = {row: _volumes({cell: of for cell, of in cells.items() if cell[0] == row}) for row, _ in cells}
    alone = {row for row, volumes in own.items() if splits.is_telling(volumes)}
    if not alone:
        return set(), False
    table = _Table.of(splits, cells)
    telling = [n for n, row in enumerate(table.rows) if row in alone]
    hidden = list(telling)
    while _learnt(table, telling, hidden, splits.protection_percent):
        others = {n: _learnt(table, telling, [*hidden, n], splits.protection_percent) for n in range(len(table.rows)) if n not in hidden}
        if not others:
            return alone, True
        hidden.append(min(others, key=lambda n: others[n]))
    return {table.rows[n] for n in hidden}, False


def _learnt(table: _Table, telling: list[int], hidden: list[int], protection_percent: int) -> int:
    return sum(int(np.count_nonzero(table.told(hidden, row, protection_percent))) for row in telling)


def _volumes(cells: Mapping[tuple[int, int], Sequence[int]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for (_, party), numbers in cells.items():
        found[party] = found.get(party, 0) + numbers[0]
    return found


def _tails(parts: Whole) -> Whole:
    """Each number again: the sum of its part and those after it."""
    return np.asarray(np.cumsum(parts[..., ::-1], axis=-1)[..., ::-1])
