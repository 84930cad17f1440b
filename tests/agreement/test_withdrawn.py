"""A month from which wrong files were withdrawn has every figure of the month that never had them, by whichever road it is closed."""

import random
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk_month import AS_AT, MONTH, closed_month, incident_rows, request_rows
from desk_road import AUDIT_COLUMNS, INCIDENT_COLUMNS, Desk, write_rows

# A Saturday, after every Working Day that Incidents are told for: what stood on those is told as it was known then.
WRONG_AT, BETWEEN, WITHDRAWN_AT = "2021-09-18T00:00Z", "2021-09-18T00:30Z", "2021-09-18T01:00Z"


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return closed_month(tmp_path_factory.mktemp("never") / "workspace", "[engine]\nthreads = 1\n")


def wrong_files(desk: Desk) -> list[Path]:
    """Test data under a right name: in place of a day, of a day that had none, and in place of all Incidents."""
    draw, start = random.Random(99), datetime(2021, 8, 1, tzinfo=UTC)
    trail = [row for n in range(30) for row in request_rows(draw, 5000 + n, start + timedelta(days=draw.choice((4, 9)), seconds=n))]
    (wrong := desk.incoming / "wrong").mkdir()
    return [
        write_rows(wrong / "DSP_SAT_20210805_final.csv", AUDIT_COLUMNS, *trail),
        write_rows(wrong / "DSP_SAT_20210810_final.csv", AUDIT_COLUMNS, *trail[:40]),
        write_rows(wrong / "REMEDY_LOG_202108_final.csv", INCIDENT_COLUMNS, *incident_rows(draw)[:25]),
    ]


@pytest.mark.parametrize("is_closed_between", [True, False], ids=["closed with them before", "never closed with them"])
def test_every_figure_is_that_of_the_month_that_never_had_them(month: Desk, tmp_path: Path, *, is_closed_between: bool) -> None:
    desk = Desk(Path(shutil.copytree(month.root, tmp_path / "workspace")))
    never = desk.figures(MONTH)
    never_slots = desk("slots", MONTH, "--as-at", AS_AT, "--format", "json").rows
    # Its journeys go too: where the month is not closed between, all is worked out from the files.
    for made in (desk.root / "runs" / MONTH, *([] if is_closed_between else [desk.root / "store" / "journeys"])):
        shutil.rmtree(made)
    wrong = desk.take_in(*wrong_files(desk), received_at=WRONG_AT)
    assert [row["result"] for row in wrong] == ["accepted"] * 3
    if is_closed_between:
        desk.close(MONTH, BETWEEN)
        with_them = desk.figures(MONTH)
        assert with_them != never, "else this test shows nothing"
    for row in wrong:
        said = desk("withdraw", row["delivery"], "--reason", "test data", "--by", "anna", "--at", WITHDRAWN_AT)
        assert said.code == 0, said.err
    desk.close(MONTH, AS_AT)
    assert desk.figures(MONTH) == never
    assert desk("slots", MONTH, "--as-at", AS_AT, "--format", "json").rows == never_slots
    assert desk("reproduce", MONTH).code == 0


def test_restored_they_count_again(month: Desk, tmp_path: Path) -> None:
    desk = Desk(Path(shutil.copytree(month.root, tmp_path / "workspace")))
    (row,) = desk.take_in(wrong_files(desk)[0], received_at=WRONG_AT)
    desk.close(MONTH, "2021-09-21T00:00Z")
    counted = desk.figures(MONTH)
    desk("withdraw", row["delivery"], "--reason", "test data", "--at", "2021-09-22T00:00Z")
    desk.close(MONTH, "2021-09-22T00:00Z")
    assert desk.figures(MONTH)["cpm_1"] != counted["cpm_1"]
    desk("withdraw", row["delivery"], "--reason", "it was right", "--undo", "--at", "2021-09-23T00:00Z")
    desk.close(MONTH, "2021-09-23T00:00Z")
    assert desk.figures(MONTH)["cpm_1"] == counted["cpm_1"]
