"""What the truth of Service Requests is made of: rows told once, counts kept packed, figures that would tell whose they are."""

from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tocsin.estate.block import Block
from tocsin.estate.faults.kinds import COPY_AFTER_US, ROW_FAULTS
from tocsin.estate.faults.profile import fault_profile
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.truth import cube
from tocsin.estate.truth.cube import Counts, Packing
from tocsin.estate.truth.service_requests import RequestTruth, told_once, with_copies
from tocsin.estate.truth.splits import Splits
from tocsin.estate.truth.whereabouts import Registers, eui_text
from tocsin.vocabulary.calendar import Period

SEPTEMBER = Period(2021, 9)
NOBODY = ("eui", "party", "device", "device_type", "region", "service_provider", "is_smets1")
READ = (
    *("request", "told_us", "time_point", "message_class", "srv", "response_code", "command_variant", "device_result", "user", "device"),
    *("device_type", "region", "service_provider", "execution_us", "scheduled_us", "instruction_no", "instruction_total"),
    *("fault", "sender", "file_day"),
)
PARTIES = ("Amber", "Beryl", "Coral", "user:90-B3-D5-1F-30-00-00-02", "user:90-B3-D5-1F-30-00-00-03", "UNKNOWN")


def rows(**columns: list[int]) -> Block:
    """Rows of one request at one point, one file and one instant, unless told otherwise."""
    count = len(next(iter(columns.values())))
    names = ("request", "time_point", "message_class", "command_variant", "told_us", "instruction_no", "sender", "file_day", "fault", "srv")
    return Block({name: np.array(columns.get(name, [1] * count)) for name in names})


def test_a_row_told_twice_in_one_file_counts_once_and_the_earlier_stays() -> None:
    found = told_once(rows(request=[1, 1, 1, 2], srv=[7, 8, 9, 7], file_day=[1, 1, 2, 1]))
    assert found["srv"].tolist() == [7, 9, 7]


@pytest.mark.parametrize(
    "column", ["request", "time_point", "message_class", "command_variant", "told_us", "instruction_no", "sender", "file_day"]
)
def test_rows_that_differ_in_their_key_are_two(column: str) -> None:
    assert len(told_once(rows(**{column: [1, 2]}))) == 2


def test_a_copied_row_stands_again_seven_seconds_later() -> None:
    found = with_copies(rows(told_us=[10, 20], fault=[0, ROW_FAULTS.index("copied")]))
    assert found["told_us"].tolist() == [10, 20, 20 + COPY_AFTER_US]


def test_counts_add_up_however_often_they_are_merged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded by the different keys, not by how many blocks were added."""
    monkeypatch.setattr(cube, "HELD", 3)
    counts = Counts(Packing({"region": 4, "srv": 100}))
    for _ in range(5):
        counts.add(counts.packing.pack({"region": np.array([1, 3, 1]), "srv": np.array([99, 0, 99])}, 3))
        assert len(counts.keys) <= 2
    found = counts.counted()
    assert list(zip(*(found[name].tolist() for name in ("region", "srv", "count")), strict=True)) == [(1, 99, 10), (3, 0, 5)]


@pytest.mark.parametrize(
    ("volumes", "is_telling"),
    [
        ({0: 10, 1: 10, 2: 10}, False),
        ({0: 10, 1: 10}, True),
        # 80 of 100 is not more than 80 per cent.
        ({0: 80, 1: 10, 2: 10}, False),
        ({0: 81, 1: 10, 2: 9}, True),
        # Two User IDs that no list has may be one company's, and nobody is no party to hide among.
        ({0: 10, 3: 10, 4: 10}, True),
        ({0: 10, 1: 10, 5: 10}, True),
        ({}, False),
    ],
)
def test_figures_by_party_are_not_shown_where_they_tell_whose_they_are(volumes: dict[int, int], is_telling: bool) -> None:
    assert Splits.of(PARTIES, SEPTEMBER.first_on).is_telling(volumes) is is_telling


def test_an_eui_64_is_written_with_dashes_and_its_leading_noughts() -> None:
    assert eui_text(0x00DB1234567890A0) == "00-DB-12-34-56-78-90-A0"


def test_a_month_in_which_nothing_came_has_noughts_and_no_figure_by_any_split(tmp_path: Path) -> None:
    """Every measure and process is told with its nought, so that a figure missing on either side is seen."""
    nobody = Block({name: np.zeros(0, np.int64) for name in NOBODY})
    population = Population(nobody, nobody, ())
    registers = Registers.of(population, np.zeros(0, np.int64), np.zeros(0, bool))
    plan = Plan(SEPTEMBER, Fraction(1, 1000), 1, Plan.settled_at(SEPTEMBER), fault_profile("none"))
    truth = RequestTruth(plan, population, registers)
    truth.add(SimpleNamespace(requests=nobody), Block({name: np.zeros(0, np.int64) for name in READ}), np.zeros(0, bool))
    truth.close(tmp_path)
    lines = (tmp_path / "figures.csv").read_text(encoding="utf-8").splitlines()
    assert "cpm_1,0,0,," in lines
    assert "prepayment.round_trip_p95,0,,," in lines
    assert not [line for line in lines if "/" in line]
    assert (tmp_path / "oddities.csv").read_text(encoding="utf-8") == "name,count\n"
