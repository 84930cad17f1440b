"""A month of summer time, where a sender writes local stamps; and the same month while it is still open."""

from pathlib import Path

import pytest

from estate_road import Road, walk

ROADS = (
    Road("2021-09", 12, "usual"),
    Road("2021-09", 12, "hard"),
    Road("2021-09", 14, "usual", until="2021-09-16T13:00:00Z"),
)


@pytest.mark.parametrize("road", ROADS, ids=str)
def test_every_figure_is_the_truth_and_every_fault_is_named(road: Road, tmp_path: Path) -> None:
    walk(road, tmp_path / "w")
