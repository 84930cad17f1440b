"""No name of a SEC Party and no User id in anything published or logged, for a month whose parties have names easily found."""

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pypdf
import pytest

from desk_month import AS_AT, CLEAR_NAMES, MONTH, PARTIES, RECEIVED_AT, write_month
from desk_road import Desk, new_desk, tocsin
from tocsin.measuring.anonymity import NOT_SHOWN


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, str]:
    """The month taken in, closed and reported with the log on, and the log; a file of it refused for want of its header."""
    desk = new_desk(tmp_path_factory.mktemp("privacy") / "w")
    (desk.incoming / "PARTIES_headless.csv").write_text("".join(f"{user},{party},IS\n" for user, party in PARTIES.items()))
    files = [desk.incoming / "PARTIES_headless.csv", *write_month(desk.incoming)]
    said = [desk_logged(desk, "take-in", *files, "--received-at", RECEIVED_AT)]
    said += [desk_logged(desk, *words) for words in (("close", MONTH, "--as-at", AS_AT), ("report", MONTH), ("doctor",))]
    return desk, "".join(said)


def desk_logged(desk: Desk, *words: object) -> str:
    return tocsin("--log", *words, "--workspace", desk.root).err


def published(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file of a report as text."""
    for path in sorted(folder.iterdir()):
        if path.suffix == ".pdf":
            yield path.name, "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                yield path.name, "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
        elif path.suffix == ".parquet":
            yield path.name, repr(duckdb.sql(f"FROM read_parquet('{path}')").fetchall())
        else:
            yield path.name, path.read_text(encoding="utf-8")


def clear(text: str) -> list[str]:
    return [name for name in CLEAR_NAMES if name in text]


def test_the_frozen_run_holds_codes_only(told: tuple[Desk, str]) -> None:
    (run,) = (told[0].root / "runs" / MONTH).glob("*/run.json")
    text = run.read_text(encoding="utf-8")
    assert clear(text) == []
    codes = {
        figure["breakdown"][0][1]
        for figure in json.loads(text)["figures"]
        if figure["breakdown"] and figure["breakdown"][0][0] == "party_code" and "suppressed" not in figure["marks"]
    }
    # Four parties, and the User that the list does not know: each a code, none of them in clear.
    assert len(codes) == 5 and all(re.fullmatch(r"[PU][0-9]{6}", code) for code in codes)


def test_no_report_in_any_format_names_a_party(told: tuple[Desk, str]) -> None:
    (folder,) = (told[0].root / "runs" / MONTH).glob("*/report")
    files = dict(published(folder))
    assert set(files) == {"figures.csv", "figures.json", "figures.parquet", *(f"pmr-{MONTH}.{form}" for form in ("pdf", "html", "xlsx"))}
    assert {name: clear(text) for name, text in files.items()} == {name: [] for name in files}


def test_no_figure_printed_names_a_party(told: tuple[Desk, str]) -> None:
    for form in ("table", "json", "csv"):
        assert clear(told[0]("figures", MONTH, "--format", form).out) == []


def test_the_log_holds_ids_and_counts_only(told: tuple[Desk, str]) -> None:
    lines = [json.loads(line) for line in told[1].splitlines() if line.startswith("{")]
    assert {"delivery accepted", "delivery refused"} <= {line["event"] for line in lines}
    assert clear(told[1]) == [] and "INC0" not in told[1]


def test_without_being_asked_nothing_is_logged(month_copy: Desk) -> None:
    assert month_copy("take-in", "--received-at", "2021-09-07T08:00Z").err == ""


def test_a_key_of_its_own_gives_every_workspace_its_own_codes(month: Desk, told: tuple[Desk, str]) -> None:
    def codes(desk: Desk) -> set[str]:
        return {name for name in desk.figures(MONTH) if "party_code" in name and "UNKNOWN" not in name and NOT_SHOWN not in name}

    assert codes(month) and not codes(month) & codes(told[0])
