"""Months that follow one another in one workspace: no slot is filled by two, registers tell all, and what cannot be is refused."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tocsin.estate import months
from tocsin.estate.faults.fates import A_NEIGHBOURS, Fates
from tocsin.estate.faults.profile import fault_profile
from tocsin.estate.months import plans_of, refuse_shared_ids
from tocsin.estate.plan import Plan
from tocsin.estate.population import populate
from tocsin.estate.simulation import simulate
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import DAY_US

FEBRUARY, MARCH = Period(2022, 2), Period(2022, 3)
PLAN = Plan(FEBRUARY, Fraction(1, 100_000), 7, Plan.settled_at(FEBRUARY), fault_profile("usual"), date(2023, 1, 1))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("months") / "w"
    simulate(PLAN, folder, months=2)
    return folder


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_no_slot_is_filled_by_two_months(made: Path) -> None:
    of: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for label in ("2022-02", "2022-03"):
        for row in rows(made / "truth" / label / "deliveries.csv"):
            if row["slot"]:
                of[row["feed"], row["sender"], row["slot"]].add(label)
    assert not [slot for slot, labels in of.items() if len(labels) > 1]
    trail = {slot for feed, sender, slot in of if (feed, sender) == ("audit_trail", "DSP")}
    assert {"2022-01-30", "2022-02-28", "2022-03-01", "2022-04-02"} <= trail


def test_the_lists_tell_all_months_in_order_of_arrival(made: Path) -> None:
    arrivals = list(rows(made / "truth" / "arrivals.csv"))
    assert [row["received_at"] for row in arrivals] == sorted(row["received_at"] for row in arrivals)
    assert {row["file"] for row in arrivals} == {p.relative_to(made / "incoming").as_posix() for p in (made / "incoming").rglob("*.*")}
    each = [len(list(rows(made / "truth" / label / "deliveries.csv"))) for label in ("2022-02", "2022-03")]
    assert len(arrivals) == len(list(rows(made / "truth" / "deliveries.csv"))) == sum(each)


def test_the_later_party_list_tells_the_users_of_both_months(made: Path) -> None:
    lists = sorted((made / "incoming").rglob("SECAS_PARTIES_*.csv"))
    first, second = ({line.split(";")[0] for line in path.read_text(encoding="utf-8").splitlines()[1:]} for path in lists)
    assert first < second


def test_each_owes_its_own_days(made: Path) -> None:
    expected = json.loads((made / "truth" / "simulation.json").read_text(encoding="utf-8"))["expected"]
    trail = sorted((one["since"], one["until"]) for one in expected if (one["feed"], one["sender"]) == ("audit_trail", "DSP"))
    assert trail == [("2022-01-30", "2022-03-01"), ("2022-03-01", "2022-04-03")]


def test_the_same_months_again_change_nothing(made: Path) -> None:
    again = simulate(PLAN, made, months=2)
    assert not again.is_new
    assert [label for label, _ in again.seen_until] == ["2022-02", "2022-03"]
    with pytest.raises(BadDeclaration, match="files of another simulation"):
        simulate(PLAN, made, months=3)


def test_a_neighbours_slot_is_never_filled() -> None:
    first, second = (Fates(plan) for plan in plans_of(PLAN, 2))
    march = MARCH.start_at
    assert first.fate("audit_trail", "DSP", march) == A_NEIGHBOURS and not first.stands("audit_trail", "DSP", march)
    assert second.fate("audit_trail", "DSP", march - DAY_US) == A_NEIGHBOURS
    assert not second.copies("audit_trail", "DSP", march - DAY_US, march, None)
    assert second.fate("audit_trail", "DSP", march) != A_NEIGHBOURS
    assert Fates(PLAN).fate("audit_trail", "DSP", march) != A_NEIGHBOURS
    assert first.fate("provider_reports", "DSP", FEBRUARY.start_at) != A_NEIGHBOURS


@pytest.mark.parametrize(
    ("plan", "count", "said"),
    [
        (PLAN, 0, "from 1 to 12 was expected, found 0"),
        (PLAN, 13, "from 1 to 12 was expected, found 13"),
        (replace(PLAN, until_at=FEBRUARY.end_at), 2, "until"),
        (replace(PLAN, period=Period(2022, 2, "Europe/London")), 2, "in UTC were expected"),
    ],
)
def test_what_cannot_be_is_refused(plan: Plan, count: int, said: str) -> None:
    with pytest.raises(BadDeclaration, match=said):
        plans_of(plan, count)


def test_an_id_that_two_months_share_is_refused() -> None:
    population = populate(PLAN)
    other = replace(population, devices=population.devices.put(eui=population.devices["eui"] + np.uint64(2**42)))
    with pytest.raises(BadDeclaration, match="seed: users of 2022-02"):
        refuse_shared_ids([(PLAN, population), (PLAN, other)])


def test_quarter_hours_of_the_last_day_are_of_each_month() -> None:
    plans = plans_of(replace(PLAN, slices_from=FEBRUARY.last_on), 2)
    assert [plan.slices_from for plan in plans] == [FEBRUARY.last_on, MARCH.last_on]
    assert months.MOST_MONTHS == 12
