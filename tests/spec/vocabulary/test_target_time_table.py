"""Target Response Times by SRV and flow, and the settings around them (domain.md 4.1)."""

from datetime import date
from pathlib import Path

import pytest

from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.target_times import FLOWS, alert_target_us, grace_us, longest_wait_us, target_response_us, target_rows

ON = date(2021, 8, 31)
SECOND, HOUR = 1_000_000, 3_600_000_000
HEADING = "srv,flow,since,target_us,status,source\n"


@pytest.mark.parametrize(
    ("flow", "target_us"),
    [
        ("on_demand", 30 * SECOND),
        ("critical", 30 * SECOND),
        ("transform_only", 3 * SECOND),
        ("local_only", None),
        ("dcc_only", 30 * SECOND),
        ("future_dsp", 24 * HOUR),
        ("future_device_set_up", 24 * HOUR),
        ("future_device_outcome", 24 * HOUR),
        ("future_both", 24 * HOUR),
        ("scheduled", 24 * HOUR),
        ("cancellation", 30 * SECOND),
        ("firmware", 120 * HOUR),
    ],
)
def test_the_classes(flow: str, target_us: int | None) -> None:
    assert target_response_us("4.1.1", flow, ON) == target_us
    assert target_response_us("99.9", flow, ON) == target_us


def test_every_flow_has_a_class_row_but_local_delivery() -> None:
    assert {flow for srv, flow, _ in target_rows(ON) if srv == "*"} == set(FLOWS) - {"local_only"}
    assert target_response_us("4.1.1", "by_pigeon", ON) is None


def test_an_srv_of_its_own_wins_over_its_class_from_its_day(tmp_path: Path) -> None:
    """A target above 24 hours is in order: one SP names 48 hours (domain.md 4.1)."""
    (tmp_path / "target_response_times.csv").write_text(
        HEADING + f"4.8.1,future_dsp,2021-08-31,{48 * HOUR},verified,Appendix E\n", encoding="utf-8"
    )
    assert target_response_us("4.8.1", "future_dsp", ON, tmp_path) == 48 * HOUR
    assert target_response_us("4.8.1", "future_dsp", date(2021, 8, 30), tmp_path) == 24 * HOUR
    assert target_response_us("4.8.2", "future_dsp", ON, tmp_path) == 24 * HOUR
    assert ("4.8.1", "future_dsp", 48 * HOUR) in target_rows(ON, tmp_path)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("4.8.1,by_pigeon,2021-08-31,1,verified,x", "flow"),
        ("4.8.1,on_demand,2021-08-31,30s,verified,x", "target_us"),
        ("4.8.1,on_demand,2021-08-31,-1,verified,x", "target_us"),
        ("4.8.1,on_demand,2021-08-31,,verified,x", "target_us"),
    ],
)
def test_a_bad_target_is_named(tmp_path: Path, row: str, column: str) -> None:
    (tmp_path / "target_response_times.csv").write_text(HEADING + row + "\n", encoding="utf-8")
    with pytest.raises(BadDeclaration, match=f'line 2: column "{column}"'):
        target_response_us("4.8.1", "on_demand", ON, tmp_path)


def test_the_spans_around_the_targets() -> None:
    assert grace_us(ON) == 24 * HOUR
    assert alert_target_us(ON) == 60 * SECOND


def test_the_last_answer_that_counts_is_an_image_on_its_fifth_day(tmp_path: Path) -> None:
    assert longest_wait_us(ON) == 120 * HOUR
    # A longer target of another flow has its grace of a day beside it.
    (tmp_path / "target_response_times.csv").write_text(HEADING + f"*,scheduled,2012-01-01,{100 * HOUR},assumed,test\n")
    assert longest_wait_us(ON, tmp_path) == 124 * HOUR
