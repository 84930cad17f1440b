"""Every figure that feeds the Operational Performance Regime as shipped is declared: a run can have one of that name."""

from datetime import date

import pytest

from regime import names
from tocsin.areas import all_areas
from tocsin.measures import all_measures
from tocsin.processes import all_processes


def declared() -> dict[str, set[tuple[str, ...]]]:
    """The shares that measures, processes and areas make, and the columns each is told by."""
    found = {measure.name: {(column,) for column in measure.split_by} for measure in all_measures().values()}
    for process in all_processes().values():
        found |= {f"{process.name}.{i.name}": set(process.splits) for i in process.declared if i.unit == "percent"}
    for area in all_areas().values():
        found |= {f"{area.name}.{i.name}": set(area.groupings) for i in area.indicators if i.unit == "percent"}
    return found


@pytest.mark.parametrize("on", [date(2021, 4, 1), date(2024, 4, 1)])
def test_what_feeds_the_regime_is_declared(on: date) -> None:
    told = declared()
    for name in names(on):
        base, *splits = name.split("/")
        assert tuple(split.partition("=")[0] for split in splits) in told.get(base, set()), name
