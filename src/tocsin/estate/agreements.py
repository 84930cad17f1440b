"""What is agreed with the simulated senders: the Shape of each file, and what each owes; the workspace gets both, as it would by hand."""

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from tocsin.estate.events.alerts import expected_alerts
from tocsin.estate.events.hubs import expected_hubs
from tocsin.estate.plan import RUN_OUT_DAYS, Plan
from tocsin.estate.senders.rhythm import LOCAL, expected_trails
from tocsin.estate.steps import STEPS

Owed = Mapping[str, Any]
KEYS = ("feed", "sender", "every", "since", "until")


def shape_files() -> dict[str, bytes]:
    """Every Shape of the estate's senders: file name to content, in order of name."""
    shelf = files("tocsin.estate.senders") / "shapes"
    return {entry.name: entry.read_bytes() for entry in sorted(shelf.iterdir(), key=lambda e: e.name) if entry.name.endswith(".toml")}


def expected_of(plan: Plan) -> list[dict[str, str]]:
    """The [[expected]] tables of a plan in order, as words: feed, sender, every, since, until. No other month is owed anything."""
    owed = [
        *_written(),
        *expected_trails(plan),
        *expected_hubs(plan),
        *(one for step in STEPS if step.expected is not None for one in step.expected(plan)),
    ]
    if plan.only_on is not None:
        owed = _of_one_day(plan, plan.only_on)
    first, after = plan.period.first_on, plan.period.next().first_on
    # The audit trail of the two days after the month is owed too: late answers are in it.
    told = {"since": first, "until": after + timedelta(days=RUN_OUT_DAYS)}
    return [{key: str(_within(plan, {**told, **one})[key]) for key in KEYS} for one in owed]


def _of_one_day(plan: Plan, on: date) -> list[Owed]:
    """What is owed of a day simulated by itself. The local day of one sender ends before the day of UTC does: of it nothing is owed."""
    whole: Owed = {"since": on, "until": on + timedelta(days=1)}
    owed = [{**one, **whole} for one in expected_trails(plan) if one["sender"] != LOCAL and _covers(one, on)]
    return [*owed, *({**one, **whole} for one in expected_alerts(plan) if _covers(one, on))]


def _covers(one: Owed, on: date) -> bool:
    return on >= _on(one["since"]) and ("until" not in one or on < _on(one["until"]))


def _within(plan: Plan, one: Owed) -> Owed:
    """What is owed of a month, up to the months beside it that are simulated too: of these they owe the same."""
    since, until = _on(one["since"]), _on(one["until"])
    if plan.months_before:
        since = max(since, plan.period.first_on)
    if plan.is_followed:
        until = min(until, plan.period.next().first_on)
    return {**one, "since": since, "until": until}


def _on(day: date | str) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day


def _written() -> list[Owed]:
    """What holds for any month, from the shelf senders/expected/."""
    shelf = files("tocsin.estate.senders") / "expected"
    if not shelf.is_dir():
        return []
    entries = sorted((entry for entry in shelf.iterdir() if entry.name.endswith(".toml")), key=lambda e: e.name)
    return [one for entry in entries for one in tomllib.loads(entry.read_text(encoding="utf-8"))["expected"]]
