"""A file is at rest when it was found unchanged at two looks, so long apart as was asked for."""

from pathlib import Path

import pytest

from tocsin.deliveries.resting import Resting


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "CSPN.csv"
    path.write_text("a")
    return path


def test_unchanged_at_two_looks(file: Path) -> None:
    resting = Resting(settle_us=5)
    assert resting.look([file], 100) == []
    assert resting.look([file], 104) == [] and resting.is_waiting
    assert resting.look([file], 105) == [file]
    resting.done(file)
    assert resting.look([file], 200) == [] and not resting.is_waiting


def test_a_file_that_grows_is_waited_for(file: Path) -> None:
    resting = Resting(settle_us=5)
    for at in range(100, 130, 10):
        assert resting.look([file], at) == []
        file.write_text("a" * at)
    assert resting.look([file], 130) == []
    assert resting.look([file], 135) == [file]


def test_a_file_that_is_replaced_by_one_of_its_size_is_another(file: Path) -> None:
    resting = Resting(settle_us=5)
    resting.look([file], 100)
    other = file.with_name("other")
    other.write_text("b")
    other.replace(file)
    assert resting.look([file], 105) == []
    assert resting.look([file], 110) == [file]


def test_a_file_that_is_changed_after_it_was_done_with_is_looked_at_anew(file: Path) -> None:
    resting = Resting(settle_us=0)
    resting.look([file], 1)
    assert resting.look([file], 2) == [file]
    resting.done(file)
    file.write_text("changed")
    assert resting.look([file], 3) == []
    assert resting.look([file], 4) == [file]


def test_a_file_that_goes_away_is_forgotten(file: Path) -> None:
    resting = Resting(settle_us=0)
    resting.look([file], 1)
    file.unlink()
    assert resting.look([file], 2) == [] and not resting.is_waiting
