"""Requests for commentary on what kept a Service Provider from its levels, due within two Working Days of the request (CR1430 [C], [D])."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tocsin.reports.frozen_asked import AskedLine
from tocsin.reports.journal import Journal
from tocsin.vocabulary.calendar import WorkingDays, deadline_clock
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import moment, zone_of
from tocsin.vocabulary.settings import setting

SAID = ("asked", "answered")
UK = "Europe/London"


@dataclass(frozen=True)
class Asking:
    """One line of the journal: a request (`of` whom, `on` what), or the answer to the request of that name. `at` is µs UTC."""

    said: str
    name: str
    month: str
    by: str
    at: int
    text: str
    of: str = ""
    on: str = ""

    def __post_init__(self) -> None:
        if self.said not in SAID:
            raise ValueError(f'"{self.said}"; expected one of {", ".join(SAID)}')


class AskingJournal(Journal[Asking]):
    """The journal of a workspace's requests for commentary."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, Asking, "request for commentary")

    def ask(self, told: Asking) -> str:
        """Enter a request and give its name: C1, C2, … in the order in which they were made."""
        with self.held() as held:
            named = replace(told, said="asked", name=f"C{sum(one.said == 'asked' for one in held.events) + 1}")
            held.append(named)
        return named.name

    def answer(self, told: Asking) -> None:
        """Enter the answer to a request. Raises BadDeclaration for a request that is not there, or is answered already."""
        with self.held() as held:
            asked = [one.name for one in held.events if one.said == "asked"]
            if told.name not in asked:
                raise BadDeclaration(f'{self.path}: no commentary "{told.name}" was asked for. There is: {", ".join(asked) or "none yet"}.')
            if any(one.said == "answered" and one.name == told.name for one in held.events):
                raise BadDeclaration(f"{self.path}: {told.name} is answered already; nothing was recorded. Ask anew where more is needed.")
            held.append(replace(told, said="answered"))


def requests(
    events: Iterable[Asking], working_days: WorkingDays, as_at: int, *, month: str | None = None, reference: Path | None = None
) -> tuple[AskedLine, ...]:
    """Every request known at an instant, or those of one month, in order: due at the end of Working Day 2 after the day it was made."""
    found: dict[str, AskedLine] = {}
    for one in events:
        if one.at > as_at:
            continue
        if one.said == "asked":
            due_at = _due_at(one.at, working_days, reference)
            state = "missing" if as_at >= due_at else "not_due_yet"
            found[one.name] = AskedLine(one.name, one.month, one.of, one.on, one.text, one.by, one.at, due_at, state)
        elif one.name in found:
            line = found[one.name]
            state = "on_time" if one.at < line.due_at else "late"
            found[one.name] = replace(line, state=state, answered_at=one.at, answer=one.text)
    return tuple(line for line in found.values() if month is None or line.month == month)


def _due_at(asked_at: int, working_days: WorkingDays, reference: Path | None) -> int:
    # The day of the request is the one on the clocks of those who are asked.
    on = moment(asked_at).astimezone(zone_of(UK)).date()
    days = setting("commentary_working_days", on, reference).whole
    clock = deadline_clock(setting("deadline_clock", on, reference).value)
    return working_days.deadline_at(working_days.working_day_after(on, days), clock)
