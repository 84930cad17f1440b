"""Trace of an oddity: what was set aside or remarked on is counted again, and the rows that tell of one happening stand together."""

from itertools import groupby

import pytest

from desk_month import MONTH
from desk_road import AUDIT_COLUMNS, Desk, new_desk, write_rows
from tocsin.desk.month import engine_of, store_of
from tocsin.desk.workspace import Workspace
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.odd_trace import oddity_named, trace_oddity
from tocsin.reports.run_store import read_run
from tocsin.reports.traced_rows import TraceMeans
from tocsin.vocabulary.calendar import Period


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """August 2021 with two requests that are answered before they are asked, told by two senders, and one that is as it should be."""
    desk = new_desk(tmp_path_factory.mktemp("odd") / "w")

    def row(request: str, at: str, point: str, kind: str) -> tuple[object, ...]:
        return (request, f"2021-08-10T{at}Z", point, kind, "4.1.1", 1, "I0" if kind == "response" else "", "", "U1", "D1", "North", "CSPN")

    first = [row("U1:D1:1", "10:00:00", "RX_DSP", "request"), row("U1:D1:2", "11:00:00", "RX_DSP", "request")]
    first += [row("U1:D1:1", "09:00:00", "TX_USER", "response"), row("U1:D1:3", "12:00:00", "RX_DSP", "request")]
    second = [row("U1:D1:2", "10:00:00", "TX_USER", "response"), row("U1:D1:3", "12:00:05", "TX_USER", "response")]
    for day, rows in ((10, first), (11, second)):
        file = write_rows(desk.incoming / f"DSP_SAT_202108{day}_final.csv", AUDIT_COLUMNS, *rows)
        desk.take_in(file, received_at=f"2021-08-{day + 1}T06:00Z")
    desk.close(MONTH, "2021-09-10T00:00Z")
    return desk


def test_rows_that_contradict_each_other_stand_together(odd: Desk) -> None:
    said = odd("trace", "--oddity", "service_requests.negative_span", "--format", "json")
    assert said.code == 0 and "counted again from the journeys: 2: agrees with the run" in said.err
    told = [
        [(row["file"], row["line"], row["text"].split(",")[0]) for row in group]
        for _, group in groupby(said.rows, key=lambda row: row["happening"])
    ]
    assert sorted(told) == [
        [("DSP_SAT_20210810_final.csv", 2, "U1:D1:1"), ("DSP_SAT_20210810_final.csv", 4, "U1:D1:1")],
        [("DSP_SAT_20210810_final.csv", 3, "U1:D1:2"), ("DSP_SAT_20210811_final.csv", 2, "U1:D1:2")],
    ]


def test_the_last_happening_listed_is_listed_whole(odd: Desk) -> None:
    for most, listed in ((1, 2), (2, 2), (3, 4), (0, 4)):
        rows = odd("trace", "--oddity", "service_requests.negative_span", "--rows", most, "--format", "json").rows
        assert len(rows) == listed, most


def test_people_read_happenings_as_paragraphs(odd: Desk) -> None:
    said = odd("trace", "--oddity", "service_requests.negative_span", "--rows", 1)
    assert "happenings: 2; listed below: 2 rows of 1 of them" in said.out
    assert said.out.count("happening 1:") == 1 and "happening 2:" not in said.out
    assert sum(line.startswith("  DSP_SAT_2021081") for line in said.out.splitlines()) == 2


def test_oddities_are_listed_by_name(odd: Desk) -> None:
    rows = odd("trace", "--oddities", "--format", "json").rows
    assert {"oddity": "service_requests.negative_span", "count": 2, "sentence": "Service Requests: set aside as negative span."} in rows


@pytest.fixture(scope="module")
def run(month: Desk) -> FrozenRun:
    return read_run(month.root / "runs", Period.parse(MONTH))


def test_every_oddity_of_the_month_is_counted_again(month: Desk, run: FrozenRun) -> None:
    workspace = Workspace.open(month.root)
    means = TraceMeans(engine_of(workspace), store_of(workspace), workspace.reference, workspace.anonymity_secret)
    assert run.oddities
    for line in run.oddities:
        found = trace_oddity(means, run, line, most=None)
        assert found.agrees, line.name
        assert found.listed_count == found.happening_count > 0, line.name


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (("--oddity", "service_requests.negative_spam"), 10, "Nearest: service_requests.negative_span"),
        ((), 2, "name one of"),
        (("cpm_1", "--oddities"), 2, "name one of"),
    ],
)
def test_what_cannot_be_traced_is_told(odd: Desk, asked: tuple[str, ...], code: int, said: str) -> None:
    found = odd("trace", *asked)
    assert (found.code, said in found.err) == (code, True), found.err


def test_an_oddity_that_was_changed_does_not_agree(odd: Desk) -> None:
    run = read_run(odd.root / "runs", Period.parse(MONTH))
    line = oddity_named(run, "service_requests.negative_span")
    workspace = Workspace.open(odd.root)
    means = TraceMeans(engine_of(workspace), store_of(workspace), workspace.reference, workspace.anonymity_secret)
    assert not trace_oddity(means, run, type(line)(line.name, line.sentence, line.count + 1)).agrees
