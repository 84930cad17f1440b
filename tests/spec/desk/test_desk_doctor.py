"""Doctor: a changed byte, a missing file, a changed run and what a crash left are told, each with what to do; what is sound, is sound."""

from collections.abc import Callable
from pathlib import Path

import pytest

from desk_month import MONTH
from desk_road import Desk

KEYS = ["what", "where", "problem", "to_do"]


def flipped(path: Path) -> None:
    """One byte in the middle changed; length and time of a careless copy."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def halved(path: Path) -> None:
    """What a full disk or a broken copy leaves: the flipped byte of a text may well lie in a sentence, and the text still read."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def first(desk: Desk, pattern: str) -> Path:
    return sorted(desk.root.glob(pattern))[0]


def removed(path: Path) -> None:
    path.unlink()


def test_a_sound_workspace(month: Desk) -> None:
    said = month("doctor")
    assert (said.code, said.out) == (0, "")
    assert "sound. 5 Shapes" in said.err
    assert month("doctor", "--format", "json").rows == []


@pytest.mark.parametrize(
    ("pattern", "harm", "what", "problem"),
    [
        ("store/raw/*", flipped, "received file", "its bytes were changed"),
        ("store/raw/*", removed, "received file", "missing, though"),
        ("store/deliveries/*/accepted.parquet", flipped, "rows of a delivery", "its bytes were changed"),
        ("store/deliveries/*/accepted.parquet", removed, "rows of a delivery", "missing"),
        ("store/deliveries/*/refused.parquet", removed, "rows of a delivery", "missing"),
        ("store/deliveries/*/refused.parquet", flipped, "rows of a delivery", "its bytes were changed"),
        ("runs/*/*/run.json", halved, "run", ""),
        ("runs/*/*/run.json", flipped, "", ""),
        ("runs/*/*/tallies/*.parquet", flipped, "file of a run", "its bytes were changed"),
        ("runs/*/*/ladders/*.parquet", removed, "file of a run", "missing"),
        ("runs/*/*/SHA256SUMS", flipped, "file of a run", ""),
    ],
)
def test_harm_is_found(month_copy: Desk, pattern: str, harm: Callable[[Path], None], what: str, problem: str) -> None:
    path = first(month_copy, pattern)
    harm(path)
    said = month_copy("doctor", "--format", "json")
    assert said.code == 10 and "problems found in" in said.err
    assert all(list(row) == KEYS and row["to_do"] for row in said.rows)
    found = [row for row in said.rows if row["what"].startswith(what) and problem in row["problem"]]
    assert found and path.parent in Path(found[0]["where"]).parents, said.rows


def test_a_figure_changed_in_a_frozen_run(month_copy: Desk) -> None:
    """Still a run by its layout, and not the one that was frozen."""
    path = first(month_copy, "runs/*/*/run.json")
    text = path.read_text()
    assert text.count('"shown":"100.00"') or text.count('"shown": "100.00"')
    path.write_text(text.replace('"shown": "100.00"', '"shown": "99.99"', 1))
    (row,) = month_copy("doctor", "--format", "json").rows
    assert row["what"] == "file of a run" and "its bytes were changed" in row["problem"]


def test_all_rows_of_a_store_gone(month_copy: Desk) -> None:
    folder = month_copy.root / "store" / "deliveries"
    folder.rename(month_copy.root / "elsewhere")
    said = month_copy("doctor", "--format", "json")
    assert said.code == 10 and len([row for row in said.rows if row["where"].endswith("accepted.parquet")]) == len(said.rows) / 2
    (month_copy.root / "elsewhere").rename(folder)
    (month_copy.root / "store").rename(month_copy.root / "gone")
    assert "the folder is missing" in month_copy("doctor", "--format", "json").rows[0]["problem"]


def test_quick_counts_and_does_not_read_every_byte(month_copy: Desk) -> None:
    flipped(first(month_copy, "store/raw/*"))
    assert month_copy("doctor", "--quick").code == 0
    removed(first(month_copy, "store/raw/*"))
    assert month_copy("doctor", "--quick").code == 10


def test_what_a_crash_left_is_told_and_swept(month_copy: Desk) -> None:
    left = month_copy.root / "store" / "deliveries" / ".aside-20210906T080000Z-0-99"
    left.mkdir()
    (row,) = month_copy("doctor", "--format", "json").rows
    assert row["what"] == "unfinished intake" and "take-in" in row["to_do"]
    assert month_copy("take-in", "--received-at", "2021-09-07T08:00Z").code == 0
    assert not left.exists() and month_copy("doctor").code == 0


def test_what_is_owed_and_could_never_be_read_is_told(month_copy: Desk) -> None:
    """A misspelt sender: its slots would be missing for ever, and the true sender's owed by nobody."""
    settings = month_copy.root / "workspace.toml"
    for sender, problems in (("DSP", 0), ("DPS", 1)):
        with settings.open("a", encoding="utf-8") as more:
            more.write(f'\n[[expected]]\nfeed = "audit_trail"\nsender = "{sender}"\nevery = "day"\n')
        said = month_copy("doctor", "--format", "json")
        assert said.code == (10 if problems else 0) and len(said.rows) == problems
    (row,) = said.rows
    assert row["where"] == "audit_trail DPS" and "no Shape" in row["problem"] and "[[expected]]" in row["to_do"]


@pytest.mark.parametrize("harm", [flipped, halved])
def test_a_ledger_that_is_none_is_told(month_copy: Desk, harm: Callable[[Path], None]) -> None:
    ledger = month_copy.root / "store" / "ledger.sqlite"
    for beside in month_copy.root.glob("store/ledger.sqlite-*"):
        beside.unlink()
    ledger.write_bytes(b"no database at all" * 100) if harm is flipped else harm(ledger)
    for words in (("doctor",), ("close", MONTH), ("slots", MONTH), ("take-in",)):
        said = month_copy(*words)
        assert said.code == 1 and "Traceback" not in said.err
        assert said.err.startswith(f"LedgerUnavailable: the ledger at sqlite:///{ledger} cannot be opened, read or written: ")
        assert "restored from a copy" in said.err and "SELECT" not in said.err


@pytest.mark.parametrize(
    ("url", "code", "told"),
    [
        ("rubbish", 10, "an URL such as"),
        ("postgresql+psycopg://u:secret@host:a:b/x", 10, "an URL such as"),
        ("sqlite:////nowhere/at/all.sqlite", 1, "sqlite:////nowhere/at/all.sqlite cannot be opened"),
        ("oracle+cx_oracle://u:secret@host/x", 10, "the Python package cx_Oracle, which is not installed"),
    ],
)
def test_a_ledger_elsewhere_that_does_not_answer_is_told(month_copy: Desk, url: str, code: int, told: str) -> None:
    settings = month_copy.root / "workspace.toml"
    text = settings.read_text(encoding="utf-8")
    assert "[workspace]\n" in text
    settings.write_text(text.replace("[workspace]\n", f'[workspace]\nledger = "{url}"\n', 1), encoding="utf-8")
    for words in (("doctor",), ("slots", MONTH)):
        said = month_copy(*words)
        assert said.code == code and told in said.err and "Traceback" not in said.err and "secret" not in said.err


def test_the_sums_are_those_of_sha256sum(month: Desk) -> None:
    """Anybody can check them without this software."""
    import hashlib

    run = first(month, f"runs/{MONTH}/*")
    lines = (run / "SHA256SUMS").read_text().splitlines()
    assert {line.split("  ")[1] for line in lines} == {
        path.relative_to(run).as_posix() for path in run.rglob("*") if path.suffix in {".json", ".parquet"}
    }
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((run / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize(
    ("settings", "where", "problem"),
    [
        ('[sign_off]\nrequired = ["DCC", "DPS"]\n[[signatory]]\nname = "a"\nof = ["DCC"]\n', "DPS", "no Service Provider"),
        ('[sign_off]\nrequired = ["CSPN"]\n', "CSPN", "nobody may give it"),
        ('[[signatory]]\nname = "a"\nof = ["SECS"]\n', "SECS", "no Service Provider"),
        ('[sign_off]\nrequired = ["SECAS"]\n[[signatory]]\nname = "a"\nof = ["DCC", "SECAS", "DSP", "CSPCS"]\n', None, ""),
    ],
)
def test_a_sign_off_that_could_never_be_given_is_told(month_copy: Desk, settings: str, where: str | None, problem: str) -> None:
    """An unknown name was only ever awaited."""
    path = month_copy.root / "workspace.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{settings}", encoding="utf-8")
    said = month_copy("doctor", "--quick", "--format", "json")
    told = [(row["where"], problem in row["problem"]) for row in said.rows]
    assert told == ([(where, True)] if where is not None else []) and said.code == (10 if where else 0)
