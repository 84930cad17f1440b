"""Status updates of the months before: files that the product takes in whole, cases on every edge, all before the simulated days."""

from pathlib import Path

import numpy as np
import pytest

from estate_files import PostedFiles, TakenIn, small_plan
from tocsin.estate.events.earlier_updates import draw_earlier, post_earlier
from tocsin.estate.population import populate
from tocsin.estate.requests.spans import SUCCESS
from tocsin.estate.truth.hub_quarters import quarter_before
from tocsin.estate.words import number
from tocsin.vocabulary.calendar import Period, moment, parse_instant
from tocsin.vocabulary.instants import DAY_US


@pytest.mark.parametrize(
    ("month", "quarter", "since", "until"),
    [
        ("2021-10", "2021-Q3", "2021-07-01T00:00Z", "2021-10-01T00:00Z"),
        ("2021-12", "2021-Q3", "2021-07-01T00:00Z", "2021-10-01T00:00Z"),
        ("2022-01", "2021-Q4", "2021-10-01T00:00Z", "2022-01-01T00:00Z"),
        ("2021-02", "2020-Q4", "2020-10-01T00:00Z", "2021-01-01T00:00Z"),
    ],
)
def test_the_quarter_before(month: str, quarter: str, since: str, until: str) -> None:
    assert quarter_before(Period.parse(month)) == (quarter, parse_instant(since), parse_instant(until))


def test_the_files_are_taken_in_whole_and_tell_what_was_drawn(tmp_path: Path) -> None:
    files = PostedFiles(tmp_path, small_plan(faults="hard"))
    population = populate(files.plan)
    asked, rows = draw_earlier(files.plan, population)
    post_earlier(files.plan, population, rows, files.outbox, files.aside)
    files.close()
    taken = files.take_in("audit_trail")
    assert taken.findings() == set()
    assert taken.statuses() == {"accepted"}
    months = [tuple(moment(at).date().isoformat() for at in stretch) for stretch in covered(taken)]
    assert months == [(f"2021-0{month}-01", f"2021-0{month + 1}-01") for month in range(4, 9)]
    assert taken.standing_accepted("audit_trail") == len(rows) == 2 * len(asked)
    found = taken.standing("audit_trail", "SELECT observed_at, time_point, srv FROM rows ORDER BY ALL")
    words = {"time_point": ("RX_DSP", "ACK_TX", "TX_USER"), "srv": ("8.14.1", "8.14.2")}
    told = {name: {number(name, word): word for word in kept} for name, kept in words.items()}
    drawn = zip(*(rows[name].tolist() for name in ("told_us", "time_point", "srv")), strict=True)
    assert found == sorted((at, told["time_point"][point], told["srv"][srv]) for at, point, srv in drawn)
    assert {row["slot"] for row in files.truth("deliveries")} == {f"2021-0{month}" for month in range(4, 9)}


def covered(taken: TakenIn) -> list[tuple[int, int]]:
    return sorted((one.delivery.covers_start_at, one.delivery.covers_end_at) for one in taken.receipts)


def test_there_is_a_case_on_every_edge() -> None:
    plan = small_plan()
    asked, rows = draw_earlier(plan, populate(plan))
    _, start_at, end_at = quarter_before(plan.period)
    received = rows["time_point"] == number("time_point", "RX_DSP")
    at, srv, hub = rows["stamp"][received], rows["srv"][received], asked["device"]
    connected, no_wan = (srv == number("srv", word) for word in ("8.14.1", "8.14.2"))
    without = dict(zip(hub[no_wan].tolist(), at[no_wan].tolist(), strict=True))
    again = zip(hub[connected].tolist(), at[connected].tolist(), strict=True)
    later = [(when // DAY_US - without[one] // DAY_US, without[one]) for one, when in again if one in without]
    # Connected on the 90th day and on the day after, of hubs from the first instant of the quarter; some never.
    assert {(90, start_at), (91, start_at)} <= set(later)
    assert len(later) < len(without)
    # The last of the quarter, and the first that is of it no longer.
    assert {end_at - 1000, end_at} <= set(at.tolist())
    assert np.count_nonzero(asked["outcome"] != SUCCESS) == 1
    # All of it before the file was made.
    assert rows["stamp"].max() < plan.days_start_at - DAY_US // 2


def test_only_hubs_from_before_the_month_each_installed_once() -> None:
    plan = small_plan("2021-10")
    population = populate(plan)
    asked, rows = draw_earlier(plan, population)
    devices = population.devices
    assert set(devices["device_type"][asked["device"]]) == {number("device_type", "CHF")}
    assert not devices["is_smets1"][asked["device"]].any()
    assert (devices["installed_us"][asked["device"]] < 0).all()
    # A hub that is told again was without SM WAN at first.
    hubs, counts = np.unique(asked["device"], return_counts=True)
    srv = rows["srv"][rows["time_point"] == number("time_point", "RX_DSP")]
    without = set(asked["device"][srv == number("srv", "8.14.2")].tolist())
    assert counts.max() == 2
    assert set(hubs[counts == 2].tolist()) < without
