"""An engine that failed: the person reads what was asked for and the first line; the SQL text is in the log alone."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from tocsin.engines import Relation, Session, engine_named
from tocsin.engines.failing import asked_for, gave_up, not_understood
from tocsin.journeys import all_journeys
from tocsin.reports.alert_lines import alert_lines
from tocsin.reports.closing import JourneyTable
from tocsin.reports.counting import count_journeys
from tocsin.reports.figuring import counters_of
from tocsin.reports.oddities import odd_happenings
from tocsin.reports.provider_words import provider_words
from tocsin.reports.rhythm import Rhythm, rhythm_lines
from tocsin.vocabulary.errors import BadDeclaration, EngineUnavailable

REPORTS = Path(import_module("tocsin.reports").__path__[0])
WRONG = "SELECT\n  nowhere AS n\nFROM drawn"


@pytest.fixture(autouse=True)
def every_level() -> Iterator[None]:
    """Whatever a command of an earlier test had logged."""
    before = structlog.get_config()
    structlog.reset_defaults()
    yield
    structlog.configure(**before)


@pytest.fixture
def session() -> Iterator[Session]:
    with engine_named("duckdb").session() as session:
        session.add_rows(Relation("drawn", (("n", "BIGINT"), ("t", "VARCHAR"))), [(1, "a")])
        yield session


def test_a_text_not_understood_is_told_without_the_text(session: Session) -> None:
    with capture_logs() as logged, pytest.raises(BadDeclaration) as raised:
        session.rows(WRONG)
    said = str(raised.value)
    assert '"nowhere" not found' in said and "Put the declaration right" in said and "--log" in said
    assert "\n" not in said and "SELECT" not in said and "LINE" not in said and "drawn" not in said
    (event,) = [one for one in logged if one["event"] == "engine failed"]
    assert event["log_level"] == "debug"
    assert "FROM drawn" in event["text"] and event["error"] == "BinderException"
    assert set(event) == {"event", "log_level", "engine", "error", "text"}, "what an engine says may quote a cell"


def test_an_engine_that_gives_up_is_told_without_the_text(session: Session) -> None:
    with capture_logs() as logged, pytest.raises(EngineUnavailable) as raised:
        session.rows(f"SELECT whole_sum(n) AS s FROM (SELECT {2**63 - 1} AS n FROM drawn UNION ALL SELECT n FROM drawn) AS both_rows")
    said = str(raised.value)
    assert said.startswith("duckdb gave up: ") and "Nothing was half-written" in said and "memory_limit" in said
    assert "\n" not in said and "SELECT" not in said
    assert any(one["event"] == "engine failed" and "drawn" in one["text"] for one in logged)


@pytest.mark.parametrize("say", [not_understood, gave_up])
def test_an_engine_that_says_nothing_is_told_by_the_kind_of_error(say: object) -> None:
    assert callable(say)
    assert ": MemoryError. " in str(say("duckdb", MemoryError(), "SELECT 1"))


def test_what_was_asked_for_stands_first_and_the_kind_stays() -> None:
    for kind, code in ((BadDeclaration, 10), (EngineUnavailable, 13)):
        with pytest.raises(kind, match=r"^journeys alerts: duckdb gave up\.$") as raised, asked_for("journeys alerts"):
            raise kind("duckdb gave up.")
        assert raised.value.exit_code == code
    with pytest.raises(KeyError), asked_for("journeys alerts"):
        raise KeyError


def test_a_tally_that_fails_names_its_journeys(tmp_path: Path) -> None:
    """The table has lost a file: whoever closes must know which journeys to make anew."""
    journey = all_journeys()["smki_requests"]
    lost = replace(JourneyTable(journey, tmp_path / "none", 0, 1), table=tmp_path / "lost")
    with pytest.raises((BadDeclaration, EngineUnavailable), match=r"^tally of smki_requests: "):
        count_journeys(engine_named("duckdb"), lost, counters_of(journey.name, date(2021, 9, 1), tmp_path), tmp_path)


def test_oddities_and_rhythm_that_fail_name_their_journeys(tmp_path: Path) -> None:
    lost = {name: replace(JourneyTable(one, tmp_path / "none", 0, 1), table=tmp_path / "lost") for name, one in all_journeys().items()}
    engine, on = engine_named("duckdb"), date(2021, 9, 1)
    with pytest.raises(EngineUnavailable, match=r"^oddities of smki_requests: "):
        odd_happenings(engine, lost["smki_requests"])
    with pytest.raises(EngineUnavailable, match=r"^rhythm of service_requests: "):
        rhythm_lines(Rhythm(engine, on, tmp_path), lost)
    with pytest.raises(EngineUnavailable, match=r"^quarter-hours of alert_slices: "):
        alert_lines(engine, lost, on, tmp_path)
    with pytest.raises(EngineUnavailable, match=r"^Service Providers' words in provider_levels: "):
        provider_words(engine, lost, on)


def _is_told(stack: Sequence[ast.withitem]) -> bool:
    return any(isinstance(one.context_expr, ast.Call) and ast.unparse(one.context_expr.func) == "asked_for" for one in stack)


def _opens(item: ast.withitem) -> bool:
    return isinstance(item.context_expr, ast.Call) and ast.unparse(item.context_expr.func).endswith("engine.session")


@pytest.mark.parametrize("path", sorted(REPORTS.glob("*.py")), ids=lambda path: path.stem)
def test_every_session_of_the_reports_says_what_it_is_asked_for(path: Path) -> None:
    """One that does not leaves the person with "the engine gave up"; who only looks whether it answers asks for nothing."""
    opened = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.With)]
    untold = [
        node.lineno
        for node in opened
        if any(map(_opens, node.items)) and not isinstance(node.body[0], ast.Pass) and not _is_told(node.items)
    ]
    assert not untold
