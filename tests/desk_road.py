"""The command line as a user meets it, in this process: exit code, what was printed, what was said on standard error."""

import contextlib
import csv
import io
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tocsin.desk.cli import main

AUDIT_COLUMNS = ("id", "at", "point", "class", "srv", "variant", "code", "result", "user", "device", "region", "provider")
INCIDENT_COLUMNS = ("incident", "at", "status", "reason", "category", "group", "party")
PARTY_COLUMNS = ("user", "party", "role")

# How the made-up senders of these tests write their files.
SHAPES = Path(__file__).resolve().parent / "desk_shapes"


@dataclass(frozen=True)
class Said:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Standard output as JSON."""
        found = json.loads(self.out)
        assert isinstance(found, list)
        return found

    @property
    def table(self) -> list[dict[str, str]]:
        """Standard output as CSV."""
        return list(csv.DictReader(io.StringIO(self.out)))


def tocsin(*words: object) -> Said:
    """Run a command."""
    out, err = io.StringIO(), io.StringIO()
    argv = ["tocsin", *(str(word) for word in words)]
    with (
        patch.object(sys, "argv", argv),
        patch.dict(os.environ, {"NO_COLOR": "1"}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return Said(code, out.getvalue(), err.getvalue())


def write_rows(path: Path, columns: tuple[str, ...], *rows: tuple[object, ...]) -> Path:
    """A CSV file with a header line."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([columns, *rows])
    return path


@dataclass(frozen=True)
class Desk:
    """A workspace and its commands."""

    root: Path

    def __call__(self, command: str, *words: object) -> Said:
        return tocsin(command, *words, "--workspace", self.root)

    @property
    def incoming(self) -> Path:
        return self.root / "incoming"

    def settings(self, text: str) -> None:
        """Put other words into workspace.toml."""
        (self.root / "workspace.toml").write_text(text, encoding="utf-8")

    def take_in(self, *files: Path, received_at: str) -> list[dict[str, Any]]:
        """Take files in, every one of which must be accepted, repeated or superseding: what became of each."""
        said = self("take-in", *files, "--received-at", received_at, "--format", "json")
        assert said.code == 0, said.err
        return said.rows

    def close(self, month: str, as_at: str, *words: str) -> str:
        """Close a month and give the name of its run."""
        said = self("close", month, "--as-at", as_at, *words)
        assert said.code == 0, said.err
        return said.out.split()[1].rstrip(":")

    def figures(self, month: str, *words: object) -> dict[str, dict[str, Any]]:
        """The figures of a run by name."""
        return {figure["name"]: figure for figure in self("figures", month, "--format", "json", *words).rows}


def new_desk(root: Path, settings: str = "") -> Desk:
    """A workspace with the Shapes above."""
    assert tocsin("init", root).code == 0
    desk = Desk(root)
    if settings:
        desk.settings(settings)
    for shape in SHAPES.iterdir():
        shutil.copy(shape, root / "shapes")
    return desk
