"""Several deliveries at once on one machine: held to the contract side by side, and entered in the ledger one after another, in order."""

import shutil
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from threading import Event, Lock
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


class SideBySide:
    """Deliveries under way. Whatever is not asked for is gone when it is left."""

    def __init__(self, store: Store, means: Means, readings: Readings) -> None:
        self.folder, self.means, self.readings = store.deliveries / f"{ASIDE}ahead", means, readings.beside()
        self.pool = ThreadPoolExecutor(AT_ONCE)
        self.begun = count()
        self.waiting: list[tuple[int, int, Callable[[], None]]] = []
        self.is_left, self.telling = Event(), Lock()

    def __enter__(self) -> Self:
        self.folder.mkdir()
        return self

    def __exit__(self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None) -> None:
        self.is_left.set()
        self.pool.shutdown(wait=True, cancel_futures=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def begin(self, received: Received, progress: Callable[[int], None]) -> Future[Held]:
        """Hold a delivery to the contract beside others; of those that wait the largest is begun first, and small ones fill the gaps."""
        held: Future[Held] = Future()
        turn = next(self.begun)

        def hold() -> None:
            if held.set_running_or_notify_cancel():
                try:
                    held.set_result(self._held(received, self.folder / str(turn), progress))
                except BaseException as wrong:
                    held.set_exception(wrong)

        heappush(self.waiting, (-received.file.stat().st_size, turn, hold))
        self.pool.submit(self._largest)
        return held

    def _largest(self) -> None:
        heappop(self.waiting)[2]()

    def _held(self, received: Received, out: Path, progress: Callable[[int], None]) -> Held:
        out.mkdir()

        def told(lines: int) -> None:
            if self.is_left.is_set():
                raise EngineUnavailable("the intake was broken off; take the files in again.")
            with self.telling:
                progress(lines)

        try:
            return Held(out, hold_to(received, out, self.means, self.readings, told))
        except RefusedDelivery as wrong:
            shutil.rmtree(out, ignore_errors=True)
            return Held(out, Counts(), str(wrong))
