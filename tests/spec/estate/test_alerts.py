"""Alerts of the estate: every sender's quarter-hours are taken in, and what stands is what the truth counted (CR1418, CR1438)."""

from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from estate_files import PostedFiles, small_plan
from tocsin.estate.block import EMPTY, Block
from tocsin.estate.events.alert_codes import ALERT_CODES
from tocsin.estate.events.alert_draw import draw_alerts
from tocsin.estate.events.alert_layouts import LAYOUTS
from tocsin.estate.events.alerts import expected_alerts, post_alerts
from tocsin.estate.growth import volume_of
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population, populate
from tocsin.vocabulary.instants import DAY_US, QUARTER_HOUR_US, moment

# The night in which the one sender of local time writes an hour twice, and an hour more so that both are in.
NIGHT = {"label": "2021-10", "until": "2021-10-31T01:54:00Z", "slices_from": date(2021, 10, 31)}


def alerts_of(plan: Plan, population: Population, day: int, activations: Block | None = None) -> Block:
    """A whole day's alerts."""
    return Block.together([alerts for _, alerts in draw_alerts(plan, population, day, activations)])


def posted(root: Path, faults: str, **plan) -> PostedFiles:
    files = PostedFiles(root, small_plan(faults=faults, **plan))
    files.close(post_alerts(files.plan, populate(files.plan), files.outbox, files.aside))
    return files


@pytest.fixture(scope="module", params=["none", "hard"])
def taken_in(request, tmp_path_factory):
    """The profile of faults, the files of the night and what the product made of them."""
    files = posted(tmp_path_factory.mktemp("alerts"), request.param, **NIGHT)
    return request.param, files, files.take_in("alert_stages", "alert_counts")


def test_what_stands_is_the_truth(taken_in) -> None:
    faults, files, taken = taken_in
    # A device may send a code that no list has, and local time has an hour twice; nothing else is remarked on.
    assert taken.findings() <= {"AS-UNKNOWN:alert_code", "AC-UNKNOWN:alert_code", "AS-TWICE:observed_at"}
    assert taken.statuses() == ({"accepted"} if faults == "none" else {"accepted", "refused"} | taken.statuses())
    asked = (
        f"SELECT sender, observed_at // {QUARTER_HOUR_US} * {QUARTER_HOUR_US}, stage, count(*), count(*) FILTER (WHERE is_consolidated)"
        " FROM rows GROUP BY ALL"
    )
    found = {(("alert_stages"), *row[:3]): row[3:] for row in taken.standing("alert_stages", asked)}
    counts = taken.standing("alert_counts", "SELECT sender, slice_at, stage, CAST(sum(alert_count) AS BIGINT), 0 FROM rows GROUP BY ALL")
    found |= {("alert_counts", *row[:3]): row[3:] for row in counts}
    told = {(feed, sender, f"{moment(at):%Y-%m-%dT%H:%M:%SZ}", stage): numbers for (feed, sender, at, stage), numbers in found.items()}
    truth = {
        (row["feed"], row["sender"], row["slice_at"], row["stage"]): (int(row["alerts"]), int(row["consolidated"]))
        for row in files.truth("alerts")
    }
    assert told == truth
    assert {sender for _, sender, _, _ in truth} >= {"DSP", "CSPN", "S1SP-SECURE", "S1SP-6", "DCO"}


def test_every_file_makes_the_rows_its_sender_says(taken_in) -> None:
    _, files, taken = taken_in
    said = {row["file"]: (row["result"], int(row["rows"])) for row in files.truth("deliveries")}
    assert taken.rows_made() == said


def test_an_alert_is_one_and_the_same_at_each_sender(taken_in) -> None:
    """Legs are measured between senders, so the keys must meet: all that a provider passes on, but the lost, is received by the DSP."""
    faults, _, taken = taken_in
    asked = "SELECT count(DISTINCT alert_key) FROM rows WHERE sender <> 'DSP' AND stage = 'd' AND alert_key {} IN " + (
        "(SELECT alert_key FROM rows WHERE sender = 'DSP' AND stage = 'e')"
    )
    ((met,),) = taken.standing("alert_stages", asked.format(""))
    ((unmet,),) = taken.standing("alert_stages", asked.format("NOT"))
    assert met > 40
    # Where files go missing, so do their halves of the legs.
    assert faults == "hard" or unmet <= met // 20


def test_stages_are_in_order_and_vices_hold(tmp_path: Path) -> None:
    plan = small_plan()
    alerts = alerts_of(plan, populate(plan), plan.period.start_at // DAY_US)
    sound = alerts.take(~alerts["clock_wrong"])
    for before, after in zip("abcdef", "bcdefg", strict=True):
        both = (sound[before] != EMPTY) & (sound[after] != EMPTY)
        assert both.any()
        assert (sound[before][both] <= sound[after][both]).all()
    assert all("a" not in layout.stages for layout in LAYOUTS if layout.sender == "S1SP-TRILLIANT")
    assert "S1SP-9" not in {layout.sender for layout in LAYOUTS}


def test_what_is_held_back_is_stood_for() -> None:
    """received = passed on + held back + lost, and the alerts passed on stand for as many as were held back, to the last ten."""
    plan = small_plan()
    population = populate(plan)
    held = stood_for = 0
    for day in plan.period.days()[:5]:
        alerts = alerts_of(plan, population, day)
        assert not ((alerts["f"] != EMPTY) & alerts["consolidated"]).any()
        held += int(alerts["consolidated"].sum())
        stood_for += int((alerts["throttled"] - 1).sum())
    assert held > 0
    assert held - 10 * 5 * 9 <= stood_for <= held


def test_a_power_outage_is_told_and_its_end() -> None:
    """AD1 comes only from Communications Hubs; each has a meter that tells the supply restored after three minutes."""
    plan = small_plan()
    population = populate(plan)
    codes: Counter[str] = Counter()
    for day in plan.period.days()[:5]:
        alerts = alerts_of(plan, population, day)
        codes.update(ALERT_CODES[code] for code in alerts["code"].tolist())
        outages = alerts.take(alerts["code"] == ALERT_CODES.index("AD1"))
        restored = alerts.take(alerts["code"] == ALERT_CODES.index("8F36"))
        assert (population.devices["hub"][outages["device"]] == outages["device"]).all()
        assert set(outages["device"].tolist()) == set(population.devices["hub"][restored["device"]].tolist())
    assert codes["AD1"] == codes["8F36"] > 0


def test_an_activation_may_raise_a_false_outage() -> None:
    plan = small_plan()
    population, day = populate(plan), plan.period.days()[3]
    meter = int(population.devices["hub"][0]) + 1
    at = day * DAY_US + 10 * 3_600_000_000
    activations = Block({"device": np.full(200, meter), "at_us": np.full(200, at)})
    alerts = alerts_of(plan, population, day, activations)
    of_hub = alerts.take((alerts["device"] == 0) & (alerts["code"] == ALERT_CODES.index("AD1")))
    assert 1 <= len(of_hub) < 60
    assert (np.abs(of_hub["b"] - at) < 1_800_000_000).all()


def test_only_what_is_owed_is_expected_and_the_silence_is_not() -> None:
    owed = expected_alerts(small_plan())
    silent = [one for one in owed if one["sender"] == "S1SP-7"]
    assert len(silent) == 2
    assert (silent[1]["since"] - silent[0]["until"]).days == 5
    assert {one["sender"] for one in owed} == {layout.sender for layout in LAYOUTS} | {"DCO"}
    assert all(one["every"] == "quarter_hour" for one in owed)


def test_the_same_plan_makes_the_same_bytes(tmp_path: Path) -> None:
    trees = []
    for name in ("one", "other"):
        root = tmp_path / name
        posted(root, "usual", **NIGHT)
        trees.append({str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()})
    assert trees[0] == trees[1]


def test_a_month_has_the_published_number_of_alerts() -> None:
    """Of Device Alerts storms and outages are drawn beside four fifths of the published number; of DCC Alerts, outages beside all of it."""
    plan = small_plan("2022-07")
    population = populate(plan)
    drawn = Counter[bool]()
    for day in plan.period.days():
        drawn.update(alerts_of(plan, population, day)["is_dcc"].tolist())
    volume = volume_of(plan.period)
    device, dcc = (int(number * plan.scale) for number in (volume.device_alerts, volume.dcc_alerts))
    assert device * 80 // 100 <= drawn[False] <= device * 120 // 100
    assert dcc <= drawn[True] <= dcc * 140 // 100


def test_a_large_day_is_drawn_in_stretches_and_is_a_day_all_the_same(monkeypatch) -> None:
    """A national day has fifty million alerts: none is held longer than its stretch, but for those of which lines wait."""
    plan = small_plan(**NIGHT)
    population, day = populate(plan), plan.period.days()[-1]
    whole = alerts_of(plan, population, day)
    monkeypatch.setattr("tocsin.estate.events.alert_draw.PART", -(-len(whole) // 7))
    parts = list(draw_alerts(plan, population, day))
    assert len(parts) >= 5
    assert [stretch.start_at for stretch, _ in parts[1:]] == [stretch.end_at for stretch, _ in parts[:-1]]
    assert (parts[0][0].start_at, parts[-1][0].end_at) == (day * DAY_US, (day + 1) * DAY_US)
    for stretch, alerts in parts:
        stamps = np.stack([alerts[stage] for stage in "bcdefg"])
        assert stamps[stamps != EMPTY].min() >= stretch.start_at
    together = Block.together([alerts for _, alerts in parts])
    assert len(np.unique(together["counter"])) == len(together)
    # Each stretch has a storm of its own, which is much of so small a day.
    assert len(whole) <= len(together) < len(whole) * 2


def test_quarter_hours_of_a_day_in_stretches_are_what_their_truth_tells(monkeypatch, tmp_path: Path) -> None:
    """Lines wait from stretch to stretch, and no quarter-hour is posted before all of it was drawn."""
    monkeypatch.setattr("tocsin.estate.events.alert_draw.PART", 150)
    monkeypatch.setattr("tocsin.estate.events.alert_files.LINES_AT_ONCE", 60)
    files = posted(tmp_path, "none", **NIGHT)
    test_what_stands_is_the_truth(("none", files, files.take_in("alert_stages", "alert_counts")))
