"""What every test may ask for."""

import os
from pathlib import Path

import pytest

from engine_sessions import either_engine, embedded, sail, spark_standalone  # noqa: F401

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The project's shared material (facts, messages, real records); a user's clone does not carry it."""
    folder = Path(os.environ.get("TOCSIN_SHARED", HERE.parent.parent / "shared"))
    if not (folder / "domain.md").is_file():
        pytest.skip(f"shared material not found at {folder}: this test checks against it and is skipped in a clone without it")
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One real cluster a test run: under xdist every test that needs it goes to the same worker, and keeps its cluster."""
    for item in items:
        if item.get_closest_marker("cluster"):
            item.add_marker(pytest.mark.xdist_group("cluster"))
