"""Thirteen months of a measure: each as its own run told it, a hole where there is no run, a change where both can be compared."""

from dataclasses import replace
from pathlib import Path

import pytest

from frozen_run import figure, made_up_run
from regime import LONG_AFTER, SEPTEMBER, put_run
from tocsin.measuring.figures import Figure
from tocsin.reports.earlier_runs import earlier_runs
from tocsin.reports.frozen import FrozenRun, MeasureText, from_json, to_json
from tocsin.reports.frozen_trend import NO_RUN, TrendLine
from tocsin.reports.trend import trend_lines, trend_month

MEASURES = made_up_run().measures[:1]
OLD_LEVEL, NEW_LEVEL = ("98", "95"), ("99", "96")


def cpm_1(met: int, level: tuple[str, str] = NEW_LEVEL, status: str = "met") -> Figure:
    return figure("cpm_1", shown=f"{met}", counted=100, met=met, status=status, level=level)


def told(runs: Path, own: Figure, measures: tuple[MeasureText, ...] = MEASURES) -> tuple[TrendLine, ...]:
    """The trend of September 2021 over the runs of a folder."""
    return trend_lines(earlier_runs(runs, SEPTEMBER, LONG_AFTER), trend_month("2021-09", "own", [own], measures))


def test_a_month_without_a_run_is_a_hole_and_never_a_number(tmp_path: Path) -> None:
    lines = told(tmp_path, cpm_1(99))
    assert [line.month for line in lines] == [*(f"2020-{n:02d}" for n in range(9, 13)), *(f"2021-{n:02d}" for n in range(1, 10))]
    assert {(line.status, line.value, line.shown) for line in lines[:-1]} == {(NO_RUN, None, "n/a (no run is known)")}
    assert (lines[-1].run_id, lines[-1].status, lines[-1].change) == ("own", "met", "")


def test_a_month_stands_with_its_own_level_and_the_next_tells_the_change_in_points(tmp_path: Path) -> None:
    july = put_run(tmp_path, "2021-07", "2021-09-01", {"cpm_1": cpm_1(98, OLD_LEVEL)})
    put_run(tmp_path, "2021-08", "2021-10-01", {"cpm_1": cpm_1(97, status="below_target")})
    *_, was, before, own = told(tmp_path, cpm_1(99))
    assert (was.run_id, was.status, was.target, was.minimum) == (july, "met", 98, 95)
    assert (before.status, before.change, before.target) == ("below_target", "\N{MINUS SIGN}1.00", 99)
    assert own.change == "+2.00"


def test_a_month_in_which_the_measure_was_defined_otherwise_is_told_and_not_compared(tmp_path: Path) -> None:
    put_run(tmp_path, "2021-08", "2021-10-01", {"cpm_1": cpm_1(97)})
    now = (replace(MEASURES[0], met_predicate="round_trip_us < target_response_us"),)
    *_, before, own = told(tmp_path, cpm_1(99), now)
    assert (before.value, before.is_alike, before.why) == (97, False, "defined otherwise then")
    assert own.change == "" and own.is_alike


@pytest.mark.parametrize(("hole", "shown"), [("no_data", "n/a (no data)"), ("no_events", "n/a (0 events)")])
def test_a_hole_of_a_month_keeps_its_own_words(tmp_path: Path, hole: str, shown: str) -> None:
    put_run(tmp_path, "2021-08", "2021-10-01", {"cpm_1": figure("cpm_1", counted=0, met=0, status=hole)})
    *_, before, own = told(tmp_path, cpm_1(99))
    assert (before.status, before.shown, before.value, own.change) == (hole, shown, None, "")


def test_a_damaged_run_and_one_without_the_measure_say_so(tmp_path: Path) -> None:
    put_run(tmp_path, "2021-07", "2021-09-01", {})
    august = put_run(tmp_path, "2021-08", "2021-10-01", {"cpm_1": cpm_1(97)})
    (tmp_path / "2021-08" / august / "run.json").write_text("{}")
    *_, without, damaged, _ = told(tmp_path, cpm_1(99))
    assert (without.status, without.why) == (NO_RUN, "its run has no figure of this measure")
    assert (damaged.run_id, damaged.status, damaged.why) == (august, NO_RUN, "its run cannot be read")


def test_the_trend_is_frozen_and_an_older_run_has_none(tmp_path: Path) -> None:
    run: FrozenRun = replace(made_up_run(), trend=told(tmp_path, cpm_1(99)))
    assert from_json(to_json(run)) == run
    assert from_json(to_json(made_up_run())).trend == ()
