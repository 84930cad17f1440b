"""Restatements: two runs of one month, figure by figure, and what came, went or was changed between them (architecture section 3)."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache

from tocsin.journeys import all_journeys
from tocsin.measuring.anonymity import nameless
from tocsin.measuring.differences import apart, apart_words
from tocsin.measuring.figures import Figure
from tocsin.reports.closing import feeds_of
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_received import DeliveryLine, WithdrawnLine
from tocsin.reports.frozen_restated import RestatedDelivery, RestatedFigure, RestatedMonth
from tocsin.reports.wording import instant_words, measure_label

# A run keeps so many of each list; `tocsin compare` gives them all.
LISTED_FIGURES, LISTED_DELIVERIES = 2_000, 5_000
# The most sentences of one kind: a workspace in which more assumptions differ has another table altogether.
_LISTED_SENTENCES = 20
_UNITS = ("percent", "seconds", "count")


def compared(old: FrozenRun, new: FrozenRun, *, listed: int | None = LISTED_FIGURES) -> RestatedMonth:
    """What a run tells otherwise than another run of the same month; `listed` figures and deliveries at most, all where None."""
    came, went = _apart(new.deliveries, old.deliveries), _apart(old.deliveries, new.deliveries)
    moved_feeds = {line.feed for line in (*came, *went)}
    by_name = ({figure.name: figure for figure in old.figures}, {figure.name: figure for figure in new.figures})
    pairs = [(by_name[0].get(name), by_name[1].get(name)) for name in dict.fromkeys((*by_name[1], *by_name[0]))]
    changed = [pair for pair in pairs if _numbers(pair[0]) != _numbers(pair[1])]
    hidden = {(one.subject, nameless(one.breakdown)) for run in (old, new) for one in run.figures if "suppressed" in one.marks}
    # Where one figure stands for parties that are not shown, those it stands for are figures of the other run alone.
    told = [pair for pair in changed if (_there(pair).subject, nameless(_there(pair).breakdown)) not in hidden]
    measures = {measure.name for measure in (*old.measures, *new.measures)}
    ranked = sorted(told, key=lambda pair: _rank(pair, measures))
    deliveries = list(_deliveries(came, went, old, new))
    resting = {feed for pair in changed for feed in _feeds(pair, moved_feeds)}
    meant = [line for line in deliveries if line.feed in resting]
    most = LISTED_DELIVERIES if listed is not None else None
    return RestatedMonth(
        month=new.period.label,
        old_run=old.run_id,
        new_run=new.run_id,
        old_as_at=old.as_at,
        new_as_at=new.as_at,
        figures=tuple(_figure(pair, moved_feeds) for pair in ranked[:listed]),
        figure_count=len(told),
        status_count=sum(a is not None and b is not None and a.status != b.status for a, b in told),
        appeared_count=sum(a is None for a, _ in told),
        vanished_count=sum(b is None for _, b in told),
        suppressed_count=len(changed) - len(told),
        deliveries=tuple(meant[:most]),
        delivery_count=len(meant),
        others=len(deliveries) - len(meant),
        because=tuple(_because(old, new)),
    )


Pair = tuple[Figure | None, Figure | None]


def _numbers(figure: Figure | None) -> tuple[object, ...] | None:
    """What makes two figures of one name different; their words and predicates may be put better without that."""
    if figure is None:
        return None
    return figure.status, figure.counted, figure.met, figure.value, figure.target, figure.minimum, "suppressed" in figure.marks


def _there(pair: Pair) -> Figure:
    figure = pair[1] or pair[0]
    assert figure is not None
    return figure


def _rank(pair: Pair, measures: set[str]) -> tuple[int, int, Fraction, str]:
    """Code Performance Measures before all else, wholes before parts, another status before another number; then by how far apart."""
    figure = _there(pair)
    is_judged_otherwise = pair[0] is not None and pair[1] is not None and pair[0].status != pair[1].status
    place = 4 * (figure.subject not in measures) + 2 * bool(figure.breakdown) + (not is_judged_otherwise)
    far = _apart_of(pair)
    return place, _UNITS.index(figure.unit), -abs(far) if far is not None else Fraction(0), figure.name


def _apart_of(pair: Pair) -> Fraction | None:
    old, new = pair
    return apart(old, new) if old is not None and new is not None else None


def _figure(pair: Pair, moved_feeds: set[str]) -> RestatedFigure:
    (old, new), figure, far = pair, _there(pair), _apart_of(pair)
    return RestatedFigure(
        name=figure.name,
        subject=figure.subject,
        indicator=figure.indicator,
        breakdown=figure.breakdown,
        unit=figure.unit,
        old_shown=old.shown if old else "",
        new_shown=new.shown if new else "",
        old_status=old.status if old else "",
        new_status=new.status if new else "",
        old_counted=old.counted if old else None,
        new_counted=new.counted if new else None,
        old_met=old.met if old else None,
        new_met=new.met if new else None,
        apart=apart_words(far, figure.unit) if far is not None else "",
        feeds=_feeds(pair, moved_feeds),
    )


def _feeds(pair: Pair, moved: set[str]) -> tuple[str, ...]:
    """Of the feeds that differ between the runs, those which the figure's journeys are made of."""
    return tuple(feed for feed in _made_of(_there(pair).journey) if feed in moved)


@cache
def _made_of(journey: str) -> tuple[str, ...]:
    found = all_journeys().get(journey)
    return feeds_of(found) if found is not None else ()


def _apart(of: Iterable[DeliveryLine], without: Iterable[DeliveryLine]) -> list[DeliveryLine]:
    known = {line.delivery_id for line in without}
    return [line for line in of if line.delivery_id not in known]


def _deliveries(came: list[DeliveryLine], went: list[DeliveryLine], old: FrozenRun, new: FrozenRun) -> Iterator[RestatedDelivery]:
    taken_back, restored = ({line.delivery_id: line for line in run.withdrawn} for run in (new, old))
    stands = {line.delivery_id: line.stands for line in new.superseded} | {name: line.stands for name, line in taken_back.items()}
    replaced = {other: went_id for went_id, other in stands.items()}
    for side, lines, other in (("came", came, replaced), ("went", went, stands)):
        for line in lines:
            told = (line.delivery_id, line.feed, line.sender, line.covers, line.submission, line.received_at)
            beside = other.get(line.delivery_id, "")
            if side == "came":
                why = "withdrawn before, and restored since" if line.delivery_id in restored else _withdrawn(taken_back.get(beside), beside)
            else:
                why = _withdrawn(taken_back.get(line.delivery_id))
            yield RestatedDelivery(side, *told, beside, why)


def _withdrawn(line: WithdrawnLine | None, named: str = "") -> str:
    """That a delivery was taken back: when, by whom and why; nothing where it was not."""
    return f"{named} withdrawn {instant_words(line.withdrawn_at)} by {line.by}: {line.reason}".strip() if line is not None else ""


def _because(old: FrozenRun, new: FrozenRun) -> Iterator[str]:
    for what, was, is_now in (
        ("Software version", old.code_version, new.code_version),
        ("Time zone", old.period.zone, new.period.zone),
    ):
        if was != is_now:
            yield f"{what}: {was}, now {is_now}."
    texts = {measure.name: measure for measure in new.measures}
    for before in old.measures:
        now = texts.get(before.name, before)
        if (before.counted_predicate, before.met_predicate) != (now.counted_predicate, now.met_predicate):
            yield f"{measure_label(now.name)}: defined otherwise."
        if (before.target, before.minimum) != (now.target, now.minimum):
            yield f"{measure_label(now.name)}: target {before.target}, minimum {before.minimum}; now {now.target} and {now.minimum}."
    yield from _taken_back(old, new)
    yield from _assumptions(_assumed(old), _assumed(new))


def _taken_back(old: FrozenRun, new: FrozenRun) -> Iterator[str]:
    """Why deliveries of the old run stand no more, where somebody took them back."""
    own = {line.delivery_id for line in old.deliveries}
    lines = [line for line in new.withdrawn if line.delivery_id in own]
    for line in lines[:_LISTED_SENTENCES]:
        yield f"Delivery {line.delivery_id} of {line.sender}: {_withdrawn(line).rstrip('.')}."
    if len(lines) > _LISTED_SENTENCES:
        yield f"{len(lines) - _LISTED_SENTENCES} further deliveries were withdrawn."


def _assumed(run: FrozenRun) -> dict[tuple[str, str], str]:
    return {(line.table, line.key): line.value for line in run.assumptions}


def _assumptions(old: Mapping[tuple[str, str], str], new: Mapping[tuple[str, str], str]) -> Iterator[str]:
    changed = [key for key in old if key in new and old[key] != new[key]]
    for key in changed[:_LISTED_SENTENCES]:
        yield f"Assumption {' '.join(key)}: {old[key]}; now {new[key]}."
    if len(changed) > _LISTED_SENTENCES:
        yield f"{len(changed) - _LISTED_SENTENCES} further assumptions have another value."
    if fresh := len(new.keys() - old.keys()):
        yield f"{fresh} assumptions are in force that were not."
    if past := len(old.keys() - new.keys()):
        yield f"{past} assumptions are in force no more, or are verified by now."
