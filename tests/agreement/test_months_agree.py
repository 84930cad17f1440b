"""A whole month closed on a cluster gives every figure that it gives on one machine, and is traced there as well."""

from collections.abc import Callable

from desk_month import MONTH
from desk_road import Desk
from tocsin.engines import Engine


def test_a_month_on_sail(month: Desk, closed_on: Callable[[str], Desk], sail: Engine) -> None:
    desk = closed_on(sail.url)  # type: ignore[attr-defined]  # only Spark has an address
    figures = month.figures(MONTH)
    assert len(figures) > 500
    assert desk.figures(MONTH) == figures
    said = desk("trace", "cpm_1", "--rows", 3)
    assert said.code == 0 and "agrees with the figure" in said.out
    assert desk("doctor").code == 0
