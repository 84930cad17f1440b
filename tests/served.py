"""What `tocsin serve` serves, asked in this process: no port is opened and the clock stands."""

import pytest

from desk_month import AS_AT
from desk_road import Desk
from tocsin.desk.web.server import application
from tocsin.desk.workspace import Workspace
from tocsin.vocabulary.calendar import parse_instant
from tocsin.vocabulary.instants import DAY_US

pytest.importorskip("httpx2", reason="pages are asked for by Starlette's test client")
from starlette.testclient import TestClient

__all__ = ["API", "NOW", "TestClient", "asking"]

NOW = parse_instant(AS_AT) + 2 * DAY_US
API = "/api/v1/months"


def asking(desk: Desk, now: int = NOW) -> TestClient:
    """A client of the workspace's pages and API, under the name that a browser on this machine uses."""
    return TestClient(application(Workspace.open(desk.root), lambda: now), base_url="http://localhost")
