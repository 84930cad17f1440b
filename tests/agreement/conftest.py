"""A month closed on this machine, and the same received files closed again on a cluster."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from desk_month import AS_AT, MONTH, closed_month
from desk_road import Desk


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return closed_month(tmp_path_factory.mktemp("agreement") / "w")


@pytest.fixture
def closed_on(month: Desk, tmp_path: Path) -> Callable[..., Desk]:
    """The same received files closed again, on the engine at an address; nothing of the first close is left."""

    def closed(url: str, seen_as: str | None = None) -> Desk:
        desk = Desk(Path(shutil.copytree(month.root, tmp_path / "w")))
        shutil.rmtree(desk.root / "runs")
        shutil.rmtree(desk.root / "store" / "journeys")
        desk.settings(f'[engine]\nname = "spark"\nurl = "{url}"\n' + (f'seen_as = "{seen_as}"\n' if seen_as else ""))
        desk.close(MONTH, AS_AT)
        return desk

    return closed
