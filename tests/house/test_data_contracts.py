"""The data contracts: they obey the standard's own JSON Schema, say what the feeds say, and their example files are taken in whole."""

import copy
import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tools.documents.data_contracts import data_contract, data_contracts
from tools.documents.feeds import EXAMPLES, example_name, plain_shape
from tools.documents.yaml_text import yaml_text

from json_schema import faults
from made_store import make_store
from tocsin.feeds import all_feeds
from tocsin.vocabulary.calendar import moment

# Version 3.1.0 as Bitol publishes it, unchanged (Apache License 2.0; see NOTICE).
SCHEMA = json.loads((Path(__file__).parent / "odcs-json-schema-v3.1.0.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", all_feeds())
def test_a_contract_obeys_the_standard(name: str) -> None:
    assert not faults(data_contract(all_feeds()[name]), SCHEMA)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda c: c.pop("status"), "document: status is missing"),
        (lambda c: c.update(apiVersion="v9"), "document.apiVersion: one of"),
        (lambda c: c.update(colour="red"), "document: colour is not known"),
        (lambda c: c["schema"][0].update(logicalType="table"), "document.schema[0].logicalType"),
        (lambda c: c["schema"][0]["properties"][0].update(logicalType="VARCHAR"), "logicalType: one of"),
        (lambda c: c["schema"][0]["properties"][0].update(empty="no"), "properties[0]: empty is not known"),
        (lambda c: c["schema"][0]["properties"][0].pop("name"), "properties[0]: name is missing"),
        (lambda c: c["schema"][0]["quality"][0].pop("mustBe"), "forms was expected, found 0"),
        (lambda c: c["schema"][0]["quality"][0].update(mustNotBe=1), "forms was expected, found 2"),
        (lambda c: c["schema"][0]["quality"][1].pop("query"), "quality[1]: query is missing"),
        (lambda c: c["schema"][0]["quality"][0].update(id="a b"), "quality[0].id: ^[A-Za-z0-9_-]+$"),
        (lambda c: c["slaProperties"][0].pop("value"), "slaProperties[0]: value is missing"),
        (lambda c: c["slaProperties"][0].update(often=1), "slaProperties[0]: often is not known"),
    ],
)
def test_a_spoilt_contract_is_found_out(spoil: Callable[[dict[str, Any]], object], said: str) -> None:
    contract: dict[str, Any] = copy.deepcopy(data_contract(all_feeds()["incidents"]))
    spoil(contract)
    assert any(said in fault for fault in faults(contract, SCHEMA)), faults(contract, SCHEMA)


@pytest.mark.parametrize("name", all_feeds())
def test_the_yaml_says_what_the_contract_says(name: str) -> None:
    assert read_yaml(data_contracts()[f"{name}.odcs.yaml"]) == data_contract(all_feeds()[name])


def test_text_that_looks_like_something_else_stays_text() -> None:
    odd = {
        "no": "no",
        "number": "4.10",
        "colon": "a: b # c",
        "bar": '"|"',
        "empty": "",
        "list": ["1", "null"],
        "of": [{"a": True}, {"b": 1}],
    }
    assert read_yaml(yaml_text(odd)) == odd


@pytest.mark.parametrize("name", all_feeds())
def test_a_contract_tells_every_column_check_and_deadline(name: str) -> None:
    feed, contract = all_feeds()[name], data_contract(all_feeds()[name])
    (told,) = contract["schema"]
    assert [(one["name"], one["required"], "primaryKey" in one) for one in told["properties"]] == [
        (column.name, not column.may_be_empty, column.name in feed.key) for column in feed.columns
    ]
    assert {one["name"] for one in told["properties"] if one.get("classification") == "personal"} == {
        column.name for column in feed.columns if column.personal
    }
    assert [one["id"] for one in told["quality"]] == [f"{feed.code}-DUP", *(check.id for check in feed.checks)]
    latency = [one["value"] for one in contract["slaProperties"] if one["property"] == "latency"]
    assert latency == [feed.due.working_day or feed.due.hours_after]


@pytest.mark.parametrize("name", all_feeds())
def test_an_example_file_is_taken_in_whole(name: str, tmp_path: Path) -> None:
    """By the Shape that stands beside it on the page, every optional column taken up: all rows accepted and nothing found."""
    feed, made = all_feeds()[name], make_store(tmp_path)
    example = EXAMPLES / example_name(feed)
    made.shape("sender", plain_shape(feed).replace("# ", ""))
    (receipt,) = made.take_in(made.file(example.name, example.read_bytes()))
    with example.open(encoding="utf-8", newline="") as opened:
        header, *rows = csv.reader(opened)
    assert header == [column.name for column in feed.columns]
    assert (receipt.status, receipt.delivery.reason, receipt.findings) == ("accepted", "", ())
    assert (receipt.delivery.accepted, receipt.delivery.refused) == (len(rows), 0)
    assert (
        receipt.delivery.covers_start_at is None
        or moment(receipt.delivery.covers_start_at).date() == datetime(2021, 9, 1, tzinfo=UTC).date()
    )


def test_every_example_is_of_a_feed() -> None:
    assert {path.name for path in EXAMPLES.iterdir()} == {example_name(feed) for feed in all_feeds().values()}


def read_yaml(text: str) -> Any:
    """The dialect that `yaml_text` writes, read without it: two blanks a level, every value JSON."""
    found, rest = block(text.splitlines(), 0)
    assert not rest
    return found


def block(lines: list[str], depth: int) -> tuple[Any, list[str]]:
    entries: list[Any] = []
    mapping: dict[str, Any] = {}
    while lines and len(lines[0]) - len(lines[0].lstrip(" ")) == 2 * depth:
        line = lines[0][2 * depth :]
        if line.startswith("- "):
            entry, lines = block([" " * (2 * depth + 2) + line[2:], *lines[1:]], depth + 1)
            entries.append(entry)
            continue
        key, _, value = line.partition(":")
        if value:
            mapping[key], lines = json.loads(value), lines[1:]
        else:
            mapping[key], lines = block(lines[1:], depth + 1)
    return entries or mapping, lines
