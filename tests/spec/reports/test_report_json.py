"""figures.json: every figure with every field, in the form that its published schema says."""

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from frozen_run import HOSTILE
from json_schema import faults
from tocsin.reports.blocks import MARK_WORDS
from tocsin.reports.figure_files import FIGURES
from tocsin.reports.figures_json import figures_json
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.pmr import write_report
from tocsin.reports.wording import SOURCES, UNITS

SCHEMA = json.loads((Path(__file__).resolve().parents[3] / "docs" / "schemas" / "figures.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def told(run: FrozenRun) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(figures_json(run))
    return found


def test_it_has_the_published_form(told: dict[str, Any]) -> None:
    assert faults(told, SCHEMA) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document["figures"][0].pop("status"),
        lambda document: document["figures"][0].update(status="green"),
        lambda document: document["figures"][0].update(value=98.9996),
        lambda document: document["figures"][0].update(counted="11,146,000"),
        lambda document: document["figures"][0].update(shown=" "),
        lambda document: document["figures"][0].update(marks=["guessed"]),
        lambda document: document["run"].update(as_at="2021-09-24"),
        lambda document: document["run"].update(is_complete="no"),
        lambda document: document.update(layout=2),
    ],
)
def test_the_schema_finds_what_is_spoilt(told: dict[str, Any], change: Callable[[dict[str, Any]], object]) -> None:
    spoilt = copy.deepcopy(told)
    change(spoilt)
    assert len(faults(spoilt, SCHEMA)) == 1


def test_its_words_are_those_of_the_code() -> None:
    words = SCHEMA["$defs"]["figure"]["properties"]
    assert set(words["source"]["enum"]) == set(SOURCES)
    assert set(words["marks"]["items"]["enum"]) == set(MARK_WORDS)
    assert set(words["unit"]["enum"]) == set(UNITS)
    assert set(words) == set(SCHEMA["$defs"]["figure"]["required"]) == {name for name, _ in FIGURES.columns}


def test_every_figure_is_in_it_with_every_field(told: dict[str, Any], run: FrozenRun) -> None:
    assert len(told["figures"]) == len(run.figures)
    for entry, figure in zip(told["figures"], run.figures, strict=True):
        for name in ("name", "subject", "indicator", "unit", "counted", "met", "shown", "status", "source", "journey", "predicate",
                     "filled", "expected", "so_far"):  # fmt: skip
            assert entry[name] == getattr(figure, name), figure.name
        for name in ("value", "target", "minimum"):
            assert (None if entry[name] is None else Decimal(entry[name])) == getattr(figure, name), figure.name
        assert entry["breakdown"] == dict(figure.breakdown)
        assert tuple(entry["marks"]) == figure.marks


def test_text_is_as_it_came(told: dict[str, Any]) -> None:
    """JSON is read by programs: an apostrophe before a formula would be a changed name."""
    assert {"resolver_group": HOSTILE} in [entry["breakdown"] for entry in told["figures"]]


def test_it_says_what_the_figures_are_of(told: dict[str, Any], run: FrozenRun) -> None:
    facts = told["run"]
    assert (facts["run_id"], facts["period"], facts["is_complete"]) == (run.run_id, "2021-08", False)
    assert (facts["start_at"], facts["end_at"]) == ("2021-08-01T00:00:00.000000Z", "2021-09-01T00:00:00.000000Z")
    assert facts["as_at"] == "2021-09-24T16:00:00.000000Z"
    assert facts["provisional_because"] == list(run.provisional_because)
    assert facts["waits"][0] == {
        "feed": "audit_trail", "sender": "DSP", "owed": 31, "missing": 1, "to_come": 0, "overdue_at": "2021-09-01T00:00:00.000000Z",
        "next_due_at": None, "subjects": ["cpm_1", "cpm_2", "prepayment", "meter_reads"], "is_after": False,
    }  # fmt: skip


def test_the_file_is_written_whole(run: FrozenRun, tmp_path: Path) -> None:
    (path,) = write_report(run, tmp_path, ["json"])
    assert path.name == "figures.json"
    assert path.read_text(encoding="utf-8") == figures_json(run)
