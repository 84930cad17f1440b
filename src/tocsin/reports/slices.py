"""Quarter-hours of alerts, each on the shelf as soon as its last file is in (CR1418 and CR1438 ask for data every 15 minutes).

A slice is `store/slices/<month>/<quarter-hour>.parquet`, the rows of the journey `alert_slices` that began in it, and beside it a JSON file
that says what they rest on. Like all that is derived it can be made again from the basis; closing the month needs none of it.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from tocsin.deliveries.ledger import Basis, Delivery, Ledger
from tocsin.deliveries.slots import Expectation, Slot, owed, states
from tocsin.deliveries.store import Store
from tocsin.engines import Engine
from tocsin.engines.stored import join_parts, row_count, written_aside
from tocsin.feeds import all_feeds
from tocsin.journeys.alert_slices import ALERT_SLICES
from tocsin.reports.closing import Close, feeds_of, work_out
from tocsin.reports.run_store import ASIDE
from tocsin.vocabulary.calendar import Period, WorkingDays, moment
from tocsin.vocabulary.instants import QUARTER_HOUR_US

FEEDS = feeds_of(ALERT_SLICES)


@dataclass(frozen=True)
class SliceMeans:
    """What slices are made with, and who owes what of them."""

    engine: Engine
    store: Store
    reference: Path
    expectations: tuple[Expectation, ...]
    working_days: WorkingDays


@dataclass(frozen=True)
class SliceState:
    """A quarter-hour as it stands: the deliveries whose rows may lie in it, and whose file is missing ("CSPN alert_stages")."""

    slice_at: int
    deliveries: tuple[Delivery, ...]
    owed_count: int
    missing: tuple[str, ...]
    due_at: int | None
    # Some delivery covers the quarter-hour itself, and not its neighbours alone.
    is_told: bool

    @property
    def last_received_at(self) -> int:
        return max((delivery.received_at for delivery in self.deliveries), default=0)

    def is_to_close(self, at: int) -> bool:
        """Filled, or past its deadline: after that what there is, is shown, with what is missing."""
        if not self.deliveries or not (self.is_told or self.owed_count):
            return False
        return not self.missing or (self.due_at is not None and at >= self.due_at)


@dataclass(frozen=True)
class ClosedSlice:
    """A quarter-hour on the shelf."""

    state: SliceState
    path: Path
    rows: int


class SliceShelf:
    """The slices of a workspace: which stand, which are to be closed, and the closing of one."""

    def __init__(self, means: SliceMeans) -> None:
        self.means = means
        self._owed: dict[str, dict[int, list[Slot]]] = {}

    @cached_property
    def folder(self) -> Path:
        return self.means.store.root / "slices"

    def path_of(self, slice_at: int) -> Path:
        return self.folder / f"{moment(slice_at):%Y-%m}" / f"{moment(slice_at):%Y%m%dT%H%M}.parquet"

    def states(self, slices: Collection[int], ledger: Ledger, as_at: int) -> list[SliceState]:
        """How each of some quarter-hours stands at an instant, in order of time."""
        if not slices:
            return []
        around = (min(slices) - QUARTER_HOUR_US, max(slices) + 2 * QUARTER_HOUR_US)
        standing = ledger.basis(as_at, feeds=FEEDS, covering=around).deliveries
        by_slice = _by_slice(standing)
        return [self._state(slice_at, by_slice, as_at) for slice_at in sorted(slices)]

    def is_on_shelf(self, state: SliceState) -> bool:
        """Whether the slice rests on just these deliveries already."""
        told = self.path_of(state.slice_at).with_suffix(".json")
        if not told.is_file():
            return False
        return bool(json.loads(told.read_text(encoding="utf-8"))["deliveries"] == [d.delivery_no for d in state.deliveries])

    def take_off(self, state: SliceState) -> None:
        """Take a slice off the shelf that rests on a delivery which stands no more, and cannot be closed again yet: it would go on being
        read as what is known.
        """
        path = self.path_of(state.slice_at)
        told = path.with_suffix(".json")
        if not told.is_file():
            return
        standing = {delivery.delivery_no for delivery in state.deliveries}
        if not standing.issuperset(json.loads(told.read_text(encoding="utf-8"))["deliveries"]):
            # Its claim first: a slice without one is none.
            told.unlink()
            path.unlink(missing_ok=True)

    def close(self, state: SliceState, as_at: int) -> ClosedSlice:
        """Work a quarter-hour out and put it on the shelf: whole, or not at all. Raises EngineUnavailable."""
        basis = Basis(state.deliveries, "", self.means.store)
        between = (state.slice_at, state.slice_at + QUARTER_HOUR_US)
        close = Close(
            Period.of_instant(state.slice_at), as_at, basis, self.means.engine, self.means.store.root, self.means.reference, between=between
        )
        path = self.path_of(state.slice_at)
        with TemporaryDirectory(prefix=ASIDE, dir=self.means.store.root) as aside, written_aside(path) as new:
            join_parts(work_out(close, ALERT_SLICES, Path(aside)), new)
            rows = row_count(new)
        told = {
            "slice_at": f"{moment(state.slice_at):%Y-%m-%dT%H:%MZ}",
            "as_at": f"{moment(as_at):%Y-%m-%dT%H:%M:%SZ}",
            "owed": state.owed_count,
            "missing": state.missing,
            "deliveries": [delivery.delivery_no for delivery in state.deliveries],
        }
        # After the rows: a slice without this file, or with an older one, is closed again.
        with written_aside(path.with_suffix(".json")) as new:
            new.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        return ClosedSlice(state, path, rows)

    def _state(self, slice_at: int, by_slice: dict[int, list[Delivery]], as_at: int) -> SliceState:
        # A stamp may lie in the quarter-hour before or after its file's: clocks differ (domain.md 7.3).
        near = {d.delivery_no: d for at in _with_neighbours([slice_at]) for d in by_slice.get(at, ())}
        slots = self._slots_of(slice_at)
        unfilled = [
            found.slot
            for found in states(slots, near.values(), Period.of_instant(slice_at), as_at)
            if found.slot in slots and found.filled_at is None
        ]
        due = [slot.due_at for slot in slots if slot.due_at is not None]
        return SliceState(
            slice_at=slice_at,
            deliveries=tuple(near[number] for number in sorted(near)),
            owed_count=len(slots),
            missing=tuple(sorted(f"{slot.sender} {slot.feed}" for slot in unfilled)),
            due_at=max(due, default=None),
            is_told=slice_at in by_slice,
        )

    def _slots_of(self, slice_at: int) -> list[Slot]:
        period = Period.of_instant(slice_at)
        if period.label not in self._owed:
            mine = [one for one in self.means.expectations if one.feed in FEEDS and one.every == "quarter_hour"]
            self._owed[period.label] = {}
            for slot in owed(mine, all_feeds(), period, self.means.working_days, self.means.reference):
                self._owed[period.label].setdefault(slot.start_at, []).append(slot)
        return self._owed[period.label].get(slice_at, [])


def touched_slices(deliveries: Iterable[Delivery]) -> set[int]:
    """The quarter-hours in which rows of these deliveries may lie: those they cover and their neighbours."""
    return set(_with_neighbours(_by_slice(deliveries)))


def _by_slice(deliveries: Iterable[Delivery]) -> dict[int, list[Delivery]]:
    found: dict[int, list[Delivery]] = {}
    for delivery in deliveries:
        if delivery.feed in FEEDS and delivery.covers_start_at is not None and delivery.covers_end_at is not None:
            first = delivery.covers_start_at // QUARTER_HOUR_US * QUARTER_HOUR_US
            for slice_at in range(first, delivery.covers_end_at, QUARTER_HOUR_US):
                found.setdefault(slice_at, []).append(delivery)
    return found


def _with_neighbours(slices: Iterable[int]) -> list[int]:
    return [slice_at + step for slice_at in slices for step in (-QUARTER_HOUR_US, 0, QUARTER_HOUR_US)]
