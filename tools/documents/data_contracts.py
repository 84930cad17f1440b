"""docs/feeds/*.odcs.yaml: the contract of each feed once more, in the Open Data Contract Standard, for catalogues and other tools."""

from collections.abc import Iterator

from tools.documents.feeds import due_words, example_name, words_known
from tools.documents.yaml_text import Value, yaml_text

from tocsin.deliveries.contract import VERSION
from tocsin.feeds import all_feeds
from tocsin.feeds.feed import Column, Feed, Kind

# https://github.com/bitol-io/open-data-contract-standard, schema/odcs-json-schema-v3.1.0.json
STANDARD = "v3.1.0"
# A file is text: what the standard calls logical is what a cell must say, whatever it is stored as.
LOGICAL = {
    Kind.TEXT: "string",
    Kind.CODE: "string",
    Kind.WHOLE: "integer",
    Kind.FLAG: "boolean",
    Kind.INSTANT: "timestamp",
    Kind.IDENTIFIER: "string",
}
# How often, as a number of a unit of the standard.
FREQUENCY: dict[str, tuple[int, str]] = {"quarter_hour": (15, "min"), "day": (1, "d"), "month": (1, "month")}


def data_contracts() -> dict[str, str]:
    """File name to YAML."""
    return {f"{name}.odcs.yaml": yaml_text(data_contract(feed)) for name, feed in all_feeds().items()}


def data_contract(feed: Feed) -> dict[str, Value]:
    """The contract of a feed as the standard's document."""
    return {
        "apiVersion": STANDARD,
        "kind": "DataContract",
        "id": f"tocsin-{feed.name}",
        "name": feed.title,
        "version": f"{VERSION}.0.0",
        "status": "active",
        "domain": "smart metering operations",
        "description": {
            "purpose": f"What the Technical Operations Centre takes in as {feed.title}.",
            "usage": f"Made from the declaration of the feed; its page is {feed.name}.md. Source: {feed.source}. "
            "A physicalType is how an accepted cell is stored.",
            "limitations": "An unknown word of a code is kept and counted, never refused. What is personal is never published.",
        },
        "schema": [_object(feed)],
        "slaProperties": list(_levels(feed)),
        "customProperties": [
            {"property": "feedCode", "value": feed.code, "description": "The letters that check ids begin with."},
            {"property": "exampleFile", "value": f"examples/{example_name(feed)}"},
        ],
    }


def _object(feed: Feed) -> dict[str, Value]:
    return {
        "name": feed.name,
        "businessName": feed.title,
        "logicalType": "object",
        "physicalType": "file",
        "properties": [_property(feed, column) for column in feed.columns],
        "quality": [
            {
                "id": f"{feed.code}-DUP",
                "type": "library",
                "metric": "duplicateValues",
                "mustBe": 0,
                "arguments": {"properties": list(feed.key)},
                "description": "Rows that have these alike are one row told twice: the earliest is kept, the others are counted.",
                "dimension": "uniqueness",
                "severity": "info",
            },
            *(
                {
                    "id": check.id,
                    "type": "sql",
                    "query": f"SELECT count(*) FROM {feed.name} WHERE NOT coalesce({check.holds}, FALSE)",
                    "mustBe": 0,
                    "description": f"A row is refused where it does not hold that {check.sentence}.",
                    "dimension": "conformity",
                    "severity": "error",
                }
                for check in feed.checks
            ),
        ],
    }


def _property(feed: Feed, column: Column) -> dict[str, Value]:
    told: dict[str, Value] = {
        "name": column.name,
        "logicalType": LOGICAL[column.kind],
        "physicalType": column.stored_as,
        "description": column.meaning,
        "required": not column.may_be_empty,
    }
    if column.name in feed.key:
        told |= {"primaryKey": True, "primaryKeyPosition": feed.key.index(column.name) + 1}
    if column.personal:
        told["classification"] = "personal"
    if column.empty_means:
        told["customProperties"] = [{"property": "emptyMeans", "value": column.empty_means}]
    if words := words_known(column):
        told["quality"] = [
            {
                "id": f"{feed.code}-UNKNOWN-{column.name}",
                "type": "library",
                "metric": "invalidValues",
                "mustBe": 0,
                "arguments": {"validValues": list(words)},
                "description": "A word outside of these is kept and counted.",
                "dimension": "conformity",
                "severity": "info",
            }
        ]
    return told


def _levels(feed: Feed) -> Iterator[dict[str, Value]]:
    if feed.every in FREQUENCY:
        count, unit = FREQUENCY[feed.every]
        yield {"property": "frequency", "value": count, "unit": unit, "element": feed.name, "driver": "regulatory"}
    said = f"Due {due_words(feed.due)} ({feed.due.status})."
    if feed.due.working_day is not None:
        yield {"property": "latency", "value": feed.due.working_day, "unit": "Working Day", "element": feed.name, "description": said}
    elif feed.due.hours_after is not None:
        yield {"property": "latency", "value": feed.due.hours_after, "unit": "h", "element": feed.name, "description": said}
