"""Two months of a regulatory year on one desk: the later one's regime is of both, and says which run of the earlier it rests on."""

import json
from pathlib import Path
from typing import Any

import pytest

from desk_road import PARTY_COLUMNS, Desk, new_desk, write_rows
from regime import month_figures, put_run
from tocsin.vocabulary.errors import BadDeclaration

SEPTEMBER = ("2021-09", "2021-10-20T09:00Z")


def desk_with_a_file(root: Path) -> Desk:
    """A workspace in which something was received, and nothing of any month."""
    desk = new_desk(root)
    desk.take_in(write_rows(desk.incoming / "PARTIES_202108.csv", PARTY_COLUMNS), received_at="2021-09-06T08:00Z")
    return desk


def regime(desk: Desk, month: str, run_id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((desk.root / "runs" / month / run_id / "run.json").read_text())["opr"]
    return found


def test_the_year_so_far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run of September rests on that of August: closed again it is there already, until August has a later one."""
    desk = desk_with_a_file(tmp_path / "w")
    august = put_run(desk.root / "runs", "2021-08", "2021-09-20", month_figures())
    both = desk.close(*SEPTEMBER)
    assert [month["run_id"] for month in regime(desk, "2021-09", both)["months"]] == [*[""] * 4, august, both]
    # Nothing came of September, so that the year has no number however good August was.
    told = {(cell["measure"], cell["cell"]): cell["why"] for cell in regime(desk, "2021-09", both)["cells"]}
    assert told["Prepayment", "north"] == "2021-09: opr_requests.top_up_success/region=north: n/a (no data)."

    def worked_out_again(*_: object) -> None:
        raise BadDeclaration("worked out again")

    monkeypatch.setattr("tocsin.reports.run.work_out_figures", worked_out_again)
    assert desk.close(*SEPTEMBER) == both
    put_run(desk.root / "runs", "2021-08", "2021-10-01", month_figures())
    assert "worked out again" in desk("close", SEPTEMBER[0], "--as-at", SEPTEMBER[1]).err


def test_bad_parameters_are_told_before_the_month_is_worked_out(tmp_path: Path) -> None:
    desk = desk_with_a_file(tmp_path / "w")
    row = "system_performance,2021-04-01,0.6,,assumed,here"
    (desk.root / "reference" / "opr_areas.csv").write_text(f"area,since,weight,kept,status,source\n{row}\n")
    said = desk("close", SEPTEMBER[0], "--as-at", SEPTEMBER[1])
    assert (said.code, said.err.partition(".")[0]) == (10, "BadDeclaration: opr_areas: the weights add up to 9/10, expected 1")
    assert not list((desk.root / "runs").glob("*/*"))
