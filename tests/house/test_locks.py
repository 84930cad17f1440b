"""The two locks are one: what the product is installed with is what it is tested with, and nothing in it contradicts another's needs."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

LOCKS = Path(__file__).resolve().parents[2] / "requirements"


def pins(lock: str) -> dict[str, set[str]]:
    """Each package's pin with its marker; one may be locked once for each of several markers."""
    found: dict[str, set[str]] = {}
    for name, pin in re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==(.+?) *\\?$", (LOCKS / lock).read_text(encoding="utf-8"), re.M):
        found.setdefault(name, set()).add(pin)
    return found


def test_what_is_tested_is_what_is_installed() -> None:
    """`make demo` after `make test` would else put another version beside a package that refuses it (python-dateutil 4 beside botocore)."""
    core, test = pins("core.txt"), pins("test.txt")
    assert len(core) > 30 and "duckdb" in core
    versions = {name: {pin.split(" ;")[0] for pin in of_name} for name, of_name in core.items()}
    tested = {name: {pin.split(" ;")[0] for pin in test.get(name, ())} for name in core}
    assert versions == tested


def test_no_package_contradicts_another() -> None:
    if find_spec("pip") is None:
        pytest.skip("this environment was made without pip; uv pip check says the same")
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
