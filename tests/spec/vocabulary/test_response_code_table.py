"""Response codes: class, and whose doing (duis.md 3.1; domain.md 6.4)."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tocsin.vocabulary.response_codes import response_class, response_codes, response_outcome

ON = date(2021, 8, 31)


def test_the_194_codes_and_their_classes() -> None:
    codes = response_codes().values()
    assert len(codes) == 194
    assert Counter(one.response_class for one in codes) == {"failure": 187, "success_with_warning": 5, "success": 1, "accepted": 1}


@pytest.mark.parametrize(
    ("code", "of_class", "outcome"),
    [
        ("I0", "success", "success"),
        # An acknowledgement is no answer of a device, but the last word on a non-device request: the journey decides.
        ("I99", "accepted", "accepted"),
        ("W110101", "success_with_warning", "success"),
        ("E1", "failure", "user_reject"),
        ("E11", "failure", "user_reject"),
        ("E19", "failure", "user_reject"),
        ("E20", "failure", "dcc_fail"),
        ("E21", "failure", "dcc_fail"),
        ("E30", "failure", "dcc_fail"),
        ("E31", "failure", "dcc_fail"),
        ("E48", "failure", "unknown"),
        ("E65", "failure", "user_reject"),
        ("E1004", "failure", "unknown"),
        ("E081401", "failure", "user_reject"),
        # Not in the list of version 5.4: read by the first letter, and no one is blamed.
        ("E999999", "failure", "unknown"),
        ("W999999", "success_with_warning", "success"),
        ("I7", "success", "success"),
        ("400", "unknown", "unknown"),
        ("", "unknown", "unknown"),
    ],
)
def test_class_and_outcome(code: str, of_class: str, outcome: str) -> None:
    assert (response_class(code), response_outcome(code)) == (of_class, outcome)


def test_only_what_is_written_down_counts_as_verified() -> None:
    codes = response_codes()
    assert {one.code for one in codes.values() if one.status == "verified"} == {"I0", "I99"}
    assert all(one.status == "assumed" for one in codes.values() if one.outcome == "unknown")
    assert {one.category for one in codes.values() if one.outcome == "dcc_fail"} == {"communications", "timeout"}
    assert Counter(one.outcome for one in codes.values()) == {"user_reject": 142, "unknown": 41, "success": 6, "dcc_fail": 4, "accepted": 1}


def test_the_first_letter_would_read_every_listed_code_but_one() -> None:
    """The rule for unlisted codes is sound on the listed ones; I99 alone needs the table."""
    by_letter = {"E": "failure", "W": "success_with_warning", "I": "success"}
    assert [code for code, one in response_codes().items() if by_letter[code[0]] != one.response_class] == ["I99"]


def test_the_table_is_the_reference_list(shared: Path) -> None:
    with (shared / "reference" / "response_codes.csv").open(encoding="utf-8") as file:
        reference = {row["code"]: row for row in csv.DictReader(file)}
    assert set(reference) == set(response_codes())
    for code, row in reference.items():
        assert response_class(code) == row["outcome_class"].replace("-", "_")
        assert response_codes()[code].name == row["meaning"]


def test_a_workspace_may_know_better_from_a_day_on(tmp_path: Path) -> None:
    (tmp_path / "response_codes.csv").write_text(
        "code,since,name,outcome_class,category,outcome,status,source\n"
        "E48,2021-08-01,refused by the device,failure,device,device_fail,verified,x\n",
        encoding="utf-8",
    )
    assert response_outcome("E48", ON, tmp_path) == "device_fail"
    assert response_outcome("E48", date(2021, 7, 31), tmp_path) == "unknown"
