"""Fixtures: the engines a test may ask for. tests/conftest.py makes them known to every folder.

`embedded` is DuckDB, `sail` the stand-in for a cluster on every test run, `spark_standalone` the real thing, for tests marked `cluster`.
Each is an Engine: `with sail.session() as session: session.add_rows(…); session.rows(…)`. Servers start when first asked for, one of each
kind in a test process, and stop at its end. `either_engine` runs a test once on DuckDB and once on Sail.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from tools.cluster import Cluster, sail_server, spark_cluster

from tocsin.engines import Engine, engine_named


@pytest.fixture(scope="session")
def embedded() -> Iterator[Engine]:
    # Kept: a start for each of the thousands of sessions of a test run would take longer than what is asked in them.
    with engine_named("duckdb", {"threads": 2, "memory_limit": "1GB"}).kept() as engine:
        yield engine


@pytest.fixture(scope="session")
def sail_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where Sail listens, for a command that is told the engine's address."""
    with sail_server(tmp_path_factory.mktemp("sail")) as url:
        yield url


@pytest.fixture(scope="session")
def sail(sail_url: str) -> Engine:
    return engine_named("spark", {"url": sail_url})


@pytest.fixture(scope="session")
def standalone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The cluster itself, for whoever wants to harm it: after that, it stays harmed."""
    with spark_cluster(tmp_path_factory.mktemp("spark"), workers=3) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def spark_standalone(standalone: Cluster) -> Engine:
    return engine_named("spark", {"url": standalone.url})


@pytest.fixture(params=["embedded", "sail"])
def either_engine(request: Any) -> Engine:
    engine: Engine = request.getfixturevalue(request.param)
    return engine
