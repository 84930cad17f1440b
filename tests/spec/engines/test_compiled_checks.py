"""The checks of a feed asked of each combination of values once: the same lines fail as when they are asked of each row."""

import random
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("numba")

from tocsin.engines.compiled.block import EMPTY, NO_WORD, Block, Words  # noqa: E402
from tocsin.engines.compiled.checks import Checks  # noqa: E402
from tocsin.feeds import all_feeds  # noqa: E402
from tocsin.feeds.feed import Kind  # noqa: E402

Row = dict[str, Any]


def alert_fails(row: Row) -> bool:
    count, held, stage = row["throttled_count"], row["is_consolidated"], row["stage"]
    return (count is not None and count < 1) or bool(held and stage in {"f", "g"})


def trail_fails(row: Row) -> bool:
    number, total, variant, target = row["instruction_no"], row["instruction_total"], row["command_variant"], row["target_us"]
    is_planned = row["schedule_id"] is None or row["message_class"] != "scheduled" or row["scheduled_at"] is not None
    # A class that is not told is not another than "scheduled".
    is_planned &= row["schedule_id"] is None or row["message_class"] is not None or row["scheduled_at"] is not None
    return (
        (variant is not None and not 1 <= variant <= 9)
        or (number is not None and total is not None and not 1 <= number <= total)
        or (target is not None and target < 0)
        or not is_planned
    )


def firmware_fails(row: Row) -> bool:
    return row["told_at"] is not None and row["told_at"] < row["attempted_at"]


ALERT = {"throttled_count": [None, 0, 1, 2, 7], "is_consolidated": [None, False, True], "stage": ["a", "e", "f", "g"]}
FEW = {"command_variant": [None, 1, 9, 10], "message_class": ["scheduled", "on_demand", None]}
SCHEDULE = {"schedule_id": [None, 5, 2**62], "scheduled_at": [None, 1_650_000_000_000_000]}
INSTRUCTIONS = {"instruction_no": [None, 0, 1, 3], "instruction_total": [None, 1, 2, 12]}
TRAIL = FEW | SCHEDULE | INSTRUCTIONS | {"target_us": [None]}
DRAWN = {
    "alerts": ("alert_stages", alert_fails, ALERT),
    "alerts_of_many": ("alert_stages", alert_fails, ALERT | {"throttled_count": [None, 0, 3, 70_000, 10**17]}),
    "alerts_of_less_than_none": ("alert_stages", alert_fails, ALERT | {"throttled_count": [None, -1, 3]}),
    "alerts_without": ("alert_stages", alert_fails, ALERT | {"throttled_count": [None], "is_consolidated": [None]}),
    "trail": ("audit_trail", trail_fails, TRAIL),
    "trail_of_targets": ("audit_trail", trail_fails, TRAIL | {"target_us": [None, -1, 0, 86_400_000_000]}),
    "hubs": ("hub_firmware", firmware_fails, {"told_at": [None, 5, 2**50], "attempted_at": [0, 6, 2**50]}),
}


def block(name: str, rows: list[Row], words: Words) -> Block:
    columns = {}
    for column in (all_feeds()[name].column(one) for one in rows[0]):
        values = [row[column.name] for row in rows]
        if column.stored_as == "VARCHAR":
            numbers = words.numbered(column.name, [value for value in values if value is not None])
            columns[column.name] = np.full(len(rows), NO_WORD, np.int32)
            columns[column.name][[value is not None for value in values]] = numbers
        elif column.kind is Kind.FLAG:
            columns[column.name] = np.array([NO_WORD if value is None else int(value) for value in values], np.int8)
        else:
            columns[column.name] = np.array([EMPTY if value is None else value for value in values], np.int64)
    # Two rows of each line.
    return Block(np.arange(len(rows)) // 2 + 100, np.ones(len(rows), np.int8), columns)


@pytest.mark.parametrize("drawn", DRAWN)
def test_the_lines_are_those_of_which_a_row_fails(drawn: str) -> None:
    name, fails, values = DRAWN[drawn]
    draw = random.Random(drawn)
    words = Words()
    # A word of no meaning first, so that a word's number says nothing.
    words.numbered("stage", ["c"])
    checks = Checks(SimpleNamespace(feed=all_feeds()[name]), words)  # type: ignore[arg-type]  # the feed is all that is asked for
    taken = []
    for _ in range(12):
        # Not all values in every block: what is told of a combination must hold in those after it.
        some = {column: draw.sample(known, draw.randint(1, len(known))) for column, known in values.items()}
        taken.append([{column: draw.choice(known) for column, known in some.items()} for _ in range(draw.randint(1, 300))])
    with ThreadPoolExecutor(3) as pool, duckdb.connect() as connection:
        found = list(pool.map(lambda rows: checks.failing(block(name, rows, words), connection.cursor()).tolist(), taken))
    assert found == [sorted({100 + place // 2 for place, row in enumerate(rows) if fails(row)}) for rows in taken]
    assert any(found) == (drawn != "alerts_without")


def test_a_combination_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    words = Words()
    checks = Checks(SimpleNamespace(feed=all_feeds()["alert_stages"]), words)  # type: ignore[arg-type]  # the feed is all that is asked for
    asked: list[int] = []
    real = checks._asked
    monkeypatch.setattr(checks, "_asked", lambda block, rows, cursor: (asked.append(len(rows)), real(block, rows, cursor))[1])
    rows = [{"throttled_count": count, "is_consolidated": held, "stage": "f"} for count in (1, 2) for held in (True, False)] * 50
    with duckdb.connect() as connection:
        for _ in range(3):
            assert len(checks.failing(block("alert_stages", rows, words), connection)) == 100
    assert asked == [4]
