"""The commands that ask of time: what a month's deadlines make, when it was complete, and when it would have been."""

from pathlib import Path

from desk_road import AUDIT_COLUMNS, Desk, new_desk

EXPECTED = """
[[expected]]
feed = "audit_trail"
sender = "DSP"
every = "day"
since = 2021-08-30
until = 2021-09-03
"""
HEADER = ",".join(AUDIT_COLUMNS)


def sent(desk: Desk, day: str, received_at: str) -> None:
    path = desk.incoming / f"DSP_SAT_{day}_final.csv"
    stamp = f"{day[:4]}-{day[4:6]}-{day[6:]}T10:00:00Z"
    path.write_text(f"{HEADER}\nU:D:{day},{stamp},RX_DSP,request,4.1.1,1,,,U,D,,\n")
    (row,) = desk.take_in(path, received_at=received_at)
    assert row["result"] == "accepted"


def month(tmp_path: Path) -> Desk:
    """Two days of August owed, and the two days of September in which late answers come; the 31st comes on Working Day 9."""
    desk = new_desk(tmp_path / "w", EXPECTED)
    sent(desk, "20210830", "2021-08-31T06:00Z")
    sent(desk, "20210831", "2021-09-13T09:00Z")
    sent(desk, "20210901", "2021-09-02T06:00Z")
    return desk


def test_a_month_waits_for_its_last_file_or_its_last_answer(tmp_path: Path) -> None:
    desk = month(tmp_path)
    (open_still,) = desk("what-if", "2021-08", "-d", "2", "--format", "json").rows
    assert (open_still["complete_at"], open_still["owed"], open_still["filled"], open_still["last"]) == (
        "not complete", 4, 3, "audit_trail/DSP",
    )  # fmt: skip
    assert (open_still["would_be_working_day"], open_still["working_days_won"]) == (4, None)
    sent(desk, "20210902", "2021-09-03T06:00Z")
    (row,) = desk("what-if", "2021-08", "-d", "2", "--format", "json").rows
    assert (row["complete_at"], row["working_day"]) == ("2021-09-13 09:00:00Z", 9)
    # Images of firmware have five days: midnight after Sunday 5 September, which is of Monday, Working Day 4.
    assert (row["sent_by"], row["would_be_complete_at"], row["would_be_working_day"], row["working_days_won"]) == (
        "2021-09-02 23:00:00Z", "2021-09-06 00:00:00Z", 4, 5,
    )  # fmt: skip


def test_the_deadlines_of_a_month_need_no_workspace(tmp_path: Path) -> None:
    desk = new_desk(tmp_path / "w")
    rows = desk("deadlines", "2021-08", "--format", "json").rows
    eighteen = {row["meeting"]: row for row in rows if row["working_day"] == 18}
    assert (eighteen["main"]["due_on"], eighteen["main"]["makes_paper_day"], eighteen["main"]["pounds"]) == ("2021-09-24", "yes", 1_160_000)
    assert eighteen["reporting"]["makes_paper_day"] == "no"
    (legal, _) = [row for row in rows if row["deadline"] == "legal"]
    assert (legal["meeting"], legal["meets_on"], legal["paper_on"], legal["slack_working_days"], legal["known_as"]) == (
        "reporting", "2021-09-27", "2021-09-20", 4, "verified",
    )  # fmt: skip
    unknown = desk("deadlines", "2021-04", "--format", "json")
    assert {row["meeting"] for row in unknown.rows} == {None} and "No meeting of the OPSG is known for 2021-04" in unknown.err
    assert "No meeting" not in desk("deadlines", "2021-08").err


def test_a_workspace_knows_meetings_and_a_calendar_of_its_own(tmp_path: Path) -> None:
    desk = new_desk(tmp_path / "w")
    row = "2021-04,main,2021-04-01,2021-06-01,2021-05-25,inferred,minutes of the OPSG"
    (desk.root / "reference" / "opsg_meetings.csv").write_text(f"period,meeting,since,meets_on,paper_on,status,source\n{row}\n")

    def legal(*words: object) -> dict[str, object]:
        (found,) = [row for row in desk("deadlines", "2021-04", *words, "--format", "json").rows if row["deadline"] == "legal"]
        return {name: found[name] for name in ("due_on", "meeting", "slack_working_days", "known_as")}

    own = ("--workspace", desk.root)
    assert legal(*own) == {"due_on": "2021-05-17", "meeting": "main", "slack_working_days": 6, "known_as": "inferred"}
    desk.settings('[workspace]\ncalendar_profile = "with_scotland"\n')
    # The first Monday of August is no Working Day there.
    asked = desk("deadlines", "2021-07", *own, "--format", "json").rows
    assert {row["due_on"] for row in asked if row["deadline"] == "legal"} == {"2021-08-16"}


def test_a_working_day_that_is_none_is_a_matter_of_usage(tmp_path: Path) -> None:
    desk = new_desk(tmp_path / "w")
    assert desk("what-if", "2021-08", "-d", "0").code == 2
    assert desk("what-if", "August", "-d", "2").code == 2


def test_appraise_ends_with_the_total(tmp_path: Path) -> None:
    *rows, total = new_desk(tmp_path / "w")("appraise", "1418", "1430", "--format", "json").rows
    assert [row["change_request"] for row in rows] == ["CR1418", "CR1430"]
    assert (total["fia_pounds"], total["fia_days"], total["rom_to_pounds"], total["months"]) == (541_702, 50, 2_950_000, 6)


def test_who_owes_what_with_a_calendar_and_a_message(tmp_path: Path) -> None:
    desk = month(tmp_path)
    (line,) = desk("owed", "2021-08", "--as-at", "2021-09-10T00:00Z", "--calendars", tmp_path / "ics", "--format", "json").rows
    assert (line["sender"], line["owed"], line["missing"], line["missing_since"]) == ("DSP", 2, 1, "2021-09-02 00:00:00Z")
    assert b"SUMMARY:Service Audit Trail: file due" in (tmp_path / "ics" / "owed-2021-08-DSP.ics").read_bytes()
    # All came by the 13th; the latest was eleven days late.
    assert desk("owed", "2021-08", "--format", "json").rows == []
    (settled,) = desk("owed", "2021-08", "--all", "--format", "json").rows
    assert (settled["on_time"], settled["late"], settled["worst_late_hours"]) == (1, 1, 273)

    at = ("--as-at", "2021-09-10T00:00Z", "--out", tmp_path / "mail")
    said = desk("remind", "2021-08", *at)
    assert said.code == 10 and "no address is known for DSP" in said.err
    desk.settings(EXPECTED + '[[contact]]\nsender = "DSP"\nemail = ["duty@dsp.example"]\n')
    assert "1 messages written" in (first := desk("remind", "2021-08", *at).out) and "0 were there already" in first
    assert "0 messages written" in (again := desk("remind", "2021-08", *at).out) and "1 were there already" in again
    assert "[mail]" in desk("remind", "2021-08").err and desk("owed", "2021-08", "-s", "CSPN").code == 10


TWO = (
    EXPECTED
    + """
[[expected]]
feed = "provider_reports"
sender = "CSPN"
every = "month"
since = 2021-08-01

[[expected]]
feed = "provider_reports"
sender = "CSPCS"
every = "month"
since = 2021-10-01
"""
)


def test_one_sender_of_several_is_told_of_alone(tmp_path: Path) -> None:
    desk = month(tmp_path)
    desk.settings(TWO)
    early = ("--as-at", "2021-09-01T00:00Z")
    rows = {row["sender"]: row for row in desk("owed", "2021-08", *early, "--format", "json").rows}
    # Nobody asks CSPCS for August.
    assert set(rows) == {"DSP", "CSPN"}
    assert (rows["DSP"]["late"], rows["DSP"]["missing"], rows["DSP"]["to_come"], rows["DSP"]["next_due"]) == (
        0, 0, 1, "2021-09-02 00:00:00Z",
    )  # fmt: skip
    (alone,) = desk("owed", "2021-08", *early, "-s", "CSPN", "--calendars", tmp_path / "ics", "--format", "json").rows
    assert alone == rows["CSPN"] and alone["final_due"] is not None and alone["next_due"] != alone["final_due"]
    assert [path.name for path in (tmp_path / "ics").iterdir()] == ["owed-2021-08-CSPN.ics"]
    refused = desk("owed", "2021-08", "-s", "CSPCS")
    assert refused.code == 10 and '"CSPCS" is not known' in refused.err and "CSPN" in refused.err
    # The page tells those who owe nothing, too.
    desk("owed", "2021-08", "--html", tmp_path / "owed.html")
    assert "DSP" in (tmp_path / "owed.html").read_text(encoding="utf-8")
    nobody = new_desk(tmp_path / "none")
    assert "nobody is expected to send" in nobody("owed", "2021-08").err
    # Who sends unasked owes nothing: no calendar is made for him.
    sent(nobody, "20210830", "2021-08-31T06:00Z")
    nobody("owed", "2021-08", "--calendars", tmp_path / "unasked")
    assert not list((tmp_path / "unasked").iterdir())
    assert "nothing is owed any more" in desk("owed", "2021-08", "-s", "DSP").err


def test_who_owes_what_as_a_page(tmp_path: Path) -> None:
    desk, page = month(tmp_path), tmp_path / "owed.html"
    assert desk("owed", "2021-08", "--as-at", "2021-09-10T00:00Z", "--html", page).code == 0
    told = page.read_text(encoding="utf-8")
    assert "1 files missing, 0 still to come, of 2" in told and "What DSP owes" in told
    # The file itself, by the day it covers and when it was due.
    assert "2021-08-31 00:00:00" in told and "2021-09-02 00:00:00" in told
    assert desk("owed", "2021-08", "--html", page).code == 0
    assert "0 files missing, 0 still to come, of 2" in page.read_text(encoding="utf-8")
    assert "No file that is due is missing." in page.read_text(encoding="utf-8")
