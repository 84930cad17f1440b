"""Nearly all rows of one day: the few of other days are kept apart as journeys are written, and the journey table is the same."""

import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from journey_months import many_months, together
from late_months import LateMonth, begun, rows_in
from tocsin.engines import Engine
from tocsin.engines.embedded import EmbeddedSession
from tocsin.journeys import all_journeys
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.reports.journey_tables import main_day
from tocsin.vocabulary.instants import DAY_US

DAY = 19_180


@pytest.fixture
def made(embedded: Engine, tmp_path: Path) -> LateMonth:
    month, _ = begun(tmp_path, embedded, together(many_months(40), 0), random.Random(5), deliveries=6)
    return month


def stamped(made: LateMonth, rows: int, first_at: int, last_at: int) -> None:
    name = made.deliver("audit_trail", [])
    made.standing[name] = replace(made.standing[name], accepted=rows, first_at=first_at, last_at=last_at)


def test_the_day_that_nearly_all_rows_are_of(made: LateMonth) -> None:
    def day(journey: str = "service_requests") -> int | None:
        return main_day(made._close(made.root), all_journeys()[journey])

    # Deliveries that do not say of when they are.
    assert day() is None
    stamped(made, 999_999, DAY * DAY_US, (DAY + 1) * DAY_US - 1)
    assert day() is None
    # A file of the day that ends a little after midnight.
    stamped(made, 900_001, DAY * DAY_US, (DAY + 1) * DAY_US + 60_000_000)
    assert day() == DAY
    stamped(made, 100_000, (DAY - 1) * DAY_US, DAY * DAY_US - 1)
    assert day() == DAY
    # Its rows lie in an order, which those apart would leave.
    assert all_journeys()["trail_activations"].is_in_order
    assert day("trail_activations") is None
    stamped(made, 100_000, (DAY + 1) * DAY_US, (DAY + 2) * DAY_US - 1)
    assert day() is None


@pytest.mark.parametrize("is_there", [True, False])
def test_the_journey_table_is_the_same(made: LateMonth, is_there: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the day that was expected is the one that came, or one of which nothing came."""
    made.close()
    days = {row[0] for row in rows_in(made.tables[SERVICE_REQUESTS.name].relation.paths)}
    shutil.rmtree(made.store.root / "journeys")
    expected = max(days) if is_there else max(days) + 100
    written: list[list[Path]] = []
    write = EmbeddedSession.write_parts

    def noted(session: EmbeddedSession, *told: object) -> list[Path]:
        written.append(write(session, *told))  # type: ignore[arg-type]  # told as it was
        return written[-1]

    monkeypatch.setattr(EmbeddedSession, "write_parts", noted)
    monkeypatch.setattr("tocsin.reports.closing.main_day", lambda close, journey: expected)
    made.close()
    assert [len(parts) for parts in written] == [2]
    assert len(days) > 2
    assert {row[0] for row in rows_in(made.tables[SERVICE_REQUESTS.name].relation.paths)} == days
    monkeypatch.undo()
    made.assert_equal()
