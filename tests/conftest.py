"""What every test may ask for."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from engine_sessions import either_engine, embedded, sail, sail_url, spark_standalone, standalone  # noqa: F401
from postgresql_server import ledger_url, postgresql  # noqa: F401

HERE = Path(__file__).resolve().parent

# How long an example takes to draw says something of the machine, and nothing of the code.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The project's shared material (facts, messages, real records); a user's clone does not carry it."""
    folder = Path(os.environ.get("TOCSIN_SHARED", HERE.parent.parent / "shared"))
    if not (folder / "domain.md").is_file():
        pytest.skip(f"shared material not found at {folder}: this test checks against it and is skipped in a clone without it")
    return folder


# Where months are closed, longest first: begun last, one of them would keep one worker busy while the others have nothing left to do. The
# many quick modules, which come after these, fill the gaps.
CLOSES_MONTHS = (
    "agreement/test_spark_standalone",
    "agreement/test_rehearsal",
    "agreement/test_estate",
    "agreement",
    "spec/desk",
    "spec/estate",
    "scenarios",
    "soundness",
    "house/test_bench",
    "spec/reports",
    "spec/real_records",
)


def pytest_configure(config: pytest.Config) -> None:
    # xdist would begin with the modules that have most tests: ours that take longest have one or two.
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long modules first, each whole and in its own order.

    One real cluster a test run: under xdist every test that needs it goes to the same worker, and keeps its cluster.
    """
    items.sort(key=_place)
    for item in items:
        if item.get_closest_marker("cluster"):
            item.add_marker(pytest.mark.xdist_group("cluster"))


def _place(item: pytest.Item) -> int:
    path = item.path.relative_to(HERE).as_posix() if item.path.is_relative_to(HERE) else ""
    return next((place for place, start in enumerate(CLOSES_MONTHS) if path.startswith(start)), len(CLOSES_MONTHS))
