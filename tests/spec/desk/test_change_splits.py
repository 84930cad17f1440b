"""Dividing a change from the tallies of two runs, of measures and processes alike, and the reasons why one cannot be divided."""

import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from desk_month import MONTH
from desk_road import Desk
from tocsin.desk.workspace import Workspace
from tocsin.engines import Engine
from tocsin.measuring.figures import Figure, suppressed
from tocsin.measuring.tally import Breakdown
from tocsin.reports.change_splits import Splitting, split_lines
from tocsin.reports.earlier_runs import EarlierRuns
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_changes import CellLine, ChangeLine, SplitLine
from tocsin.reports.run_store import read_run, write_run
from tocsin.vocabulary.calendar import Period

AUGUST, MARCH = Period.parse(MONTH), "2021-03"


@pytest.fixture(scope="module")
def august(month: Desk) -> FrozenRun:
    return read_run(month.root / "runs", AUGUST)


@pytest.fixture
def split(month: Desk, august: FrozenRun, embedded: Engine, tmp_path: Path):
    """How a figure's change divides against a July whose tallies were August's, but for what is set otherwise in them."""

    def divided(figure: str, journey: str, otherwise: str = "", label: str = "2021-07", hidden: Breakdown = ()) -> SplitLine | None:
        before = replace(august, run_id=f"{label}-x", period=Period.parse(label))
        if hidden:
            one = next(one for one in august.figures if one.name == "meter_reads.volume")
            kept_back = suppressed(replace(one, name="kept back", breakdown=hidden))
            before = replace(before, figures=(*before.figures, kept_back))
        folder = tmp_path / "runs" / label / before.run_id
        shutil.copytree(month.root / "runs" / MONTH / august.run_id / "tallies", folder / "tallies")
        tally = folder / "tallies" / f"{journey}.parquet"
        now = next(one for one in august.figures if one.name == figure)
        if otherwise:
            with duckdb.connect() as table:
                table.execute(f"CREATE TABLE tally AS FROM read_parquet('{tally}')")
                table.execute(otherwise)
                table.execute(f"COPY tally TO '{tally}' (FORMAT parquet)")
                then = _figure_of(table, now)
                before = replace(before, figures=tuple(then if one.name == figure else one for one in before.figures))
        write_run(before, folder)
        earlier = EarlierRuns(tmp_path / "runs", AUGUST, august.as_at, {label: before.run_id}, own="")
        own = month.root / "runs" / MONTH / august.run_id
        splitting = Splitting(embedded, august, own, earlier, month.root / "reference", Workspace.open(month.root).anonymity_secret)
        line = ChangeLine("k", "fell", now.subject, now.indicator, figure, "", 1, label, "", "", "percent", "", 1, "", is_moved=True)
        return next(split_lines(splitting, [line])).split

    return divided


def _figure_of(table: duckdb.DuckDBPyConnection, figure: Figure) -> Figure:
    """The figure as the tally has it now, if it is one of all its rows."""
    if figure.indicator:
        return figure
    found = table.execute(f"SELECT sum({figure.subject}_counted), sum({figure.subject}_met) FROM tally").fetchone()
    assert found is not None
    return replace(figure, counted=int(found[0]), met=int(found[1]))


def test_a_measure_of_incidents_is_divided_by_its_own_splits(split) -> None:
    """All that the DSP's resolvers met in August they had missed in July: theirs is the whole of the change, and no other's rate moved."""
    found = split("cpm_5a", "incident_clocks", "UPDATE tally SET cpm_5a_met = 0 WHERE resolver_group = 'DSP'")
    assert found.columns == ("category", "resolver_group")
    moved = {dict(cell.cell)["resolver_group"] for cell in found.lines if cell.effect != "0.000"}
    assert moved == {"DSP"}
    assert sum(cell.counted for cell in found.lines) == found.whole.counted
    by_group = {dict(cell.cell)["resolver_group"]: cell.effect for cell in found.alone if "resolver_group" in dict(cell.cell)}
    assert by_group["DSP"] == found.whole.effect


def test_a_measure_of_service_requests_is_never_divided_by_party(split) -> None:
    found = split("cpm_1", "service_requests", "UPDATE tally SET cpm_1_met = 0 WHERE region = 'north'")
    assert found.columns == ("srv", "device_type", "region")
    assert {dict(cell.cell).get("region") for cell in found.lines if cell.effect != "0.000"} <= {"north", None}


def test_a_process_is_divided_by_the_code_the_run_publishes(split, august: FrozenRun) -> None:
    found = split("meter_reads.success_rate", "service_requests")
    published = {dict(figure.breakdown).get("party_code") for figure in august.figures}
    codes = {dict(cell.cell).get("party_code") for cell in (*found.lines, *found.alone)} - {None, ""}
    assert codes <= published
    # Nothing moved, so that every effect is nought, and all of them add up to it.
    assert {cell.effect for cell in (found.whole, *found.lines, *found.alone)} == {"0.000"}


def test_a_new_reporting_year_has_no_parties(split) -> None:
    """March's parties had other codes: told under this year's, a reader of both reports could put them together."""
    found = split("meter_reads.success_rate", "service_requests", label=MARCH)
    assert "party_code" not in {column for cell in (*found.lines, *found.alone) for column, _ in cell.cell}
    assert found.rolled_up > 0


def codes_of(lines: Iterable[CellLine], srv: str = "") -> set[str]:
    """Party codes that lines name, of one Service Request Variant where one is given."""
    cells = [dict(line.cell) for line in lines]
    return {cell["party_code"] for cell in cells if "party_code" in cell and (not srv or cell.get("srv") == srv)}


def test_what_either_run_keeps_back_is_told_without_parties(split) -> None:
    """A row kept back so that another cannot be worked out: only its mark tells that, and July's mark binds August's report too."""
    row = (("srv", "4.1.1"), ("party_code", "not_shown"))
    shown = split("meter_reads.success_rate", "service_requests")
    hidden = split("meter_reads.success_rate", "service_requests", label="2021-06", hidden=row)
    assert codes_of(shown.lines, "4.1.1") != set()
    assert codes_of(hidden.lines, "4.1.1") == set()
    assert hidden.rolled_up == shown.rolled_up + 1


def test_a_process_not_told_by_party_names_none(split) -> None:
    shown = split("meter_reads.success_rate", "service_requests")
    hidden = split("meter_reads.success_rate", "service_requests", label="2021-06", hidden=(("party_code", "not_shown"),))
    assert codes_of((*shown.lines, *shown.alone)) != set()
    assert codes_of((*hidden.lines, *hidden.alone)) == set()


@pytest.mark.parametrize(
    ("otherwise", "why"),
    [
        # The figure of July is August's, the tally is not: counted by another map of processes, say.
        ("DELETE FROM tally WHERE srv = '4.1.1'", "2021-07 was counted by other definitions, its tallies do not give its figure."),
        ("ALTER TABLE tally DROP COLUMN success_rate_met", "the tallies of 2021-07 are gone, or were counted by other columns."),
    ],
)
def test_what_was_counted_otherwise_is_not_divided(split, otherwise: str, why: str) -> None:
    found = split("meter_reads.success_rate", "service_requests", otherwise)
    assert found == SplitLine(why=f"The change cannot be divided: {why}")
