"""take-in --arrivals: every file as received at its own time, in order of arrival; a bad list is told before anything is taken in."""

from pathlib import Path

import pytest

from desk_road import AUDIT_COLUMNS, Desk, new_desk, tocsin, write_rows
from tocsin.deliveries.ledger import Ledger
from tocsin.deliveries.store import Store
from tocsin.vocabulary.calendar import parse_instant


def _rows(*numbers: int) -> list[tuple[object, ...]]:
    return [(f"U:D:{n}", "2021-08-10T10:00:00Z", "RX_DSP", "request", "4.1.1", 1, "", "", "U", "D", "", "") for n in numbers]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = new_desk(tmp_path / "w")
    for day in ("a", "b", "b-2"):
        (desk.incoming / day).mkdir()
    write_rows(desk.incoming / "a/DSP_SAT_20210810_initial.csv", AUDIT_COLUMNS, *_rows(1))
    write_rows(desk.incoming / "b/DSP_SAT_20210810_final.csv", AUDIT_COLUMNS, *_rows(1, 2))
    write_rows(desk.incoming / "b-2/DSP_SAT_20210810_final.csv", AUDIT_COLUMNS, *_rows(1, 2))
    return desk


def _list(desk: Desk, *lines: str) -> Path:
    path = desk.root / "arrivals.csv"
    path.write_text("\n".join(("file,received_at", *lines, "")), encoding="utf-8")
    return path


LISTED = (
    "b-2/DSP_SAT_20210810_final.csv,2021-08-12T09:00:00Z",
    "b/DSP_SAT_20210810_final.csv,2021-08-12T06:00:00Z",
    "a/DSP_SAT_20210810_initial.csv,2021-08-11T06:00:00.5Z",
)


def test_each_file_is_received_at_its_own_time_in_order_of_arrival(desk: Desk) -> None:
    said = desk("take-in", "--arrivals", _list(desk, *LISTED), "--format", "json")
    assert said.code == 0, said.err
    assert [(row["file"], row["result"]) for row in said.rows] == [
        ("DSP_SAT_20210810_initial.csv", "accepted"),
        ("DSP_SAT_20210810_final.csv", "accepted"),
        ("DSP_SAT_20210810_final.csv", "repeated"),
    ]
    assert said.rows[1]["supersedes"] == said.rows[0]["delivery"]
    entered = Ledger(Store(desk.root / "store")).deliveries()
    at = ("2021-08-11T06:00:00.5Z", "2021-08-12T06:00:00Z", "2021-08-12T09:00:00Z")
    assert [delivery.received_at for delivery in entered] == [parse_instant(text) for text in at]


def test_a_list_taken_in_again_enters_nothing_new(desk: Desk) -> None:
    """After a crash the same list is simply taken in again: what was entered is not received a second time."""
    partly = _list(desk, LISTED[2])
    assert desk("take-in", "--arrivals", partly).code == 0
    for _ in range(2):
        said = desk("take-in", "--arrivals", _list(desk, *LISTED), "--format", "json")
        assert said.code == 0 and said.rows[0]["result"] == "repeated", said.err
        assert len(Ledger(Store(desk.root / "store")).deliveries()) == 3


def test_an_absolute_path_is_taken_as_it_is(desk: Desk, tmp_path: Path) -> None:
    elsewhere = write_rows(tmp_path / "DSP_SAT_20210811_final.csv", AUDIT_COLUMNS, *_rows(3))
    said = desk("take-in", "--arrivals", _list(desk, f"{elsewhere},2021-08-12T06:00:00Z"), "--format", "json")
    assert [row["result"] for row in said.rows] == ["accepted"]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("a/gone.csv,2021-08-12T06:00:00Z", *LISTED), "lists files that are not there: "),
        (("a/DSP_SAT_20210810_initial.csv,yesterday",), "line 2: received_at: An instant was expected"),
        (("a/DSP_SAT_20210810_initial.csv,2999-01-01T00:00:00Z",), "line 2: received_at: 2999-01-01T00:00:00Z has not come yet"),
        (("a/DSP_SAT_20210810_initial.csv",), "line 2: a file and the instant it was received were expected"),
    ],
)
def test_a_bad_list_is_told_and_nothing_is_taken_in(desk: Desk, lines: tuple[str, ...], told: str) -> None:
    said = desk("take-in", "--arrivals", _list(desk, *lines))
    assert said.code == 10 and told in said.err, said.err
    assert "gone.csv" in said.err or "gone.csv" not in lines[0]
    assert not (desk.root / "store" / "ledger.sqlite").exists()


def test_a_list_without_its_columns_or_not_there(desk: Desk) -> None:
    path = desk.root / "arrivals.csv"
    path.write_text("name,when\nx,y\n", encoding="utf-8")
    said = desk("take-in", "--arrivals", path)
    assert said.code == 10 and 'column "file" is missing (found: name, when)' in said.err
    assert "no such file" in desk("take-in", "--arrivals", desk.root / "none.csv").err


def test_an_empty_list_is_no_fault(desk: Desk) -> None:
    said = desk("take-in", "--arrivals", _list(desk))
    assert said.code == 0 and "Nothing to take in" in said.err


def test_a_list_stands_alone(desk: Desk) -> None:
    path = _list(desk, *LISTED)
    assert desk("take-in", "--arrivals", path, "--received-at", "2021-08-12T06:00Z").code == 2
    assert tocsin("take-in", desk.incoming / LISTED[2].partition(",")[0], "--arrivals", path, "--workspace", desk.root).code == 2
