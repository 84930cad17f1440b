"""Exceptions and commentary, asked of the reported levels: what stands, what another report writes, what was told to be none."""

from collections.abc import Iterator

import pytest

from tocsin.engines import Engine, Relation, Session
from tocsin.journeys.provider_levels import PROVIDER_LEVELS
from tocsin.reports.frozen_words import CommentLine, ExceptionLine
from tocsin.reports.provider_words import COMMENTS, EXCEPTIONS

LEVELS = Relation(PROVIDER_LEVELS.name, PROVIDER_LEVELS.columns)
BLANK = dict.fromkeys(name for name, _ in PROVIDER_LEVELS.columns)


def level(
    provider: str, *, told: str = "counts", set_aside: str = "", comment: str = "", exceptions: int | None = None
) -> tuple[object, ...]:
    cells = {
        **BLANK, "service_provider": provider, "region": "north", "measure_ref": "4.3", "cpm": "cpm_1", "report": "esi_101",
        "submission": "final", "unit": "events", "told": told, "counted": 90 if told == "counts" else None, "exception_count": exceptions,
        "set_aside": set_aside, "comment": comment,
    }  # fmt: skip
    return tuple(cells.values())


@pytest.fixture
def session(embedded: Engine) -> Iterator[Session]:
    with embedded.session() as opened:
        opened.add_rows(
            LEVELS,
            [
                level("CSPN", exceptions=3, comment="=1+1 <b>storm</b>\nof 3 August"),
                level("CSPC", exceptions=0),
                level("CSPS", told="percentage"),
                level("DSP", told="nothing"),
                level("CSPN", set_aside="in_another_report", comment="Said elsewhere."),
                level("CSPN", set_aside="told_again", comment="Of a file that no longer stands.", exceptions=9),
            ],
        )
        yield opened


def test_exceptions_of_what_stands_and_one_that_is_not_told_is_no_nought(session):
    found = [ExceptionLine(*row) for row in session.rows(EXCEPTIONS)]
    assert [(line.service_provider, line.counted, line.exceptions) for line in found] == [
        ("CSPC", 90, 0), ("CSPN", 90, 3), ("CSPS", None, None),
    ]  # fmt: skip


def test_commentary_comes_as_it_was_sent_and_that_of_another_report_is_not_lost(session):
    found = [CommentLine(*row) for row in session.rows(COMMENTS)]
    assert [(line.service_provider, line.text) for line in found] == [
        ("CSPN", "=1+1 <b>storm</b>\nof 3 August"), ("CSPN", "Said elsewhere."),
    ]  # fmt: skip
