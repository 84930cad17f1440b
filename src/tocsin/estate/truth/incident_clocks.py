"""The truth of one Incident's clocks, from the lines and the extract that were delivered of it (domain.md 3.3).

Written from the domain's rules beside the product, not after it: it walks one Incident at a time and knows no SQL. Spans are in µs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.estate.events.incident_stories import OVER, Change, Extract


@dataclass(frozen=True)
class Rules:
    """What a period judges Incidents by: targets and window in µs, the reasons that stop the clock, the period, when it is looked at."""

    targets: Mapping[tuple[int, str], int]
    stops: frozenset[str]
    window_us: int
    start_at: int
    end_at: int
    as_at: int

    @property
    def seen_at(self) -> int:
        """Until when an Incident that is not resolved is looked at."""
        return min(self.end_at, self.as_at)


@dataclass(frozen=True)
class Clock:
    """One clock of an Incident in the period. `of_dcc`: the DCC must resolve it, and nothing excludes it."""

    clock: str
    category: int
    resolver_group: str
    of_dcc: bool
    is_resolved: bool
    has_target: bool
    is_met: bool
    is_breached_open: bool
    reported_met: bool | None
    is_recategorised: bool
    set_aside: str


@dataclass(frozen=True)
class Episode:
    """From one opening to the next that came later than the window: places of its first and last line, and when it was resolved."""

    first: int
    last: int
    resolved_at: int | None
    resolved_by: int


def clocks(changes: Sequence[Change], extract: Extract | None, rules: Rules) -> Iterator[Clock]:
    """Both clocks of each episode that was resolved in the period, or was open at its end."""
    lines = sorted({change for change in changes if change.changed_at <= rules.as_at}, key=lambda line: (line.changed_at, line.sequence))
    is_logged = bool(lines)
    if not lines:
        if extract is None:
            return
        lines = list(_lines_of(extract))
    for number, episode in enumerate(episodes(lines, rules.window_us)):
        opened_at = lines[episode.first].changed_at
        if number == 0:
            told = [line.submitted_at for line in lines[: episode.last + 1] if line.submitted_at is not None]
            opened_at = min(told) if told else extract.submitted_at if extract is not None else opened_at
        if episode.resolved_at is not None and episode.resolved_at < rules.end_at:
            if episode.resolved_at >= rules.start_at:
                yield from _both(lines, episode, opened_at, extract, rules, is_logged=is_logged, is_resolved=True)
        elif opened_at < rules.seen_at:
            yield from _both(lines, episode, opened_at, extract, rules, is_logged=is_logged, is_resolved=False)


def episodes(lines: Sequence[Change], window_us: int) -> Iterator[Episode]:
    """The episodes of an Incident's lines in order. Saying again that it is over does not move its resolution."""
    first, over_by = 0, -1
    for place, line in enumerate(lines):
        if line.status in OVER:
            over_by = place if over_by < 0 else over_by
            continue
        if over_by >= 0 and line.changed_at - lines[over_by].changed_at > window_us:
            yield Episode(first, place - 1, lines[over_by].changed_at, over_by)
            first = place
        over_by = -1
    yield Episode(first, len(lines) - 1, lines[over_by].changed_at if over_by >= 0 else None, over_by)


def _both(
    lines: Sequence[Change], episode: Episode, opened_at: int, extract: Extract | None, rules: Rules, *, is_logged: bool, is_resolved: bool
) -> Iterator[Clock]:
    until_at = episode.resolved_at if is_resolved and episode.resolved_at is not None else rules.seen_at
    known = [line for line in lines[: episode.last + 1] if is_resolved or line.changed_at < rules.seen_at]
    own = known[episode.first :]
    owners = lines[: episode.resolved_by + 1] if is_resolved else known
    category = told_last(known, "category", extract) or 0
    exclusion = told_last(known, "exclusion", extract)
    is_cancelled = bool(known) and known[-1].status == "cancelled"
    of_dcc = told_last(known, "responsible_party", extract) != "user" and not exclusion and not is_cancelled
    answered = [line.changed_at for line in own if line.status not in ("new", "reopened")] if is_logged else []
    # Over, and nobody told when: an extract gave no line for its end.
    is_untold = not is_logged and extract is not None and extract.status in OVER and len(lines) == 1
    ends = {
        "initial_response": (min(answered, default=None), 0, "" if is_logged else "no_log"),
        "resolution": (
            until_at if is_resolved else None,
            stood_still(lines, range(episode.first, len(known)), (opened_at, until_at), rules.stops),
            "no_resolution_time" if is_untold else "",
        ),
    }
    for clock, (ended_at, stopped_us, unknown) in ends.items():
        span_us = (until_at if ended_at is None else ended_at) - opened_at - stopped_us
        target_us = rules.targets.get((category, clock))
        is_late = target_us is not None and span_us > target_us
        yield Clock(
            clock,
            category,
            told_last(owners, "resolver_group", extract) or "UNASSIGNED",
            of_dcc,
            is_resolved,
            target_us is not None,
            ended_at is not None and target_us is not None and not is_late,
            not is_resolved and is_late,
            told_last(known, "reported_met", extract),
            _regrades(lines[: episode.first], own) > 0,
            unknown or ("negative_span" if span_us < 0 else ""),
        )


def stood_still(lines: Sequence[Change], places: range, between: tuple[int, int], stops: frozenset[str]) -> int:
    """How long the resolution clock stood still: while waiting for a reason that stops it, and from a resolution to a re-opening."""
    opened_at, until_at = between
    stopped = 0
    for place in places:
        line = lines[place]
        if line.status in OVER or (line.status == "pending" and line.pending_reason in stops):
            following_at = lines[place + 1].changed_at if place + 1 < len(lines) else until_at
            stopped += max(min(following_at, until_at) - max(line.changed_at, opened_at), 0)
    return stopped


def _regrades(earlier: Sequence[Change], own: Sequence[Change]) -> int:
    """How often the category was changed, measured against the one held before, also by an earlier episode."""
    held = next((line.category for line in reversed(earlier) if line.category is not None), None)
    changed = 0
    for line in own:
        if line.category is not None:
            changed += held is not None and line.category != held
            held = line.category
    return changed


def told_last(lines: Sequence[Change], name: str, extract: Extract | None) -> Any:
    """What the last line that tells it says; else what the extract says."""
    for line in reversed(lines):
        if (found := getattr(line, name)) is not None:
            return found
    return getattr(extract, name) if extract is not None else None


def _lines_of(extract: Extract) -> Iterator[Change]:
    """What is known of an Incident without a log: its submission, and its end if the extract says when that was."""
    yield Change(extract.incident_id, extract.submitted_at, -1, "new", submitted_at=extract.submitted_at)
    over_at = extract.closed_at if extract.resolved_at is None else extract.resolved_at
    if extract.status in OVER and over_at is not None:
        yield Change(extract.incident_id, over_at, 0, extract.status)
