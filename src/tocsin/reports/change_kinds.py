"""The kinds of change there are, each found in a run and, where there is one, the run of the month before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from tocsin.measuring.figures import Figure
from tocsin.measuring.movement import STILL, Bars, Movement, movement, short_of_target
from tocsin.processes import all_processes
from tocsin.processes.business_process import srv_processes
from tocsin.reports.earlier_runs import EarlierRuns
from tocsin.reports.figure_book import FigureBook
from tocsin.reports.frozen import FrozenRun, MeasureText
from tocsin.reports.frozen_changes import BesideLine, ChangeLine

HOLES = frozenset({"no_data", "incomplete"})
BELOW = frozenset({"below_target", "below_minimum"})
# The indicators of Business Processes that are followed: how many, how well, how slow the slowest twentieth.
RATE, VOLUME, SPANS = "success_rate", "volume", ("round_trip_p95", "delivery_p95")
# The breakdowns by which a percentile is told beside the whole; percentiles do not add up, so no part of a change can be said.
BESIDE = ("region", "srv")
MOST_BESIDE = 6


@dataclass
class Compared:
    """A run, the run of the month before (None where there is none), those of the months before that, and the bars of movement."""

    run: FrozenRun
    before: FrozenRun | None
    earlier: EarlierRuns
    bars: Bars
    reference: Path
    # Movements that were looked at and found too slight to tell.
    slight: int = 0

    @property
    def book(self) -> FigureBook:
        return self.run.book

    def past(self, key: str) -> ChangeLine | None:
        """What the month before told under a key."""
        return self._told_before.get(key)

    def run_against(self, past: ChangeLine | None) -> FrozenRun | None:
        """The run compared with: that of the month before, or for what lasts the one it was first compared with."""
        return self.earlier.run_of(past.against) if past is not None and past.against else self.before

    def figure_in(self, run: FrozenRun | None, figure: Figure) -> Figure | None:
        """The same whole figure in another run."""
        return None if run is None else run.book.at(figure.subject, figure.indicator, figure.breakdown)

    def moved(self, before: Figure | None, now: Figure) -> Movement:
        """The movement, counted where it is too slight to tell."""
        found = movement(before, now, self.bars) if before is not None else STILL
        self.slight += bool(found.direction) and not found.is_told
        return found

    @cached_property
    def _told_before(self) -> Mapping[str, ChangeLine]:
        return {line.key: line for line in self.before.changes.lines} if self.before else {}


def changes_of_measures(compared: Compared) -> Iterator[ChangeLine]:
    """Below a level, back above it, or moved: one line a Code Performance Measure at most."""
    for measure in compared.run.measures:
        now = compared.book.whole(measure.name)
        if now is None or now.value is None:
            continue
        before = compared.figure_in(compared.before, now)
        if before is not None and not _is_alike(measure, compared.before, (before, now)):
            yield _redefined(compared, before, now)
            before = None
        if now.status in BELOW:
            found = compared.moved(before, now)
            line = _line(now, now.status, before, found, _label(compared.before if before else None), key="below_level")
            short = short_of_target(now)
            yield replace(line, events=short, events_words="events short of target")
        elif before is not None and before.status in BELOW and now.status == "met":
            yield _line(now, "came_back", before, compared.moved(before, now), _label(compared.before))
        elif before is not None or compared.past(f"{now.name}:fell"):
            yield from _moved(compared, now, ("fell", "rose"), measure)


def changes_of_processes(compared: Compared) -> Iterator[ChangeLine]:
    """Success rate, Round Trip Time p95 and volume of each Business Process."""
    for process in compared.run.processes:
        anew = _homes_moved(compared, process.name)
        for indicator in (RATE, *SPANS, VOLUME):
            now = compared.book.whole(process.name, indicator)
            if now is None or now.value is None:
                continue
            before = compared.figure_in(compared.before, now)
            if before is not None and (anew or before.predicate != now.predicate):
                if indicator == RATE:
                    yield _redefined(compared, before, now)
            elif indicator == VOLUME:
                yield from _volume(compared, before, now)
            else:
                words = ("fell", "rose") if indicator == RATE else ("faster", "slower")
                yield from _moved(compared, now, words)


def changes_of_holes(compared: Compared) -> Iterator[ChangeLine]:
    """Subjects whose figures have no value though they had one; without a month before, those of which a part was not received."""
    for subject in dict.fromkeys(figure.subject for figure in compared.run.figures):
        found = [figure for figure in compared.book.of(subject) if figure.status in HOLES]
        key = f"{subject}:incomplete"
        if compared.before is None:
            found = [figure for figure in found if figure.status == "incomplete"]
        elif compared.past(key) is None:
            found = [figure for figure in found if _had_value(compared.figure_in(compared.before, figure))]
        if not found:
            continue
        first = min(found, key=lambda figure: len(figure.breakdown))
        was = compared.figure_in(compared.before, first)
        line = _line(first, "incomplete", was, STILL, _label(compared.before))
        is_traced = first.counted is not None
        yield replace(
            line,
            key=key,
            figure=first.name if is_traced else "",
            events=len(found),
            events_words="figures without a value",
            told=first.shown,
        )


def changes_of_feeds(compared: Compared) -> Iterator[ChangeLine]:
    """What was owed and is missing, by sender; a feed that comes late and did not."""
    now, before = _slots(compared.run), _slots(compared.before)
    for (feed, sender), states in now.items():
        if missing := states.count("missing"):
            was = before.get((feed, sender), [])
            yield _feed(compared, "missing", f"{feed}/{sender}", (was.count("missing"), len(was)), (missing, len(states)))
    for feed in dict.fromkeys(feed for feed, _ in now):
        late, was_late = ([state for (one, _), found in of.items() if one == feed for state in found] for of in (now, before))
        is_news = compared.before is not None and not was_late.count("late")
        if (count := late.count("late")) and (is_news or compared.past(f"{feed}:late")):
            yield _feed(compared, "late", feed, (was_late.count("late"), len(was_late)), (count, len(late)))


def _moved(compared: Compared, now: Figure, words: tuple[str, str], measure: MeasureText | None = None) -> Iterator[ChangeLine]:
    """Down and up in words. What is worse is told until it has come back to where it was before, what is better in its month alone."""
    worse = next(word for word in words if word in ("fell", "slower"))
    past = compared.past(f"{now.name}:{worse}")
    against = compared.run_against(past)
    if past is not None and against is not None and (measure is None or _is_same_measure(measure, against)):
        then = compared.figure_in(against, now)
        lasting = movement(then, now, compared.bars) if then is not None and then.predicate == now.predicate else STILL
        if lasting.is_told and words[lasting.direction > 0] == worse:
            yield _line(now, worse, then, lasting, against.period.label, beside=_beside(compared, against, now, lasting))
            return
    before = compared.figure_in(compared.before, now)
    found = compared.moved(before, now)
    if found.is_told and compared.before is not None:
        word = words[found.direction > 0]
        beside = _beside(compared, compared.before, now, found)
        yield _line(now, word, before, found, compared.before.period.label, beside=beside)


def _volume(compared: Compared, before: Figure | None, now: Figure) -> Iterator[ChangeLine]:
    if not all(run is None or run.as_at >= run.period.end_at for run in (compared.run, compared.before)):
        # Half a month has half the volume, and that is no news.
        return
    found = compared.moved(before, now)
    if found.is_told:
        yield _line(now, "volume", before, found, _label(compared.before))


def _redefined(compared: Compared, before: Figure, now: Figure) -> ChangeLine:
    line = _line(now, "redefined", before, STILL, _label(compared.before))
    return replace(
        line, events=now.counted or 0, events_words="events counted", told="Counted by another definition than the month before."
    )


def _line(
    now: Figure, kind: str, before: Figure | None, found: Movement, against: str, *, key: str = "", beside: tuple[BesideLine, ...] = ()
) -> ChangeLine:
    return ChangeLine(
        key=f"{now.name}:{key or kind}",
        kind=kind,
        subject=now.subject,
        indicator=now.indicator,
        figure=now.name,
        since="",
        months=1,
        against=against,
        before=before.shown if before is not None else "",
        now=now.shown,
        unit=now.unit,
        change=found.change,
        events=found.events,
        events_words={"percent": "events that went otherwise", "seconds": "answers timed"}.get(now.unit, "events more or fewer"),
        is_moved=found.is_told,
        beside=beside,
    )


def _feed(compared: Compared, kind: str, name: str, was: tuple[int, int], now: tuple[int, int]) -> ChangeLine:
    def told(counts: tuple[int, int]) -> str:
        return f"{counts[0]} of {counts[1]}" if counts[1] else "none owed"

    return ChangeLine(
        key=f"{name}:{kind}",
        kind=kind,
        subject=name,
        indicator="",
        figure="",
        since="",
        months=1,
        against=_label(compared.before),
        before=told(was) if compared.before is not None else "",
        now=told(now),
        unit="count",
        change=f"{now[0] - was[0]:+,}".replace("-", "\N{MINUS SIGN}") if compared.before is not None and now[0] != was[0] else "",
        events=now[0],
        events_words="files",
    )


def _beside(compared: Compared, against: FrozenRun, now: Figure, found: Movement) -> tuple[BesideLine, ...]:
    """For a percentile: the regions and Service Request Variants of which it moved the same way, those with most answers first."""
    if now.unit != "seconds":
        return ()
    moved = []
    for figure in compared.book.of(now.subject):
        if figure.indicator == now.indicator and len(figure.breakdown) == 1 and figure.breakdown[0][0] in BESIDE:
            then = compared.figure_in(against, figure)
            step = movement(then, figure, compared.bars) if then is not None else STILL
            if then is not None and step.is_told and step.direction == found.direction:
                moved.append((figure, then))
    moved.sort(key=lambda pair: (-(pair[0].counted or 0), pair[0].name))
    return tuple(BesideLine(*figure.breakdown[0], then.shown, figure.shown, figure.counted or 0) for figure, then in moved[:MOST_BESIDE])


def _is_alike(measure: MeasureText, before: FrozenRun | None, figures: tuple[Figure, Figure]) -> bool:
    return figures[0].predicate == figures[1].predicate and before is not None and _is_same_measure(measure, before)


def _is_same_measure(measure: MeasureText, run: FrozenRun) -> bool:
    """Whether a run had a measure by the same reading; sentences may have been put better since."""
    then = next((one for one in run.measures if one.name == measure.name), None)
    return then is not None and (then.counted_predicate, then.met_predicate, then.source, then.reading) == (
        measure.counted_predicate,
        measure.met_predicate,
        measure.source,
        measure.reading,
    )


def _homes_moved(compared: Compared, name: str) -> bool:
    """Whether a Service Request Variant came to a process or left it between the two months (domain.md 5: the map is dated)."""
    process = all_processes().get(name)
    if compared.before is None or process is None or process.selected_by:
        return False
    homes = [_homes(run, process.code, compared.reference) for run in (compared.before, compared.run)]
    return homes[0] != homes[1]


def _homes(run: FrozenRun, code: str, reference: Path) -> frozenset[tuple[str, str]]:
    return frozenset((srv, home) for srv, home in srv_processes(run.period.first_on, reference) if home == code)


def _slots(run: FrozenRun | None) -> dict[tuple[str, str], list[str]]:
    """States of what was owed by feed and sender."""
    found: dict[tuple[str, str], list[str]] = {}
    for slot in run.slots if run is not None else ():
        if slot.state != "not_expected":
            found.setdefault((slot.feed, slot.sender), []).append(slot.state)
    return dict(sorted(found.items()))


def _had_value(figure: Figure | None) -> bool:
    return figure is not None and figure.status not in HOLES


def _label(run: FrozenRun | None) -> str:
    return run.period.label if run is not None else ""
