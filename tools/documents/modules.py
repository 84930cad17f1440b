"""docs/modules.md: every module of the house by floor, each with the first line it says of itself."""

import ast
import tomllib
from pathlib import Path

from tools.documents.page import code, page, table

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "src" / "tocsin"


def modules() -> str:
    return page(
        "Modules",
        "Floor by floor, the highest first; imports only go down. Neighbours on one floor, parted by a bar, do not import each other.",
        *(f"## {code(floor)}\n\n{_floor(floor)}" for floor in _floors()),
    )


def _floors() -> list[str]:
    """As import-linter holds them (pyproject.toml)."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    return [layer for contract in contracts if contract["type"] == "layers" for layer in contract["layers"]]


def _floor(floor: str) -> str:
    paths = [path for package in floor.split(" | ") for path in sorted((SOURCE / package).rglob("*.py"))]
    return table(("module", "what it holds"), [(_link(path), _first_line(path)) for path in paths])


def _link(path: Path) -> str:
    return f"[{path.relative_to(SOURCE).as_posix()}](../{path.relative_to(ROOT).as_posix()})"


def _first_line(path: Path) -> str:
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]
