"""SQL texts found good are remembered by all they rest on; what is remembered changes no verdict."""

import sys
from pathlib import Path

import pytest

from tocsin.engines import allowed, found_good
from tocsin.engines.allowed import check
from tocsin.vocabulary.errors import BadDeclaration

LONG = "SELECT n, " + ", ".join(f"n + {place} AS n_{place}" for place in range(100)) + " FROM t WHERE n > :as_at"
KNOWN = {"t": (("n", "BIGINT"),)}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(found_good, "cache_from_source", lambda _: str(tmp_path / "compiled" / "found_good.pyc"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path / "compiled"


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were taken apart."""
    parsed, found = allowed._parsed, []
    monkeypatch.setattr(allowed, "_parsed", lambda sql, where: found.append(sql) or parsed(sql, where))
    return found


def start_anew() -> None:
    """As another process would begin."""
    found_good._remembered.cache_clear()


def test_a_text_found_good_is_not_looked_at_again(looked: list[str], folder: Path) -> None:
    for _ in range(3):
        check(LONG, KNOWN, "here", ("as_at",))
        start_anew()
    assert looked == [LONG]
    assert len(list(folder.iterdir())) == 1


def test_another_text_other_columns_or_parameters_are_looked_at(looked: list[str]) -> None:
    check(LONG, KNOWN, "here", ("as_at",))
    check(f"{LONG} AND n > 1", KNOWN, "here", ("as_at",))
    with pytest.raises(BadDeclaration):
        check(LONG, {"t": (("m", "BIGINT"),)}, "here", ("as_at",))
    with pytest.raises(BadDeclaration, match="not a parameter"):
        check(LONG, KNOWN, "here", ("at",))
    assert len(looked) == 4


def test_a_refused_text_is_refused_each_time(looked: list[str]) -> None:
    for _ in range(2):
        with pytest.raises(BadDeclaration, match="engines count"):
            check(f"{LONG} AND n > 0.5", KNOWN, "here", ("as_at",))
        start_anew()
    assert len(looked) == 2


def test_other_rules_look_anew(looked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    check(LONG, KNOWN, "here", ("as_at",))
    monkeypatch.setattr(allowed, "_rules", lambda: "f" * 64)
    check(LONG, KNOWN, "here", ("as_at",))
    assert len(looked) == 2


@pytest.mark.parametrize("is_told", [False, True])
def test_where_nothing_may_be_written_every_start_looks(
    looked: list[str], folder: Path, is_told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_told:
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
    else:
        folder.write_text("no folder")
    for _ in range(2):
        check(LONG, KNOWN, "here", ("as_at",))
        start_anew()
    assert looked == [LONG, LONG]


def test_a_torn_list_is_of_what_is_whole_in_it(looked: list[str], folder: Path) -> None:
    check(LONG, KNOWN, "here", ("as_at",))
    (file,) = folder.iterdir()
    file.write_bytes(file.read_bytes()[:40] + b"\xff\n")
    start_anew()
    check(LONG, KNOWN, "here", ("as_at",))
    assert len(looked) == 2


def test_short_texts_are_not_worth_it(folder: Path) -> None:
    check("SELECT n FROM t", KNOWN, "here")
    assert not folder.exists()
