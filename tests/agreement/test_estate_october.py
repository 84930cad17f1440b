"""The month whose last Sunday has 25 hours, where a sender writes local stamps without an offset."""

from pathlib import Path

import pytest

from estate_road import Road, walk

ROADS = (
    Road("2021-10", 13, "usual"),
    Road("2021-10", 13, "hard"),
)


@pytest.mark.parametrize("road", ROADS, ids=str)
def test_every_figure_is_the_truth_and_every_fault_is_named(road: Road, tmp_path: Path) -> None:
    walk(road, tmp_path / "w")
