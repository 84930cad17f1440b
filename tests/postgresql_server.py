"""A PostgreSQL of the test run's own, in a folder aside, on a socket in it; what asks for one is skipped where it is not installed."""

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest
import sqlalchemy as sa

ACCOUNT = "postgres"
# Sorted as people sort words, so that a test which leaves an order to the server sees another one than Python's.
FIRST = (
    "--auth=trust",
    f"--username={ACCOUNT}",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=icu",
    "--icu-locale=en-GB",
    "--no-sync",
)


@dataclass
class PostgreSQL:
    """A server; each `database()` is a new one with nothing in it."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{ACCOUNT}:secret@/{database}?host={self.folder}"

    def database(self) -> str:
        name = f"ledger_{next(self.numbers)}"
        server = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with server.connect() as asked:
            asked.execute(sa.text(f"CREATE DATABASE {name}"))
        server.dispose()
        return self.url(name)


def _programs() -> Path | None:
    on_path = shutil.which("pg_ctl")
    folders = [*([Path(on_path).resolve().parent] if on_path else []), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    return next((folder for folder in folders if (folder / "initdb").is_file() and (folder / "pg_ctl").is_file()), None)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """The server, stopped and removed at the end."""
    programs = _programs()
    if programs is None or find_spec("psycopg") is None:
        pytest.skip("PostgreSQL (Debian: postgresql) or psycopg (tocsin[shared-ledger]) is not installed: not tried on it")
    # It refuses to be run by root.
    as_another = ("runuser", "-u", ACCOUNT, "--") if os.geteuid() == 0 else ()
    # A socket's path may have about a hundred signs: pytest's own folders are longer.
    folder = Path(tempfile.mkdtemp(prefix="tocsin-pg-", dir="/tmp"))
    data = folder / "data"
    control = [*as_another, str(programs / "pg_ctl"), f"--pgdata={data}", "--wait"]
    try:
        if as_another:
            shutil.chown(folder, ACCOUNT)
        made = subprocess.run(
            [*as_another, str(programs / "initdb"), f"--pgdata={data}", *FIRST], capture_output=True, text=True, check=False
        )
        if made.returncode:
            pytest.skip(f"PostgreSQL cannot be set up here, not tried on it: {made.stderr.strip()}")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        subprocess.run(
            [*control, f"--log={folder / 'log'}", f"--options={options}", "start"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        try:
            yield PostgreSQL(folder)
        finally:
            subprocess.run([*control, "--mode=immediate", "stop"], stdout=subprocess.DEVNULL, check=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest) -> str | None:
    """What `ledger` in workspace.toml would say: nothing, or an empty database of the server."""
    return None if request.param == "sqlite" else request.getfixturevalue("postgresql").database()
