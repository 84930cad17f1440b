"""What a run still waits for: slots that are not filled, told once for all the measures, processes and areas that rest on their feed."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tocsin.areas import all_areas
from tocsin.journeys import all_journeys
from tocsin.measures import measures_on
from tocsin.processes import all_processes
from tocsin.reports.frozen_received import SlotLine
from tocsin.reports.frozen_waits import WaitLine
from tocsin.reports.received import Received
from tocsin.vocabulary.calendar import Period

_WAITED_FOR = frozenset({"missing", "not_due_yet"})


def wait_lines(received: Received, period: Period, reference: Path) -> tuple[WaitLine, ...]:
    """One line a feed and sender, first of the period and then of the days after it; what is missing longest before the others."""
    resting = subjects_by_feed(period, reference)
    own, after = _lines(received.slots, resting, is_after=False), _lines(received.later_slots, resting, is_after=True)
    return (*sorted(own, key=_urgency), *sorted(after, key=_urgency))


def subjects_by_feed(period: Period, reference: Path) -> Mapping[str, tuple[str, ...]]:
    """Which measures, areas and Business Processes rest on a feed, in the order of the report.

    What is told as it stood on a Working Day waits for nothing: a file that comes afterwards does not change it (CR1420 [B]).
    """
    measures = {measure.name: measure.feeds for measure in measures_on(period.first_on, reference).values()}
    areas = {area.name: area.feeds for area in all_areas().values() if not all_journeys()[area.of].is_by_working_day}
    processes = {process.name: process.feeds for process in all_processes().values() if process.is_fed}
    feeds: dict[str, list[str]] = {}
    for name, rests_on in {**measures, **areas, **processes}.items():
        for feed in rests_on:
            feeds.setdefault(feed, []).append(name)
    return {feed: tuple(names) for feed, names in feeds.items()}


def _lines(slots: Iterable[SlotLine], resting: Mapping[str, tuple[str, ...]], *, is_after: bool) -> Iterator[WaitLine]:
    owed: dict[tuple[str, str], list[SlotLine]] = {}
    for slot in slots:
        if slot.state != "not_expected":
            owed.setdefault((slot.feed, slot.sender), []).append(slot)
    for (feed, sender), own in owed.items():
        if not any(slot.state in _WAITED_FOR for slot in own):
            continue
        missing = [slot.due_at for slot in own if slot.state == "missing"]
        to_come = [slot.due_at for slot in own if slot.state == "not_due_yet"]
        overdue_at, next_due_at = _earliest(missing), _earliest(to_come)
        yield WaitLine(feed, sender, len(own), len(missing), len(to_come), overdue_at, next_due_at, resting.get(feed, ()), is_after)


def _earliest(dues: Iterable[int | None]) -> int | None:
    return min((due for due in dues if due is not None), default=None)


def _urgency(line: WaitLine) -> tuple[bool, int, str, str]:
    first = line.overdue_at if line.missing else line.next_due_at
    return not line.missing, first or 0, line.feed, line.sender
