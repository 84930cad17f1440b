"""Trace of every figure that has numbers: the journeys counted again give it, and the rows listed are those of as many happenings."""

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest

from desk_month import MONTH
from desk_road import Desk
from tocsin.desk.month import engine_of, store_of
from tocsin.desk.workspace import Workspace
from tocsin.journeys import all_journeys
from tocsin.measuring.journey import Attribute
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.run_store import read_run
from tocsin.reports.trace import figure_named, traces
from tocsin.reports.traced_rows import TraceMeans
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.errors import BadDeclaration


@pytest.fixture(scope="module")
def run(month: Desk) -> FrozenRun:
    return read_run(month.root / "runs", Period.parse(MONTH))


@pytest.fixture(scope="module")
def means(month: Desk) -> TraceMeans:
    workspace = Workspace.open(month.root)
    return TraceMeans(engine_of(workspace), store_of(workspace), workspace.reference, workspace.anonymity_secret)


def received_rows(month: Desk, file_name: str) -> list[list[str]]:
    """Line number less one to the cells of a received file."""
    return list(csv.reader((month.incoming / file_name).read_text(encoding="utf-8").splitlines()))


def test_every_figure_of_the_month_is_counted_again(month: Desk, run: FrozenRun, means: TraceMeans) -> None:
    traceable = [figure for figure in run.figures if figure.counted is not None and "suppressed" not in figure.marks]
    assert len(traceable) > 150
    subjects = {figure.subject for figure in traceable}
    assert {"cpm_1", "cpm_2", "cpm_4", "cpm_5", "cpm_5a", "incidents", "meter_reads", "prepayment", "other"} <= subjects
    cells = {file.name: received_rows(month, file.name) for file in month.incoming.iterdir()}
    seen = 0
    for found in traces(means, run, traceable, most=None):
        figure, seen = found.figure, seen + 1
        assert found.agrees and found.counted == figure.counted, figure.name
        assert len(found.rows) == found.row_count and len({(row.delivery.delivery_id, row.line) for row in found.rows}) == found.row_count
        assert sum(count for _, count in found.days) == figure.counted, figure.name
        rows = [cells[row.delivery.file_name][row.line - 1] for row in found.rows]
        assert len({happening_of(row.delivery.file_name, line) for row, line in zip(found.rows, rows, strict=True)}) == figure.counted, (
            figure.name
        )
    assert seen == len(traceable)


def happening_of(file_name: str, line: list[str]) -> tuple[str, ...]:
    """What a received line belongs to, by its own words: a request, a run of a schedule, or an Incident."""
    if file_name.startswith("S1SP") and not line[0]:
        return (line[9], line[4], line[7], line[10])
    return (line[0],)


def test_the_command_lists_the_very_lines(month: Desk) -> None:
    said = month("trace", "cpm_5/resolver_group=CSPN", "--rows", 0)
    assert said.code == 0, said.err
    assert "agrees with the figure" in said.out
    counted = int(next(line for line in said.out.splitlines() if line.startswith("counted again")).split(":")[1].split(",")[0])
    listed = [line for line in said.out.splitlines() if line.startswith("REMEDY_LOG")]
    assert {line.split(": ", 1)[1].split(",")[5] for line in listed} == {"CSPN"}
    assert len({line.split(": ", 1)[1].split(",")[0] for line in listed}) == counted > 0
    for line in listed:
        place, text = line.split(": ", 1)
        file_name, number = place.rsplit(":", 1)
        assert (month.incoming / file_name).read_text(encoding="utf-8").splitlines()[int(number) - 1] == text


def test_json_and_csv_carry_the_same_rows_and_nothing_else(month: Desk) -> None:
    asked = ("trace", "meter_reads.volume", "--month", MONTH, "--rows", 7, "--format")
    as_json, as_csv = month(*asked, "json"), month(*asked, "csv")
    assert [list(row) for row in as_json.rows] == [["delivery", "file", "line", "text", "happening"]] * 7
    assert [row["text"] for row in as_json.rows] == [row["text"] for row in csv.DictReader(io.StringIO(as_csv.out))]
    assert "counted again" in as_json.err


def test_figures_with_odd_names_are_traced(month: Desk) -> None:
    names = [name for name in month.figures(MONTH) if "A%2FB%3DC 'x'" in name]
    assert names
    for name in names[:3]:
        assert month("trace", name, "--rows", 1).code == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("cpm_1/regoin=north", "Nearest: cpm_1/region=north"),
        ("firmware_management.nothing", "has no figure"),
        ("device_alerts.volume", "nothing was counted"),
    ],
)
def test_what_cannot_be_traced_is_told(month: Desk, name: str, said: str) -> None:
    found = month("trace", name, "--month", MONTH)
    assert (found.code, said in found.err) == (10, True), found.err


def test_a_run_made_before_a_column_was_added_is_traced(run: FrozenRun, means: TraceMeans, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run is kept for ever; its journeys have the columns of the version that made it."""
    grown = {
        name: replace(journey, attributes=(*journey.attributes, Attribute("later_us", "BIGINT", "Added by a later version.")))
        for name, journey in all_journeys().items()
    }
    monkeypatch.setattr("tocsin.reports.trace.journey_named", lambda name: grown[name])
    asked = [figure_named(run, name) for name in ("cpm_1", "cpm_5", "meter_reads.round_trip_p95")]
    assert [found.agrees for found in traces(means, run, asked, most=1)] == [True] * 3


def test_a_suppressed_figure_is_not_traced(run: FrozenRun) -> None:
    hidden = [figure for figure in run.figures if "suppressed" in figure.marks]
    assert hidden, "the month has no cell with too few parties"
    with pytest.raises(BadDeclaration, match="suppressed"):
        figure_named(run, hidden[0].name)


def test_a_figure_that_was_changed_does_not_agree(month_copy: Desk) -> None:
    (path,) = (month_copy.root / "runs" / MONTH).glob("*/run.json")
    frozen: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    whole = next(figure for figure in frozen["figures"] if figure["name"] == "cpm_1")
    whole["counted"] += 1
    path.write_text(json.dumps(frozen), encoding="utf-8")
    said = month_copy("trace", "cpm_1")
    assert said.code == 10
    assert "DOES NOT agree" in said.out and "tocsin doctor" in said.err


def test_months_without_a_run_are_not_offered(month_copy: Desk) -> None:
    (month_copy.root / "runs" / "2021-07").mkdir()
    assert month_copy("trace", "cpm_1", "--rows", 1).code == 0
    month_copy.close("2021-09", "2021-10-20T09:00Z")
    said = month_copy("trace", "cpm_1")
    assert said.code == 10 and "Say --month; there are runs of 2021-08, 2021-09." in said.err
