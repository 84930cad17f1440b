"""domain.md 15.11: a pot of ten million, one cell of availability between its minimum and its target; to the penny."""

from pathlib import Path

import pytest

from regime import cell, month_figures, regime

AVAILABILITY = "availability_minutes.of_month/service"


@pytest.fixture
def ten_million(tmp_path: Path) -> Path:
    """A workspace whose pot is that of the example; weights and illustrative thresholds are as shipped."""
    (tmp_path / "opr_pots.csv").write_text("regime,since,pounds,status,source\nopr,2021-04-01,10000000,assumed,domain.md 15.11\n")
    return tmp_path


def test_15_11_half_of_a_cell_is_lost(ten_million: Path) -> None:
    """97.5 % between 96 and 99 keeps half: of 583,333.33, which is a quarter of a third of 70 % of the pot, 291,666.67 is lost."""
    told = regime(month_figures({f"{AVAILABILITY}=wan_gateway": (950, 1_000)}), ten_million)
    assert told.whole is not None and told.whole.at_stake == "10,000,000.00"
    assert (told.areas[0].name, told.areas[0].at_stake) == ("system_performance", "7,000,000.00")
    assert (told.measures[0].name, told.measures[0].at_stake) == ("availability", "2,333,333.33")
    north = cell(told, "Service availability", "north")
    assert (north.level, north.status, north.share_kept) == ("97.50", "below_target", "50.00")
    assert (north.at_stake, north.lost) == ("583,333.33", "291,666.67")
    assert cell(told, "Service availability", "smets1").lost == "0.00"
    # Three such cells: 875,000 exactly, which three rounded losses would miss by a penny.
    assert (told.measures[0].kept, told.measures[0].lost) == ("1,458,333.33", "875,000.00")
    assert (told.areas[0].kept, told.areas[0].lost) == ("6,125,000.00", "875,000.00")
