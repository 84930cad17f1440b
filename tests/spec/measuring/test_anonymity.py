"""Anonymity: one code a party and reporting year, and no cell that tells whose it is (domain.md 6.5)."""

import pytest

from tocsin.measuring.anonymity import is_telling, party_code, party_codes, reporting_year
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.holes import UNKNOWN

SECRET = b"a secret of sixteen bytes or more"
PARTIES = [f"Energy company {n}" for n in range(3000)]


@pytest.mark.parametrize(
    ("month", "year"), [("2021-03", "2020/21"), ("2021-04", "2021/22"), ("2022-03", "2021/22"), ("2099-12", "2099/00")]
)
def test_reporting_year_is_the_regulatory_year(month, year):
    assert reporting_year(Period.parse(month)) == year


def test_codes_differ_and_do_not_depend_on_order():
    """3000 parties over a million codes collide several times; every one still has its own code, however they come."""
    first, second = party_codes(PARTIES, "2021/22", SECRET), party_codes(reversed(PARTIES), "2021/22", SECRET)
    assert first == second
    assert len(set(first.values())) == len(PARTIES) + 1
    assert sum(first[party] != party_code(party, "2021/22", SECRET) for party in PARTIES) > 0


def test_a_code_is_another_one_next_year_and_under_another_secret():
    code = party_code("Energy company 1", "2021/22", SECRET)
    assert code == party_code("Energy company 1", "2021/22", SECRET)
    assert code != party_code("Energy company 1", "2022/23", SECRET)
    assert code != party_code("Energy company 1", "2021/22", SECRET[::-1])
    assert code.startswith("P") and len(code) == 7 and code[1:].isdigit()


def test_a_user_the_party_list_does_not_have_is_told_apart_and_not_named():
    code = party_code("user:90-B3-D5-1F-30-01-00-00", "2021/22", SECRET)
    assert code.startswith("U") and len(code) == 7 and code[1:].isdigit()


def test_unknown_is_nobody():
    assert party_codes([UNKNOWN], "2021/22", SECRET) == {UNKNOWN: UNKNOWN}


def test_a_short_secret_is_refused():
    with pytest.raises(BadDeclaration, match="has 5 bytes; at least 16"):
        party_codes(["A"], "2021/22", b"short")


@pytest.mark.parametrize(
    ("volumes", "telling"),
    [
        ({}, False),
        ({"A": 5, "B": 5}, True),
        ({"A": 80, "B": 10, "C": 10}, False),
        ({"A": 81, "B": 10, "C": 9}, True),
        ({"A": 5, "B": 5, UNKNOWN: 90}, True),
        ({"A": 40, "B": 30, "C": 30, "D": 0}, False),
        ({UNKNOWN: 90}, False),
        # User IDs the party list does not have may be one company's: three of them are no crowd.
        ({"U000001": 30, "U000002": 30, "U000003": 40}, True),
        ({"P000001": 30, "U000002": 30, "U000003": 40}, True),
        ({"P000001": 30, "P000002": 30, "U000003": 20, "U000004": 20}, False),
        ({"P000001": 5, "P000002": 5, "U000003": 45, "U000004": 45}, True),
    ],
)
def test_cells_that_tell_whose_they_are(volumes, telling):
    assert is_telling(volumes) is telling
