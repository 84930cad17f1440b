"""Drawn blocks of the audit trail for tests: rows as intake would store them, and what the drawing meant of each request."""

from collections import Counter
from typing import Any

from tocsin.estate.block import EMPTY, Block
from tocsin.estate.requests.spans import OUTCOMES
from tocsin.estate.words import WORDS
from tocsin.feeds.feed import identifier_key
from tocsin.vocabulary.target_times import FLOWS


def trail(rows: Block) -> list[dict[str, Any]]:
    """Drawn rows as intake would store them, with the place of their request."""
    columns = {name: values.tolist() for name, values in rows.columns.items()}
    words = {name: [WORDS[name][number] or None for number in columns[name]] for name in WORDS}
    found = []
    for place in range(len(rows)):
        cell = {name: values[place] for name, values in (columns | words).items()}
        run = (cell["schedule"], cell["srv"], cell["device"], cell["scheduled_us"])
        request = (cell["originator"], cell["target"], cell["counter"]) if cell["has_request"] else run
        found.append(
            {
                "request": cell["request"],
                "request_id": identifier_key(":".join(str(part) for part in request)),
                "observed_at": cell["stamp"],
                "user_id": str(cell["originator"]),
                "device_id": cell["device"] or None,
                "command_variant": cell["command_variant"] or None,
                "execution_at": None if cell["execution_us"] == EMPTY else cell["execution_us"],
                "scheduled_at": None if cell["scheduled_us"] == EMPTY else cell["scheduled_us"],
                "schedule_id": cell["schedule"] or None,
                "instruction_no": cell["instruction_no"] or None,
                "instruction_total": cell["instruction_total"] or None,
                "target_us": None,
                **{name: cell[name] for name in WORDS},
            }
        )
    return found


def intended(requests: Block) -> Counter[tuple[int, str, str]]:
    """(request, flow, outcome) of every happening that the drawing meant."""
    found: Counter[tuple[int, str, str]] = Counter()
    for place, (flow, outcome, later) in enumerate(zip(requests["flow"], requests["outcome"], requests["later"], strict=True)):
        held = FLOWS[flow] in ("future_device_set_up", "future_both")
        if outcome >= 0:
            found[place, "future_device_set_up" if held else FLOWS[flow], OUTCOMES[outcome]] += 1
        if later >= 0:
            found[place, "future_both" if FLOWS[flow] == "future_both" else "future_device_outcome", OUTCOMES[later]] += 1
    return found
