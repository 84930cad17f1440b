"""A whole month closed on a cluster gives every figure that it gives on one machine."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desk_month import AS_AT, MONTH, closed_month
from desk_road import Desk
from tocsin.engines import Engine

pytestmark = pytest.mark.xdist_group("months-agree")


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return closed_month(tmp_path_factory.mktemp("agreement") / "w")


@pytest.fixture
def closed_on(month: Desk, tmp_path: Path) -> Callable[[str], Desk]:
    """The same received files closed again, on the engine at an address; nothing of the first close is left."""

    def closed(url: str) -> Desk:
        desk = Desk(Path(shutil.copytree(month.root, tmp_path / "w")))
        shutil.rmtree(desk.root / "runs")
        shutil.rmtree(desk.root / "store" / "journeys")
        desk.settings(f'[engine]\nname = "spark"\nurl = "{url}"\n')
        desk.close(MONTH, AS_AT)
        return desk

    return closed


def figures(desk: Desk) -> dict[str, dict[str, Any]]:
    found = desk.figures(MONTH)
    assert len(found) > 500
    return found


def test_a_month_on_sail(month: Desk, closed_on: Callable[[str], Desk], sail: Engine) -> None:
    desk = closed_on(sail.url)  # type: ignore[attr-defined]  # only Spark has an address
    assert figures(desk) == figures(month)
    said = desk("trace", "cpm_1", "--rows", 3)
    assert said.code == 0 and "agrees with the figure" in said.out
    assert desk("doctor").code == 0


@pytest.mark.cluster
def test_a_month_on_a_spark_standalone(month: Desk, closed_on: Callable[[str], Desk], spark_standalone: Engine) -> None:
    assert figures(closed_on(spark_standalone.url)) == figures(month)  # type: ignore[attr-defined]  # only Spark has an address
