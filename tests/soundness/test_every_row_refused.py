"""A file of which every row was refused is no word that nothing happened: its month was told as "no events", and as complete."""

from pathlib import Path

from desk_road import AUDIT_COLUMNS, Desk, new_desk

HEADER = ",".join(AUDIT_COLUMNS)
OWED = '[[expected]]\nfeed = "audit_trail"\nsender = "DSP"\nevery = "day"\nsince = 2021-08-10\nuntil = 2021-08-11\n'


def told_of(tmp_path: Path, row: str) -> tuple[str, str]:
    """State of the one slot owed, and status of CPM 1, of a file with that row (or none)."""
    desk: Desk = new_desk(tmp_path / "w", OWED)
    file = desk.incoming / "DSP_SAT_20210810_final.csv"
    file.write_text(f"{HEADER}\n{row}")
    desk.take_in(file, received_at="2021-08-10T23:00Z")
    desk.close("2021-08", "2021-09-08T00:00Z")
    (slot,) = desk("slots", "2021-08", "--format", "json").rows
    figures = {row["name"]: row["status"] for row in desk("figures", "2021-08", "-m", "cpm_1", "--format", "json").rows}
    return slot["state"], figures["cpm_1"]


def test_rows_that_were_all_refused_are_a_hole(tmp_path: Path) -> None:
    assert told_of(tmp_path, "U:D:1,yesterday,RX_DSP,request,4.1.1,1,,,U,D,,\n") == ("missing", "no_data")


def test_no_row_at_all_says_that_nothing_happened(tmp_path: Path) -> None:
    assert told_of(tmp_path, "") == ("on_time", "no_events")


def test_they_do_not_take_the_place_of_rows_that_stand(tmp_path: Path) -> None:
    """A broken file sent once more would else have wiped out the good one before it."""
    desk = new_desk(tmp_path / "w", OWED)
    file = desk.incoming / "DSP_SAT_20210810_final.csv"
    file.write_text(f"{HEADER}\nU:D:1,2021-08-10T10:00:00Z,RX_DSP,request,4.1.1,1,,,U,D,,\n")
    first = desk.take_in(file, received_at="2021-08-10T22:00Z")
    file.write_text(f"{HEADER}\nU:D:1,yesterday,RX_DSP,request,4.1.1,1,,,U,D,,\n")
    second = desk.take_in(file, received_at="2021-08-10T23:00Z")
    desk.close("2021-08", "2021-09-08T00:00Z")
    (counted,) = [row for row in desk("figures", "2021-08", "-m", "cpm_1", "--format", "json").rows if row["name"] == "cpm_1"]
    assert (first[0]["accepted"], second[0]["accepted"], second[0]["refused"], second[0]["supersedes"]) == (1, 0, 1, None)
    assert counted["counted"] == 1
