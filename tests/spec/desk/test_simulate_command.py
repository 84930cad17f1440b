"""tocsin simulate as a person meets it: a workspace ready to take in, the whole road on it, the describe page, and every refusal."""

import builtins
import json
import re
from pathlib import Path
from typing import Any

import pytest

from desk_road import Desk, tocsin
from tocsin.desk.workspace import Workspace
from tocsin.estate.outbox import Outbox

# Three days and two hours, of the smallest network that has every kind of device: a second or two of work.
SMALL = ("--scale", "1/50000", "--until", "2021-09-03T02:00Z", "--slices-from", "2021-09-03")


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    root = tmp_path_factory.mktemp("desk") / "estate"
    said = tocsin("simulate", "2021-09", *SMALL, "--workspace", root)
    assert said.code == 0, said.err
    return Desk(root)


def test_the_folder_becomes_a_workspace_that_says_it_is_simulated(estate: Desk) -> None:
    workspace = Workspace.open(estate.root)
    assert workspace.settings.simulated is not None
    assert workspace.settings.simulated.sentence == "Simulated estate, 2021-09, seed 7, scale 0.00002, faults usual"
    assert {owed.feed for owed in workspace.settings.expected} >= {"audit_trail", "incidents", "incident_log", "alert_stages"}
    assert len(list(workspace.shapes.glob("*.toml"))) > 20
    assert workspace.anonymity_secret


def test_it_says_what_was_written_and_what_comes_next(estate: Desk) -> None:
    before = (estate.root / "workspace.toml").read_bytes()
    said = estate("simulate", "2021-09", *SMALL)
    assert said.code == 0
    assert re.search(r"[\d,]+ Service Requests of the month; [\d,]+ audit rows drawn, \d+ files sent", said.out)
    assert "was there already; nothing was changed" in said.out
    assert "Faults planted: " in said.out
    assert f"tocsin take-in --arrivals {estate.root / 'truth' / 'arrivals.csv'}" in said.out
    assert "tocsin close 2021-09 --as-at 2021-09-03T02:00:00Z" in said.out
    assert (estate.root / "workspace.toml").read_bytes() == before


def test_what_was_simulated_can_be_taken_in_and_closed_as_it_says(estate: Desk) -> None:
    taken = estate("take-in", "--arrivals", estate.root / "truth" / "arrivals.csv", "--format", "json")
    # Cut and spoilt files are planted: they are refused, and told so.
    assert taken.code == 11
    results = {row["result"] for row in taken.rows}
    assert "accepted" in results
    assert not [row["note"] for row in taken.rows if row["result"] == "refused" and "gzip" not in row["note"]]
    run = estate.close("2021-09", "2021-09-03T02:00:00Z")
    written = estate("report", "2021-09", "--formats", "html")
    page = Path(written.out.strip()).read_text(encoding="utf-8")
    assert run in page
    assert "Simulated estate, 2021-09, seed 7, scale 0.00002, faults usual" in page


def test_another_simulation_in_the_same_workspace_is_refused(estate: Desk) -> None:
    said = estate("simulate", "2021-09", *SMALL, "--seed", "8")
    assert said.code == 10
    assert "files of another simulation" in said.err
    assert "another workspace" in said.err


def test_a_page_and_pictures_describe_a_month_without_deliveries(tmp_path: Path) -> None:
    said = tocsin("simulate", "2021-09", "--scale", "1/20000", "--describe", "--workspace", tmp_path / "described")
    assert said.code == 0, said.err
    page, *pictures = (Path(line) for line in said.out.split())
    text = page.read_text(encoding="utf-8")
    assert "7 of 30 days" in text
    assert "Every number on this page is simulated" in text
    assert not re.findall(r"(?:src|href)=|https?://(?!www\.w3\.org/)", text)
    assert text.count("<svg") == len(pictures) == 8
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures)
    assert not (tmp_path / "described" / "incoming").exists()


def test_the_page_of_a_simulated_workspace_tells_all_of_it(estate: Desk) -> None:
    said = estate("simulate", "2021-09", *SMALL, "--describe")
    text = Path(said.out.split()[0]).read_text(encoding="utf-8")
    assert "Counted over the whole simulation" in text
    record = json.loads((estate.root / "truth" / "simulation.json").read_text())
    assert sum(count for *_, count in record["description"]["by_hour"]) == record["requests"]
    assert f"{record['description']['by_srv'][0][-1]:,}" in text


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("2019-03",), 10, "the estate begins in 2019-04"),
        (("2021-09", "--scale", "2"), 10, "scale: a share of the network above 0 and up to 1"),
        (("2021-09", "--scale", "0.0000001"), 10, "scale"),
        (("2021-09", "--scale", "many"), 2, "a share of the network was expected"),
        (("2021-09", "--faults", "murphy"), 10, 'expected one of hard, none, rows, usual, found "murphy"'),
        (("2021-09", "--format", "xlsx"), 10, "expected one of csv, parquet"),
        (("2021-09", "--until", "soon"), 2, "An instant was expected"),
        (("2021-09", "--slices-from", "soon"), 2, "a day was expected"),
        (("2021-09", "--until", "2021-08-01"), 10, "until: an instant inside 2021-09 or after it"),
        (("September",), 2, "A period was expected"),
    ],
)
def test_what_cannot_be_simulated_is_told_and_leaves_nothing(words: tuple[str, ...], code: int, told: str, tmp_path: Path) -> None:
    said = tocsin("simulate", *words, "--workspace", tmp_path / "none")
    assert said.code == code
    # A terminal folds a usage message where it likes.
    assert "".join(told.split()) in re.sub(r"[\s│]", "", said.err)
    assert not (tmp_path / "none").exists()


def test_a_disk_that_fills_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fills(outbox: Outbox, posting: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Outbox, "post", fills)
    said = tocsin("simulate", "2021-09", *SMALL, "--workspace", tmp_path / "full")
    assert said.code == 1
    assert "No space left on device" in said.err
    assert "Nothing is half-written" in said.err
    assert not (tmp_path / "full").exists()


def test_a_missing_extra_is_told_with_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_numpy(name: str, *words: Any, **more: Any) -> Any:
        if name == "numpy":
            raise ImportError("No module named 'numpy'", name="numpy")
        return real(name, *words, **more)

    monkeypatch.setattr(builtins, "__import__", without_numpy)
    said = tocsin("simulate", "2021-09", *SMALL, "--workspace", tmp_path / "bare")
    assert said.code == 10
    assert "pip install 'tocsin[simulate]'" in said.err
    assert not (tmp_path / "bare").exists()
