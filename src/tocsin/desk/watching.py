"""Watching incoming/: what comes to rest is taken in, quarter-hours and days that fill are closed. The clock is the caller's."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

from tocsin.deliveries.entries import name_of
from tocsin.deliveries.intake import Receipt
from tocsin.deliveries.ledger import Delivery, Ledger
from tocsin.deliveries.resting import Resting
from tocsin.deliveries.slots import Slot, owed, states
from tocsin.deliveries.sums import digest_of
from tocsin.desk.month import (
    close_month,
    engine_at_hand,
    expectations_of,
    files_to_take,
    period_of,
    store_of,
    take_files_in,
    working_days_of,
)
from tocsin.desk.workspace import Workspace
from tocsin.feeds import all_feeds
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.run_store import months_of, read_run
from tocsin.reports.slices import ClosedSlice, SliceMeans, SliceShelf, SliceState, touched_slices
from tocsin.vocabulary.calendar import Period, moment
from tocsin.vocabulary.instants import DAY_US, QUARTER_HOUR_US, local_instant

# So many files a turn: a quarter-hour must not wait for a backlog of thousands to be taken in.
FILES_A_TURN = 100


@dataclass(frozen=True)
class Turn:
    """What one look at incoming/ led to. `is_waiting`: files are there that have not come to rest, or did not fit into this turn."""

    receipts: tuple[Receipt, ...] = ()
    slices: tuple[ClosedSlice, ...] = ()
    runs: tuple[FrozenRun, ...] = ()
    is_waiting: bool = False


@dataclass
class Watch:
    """A workspace that is watched, turn by turn. A turn may be cut short at any instant: the next, or the next watch, makes it good.

    `clock` gives the instant, microseconds UTC. With `is_closing_days` off only quarter-hours are closed.
    """

    workspace: Workspace
    clock: Callable[[], int]
    settle_us: int
    is_closing_days: bool = True
    _resting: Resting = field(init=False)
    _known_names: set[str] = field(init=False, default_factory=set)
    _slices: set[int] = field(init=False, default_factory=set)
    # Deliveries that no run has seen yet.
    _unseen: list[Delivery] = field(init=False, default_factory=list)
    # How many words about deliveries taken back, or restored, were heard; the months they concern that have a run of before.
    _heard: int = field(init=False, default=0)
    _anew: set[str] = field(init=False, default_factory=set)
    _shelf: SliceShelf = field(init=False)

    def __post_init__(self) -> None:
        """Take up what an earlier watch, or a take-in by hand, left to be closed."""
        self._resting = Resting(self.settle_us)
        store_of(self.workspace).make()
        self._shelf = SliceShelf(
            SliceMeans(
                # A quarter-hour is small and wanted at once: not a matter for a cluster.
                engine_at_hand(self.workspace),
                store_of(self.workspace),
                self.workspace.reference,
                tuple(expectations_of(self.workspace)),
                working_days_of(self.workspace),
            )
        )
        entered = [delivery for delivery in self._entered() if delivery.status != "refused"]
        self._known_names = {delivery.file_name for delivery in entered}
        accepted = [delivery for delivery in entered if delivery.status == "accepted"]
        self._slices = touched_slices(accepted)
        seen = {label: read_run(self.workspace.runs, period_of(self.workspace, label)).as_at for label in months_of(self.workspace.runs)}
        self._unseen = [one for one in accepted if any(one.received_at > seen.get(p.label, -1) for p in self._periods(one))]

    def turn(self) -> Turn:
        """One look: take in what is at rest, close the quarter-hours that are filled or due, and the months of days that are filled.

        Raises BadDeclaration where a Shape or setting is wrong, RefusedDelivery where another intake is at work, EngineUnavailable;
        whatever was done until then stands, and the next turn goes on.
        """
        self._hear()
        ready = self._resting.look(files_to_take(self.workspace, []), self.clock())
        batch = list(islice((file for file in ready if not self._is_entered(file)), FILES_A_TURN))
        receipts = take_files_in(self.workspace, batch, self.clock()) if batch else []
        for file in batch:
            self._resting.done(file)
        accepted = [receipt.delivery for receipt in receipts if receipt.status == "accepted"]
        self._slices |= touched_slices(accepted)
        self._unseen += accepted
        slices = tuple(self._close_slices())
        is_waiting = self._resting.is_waiting
        # A month is worked out whole: once behind a backlog, not once a batch of it.
        runs = tuple(self._close_months()) if self.is_closing_days and not is_waiting else ()
        return Turn(tuple(receipts), slices, runs, is_waiting)

    def _hear(self) -> None:
        """What was withdrawn or restored, before this watch or beside it: its quarter-hours and months are worked out anew."""
        ledger = Ledger(store_of(self.workspace))
        try:
            words = ledger.words()[self._heard :]
            concerned = [(word, ledger.delivery(word.delivery_no)) for word in words]
        finally:
            ledger.close()
        self._heard += len(words)
        labels = set(months_of(self.workspace.runs))
        for word, delivery in concerned:
            if delivery is not None:
                self._slices |= touched_slices([delivery])
                self._anew |= {
                    period.label
                    for period in self._periods(delivery)
                    if period.label in labels and read_run(self.workspace.runs, period).as_at < word.at
                }

    def _is_entered(self, file: Path) -> bool:
        """Whether these very bytes were taken in under this name before: a watch that begins again has the whole of incoming/ before it."""
        if name_of(file) in self._known_names:
            ledger = Ledger(store_of(self.workspace))
            try:
                found = any(one.file_name == name_of(file) and one.status != "refused" for one in ledger.with_digest(digest_of(file)))
            finally:
                ledger.close()
            if found:
                self._resting.done(file)
            return found
        return False

    def _close_slices(self) -> Iterable[ClosedSlice]:
        if not self._slices:
            return
        ledger = Ledger(store_of(self.workspace))
        try:
            known = self._shelf.states(self._slices, ledger, self.clock())
        finally:
            ledger.close()
        for state in known:
            is_to_close = state.is_to_close(self.clock())
            if not is_to_close:
                self._shelf.take_off(state)
            if self._is_done(state):
                self._slices.discard(state.slice_at)
            elif is_to_close:
                yield self._shelf.close(state, self.clock())
                self._slices.discard(state.slice_at)

    def _is_done(self, state: SliceState) -> bool:
        return self._shelf.is_on_shelf(state) or not (state.is_told or state.owed_count)

    def _close_months(self) -> Iterable[FrozenRun]:
        """A run of each month in which something came for a day that is filled: at once where it was filled before."""
        touched: dict[str, set[date]] = {}
        for delivery in self._unseen:
            for period in self._periods(delivery):
                touched.setdefault(period.label, set()).update(_days_of(delivery, period))
        for label in sorted({*touched, *self._anew}):
            days, period = touched.get(label, set()), period_of(self.workspace, label)
            if label in self._anew or days & self._filled_days(period, days):
                at = self.clock()
                yield close_month(self.workspace, period, at, at, lambda step: None)
                self._anew.discard(label)
                self._unseen = [one for one in self._unseen if label not in {p.label for p in self._periods(one)} or one.received_at > at]

    def _filled_days(self, period: Period, days: set[date]) -> set[date]:
        """Those of some days for which every owed daily file is in; where none is owed, any day of which something came."""
        slots = [
            slot
            for slot in owed(
                expectations_of(self.workspace), all_feeds(), period, working_days_of(self.workspace), self.workspace.reference
            )
            if QUARTER_HOUR_US < slot.end_at - slot.start_at < 2 * DAY_US
        ]
        by_day: dict[date, list[Slot]] = {}
        for slot in slots:
            by_day.setdefault(moment(slot.start_at + DAY_US // 2).date(), []).append(slot)
        wanted = [slot for day in days for slot in by_day.get(day, ())]
        found = states(wanted, self._entered(), period, self.clock()) if wanted else []
        open_days = {moment(one.slot.start_at + DAY_US // 2).date() for one in found if one.slot in wanted and one.filled_at is None}
        return days - open_days

    def _periods(self, delivery: Delivery) -> list[Period]:
        """The months that a delivery of days, or of a month, reaches into; none for a quarter-hour or an occasion."""
        start_at, end_at = delivery.covers_start_at, delivery.covers_end_at
        if start_at is None or end_at is None or end_at - start_at <= QUARTER_HOUR_US:
            return []
        found = [period_of(self.workspace, Period.of_instant(start_at).label)]
        while found[-1].end_at < end_at:
            found.append(found[-1].next())
        return [period for period in found if period.end_at > start_at]

    def _entered(self) -> tuple[Delivery, ...]:
        ledger = Ledger(store_of(self.workspace))
        try:
            return ledger.deliveries()
        finally:
            ledger.close()


def _days_of(delivery: Delivery, period: Period) -> set[date]:
    """The local days of a period that a delivery covers some of."""
    days = (period.first_on + timedelta(days=number) for number in range((period.last_on - period.first_on).days + 1))
    start_at, end_at = delivery.covers_start_at or 0, delivery.covers_end_at or 0
    return {
        day
        for day in days
        if local_instant(day, time(), period.zone) < end_at and local_instant(day + timedelta(days=1), time(), period.zone) > start_at
    }


def said_at(at: int) -> str:
    """An instant as a line of the watch begins with it."""
    return f"{datetime.fromtimestamp(at // 1_000_000, UTC):%H:%M:%SZ}"
