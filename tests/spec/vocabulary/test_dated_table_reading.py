"""Dated tables: the latest row in force, a workspace's rows over the shipped ones, and refusals that name the cell."""

from datetime import date
from pathlib import Path

import pytest

from tocsin.vocabulary.dated import LATEST, DatedTable
from tocsin.vocabulary.errors import BadDeclaration

HEADING = "srv,flow,since,target_us,status,source\n"
ON = date(2021, 8, 31)


def written(folder: Path, *rows: str, heading: str = HEADING) -> Path:
    file = folder / "target_response_times.csv"
    file.write_text(heading + "".join(row + "\n" for row in rows), encoding="utf-8")
    return file


def target(table: DatedTable, srv: str, on: date) -> str | None:
    row = table.at(on).get((srv, "on_demand"))
    return row.cells["target_us"] if row else None


def test_of_a_key_the_latest_row_in_force_counts(tmp_path: Path) -> None:
    table = DatedTable.load(
        "target_response_times",
        written(
            tmp_path,
            "4.1.1,on_demand,2021-09-01,3,verified,x",
            "4.1.1,on_demand,2021-03-01,1,verified,x",
            "4.1.1,on_demand,2021-08-31,2,assumed,x",
        ),
    )
    told = {
        on: target(table, "4.1.1", date.fromisoformat(on)) for on in ("2021-02-28", "2021-03-01", "2021-08-30", "2021-08-31", "2021-09-01")
    }
    assert told == {"2021-02-28": None, "2021-03-01": "1", "2021-08-30": "1", "2021-08-31": "2", "2021-09-01": "3"}
    assert target(table, "4.1.1", LATEST) == "3"


def test_a_workspace_row_of_the_same_day_replaces_and_a_later_one_adds(tmp_path: Path) -> None:
    shipped = DatedTable.load("target_response_times")
    same = DatedTable.load("target_response_times", written(tmp_path, "*,on_demand,2012-01-01,25000000,verified,Appendix E"))
    assert (target(shipped, "*", ON), target(same, "*", ON)) == ("30000000", "25000000")
    assert len(same.rows()) == len(shipped.rows())
    later = DatedTable.load("target_response_times", written(tmp_path, "*,on_demand,2021-09-01,25000000,verified,Appendix E"))
    assert (target(later, "*", ON), target(later, "*", date(2021, 9, 1))) == ("30000000", "25000000")
    assert len(later.rows()) == len(shipped.rows()) + 1


def test_a_folder_stands_for_the_file_in_it_and_may_have_none(tmp_path: Path) -> None:
    assert DatedTable.load("target_response_times", tmp_path).digest() == DatedTable.load("target_response_times").digest()
    file = written(tmp_path, "*,on_demand,2012-01-01,1,assumed,x")
    assert DatedTable.load("target_response_times", tmp_path).digest() == DatedTable.load("target_response_times", file).digest()


def test_a_changed_override_is_read_again(tmp_path: Path) -> None:
    file = written(tmp_path, "*,on_demand,2012-01-01,1,assumed,x")
    assert target(DatedTable.load("target_response_times", file), "*", ON) == "1"
    written(tmp_path, "*,on_demand,2012-01-01,22,assumed,x")
    assert target(DatedTable.load("target_response_times", file), "*", ON) == "22"


def test_the_digest_is_of_the_content_not_of_the_file(tmp_path: Path) -> None:
    one, two = "4.1.1,on_demand,2021-03-01,1,verified,x", "4.2,on_demand,2021-03-01,2,verified,x"
    digest = DatedTable.load("target_response_times", written(tmp_path, one, two)).digest()
    assert DatedTable.load("target_response_times", written(tmp_path, two, "", one)).digest() == digest
    assert DatedTable.load("target_response_times", written(tmp_path, two, one.replace("verified", "assumed"))).digest() != digest
    assert DatedTable.load("target_response_times").digest() != digest
    assert len(digest) == 64


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("*,on_demand,2021-03-01,1,certain,x", r'line 2: column "status": expected one of verified, inferred, assumed, found "certain"'),
        ("*,on_demand,1 March 2021,1,verified,x", r'line 2: column "since": expected a date such as 2021-08-31, found "1 March 2021"'),
        ("*,on_demand,20210301,1,verified,x", r'line 2: column "since"'),
        ("*,on_demand,2021-03-01,1,verified,", r'line 2: column "source"'),
        ("*,,2021-03-01,1,verified,x", r'line 2: column "flow"'),
        ("*,on_demand,2021-03-01,1,verified", r"line 2: expected 6 cells .*found 5"),
        ('*,on_demand,2021-03-01,1,verified,"x', r"line 2: not readable as CSV"),
    ],
)
def test_a_bad_row_names_file_line_column_and_word(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(BadDeclaration, match=r"target_response_times\.csv: " + message):
        DatedTable.load("target_response_times", written(tmp_path, row))


def test_a_key_and_day_given_twice_names_both_lines(tmp_path: Path) -> None:
    row = "*,on_demand,2021-03-01,1,verified,x"
    with pytest.raises(BadDeclaration, match=r"line 4: .*\(also at .*line 2\)"):
        DatedTable.load("target_response_times", written(tmp_path, row, row.replace("*", "4.1.1"), row))


@pytest.mark.parametrize(
    ("heading", "message"),
    [
        ("srv,flow,since,status,source\n", "line 1: column target_us is missing"),
        ("srv,flow,since,target_us,status,source,remark\n", "line 1: column remark is not known"),
        ("srv,srv,since,target_us,status,source\n", "line 1: expected a heading of distinct column names"),
        ("", "line 1: expected a heading of distinct column names, found nothing"),
    ],
)
def test_a_bad_heading_is_refused(tmp_path: Path, heading: str, message: str) -> None:
    with pytest.raises(BadDeclaration, match=message):
        DatedTable.load("target_response_times", written(tmp_path, heading=heading))


def test_columns_may_stand_in_another_order_and_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    heading = "\ufeffsource,status,target_us,flow,srv,since\n"
    table = DatedTable.load("target_response_times", written(tmp_path, "x,assumed,7,on_demand,*,2012-01-01", heading=heading))
    assert target(table, "*", ON) == "7"


def test_a_file_that_is_not_utf_8_and_a_table_that_does_not_exist(tmp_path: Path) -> None:
    file = tmp_path / "target_response_times.csv"
    file.write_bytes(HEADING.encode() + "*,on_demand,2012-01-01,7,assumed,Télé".encode("latin-1"))
    with pytest.raises(BadDeclaration, match="expected UTF-8"):
        DatedTable.load("target_response_times", file)
    with pytest.raises(BadDeclaration, match="No table"):
        DatedTable.load("service_levels")
    with pytest.raises(BadDeclaration, match="no such file"):
        DatedTable.load("target_response_times", tmp_path / "absent.csv")
