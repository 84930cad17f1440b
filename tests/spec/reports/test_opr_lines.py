"""The regime over the runs of its year: which months stand, what is told of holes, and that every assumption is named."""

from fractions import Fraction
from pathlib import Path

import pytest

from regime import SEPTEMBER, cell, month_figures, names, put_run, regime, share
from tocsin.reports.earlier_runs import earlier_runs
from tocsin.reports.frozen_opr import OprMonth
from tocsin.reports.opr_lines import opr_basis, opr_lines, pounds
from tocsin.reports.run_store import latest_known
from tocsin.vocabulary.calendar import Period, parse_instant
from tocsin.vocabulary.opr import opr_year

AS_AT = parse_instant("2021-10-10T00:00:00Z")
NORTH = "opr_requests.top_up_success/region=north"


@pytest.mark.parametrize(
    ("value", "told"),
    [("0", "0.00"), ("1750000/3", "583,333.33"), ("875000/3", "291,666.67"), ("1/200", "0.01"), ("1234567", "1,234,567.00")],
)
def test_pounds_to_the_penny(value: str, told: str) -> None:
    assert pounds(Fraction(value)) == told


def test_a_month_is_told_by_its_latest_run_that_was_known(tmp_path: Path) -> None:
    put_run(tmp_path, "2021-05", "2021-06-10", {})
    known = put_run(tmp_path, "2021-05", "2021-10-10", {})
    put_run(tmp_path, "2021-05", "2021-10-11", {})
    put_run(tmp_path, "2021-06", "2021-11-01", {})
    # Of the year before, and of a month after the report's: neither is of the year so far.
    put_run(tmp_path, "2021-03", "2021-04-10", {})
    put_run(tmp_path, "2021-10", "2021-10-10", {})
    basis = opr_basis(earlier_runs(tmp_path, SEPTEMBER, AS_AT), tmp_path)
    assert basis.before == tuple(OprMonth(f"2021-0{n}", known if n == 5 else "") for n in (4, 5, 6, 7, 8))
    assert latest_known(tmp_path, Period(2021, 5), parse_instant("2021-06-09T23:59:59Z")) is None


def test_the_first_month_of_a_year_has_none_before_it(tmp_path: Path) -> None:
    put_run(tmp_path, "2021-03", "2021-04-10", {})
    assert opr_basis(earlier_runs(tmp_path, Period(2021, 4), AS_AT), tmp_path).before == ()


def test_the_events_of_the_year_are_pooled(tmp_path: Path) -> None:
    """August 9,000 of 9,000 and September 900 of 1,000: 99 % of the two, exactly the target, though the month alone is far below."""
    run_id = put_run(tmp_path, "2021-08", "2021-09-20", month_figures({NORTH: (9_000, 9_000)}))
    own = month_figures({NORTH: (900, 1_000)})
    told = regime(own, runs=tmp_path, before=(OprMonth("2021-07", ""), OprMonth("2021-08", run_id)))
    north = cell(told, "Prepayment", "north")
    assert (north.level, north.status, north.told) == ("99.00", "met", (f"{NORTH}: 9,900 of 10,000",))
    assert cell(regime(own), "Prepayment", "north").level == "90.00"
    assert [month.run_id for month in told.months] == ["", run_id, "own-run"]


def test_a_figure_of_its_own_choice_is_found_in_the_whole_of_an_earlier_run(tmp_path: Path) -> None:
    """A workspace may feed a cell by Service Request Variant; a glance at a run does not hold such figures."""
    name = "prepayment.success_rate/srv=2.2/region=north"
    rows = "".join(f"prepayment,north,{one},2021-04-01,{weight},verified,x\n" for one, weight in ((name, 1), (NORTH, 0)))
    (tmp_path / "opr_figures.csv").write_text(f"measure,cell,figure,since,share,status,source\n{rows}")
    (tmp_path / "runs").mkdir()
    told = {**month_figures(), name: share(name, 90, 100)}
    run_id = put_run(tmp_path / "runs", "2021-08", "2021-09-20", told)
    found = regime(told, tmp_path, runs=tmp_path / "runs", before=(OprMonth("2021-08", run_id),))
    assert f"{name}: 180 of 200" in cell(found, "Prepayment", "north").told


def test_a_damaged_run_of_another_month_is_a_hole_and_no_error(tmp_path: Path) -> None:
    run_id = put_run(tmp_path, "2021-08", "2021-09-20", month_figures())
    (tmp_path / "2021-08" / run_id / "run.json").write_text("{}")
    told = regime(month_figures(), runs=tmp_path, before=(OprMonth("2021-08", run_id),))
    assert {line.why.partition(". ")[0] for line in told.cells} >= {f"2021-08: its run {run_id} cannot be read."}
    assert {(line.status, line.kept) for line in told.cells} == {("no_data", "")}


def test_a_figure_that_is_not_there_takes_the_number_from_all_above_it() -> None:
    figures = month_figures()
    del figures["availability_minutes.of_month/service=dsp"], figures["availability_minutes.of_month/service=wan_gateway"]
    told = regime(figures)
    assert cell(told, "Service availability", "smets1").why == "2021-09: the run has no figure availability_minutes.of_month/service=dsp."
    assert [(line.name, line.kept) for line in told.measures][:2] == [("availability", ""), ("install_and_commission", "1,633,333.33")]
    assert (told.areas[0].kept, told.areas[0].why) == ("", "No number, for want of: Availability.")
    assert told.whole is not None and told.whole.why.endswith("System performance, Contract management, Customer engagement.")


def test_a_region_without_events_is_spread_and_said_so() -> None:
    figures = month_figures({NORTH: (970, 1_000)})
    figures["opr_requests.top_up_success/region=south"] = share("opr_requests.top_up_success/region=south", 0, 0, status="no_events")
    told = regime(figures)
    assert [(line.cell, line.weight) for line in told.cells if line.measure == "Prepayment"] == [
        ("smets1", "33.33"), ("north", "33.33"), ("central", "33.33"), ("south", "0.00"),
    ]  # fmt: skip
    assert told.remarks == ("Prepayment: no events in South; the weight was spread over the other cells in proportion to theirs.",)
    # A third of the measure keeps a third: 97 is a third of the way from 96 to 99.
    assert cell(told, "Prepayment", "north").lost == "362,962.96"


def test_what_has_no_region_is_said_to_be_in_no_cell() -> None:
    unknown = "opr_requests.top_up_success/region=UNKNOWN"
    told = regime({**month_figures(), unknown: share(unknown, 5, 7)})
    assert told.remarks == (f"Prepayment: the 7 of {unknown} in 2021-09 are in no cell.",)


def test_what_was_entered_completes_the_pot(tmp_path: Path) -> None:
    rows = "".join(
        f"{area},2021-04-01,0.15,{kept},verified,x\n" for area, kept in (("customer_engagement", "1"), ("contract_management", "0.5"))
    )
    (tmp_path / "opr_areas.csv").write_text(f"area,since,weight,kept,status,source\n{rows}")
    told = regime(month_figures(), tmp_path)
    assert told.whole is not None and (told.whole.kept, told.whole.lost, told.whole.why) == ("6,475,000.00", "525,000.00", "")


def test_a_year_without_parameters_says_so() -> None:
    before = opr_basis(earlier_runs(Path(), Period(2021, 3), AS_AT), Path())
    told = opr_lines(before, "own-run", month_figures().values())
    assert (told.whole, told.why) == (None, "No parameters of the regime are in force for the regulatory year 2020/21.")


def test_every_assumption_is_named_once() -> None:
    year = opr_year(SEPTEMBER.first_on)
    assert year is not None
    unsure = {(row.table, row.value, row.source) for row in year.rows if row.status != "verified"}
    told = regime(month_figures()).assumptions
    assert sorted((line.table, line.value, line.source) for line in told) == sorted(unsure)
    of_figures = " ".join(line.keys for line in told if line.table == "opr_figures")
    assert not [name for name in names() if name.partition("/region=")[0] not in of_figures]
    assert [line.keys for line in told if line.table == "opr_levels"] == [
        "Availability: every cell; Change of supplier: every cell; Firmware: every cell; Install and commission: every cell; "
        "Prepayment: every cell"
    ]
