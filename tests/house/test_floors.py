"""The house keeps its shape: floors, shelves, sizes, words."""

import ast
import re
import subprocess
import sys
from importlib import import_module, invalidate_caches
from pathlib import Path
from statistics import median

import pytest

from tocsin.feeds.feed import Feed
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.shelf import walk

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tocsin"
MODULES = sorted(SOURCE.rglob("*.py"))
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}


def test_imports_only_go_down() -> None:
    """The three contracts of pyproject.toml hold (floors, engines named in one place, measures stand alone)."""
    script = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([script, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 kept, 0 broken" in done.stdout


def test_no_module_is_long() -> None:
    sizes = {path: len(path.read_text().splitlines()) for path in MODULES}
    long = {str(path.relative_to(ROOT)): size for path, size in sizes.items() if size > 300}
    assert not long
    assert median(sizes.values()) < 130


def test_no_drawer_is_called_misc() -> None:
    assert not [path for path in MODULES if path.stem in DRAWERS or path.parent.name in DRAWERS]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_module_and_public_class_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree) or not path.read_text().strip(), "a module says what it holds"
    nameless = [n.name for n in tree.body if isinstance(n, ast.ClassDef) and not n.name.startswith("_") and not ast.get_docstring(n)]
    assert not nameless


def test_now_is_asked_only_at_the_desk() -> None:
    asks = re.compile(r"datetime\.now\(|date\.today\(|time\.time\(\)|current_timestamp|utcnow\(")
    below = [path for path in MODULES if "desk" not in path.parts and asks.search(path.read_text())]
    assert not below


def test_percentiles_are_never_asked_of_an_engine() -> None:
    words = re.compile(r"quantile|percentile_cont|percentile_disc|approx_", re.IGNORECASE)
    allowed = {SOURCE / "engines" / "allowed.py"}  # the allow-list names them to refuse them
    assert not [path for path in MODULES if path not in allowed and words.search(path.read_text())]


DECLARATION = """
from tocsin.feeds.feed import Column, Due, Feed, Kind
{name} = Feed("{name}", "XX", "t", "s", "day", Due(), (Column("a", Kind.TEXT, "m"),), ("a",))
"""


def test_a_misdeclared_file_on_a_shelf_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = tmp_path / "shelf_under_test"
    shelf.mkdir()
    (shelf / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))

    def walked(**files: str) -> dict[str, Feed]:
        for name, text in files.items():
            (shelf / f"{name}.py").write_text(text)
            sys.modules.pop(f"shelf_under_test.{name}", None)
        invalidate_caches()
        return walk(import_module("shelf_under_test"), Feed, lambda feed: feed.name)

    assert list(walked(colour=DECLARATION.format(name="colour"))) == ["colour"]
    with pytest.raises(BadDeclaration, match=r'colour\.py: expected a Feed named "colour", found "colur"'):
        walked(colour=DECLARATION.format(name="colur") + "#")
    with pytest.raises(BadDeclaration, match=r"colour\.py: expected exactly one Feed, found 2"):
        walked(colour=DECLARATION.format(name="colour") + DECLARATION.format(name="sound") + "##")
    with pytest.raises(BadDeclaration, match=r"sound\.py: expected exactly one Feed, found 0"):
        walked(colour=DECLARATION.format(name="colour") + "###", sound='"""Nothing here."""')
