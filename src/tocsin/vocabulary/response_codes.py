"""Response codes of DUIS: what class an answer is of, and whose doing it is (duis.md 3.1; domain.md 6.4)."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from tocsin.vocabulary.dated import LATEST, DatedTable

RESPONSE_CLASSES = ("success", "success_with_warning", "accepted", "failure", "unknown")

# `device_fail` is in the list for a workspace's own rows: DUIS itself has no code for it, a device's refusal is inside its payload.
OUTCOMES = ("success", "accepted", "user_reject", "dcc_fail", "device_fail", "unknown")


@dataclass(frozen=True)
class ResponseCode:
    """One code. `name` is its meaning in our words, empty when none was found. `status` says how well the outcome is known."""

    code: str
    name: str
    response_class: str
    category: str
    outcome: str
    status: str


def response_codes(on: date = LATEST, override: Path | None = None) -> dict[str, ResponseCode]:
    """Every code known on a date. Raises BadDeclaration on a bad row of the override."""
    return _response_codes(DatedTable.load("response_codes", override), on)


def response_class(code: str, on: date = LATEST, override: Path | None = None) -> str:
    """One of RESPONSE_CLASSES. A code that is not listed is read by its first letter, as all 194 listed ones could be (E, W, I)."""
    known = response_codes(on, override).get(code)
    if known is not None:
        return known.response_class
    return {"E": "failure", "W": "success_with_warning", "I": "success"}.get(code[:1], "unknown")


def response_outcome(code: str, on: date = LATEST, override: Path | None = None) -> str:
    """One of OUTCOMES: what the code alone says of the request. An unlisted error blames no one: `unknown`."""
    known = response_codes(on, override).get(code)
    if known is not None:
        return known.outcome
    return "success" if response_class(code, on, override) in ("success", "success_with_warning") else "unknown"


@cache
def _response_codes(table: DatedTable, on: date) -> dict[str, ResponseCode]:
    return {
        key[0]: ResponseCode(
            code=key[0],
            name=row.cells["name"],
            response_class=row.one_of("outcome_class", RESPONSE_CLASSES),
            category=row.cells["category"],
            outcome=row.one_of("outcome", OUTCOMES),
            status=row.cells["status"],
        )
        for key, row in table.at(on).items()
    }
