"""The runs that a run looks back at: thirteen months with its own, each as it stood, a damaged one left out."""

from pathlib import Path

import pytest

from frozen_run import figure
from regime import SEPTEMBER, put_run
from tocsin.reports.earlier_runs import earlier_runs
from tocsin.vocabulary.calendar import parse_instant

AS_AT = parse_instant("2021-10-10T00:00:00Z")


def test_a_month_stands_by_its_latest_run_that_was_known(tmp_path: Path) -> None:
    put_run(tmp_path, "2020-08", "2020-10-10", {})
    old = put_run(tmp_path, "2020-09", "2020-10-10", {})
    put_run(tmp_path, "2021-08", "2021-09-10", {})
    august = put_run(tmp_path, "2021-08", "2021-10-10", {})
    put_run(tmp_path, "2021-08", "2021-10-11", {})
    earlier = earlier_runs(tmp_path, SEPTEMBER, AS_AT)
    first, *_, last = earlier.months
    assert (first, last, len(earlier.months)) == ("2020-09", "2021-08", 12)
    assert {month: run_id for month, run_id in earlier.months.items() if run_id} == {"2020-09": old, "2021-08": august}
    before = earlier.month_before()
    assert before is not None and before.run_id == august
    assert earlier.run_of("2021-07") is None and earlier.own_run() is None
    assert earlier.named == f"{old} {august}"


def test_a_run_looks_back_at_the_one_of_its_own_period_but_not_at_itself(tmp_path: Path) -> None:
    first = put_run(tmp_path, "2021-09", "2021-10-09", {})
    put_run(tmp_path, "2021-09", "2021-10-10", {})
    earlier = earlier_runs(tmp_path, SEPTEMBER, AS_AT)
    assert earlier.own == first
    own = earlier.own_run()
    assert own is not None and own.run_id == first


def test_a_damaged_run_is_left_out(tmp_path: Path) -> None:
    august = put_run(tmp_path, "2021-08", "2021-09-10", {})
    (tmp_path / "2021-08" / august / "run.json").write_text("{}")
    assert earlier_runs(tmp_path, SEPTEMBER, AS_AT).month_before() is None


def test_a_glance_is_read_from_its_own_file_and_holds_no_figure_by_srv_or_party(tmp_path: Path) -> None:
    srv, region, device = (("srv", "2.2"),), (("region", "north"),), (("device_type", "ESME"),)
    figures = {
        place: figure("prepayment", "volume", place, shown="1", counted=1, unit="count")
        for place in ((), srv, region, (*srv, *region), (*region, *device))
    }
    august = put_run(tmp_path, "2021-08", "2021-09-10", {str(place): one for place, one in figures.items()})
    glance = earlier_runs(tmp_path, SEPTEMBER, AS_AT).glance("2021-08")
    assert glance is not None and glance.run_id == august and glance.measures
    assert [one.breakdown for one in glance.figures] == [(), region]
    (tmp_path / "2021-08" / august / "glance.json").unlink()
    assert earlier_runs(tmp_path, SEPTEMBER, AS_AT).glance("2021-08") == glance, "an older run has no glance beside it"


@pytest.mark.parametrize("name", ["run.json", "glance.json"])
def test_a_glance_at_a_run_that_was_changed_is_none(tmp_path: Path, name: str) -> None:
    august = put_run(tmp_path, "2021-08", "2021-09-10", {})
    path = tmp_path / "2021-08" / august / name
    path.write_text(path.read_text(encoding="utf-8").replace('"is_complete": false', '"is_complete": true'), encoding="utf-8")
    assert earlier_runs(tmp_path, SEPTEMBER, AS_AT).glance("2021-08") is None
