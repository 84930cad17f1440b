"""Rows that a session holds: asked again and again under a name, on either engine, and gone with the session."""

import pytest

from tocsin.engines import Engine, Relation
from tocsin.vocabulary.errors import BadDeclaration

DAYS = Relation("days", (("region", "VARCHAR"), ("day", "BIGINT"), ("n", "BIGINT")))
ROWS = [("north", 1, 10), ("north", 2, 20), ("south", 1, 5), ("south", 3, 40)]
HELD = "SELECT region, whole_sum(n) AS n, count(*) AS days FROM days WHERE day < :until GROUP BY region"


def test_held_rows_are_asked_as_any_other(either_engine: Engine) -> None:
    with either_engine.session() as session:
        session.add_rows(DAYS, ROWS)
        session.hold("sums", HELD, {"until": 3})
        assert sorted(session.rows("SELECT region, n, days FROM sums")) == [("north", 30, 2), ("south", 5, 1)]
        assert session.rows("SELECT whole_sum(n) AS n FROM sums") == [(35,)]
        # What is held may itself be what more is held of, and a name may be given anew.
        session.hold("all_sums", "SELECT whole_sum(n) AS n FROM sums")
        assert session.rows("SELECT n FROM all_sums") == [(35,)]
        session.hold("sums", "SELECT region, n FROM days WHERE day = 3")
        assert session.rows("SELECT region, n FROM sums") == [("south", 40)]


def test_no_rows_are_held_with_their_columns(either_engine: Engine) -> None:
    with either_engine.session() as session:
        session.add_rows(DAYS, ())
        session.hold("sums", HELD, {"until": 3})
        assert session.rows("SELECT region, n, days FROM sums") == []


def test_held_rows_go_with_the_session(embedded: Engine) -> None:
    """Also from an engine that is kept, whose sessions share a database."""
    with embedded.session() as session:
        session.add_rows(DAYS, ROWS)
        session.hold("sums", HELD, {"until": 3})
    with embedded.session() as session, pytest.raises(BadDeclaration, match="sums"):
        session.rows("SELECT n FROM sums")
