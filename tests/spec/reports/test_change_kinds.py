"""Which changes a run tells: each kind found where it is, none where it is not, in order, and followed from month to month."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from frozen_run import figure, made_up_run
from tocsin.engines import Engine
from tocsin.measuring.figures import Figure
from tocsin.reports.change_splits import Splitting
from tocsin.reports.changes import change_lines, ranked
from tocsin.reports.earlier_runs import earlier_runs
from tocsin.reports.frozen import FrozenRun, MeasureText, ProcessText
from tocsin.reports.frozen_changes import NO_CHANGE_LINES, ChangeLine, ChangeLines
from tocsin.reports.frozen_received import SlotLine
from tocsin.reports.run_store import write_run
from tocsin.vocabulary.calendar import Period, parse_instant

LEVEL = ("99", "96")
LONG_AFTER = parse_instant("2022-01-01T00:00:00Z")
MINUS = "\N{MINUS SIGN}"
MEASURE = MeasureText("cpm_1", "CPM 1", "H13.1", "", "TRUE", "", "in_time", "99", "96", None, None, "R1")


def cpm_1(met: int, counted: int = 10_000) -> Figure:
    status = "met" if 100 * met >= 99 * counted else "below_target" if 100 * met >= 96 * counted else "below_minimum"
    return figure("cpm_1", shown=f"{met}", counted=counted, met=met, status=status, level=LEVEL)


def rate(met: int, counted: int = 10_000) -> Figure:
    return figure("meter_reads", "success_rate", shown="1", counted=counted, met=met)


def month(label: str, *figures: Figure, slots: Iterable[SlotLine] = (), **other: object) -> FrozenRun:
    """A run of a month that tells these figures and nothing else."""
    made = replace(
        made_up_run(),
        run_id=f"{label}-20211231T000000-0123abcd",
        period=Period.parse(label),
        as_at=parse_instant("2021-12-31T00:00:00Z"),
        figures=figures,
        slots=tuple(slots),
        measures=(MEASURE,),
        processes=(ProcessText("meter_reads", "MRD", "Meter Reads", 6, ""),),
        areas=(),
        changes=NO_CHANGE_LINES,
    )
    return replace(made, **other)


@pytest.fixture
def told(tmp_path: Path, embedded: Engine):
    """The changes of the last of several months, each of which was closed after the one before it."""
    reference = tmp_path / "reference"
    reference.mkdir()

    def last(*months: FrozenRun) -> ChangeLines:
        found = NO_CHANGE_LINES
        for run in months:
            earlier = earlier_runs(tmp_path, run.period, LONG_AFTER)
            folder = tmp_path / run.period.label / run.run_id
            found = change_lines(Splitting(embedded, run, folder, earlier, reference, b"0" * 16))
            folder.mkdir(parents=True)
            write_run(replace(run, changes=found), folder)
        return found

    return last


def only(changes: ChangeLines) -> ChangeLine:
    (line,) = changes.lines
    return line


@pytest.mark.parametrize(
    ("before", "now", "kind", "events"),
    [
        (9_950, 9_899, "below_target", 1),
        (9_950, 9_599, "below_minimum", 301),
        # It was below before as well, and is told until it is not.
        (9_599, 9_599, "below_minimum", 301),
        (9_899, 9_900, "came_back", 1),
        (9_990, 9_940, "fell", 50),
        (9_940, 9_990, "rose", 50),
    ],
)
def test_a_measure(told, before, now, kind, events) -> None:
    line = only(told(month("2021-08", cpm_1(before)), month("2021-09", cpm_1(now))))
    assert (line.kind, line.events, line.against) == (kind, events, "2021-08")


def test_a_measure_that_is_met_and_hardly_moved_is_not_told(told) -> None:
    found = told(month("2021-08", cpm_1(9_990)), month("2021-09", cpm_1(9_941)))
    assert (found.lines, found.slight) == ((), 1)


def test_a_measure_read_otherwise_is_not_compared(told) -> None:
    """With another reading in force two percentages have nothing to say of each other."""
    other = replace(MEASURE, met_predicate="in_time OR excused")
    line = only(told(month("2021-08", cpm_1(9_990), measures=(other,)), month("2021-09", cpm_1(9_930))))
    assert (line.kind, line.change, line.told) == ("redefined", "", "Counted by another definition than the month before.")


def test_a_process_to_which_a_variant_came_is_not_compared(told, tmp_path: Path) -> None:
    (tmp_path / "reference" / "business_processes.csv").write_text(
        "srv,process,since,strength,status,source\n1.5,MRD,2021-09-01,primary,assumed,here\n1.5,PPM,2021-09-01,also,assumed,here\n"
    )
    line = only(told(month("2021-08", rate(9_900)), month("2021-09", rate(9_000))))
    assert (line.key, line.kind) == ("meter_reads.success_rate:redefined", "redefined")


def test_what_lasts_is_compared_with_the_month_before_it_began(told) -> None:
    line = only(told(month("2021-08", rate(9_900)), month("2021-09", rate(9_700)), month("2021-10", rate(9_690))))
    assert (line.kind, line.since, line.months, line.against, line.change) == ("fell", "2021-09", 2, "2021-08", f"{MINUS}2.10")


def test_what_rose_a_little_from_its_fall_has_still_fallen(told) -> None:
    months = (month("2021-08", rate(9_900)), month("2021-09", rate(9_600)), month("2021-10", rate(9_800)))
    line = only(told(*months))
    assert (line.kind, line.months, line.change) == ("fell", 2, f"{MINUS}1.00")


def test_what_came_back_is_over(told) -> None:
    months = (month("2021-08", rate(9_900)), month("2021-09", rate(9_700)), month("2021-10", rate(9_890)))
    line = only(told(*months))
    assert (line.kind, line.since, line.months, line.against, line.change) == ("rose", "2021-10", 1, "2021-09", "+1.90")


def test_a_month_that_was_not_told_ends_the_row(told) -> None:
    below, met = cpm_1(9_700), cpm_1(9_950)
    line = only(told(month("2021-08", below), month("2021-09", below), month("2021-10", met), month("2021-11", below)))
    assert (line.since, line.months) == ("2021-11", 1)


def test_below_a_level_month_after_month_is_one_change(told) -> None:
    """Below minimum, then only below target: better, and the same matter; its actions stand against the same key."""
    line = only(told(month("2021-08", cpm_1(9_500)), month("2021-09", cpm_1(9_700)), month("2021-10", cpm_1(9_800))))
    assert (line.key, line.kind, line.since, line.months) == ("cpm_1:below_level", "below_target", "2021-08", 3)


def test_slower_and_faster(told) -> None:
    def spans(seconds: str, north: str) -> tuple[Figure, ...]:
        return tuple(
            figure("meter_reads", "round_trip_p95", breakdown, shown=value, counted=counted, unit="seconds")
            for breakdown, value, counted in (
                ((), seconds, 1_000), ((("region", "north"),), north, 400),
                ((("region", "south"),), "10.0", 600), ((("srv", "2.2"),), north, 90),
            )
        )  # fmt: skip

    line = only(told(month("2021-08", *spans("20.0", "20.0")), month("2021-09", *spans("24.0", "30.0"))))
    assert (line.kind, line.change, line.events, line.events_words) == ("slower", "+4.0", 1_000, "answers timed")
    assert [(one.column, one.value, one.before, one.now, one.counted) for one in line.beside] == [
        ("region", "north", "20.0", "30.0", 400), ("srv", "2.2", "20.0", "30.0", 90),
    ]  # fmt: skip


def test_volume_is_of_its_month_alone(told) -> None:
    def volume(count: int) -> Figure:
        return figure("meter_reads", "volume", shown=str(count), counted=count, unit="count")

    line = only(told(month("2021-08", volume(1_000)), month("2021-09", volume(700))))
    assert (line.kind, line.change, line.events) == ("volume", f"{MINUS}30.0", 300)


@pytest.mark.parametrize("as_at", ["2021-08-15T00:00:00Z", "2021-09-15T00:00:00Z"])
def test_the_volume_of_half_a_month_is_not_compared(told, as_at) -> None:
    months = []
    for label, count in (("2021-08", 1_000), ("2021-09", 500)):
        made = month(label, figure("meter_reads", "volume", shown=str(count), counted=count, unit="count"))
        months.append(replace(made, as_at=parse_instant(as_at)) if as_at.startswith(label) else made)
    assert told(*months).lines == ()


def test_figures_that_lost_their_value_are_told_once_a_subject(told) -> None:
    def holes(status: str) -> tuple[Figure, ...]:
        return tuple(
            figure("incidents", "within_target", (("category", str(n)),), shown="90", counted=9, met=8, status=status) for n in (1, 2, 3)
        )

    months = [month("2021-08", *holes("stated")), month("2021-09", *holes("incomplete"))]
    line = only(told(*months))
    assert (line.key, line.kind, line.events, line.months) == ("incidents:incomplete", "incomplete", 3, 1)
    assert line.figure == "incidents.within_target/category=1"


def test_figures_that_never_had_a_value_are_no_change(told) -> None:
    hole = figure("incidents", "within_target", (("category", "1"),), status="no_data")
    assert told(month("2021-08", hole), month("2021-09", hole)).lines == ()


def slots(feed: str, sender: str, *states: str) -> tuple[SlotLine, ...]:
    return tuple(SlotLine(feed, sender, f"2021-09-{n:02}", None, state) for n, state in enumerate(states, 1))


def test_feeds(told) -> None:
    before = (*slots("audit_trail", "DSP", "on_time", "on_time"), *slots("audit_trail", "S1SP-5", "late", "on_time"))
    now = (*slots("audit_trail", "DSP", "missing", "late"), *slots("outages", "DCC", "late"), *slots("outages", "SSI", "not_expected"))
    found = told(month("2021-08", slots=before), month("2021-09", slots=now))
    assert [(line.key, line.before, line.now) for line in found.lines] == [
        ("audit_trail/DSP:missing", "0 of 2", "1 of 2"), ("outages:late", "none owed", "1 of 1"),
    ]  # fmt: skip


def test_a_first_month_tells_what_is_below_its_level_missing_or_incomplete(told) -> None:
    hole = figure("incidents", "within_target", (("category", "1"),), counted=1, met=1, status="incomplete")
    owed = slots("audit_trail", "DSP", "missing", "late")
    found = told(month("2021-09", cpm_1(9_700), rate(1), hole, slots=owed))
    assert [line.key for line in found.lines] == ["cpm_1:below_level", "audit_trail/DSP:missing", "incidents:incomplete"]
    assert found.why == "No run of 2021-08 was known, so nothing can be compared with the month before."
    assert {(line.against, line.change) for line in found.lines} == {("", "")}


def test_a_run_that_cannot_be_read_is_said_to_be_so(told, tmp_path: Path) -> None:
    folder = tmp_path / "2021-08" / "2021-08-20210920T000000-0123abcd"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text("{}")
    found = told(month("2021-09", cpm_1(9_950)))
    assert found.why == "The run of 2021-08 cannot be read, so nothing is compared with it; tocsin doctor says what is amiss."


def test_the_order_is_by_kind_then_events_then_key() -> None:
    def line(key: str, kind: str, events: int) -> ChangeLine:
        return ChangeLine(key, kind, "", "", "", "", 1, "", "", "", "", "", events, "")

    lines = [line("z", "rose", 9), line("b", "fell", 5), line("a", "fell", 5), line("c", "fell", 6), line("d", "below_minimum", 1)]
    assert [one.key for one in ranked(lines)] == ["d", "c", "a", "b", "z"]
    assert ranked(reversed(lines)) == ranked(lines)
