"""Every clause of the papers has its scenario, and what covers.toml names of the papers is a clause."""

import re
from pathlib import Path

import pytest
from tools.covers import SCENARIOS, clauses, covered, uncovered


def test_no_clause_is_without_a_scenario() -> None:
    assert not [clause.name for clause in uncovered()], "make covers says what each asks for"


def test_what_scenarios_name_of_the_papers_is_a_clause() -> None:
    """A misspelt clause would cover nothing and not be seen."""
    named = {name for name in covered() if re.match(r"CR\d|MP\d|SEC H13", name)}
    assert named <= {clause.name for clause in clauses()}


def test_clauses_stand_once_and_in_order() -> None:
    names = [clause.name for clause in clauses()]
    assert names == sorted(set(names))
    assert all(clause.asks.endswith(".") and (not clause.outside or clause.outside.endswith(".")) for clause in clauses())


@pytest.mark.parametrize("words", ["SEC H13.1 CPM 6", "SEC H13.1 CPM 6: in a month of outages"])
def test_a_clause_is_covered_by_its_name_before_the_colon(tmp_path: Path, words: str) -> None:
    scenario = tmp_path / "given_an_outage"
    scenario.mkdir()
    (scenario / "covers.toml").write_text(f'covers = ["{words}", "domain.md 2.6"]')
    assert covered(tmp_path)["SEC H13.1 CPM 6"] == ["given_an_outage"]
    left = [clause.name for clause in uncovered(tmp_path)]
    assert "SEC H13.1 CPM 6" not in left and "SEC H13.1 CPM 6A" in left and "CR1430 [C]" not in left


def test_the_scenarios_folder_is_the_one_that_is_read() -> None:
    assert covered() and (SCENARIOS / "test_scenarios.py").is_file()
