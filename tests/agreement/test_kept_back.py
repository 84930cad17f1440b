"""What is kept back of SEC Parties: the product's rule and the truth's, written apart, keep back the same rows of drawn tables."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.estate.truth.kept_back import kept_back
from tocsin.estate.truth.splits import SRVS, Splits
from tocsin.measuring.anonymity import company_of
from tocsin.measuring.suppression import PartyTable, Secrecy, not_shown
from tocsin.processes.indicators import SHARES
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.holes import UNKNOWN

# The truth calls parties by their names, the product by their codes, which stand in another order.
NAMES = ("Amber", "Beryl", "Coral", "Dunes", "user:01", "user:02", UNKNOWN)
CODES = ("P000004", "P000001", "P000003", "P000002", "U000009", "U000008", UNKNOWN)
SPLITS = Splits.of(NAMES, Period(2021, 9).first_on)

_CELL = st.tuples(st.one_of(st.just(0), st.integers(1, 3), st.integers(1, 300)), *[st.sampled_from((0, 0, 1, 2, 50, 300))] * 6)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(3, 8), st.integers(0, 6)), _CELL, max_size=40), st.sampled_from((0, 10, 40)))
def test_the_truth_keeps_back_the_same_rows(drawn: dict[tuple[int, int], tuple[int, ...]], protection_percent: int) -> None:
    cells = {}
    for cell, (volume, *losses) in drawn.items():
        numbers = [volume]
        for loss in losses:
            numbers.append(max(0, numbers[-1] - loss))
        if volume:
            cells[cell] = numbers
    secrecy = Secrecy(SPLITS.fewest_parties, SPLITS.dominance_percent, protection_percent)
    found = not_shown(PartyTable({(SRVS[row], CODES[party]): of for (row, party), of in cells.items()}, SHARES), secrecy)
    rows, has_no_totals = kept_back(replace(SPLITS, protection_percent=protection_percent), cells)
    assert ({SRVS[row] for row in rows}, has_no_totals) == (found.rows, found.has_no_totals)


def test_both_take_unlisted_users_for_one_company() -> None:
    assert [company_of(code) for code in CODES] == [*CODES[:4], "U", "U", ""]
