"""Several deliveries at once on one machine: held to the contract side by side, and entered in the ledger one after another, in order."""

import shutil
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from threading import Condition, Event, Lock
from types import TracebackType
from typing import Self

from tocsin.deliveries.contract import Means, Received, hold_to
from tocsin.deliveries.spreading import Held
from tocsin.deliveries.store import ASIDE, Store
from tocsin.engines.pieces import Counts
from tocsin.engines.reading import Readings
from tocsin.vocabulary.errors import EngineUnavailable, RefusedDelivery

# So many deliveries are being read at a time. Of a quarter-hour's ten files one holds four fifths of the rows: while the ledger waits
# for it those behind it are read, so many at most; an intake that is killed has to read as many again.
AT_ONCE, UNDER_WAY = 2, 16
# Of a delivery of this size (packed) the lines keep every core busy for many seconds.
LARGE = 256 << 20


class SideBySide:
    """Deliveries under way. Whatever is not asked for is gone when it is left."""

    def __init__(self, store: Store, means: Means, readings: Readings) -> None:
        self.folder, self.means, self.readings = store.deliveries / f"{ASIDE}ahead", means, readings.beside()
        self.pool = ThreadPoolExecutor(AT_ONCE)
        self.begun = count()
        self.waiting: list[tuple[int, int, Callable[[], None]]] = []
        # The sizes of those whose lines are being read.
        self.being_read: dict[int, int] = {}
        self.beginning = Condition()
        self.is_left, self.telling = Event(), Lock()

    def __enter__(self) -> Self:
        self.folder.mkdir()
        return self

    def __exit__(self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None) -> None:
        self.is_left.set()
        with self.beginning:
            self.beginning.notify_all()
        self.pool.shutdown(wait=True, cancel_futures=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def begin(self, received: Received, progress: Callable[[int], None]) -> Future[Held]:
        """Hold a delivery to the contract beside others; of those that wait the largest is begun first, and small ones fill the gaps."""
        held: Future[Held] = Future()
        turn, size = next(self.begun), received.file.stat().st_size

        def hold() -> None:
            try:
                if held.set_running_or_notify_cancel():
                    readings = self.readings.heard(lambda: self._was_read(turn))
                    held.set_result(self._held(received, self.folder / str(turn), readings, progress))
            except BaseException as wrong:
                held.set_exception(wrong)
            finally:
                self._was_read(turn)

        with self.beginning:
            heappush(self.waiting, (-size, turn, hold))
            self.beginning.notify_all()
        self.pool.submit(self._largest)
        return held

    def _largest(self) -> None:
        with self.beginning:
            self.beginning.wait_for(self._may_begin)
            if self.is_left.is_set():
                return
            size, turn, hold = heappop(self.waiting)
            self.being_read[turn] = -size
        hold()

    def _may_begin(self) -> bool:
        """Not while a large one is being read that outweighs all that wait: its lines keep every core busy, its writing does not (1.4 of
        two), and what is begun only then fills the gaps.
        """
        largest = max(self.being_read.values(), default=0)
        return self.is_left.is_set() or largest < LARGE or largest <= sum(-size for size, _, _ in self.waiting)

    def _was_read(self, turn: int) -> None:
        with self.beginning:
            self.being_read.pop(turn, None)
            self.beginning.notify_all()

    def _held(self, received: Received, out: Path, readings: Readings, progress: Callable[[int], None]) -> Held:
        out.mkdir()

        def told(lines: int) -> None:
            if self.is_left.is_set():
                raise EngineUnavailable("the intake was broken off; take the files in again.")
            with self.telling:
                progress(lines)

        try:
            return Held(out, hold_to(received, out, self.means, readings, told))
        except RefusedDelivery as wrong:
            shutil.rmtree(out, ignore_errors=True)
            return Held(out, Counts(), str(wrong))
