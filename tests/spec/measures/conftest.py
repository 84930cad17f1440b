"""`spec`: a measure, a drawn table of happenings, and the two whole numbers expected; asked of DuckDB and of Sail."""

from collections.abc import Callable

import pytest
from drawn_happenings import ask

from tocsin.engines import Engine
from tocsin.measuring.measure import Measure


@pytest.fixture
def spec(either_engine: Engine) -> Callable[..., None]:
    def check(measure: Measure, table: str, *, events: int, met: int, waiting: int = 0) -> None:
        (found,) = ask(either_engine, measure, table)
        expected = {f"{measure.name}_counted": events, f"{measure.name}_met": met}
        if measure.waiting is not None:
            expected[f"{measure.name}_waiting"] = waiting
        assert found.counters == expected

    return check
