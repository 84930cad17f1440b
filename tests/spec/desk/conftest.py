"""One closed month for all tests of this folder; who changes anything works on a copy."""

import shutil
from pathlib import Path

import pytest

from desk_month import closed_month
from desk_road import Desk


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A workspace with a varied August 2021, closed. Not to be changed."""
    return closed_month(tmp_path_factory.mktemp("desk") / "workspace")


@pytest.fixture
def month_copy(month: Desk, tmp_path: Path) -> Desk:
    """A copy of it to do things to."""
    return Desk(Path(shutil.copytree(month.root, tmp_path / "workspace")))
