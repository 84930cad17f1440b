"""Commentary asked for of Service Providers: due within two Working Days, answered once, printed in the report (CR1430 [C], [D])."""

from pathlib import Path

import pytest

from desk_month import MONTH
from desk_road import Desk, Said, new_desk


def ask(desk: Desk, *words: object, at: str = "2021-09-02T15:00Z", of: str = "CSPN") -> Said:
    said = ("--on", "1.1", "--text", "Why was the level missed on the 14th?", "--by", "anne", "--at", at)
    return desk("commentary", "ask", "2021-08", "--of", of, *said, *words)


def answer(desk: Desk, at: str, name: str = "C1") -> Said:
    return desk("commentary", "answer", name, "--text", "=A gateway was down; put right at 11:40.", "--by", "dev", "--at", at)


def listed(desk: Desk, as_at: str) -> list[tuple[str, str, str | None]]:
    rows = desk("commentary", "list", "--as-at", as_at, "--format", "json").rows
    return [(row["request"], row["state"], row["answered_at"]) for row in rows]


def test_it_is_due_two_working_days_after_the_day_of_the_request(tmp_path: Path) -> None:
    desk = new_desk(tmp_path / "w")
    assert "C1: asked of CSPN" in ask(desk).out
    # Thursday 2 September; late on Friday the 27th of August: Monday the 30th is a bank holiday.
    assert "C2" in ask(desk, at="2021-08-27T22:30Z", of="DSP").out
    rows = {row["request"]: row for row in desk("commentary", "list", "2021-08", "--format", "json").rows}
    assert (rows["C1"]["due_at"], rows["C2"]["due_at"]) == ("2021-09-06 23:00:00Z", "2021-09-01 23:00:00Z")
    assert listed(desk, "2021-09-02T16:00Z") == [("C1", "not_due_yet", None), ("C2", "missing", None)]
    assert listed(desk, "2021-08-31T00:00Z") == [("C2", "not_due_yet", None)]
    assert answer(desk, "2021-09-06T22:59:59Z").code == 0
    assert answer(desk, "2021-09-01T23:00:00Z", "C2").code == 0
    assert listed(desk, "2021-09-10T00:00Z") == [("C1", "on_time", "2021-09-06 22:59:59Z"), ("C2", "late", "2021-09-01 23:00:00Z")]


def test_a_request_is_listed_whole_and_by_its_month(tmp_path: Path) -> None:
    desk = new_desk(tmp_path / "w")
    ask(desk)
    said = ("--on", "cpm_1\n of\tall", "--text", "And  this\none?", "--by", "anne", "--at", "2021-09-02T15:00Z")
    assert desk("commentary", "ask", "2021-07", "--of", "DSP", *said).code == 0
    (row,) = desk("commentary", "list", "2021-07", "--as-at", "2021-09-03T00:00Z", "--format", "json").rows
    assert row == {
        "request": "C2", "state": "not_due_yet", "of": "DSP", "on": "cpm_1 of all", "month": "2021-07", "question": "And this one?",
        "asked_by": "anne", "asked_at": "2021-09-02 15:00:00Z", "due_at": "2021-09-06 23:00:00Z", "answered_at": None, "answer": None,
    }  # fmt: skip
    assert [name for name, *_ in listed(desk, "2021-09-03T00:00Z")] == ["C1", "C2"]


def test_a_workspace_may_give_more_days(tmp_path: Path) -> None:
    desk = new_desk(tmp_path / "w")
    ask(desk)
    row = 'commentary_working_days,2012-01-01,3,working_days,"A day more, as agreed.",verified,minutes of the OPSG'
    (desk.root / "reference" / "settings.csv").write_text(f"name,since,value,unit,sentence,status,source\n{row}\n")
    (row_of_c1,) = desk("commentary", "list", "--as-at", "2021-09-03T00:00Z", "--format", "json").rows
    assert row_of_c1["due_at"] == "2021-09-07 23:00:00Z"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("answer", "C9", "--text", "x", "--by", "dev"), 10, 'no commentary "C9" was asked for. There is: C1'),
        (("ask", "2021-08", "--of", "NOBODY", "--on", "1.1", "--text", "x", "--by", "anne"), 10, 'Service Provider: "NOBODY" is not known'),
        (("ask", "2021-08", "--of", "DSP", "--on", "1.1", "--by", "anne"), 2, "--text"),
        (("ask", "August", "--of", "DSP", "--on", "1.1", "--text", "x", "--by", "anne"), 2, "MONTH"),
    ],
)
def test_what_cannot_be_recorded_is_told(tmp_path: Path, words: tuple[str, ...], code: int, said: str) -> None:
    desk = new_desk(tmp_path / "w")
    ask(desk)
    before = (desk.root / "commentary.jsonl").read_bytes()
    answered = desk("commentary", *words)
    assert answered.code == code and said in answered.err
    assert (desk.root / "commentary.jsonl").read_bytes() == before


def test_a_request_is_answered_once(tmp_path: Path) -> None:
    desk = new_desk(tmp_path / "w")
    ask(desk)
    assert answer(desk, "2021-09-03T09:00Z").code == 0
    assert "answered already" in answer(desk, "2021-09-03T10:00Z").err


def test_the_report_prints_what_was_asked_and_answered(month_copy: Desk, tmp_path: Path) -> None:
    ask(month_copy)
    answer(month_copy, "2021-09-03T09:00Z")
    ask(month_copy, of="DSP")
    month_copy("report", MONTH, "--out", tmp_path, "--formats", "html")
    page = next(tmp_path.glob("*.html")).read_text(encoding="utf-8")
    assert "Why was the level missed on the 14th?" in page
    assert "=A gateway was down; put right at 11:40." in page and "none yet" in page
    assert month_copy("doctor").code == 0
