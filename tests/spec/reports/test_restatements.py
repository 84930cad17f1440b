"""Restatements: what two runs of a month tell otherwise, why, and which months readers were not told of yet."""

from dataclasses import replace
from pathlib import Path

import pytest

from frozen_run import figure, made_up_run
from regime import SEPTEMBER, put_run
from tocsin.reports.earlier_runs import earlier_runs
from tocsin.reports.frozen import FrozenRun, from_json, to_json
from tocsin.reports.frozen_received import DeliveryLine, SupersededLine
from tocsin.reports.frozen_restated import NO_RESTATEMENTS
from tocsin.reports.restated_months import restated_since, restatements
from tocsin.reports.restatements import compared
from tocsin.reports.sign_offs import SignOff, published_by
from tocsin.vocabulary.calendar import WorkingDays, parse_instant

AS_AT = parse_instant("2021-10-25T00:00:00Z")
MINUS = "\N{MINUS SIGN}"
NORTH, SOUTH = (("region", "north"),), (("region", "south"),)
CALENDAR = WorkingDays()


def cpm_1(met: int, status: str = "met", breakdown: tuple[tuple[str, str], ...] = ()):
    return figure("cpm_1", "", breakdown, shown=f"{met / 10:.2f}", counted=1000, met=met, status=status, level=("99", "96"))


def delivery(delivery_id: str, feed: str = "audit_trail", submission: str = "final") -> DeliveryLine:
    return DeliveryLine(delivery_id, feed, "CSPN", f"{delivery_id}.csv", "2021-08-03", submission, AS_AT, 10, 10, 0, 0)


def run_of(*figures, deliveries: tuple[DeliveryLine, ...] = (), **told) -> FrozenRun:
    return replace(made_up_run(), figures=figures, deliveries=deliveries, **told)


def test_the_same_figures_restate_nothing():
    assert compared(run_of(cpm_1(990)), run_of(cpm_1(990))).figures == ()


def test_old_and_new_stand_side_by_side_with_how_far_apart_they_are():
    volumes = [figure("prepayment", "volume", shown=f"{n}", counted=n, unit="count") for n in (1200, 1150)]
    spans = [figure("prepayment", "round_trip_p95", shown=shown, counted=9, unit="seconds") for shown in ("4.1", "4.6")]
    found = compared(run_of(cpm_1(991), volumes[0], spans[0]), run_of(cpm_1(985, "below_target"), volumes[1], spans[1]))
    assert [(line.name, line.old_shown, line.new_shown, line.apart) for line in found.figures] == [
        ("cpm_1", "99.10", "98.50", f"{MINUS}0.60"),
        ("prepayment.round_trip_p95", "4.1", "4.6", "+0.5"),
        ("prepayment.volume", "1200", "1150", f"{MINUS}50"),
    ]
    first = found.figures[0]
    assert (first.old_status, first.new_status, first.old_met, first.new_met) == ("met", "below_target", 991, 985)
    assert (found.figure_count, found.status_count) == (3, 1)


def test_a_measure_comes_before_its_parts_and_they_before_the_rest_the_farthest_first():
    old = run_of(
        cpm_1(990),
        cpm_1(900, "below_minimum", NORTH),
        cpm_1(900, "below_minimum", SOUTH),
        figure("other", "volume", shown="1", counted=1, unit="count"),
    )
    new = run_of(
        cpm_1(991),
        cpm_1(901, "below_minimum", NORTH),
        cpm_1(930, "below_minimum", SOUTH),
        figure("other", "volume", shown="9", counted=9, unit="count"),
    )
    found = compared(old, new)
    assert [line.name for line in found.figures] == ["cpm_1", "cpm_1/region=south", "cpm_1/region=north", "other.volume"]
    few = compared(old, new, listed=1)
    assert ([line.name for line in few.figures], few.figure_count) == (["cpm_1"], 4)


def test_a_figure_that_only_one_run_has_and_a_hole_have_no_number_between_them():
    found = compared(
        run_of(cpm_1(990), cpm_1(900, breakdown=NORTH)), run_of(figure("cpm_1", status="no_data"), cpm_1(900, breakdown=SOUTH))
    )
    assert [(line.name, line.old_shown, line.new_shown, line.apart) for line in found.figures] == [
        ("cpm_1", "99.00", "n/a (no data)", ""),
        ("cpm_1/region=north", "90.00", "", ""),
        ("cpm_1/region=south", "", "90.00", ""),
    ]
    assert (found.appeared_count, found.vanished_count, found.status_count) == (1, 1, 1)


def test_what_is_suppressed_in_either_run_is_counted_and_not_told():
    """A number that was shown before it became telling must not be shown again beside the one that hides it."""
    hidden = replace(cpm_1(990, breakdown=NORTH), counted=None, met=None, value=None, shown="suppressed", marks=("suppressed",))
    for old, new in ((cpm_1(990, breakdown=NORTH), hidden), (hidden, cpm_1(990, breakdown=NORTH))):
        found = compared(run_of(old), run_of(new))
        assert (found.figures, found.figure_count, found.suppressed_count) == ((), 0, 1)


@pytest.mark.parametrize("row", [(), (("srv", "5.1"),)])
def test_parties_of_a_row_that_the_other_run_keeps_back_are_not_told(row):
    """The run that keeps a row back has one figure for all its parties; what the other said of each must not be said again beside it."""
    others = cpm_1(800, breakdown=(("srv", "4.8.1"), ("party_code", "P000002")))
    parties = [cpm_1(990 + n, breakdown=(*row, ("party_code", f"P00000{n}"))) for n in range(3)]
    hidden = cpm_1(0, breakdown=(*row, ("party_code", "not_shown")))
    hidden = replace(hidden, counted=None, met=None, value=None, shown="suppressed", marks=("suppressed",))
    for old, new in (([*parties, others], [hidden]), ([hidden], [*parties, others])):
        found = compared(run_of(*old), run_of(*new))
        assert [figure.name for figure in found.figures] == [others.name]
        assert (found.figure_count, found.suppressed_count) == (1, 4)


def test_the_deliveries_that_what_changed_may_rest_on_are_named_and_the_rest_counted():
    """The figure is of Service Requests, which are made of the audit trail and not of a list of outages."""
    old = run_of(cpm_1(990), deliveries=(delivery("at-1", submission="initial"), delivery("at-2")))
    replaced = SupersededLine("at-1", "audit_trail", "CSPN", "at-1.csv", "2021-08-03", "initial", AS_AT, "at-3")
    new = run_of(cpm_1(991), deliveries=(delivery("at-2"), delivery("at-3"), delivery("out-1", "outages")), superseded=(replaced,))
    found = compared(old, new)
    assert [(line.side, line.delivery_id, line.submission, line.other) for line in found.deliveries] == [
        ("came", "at-3", "final", "at-1"),
        ("went", "at-1", "initial", "at-3"),
    ]
    assert (found.delivery_count, found.others) == (2, 1)
    assert found.figures[0].feeds == ("audit_trail",)


def test_other_code_another_definition_and_another_level_are_reasons_too():
    old, (measure, *rest) = run_of(cpm_1(990)), made_up_run().measures
    strict = replace(measure, met_predicate="round_trip_us < target_response_us", target="98")
    found = compared(old, replace(run_of(cpm_1(980)), code_version="1.1.0", measures=(strict, *rest)))
    assert found.because == (
        "Software version: 1.0.0, now 1.1.0.",
        "CPM 1: defined otherwise.",
        "CPM 1: target 99, minimum 96; now 98 and 96.",
    )


def test_months_made_again_after_the_last_report_was_due_are_restated(tmp_path: Path):
    """August's report was due 5 October: what stood then is what its readers know, though August was made again before September was."""
    july = put_run(tmp_path, "2021-07", "2021-09-01", {"cpm_1": cpm_1(990)})
    put_run(tmp_path, "2021-08", "2021-09-20", {"cpm_1": cpm_1(980)})
    told = put_run(tmp_path, "2021-08", "2021-10-05", {"cpm_1": cpm_1(985)})
    again = put_run(tmp_path, "2021-08", "2021-10-20", {"cpm_1": cpm_1(991)})
    july_again = put_run(tmp_path, "2021-07", "2021-10-21", {"cpm_1": cpm_1(990)})
    earlier = earlier_runs(tmp_path, SEPTEMBER, AS_AT)
    since = restated_since(earlier, CALENDAR, tmp_path)
    assert (since.told_by, since.at) == (told, parse_instant("2021-10-05T00:00:00Z"))
    assert since.pairs == (("2021-07", july, july_again), ("2021-08", told, again))
    assert since.named == f"{july} {told}"
    found = restatements(since, earlier, run_of(cpm_1(990)))
    assert [(month.month, month.figure_count) for month in found.months] == [("2021-08", 1), ("2021-07", 0)]


def test_of_a_published_month_readers_know_what_was_published(tmp_path: Path):
    """July's second run stood when August's report was due, but nobody had published it; August's was published after its deadline."""
    july = put_run(tmp_path, "2021-07", "2021-09-01", {"cpm_1": cpm_1(990)})
    july_again = put_run(tmp_path, "2021-07", "2021-10-01", {"cpm_1": cpm_1(991)})
    put_run(tmp_path, "2021-08", "2021-10-02", {"cpm_1": cpm_1(980)})
    august = put_run(tmp_path, "2021-08", "2021-10-07", {"cpm_1": cpm_1(981)})
    earlier = earlier_runs(tmp_path, SEPTEMBER, AS_AT)
    since = restated_since(earlier, CALENDAR, tmp_path, {"2021-07": july, "2021-08": august})
    assert (since.told_by, since.at, since.pairs) == (august, parse_instant("2021-10-07T00:00:00Z"), (("2021-07", july, july_again),))


def test_a_publication_is_known_from_its_own_instant_on():
    def told(said: str, run_id: str, at: int) -> SignOff:
        return SignOff(said, "2021-08", run_id, "DCC", "A. Name", "login", at, "part")

    events = [told("published", "first", 10), told("published", "second", 20), told("accepted", "third", 15)]
    assert [published_by(events, at) for at in (9, 10, 20)] == [{}, {"2021-08": "first"}, {"2021-08": "second"}]


def test_without_a_report_in_time_the_first_one_told_and_a_first_run_restates_nothing(tmp_path: Path):
    first = put_run(tmp_path, "2021-08", "2021-10-10", {"cpm_1": cpm_1(980)})
    put_run(tmp_path, "2021-07", "2021-10-12", {"cpm_1": cpm_1(980)})
    since = restated_since(earlier_runs(tmp_path, SEPTEMBER, AS_AT), CALENDAR, tmp_path)
    assert (since.told_by, since.pairs) == (first, ())


def test_the_run_of_the_same_month_before_comes_first_and_a_damaged_one_is_named(tmp_path: Path):
    before = put_run(tmp_path, "2021-09", "2021-10-22", {"cpm_1": cpm_1(980)})
    own = replace(run_of(cpm_1(990)), period=SEPTEMBER)
    earlier = earlier_runs(tmp_path, SEPTEMBER, AS_AT)
    (month,) = restatements(restated_since(earlier, CALENDAR, tmp_path), earlier, own).months
    assert (month.month, month.old_run, month.new_run, month.figure_count) == ("2021-09", before, own.run_id, 1)
    (tmp_path / "2021-09" / before / "run.json").write_text("{}")
    earlier = earlier_runs(tmp_path, SEPTEMBER, AS_AT)
    found = restatements(restated_since(earlier, CALENDAR, tmp_path), earlier, own)
    assert (found.months, found.unreadable) == ((), (before,))


@pytest.mark.parametrize("with_months", [True, False])
def test_restatements_are_frozen_and_an_older_run_says_that_it_has_none(with_months):
    run = replace(made_up_run(), restated=NO_RESTATEMENTS)
    if with_months:
        found = compared(
            run_of(cpm_1(990), deliveries=(delivery("at-1"),)), run_of(cpm_1(985, "below_target"), deliveries=(delivery("at-2"),))
        )
        run = replace(run, restated=replace(run.restated, why="", months=(found,)))
    assert from_json(to_json(run)) == run
    assert bool(run.restated.why) is not with_months
