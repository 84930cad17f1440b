"""Several deliveries at once on one machine: held to the contract side by side, and entered in the ledger one after another, in order."""

import shutil
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Lock
from types import TracebackType
from typing import Self

from tocsin.deliveries.contract import Means, Received, hold_to
from tocsin.deliveries.spreading import Held
from tocsin.deliveries.store import ASIDE, Store
from tocsin.engines.pieces import Counts
from tocsin.engines.reading import Readings
from tocsin.vocabulary.errors import EngineUnavailable, RefusedDelivery

# So many deliveries are being read at a time, and one more is ready, so that the ledger's syncing to disk keeps no core waiting.
AT_ONCE, READY = 2, 1


class SideBySide:
    """Deliveries under way. Whatever is not asked for is gone when it is left."""

    def __init__(self, store: Store, means: Means, readings: Readings) -> None:
        self.folder, self.means = store.deliveries / f"{ASIDE}ahead", means
        # A second thread for each would only get in the way of the other delivery.
        self.readings = Readings(readings.connection, max(1, means.threads // AT_ONCE))
        self.pool = ThreadPoolExecutor(AT_ONCE)
        self.is_left, self.telling = Event(), Lock()

    def __enter__(self) -> Self:
        self.folder.mkdir()
        return self

    def __exit__(self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None) -> None:
        self.is_left.set()
        self.pool.shutdown(wait=True, cancel_futures=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def begin(self, received: Received, progress: Callable[[int], None]) -> Future[Held]:
        """Hold a delivery to the contract in a thread of its own."""
        return self.pool.submit(self._held, received, progress)

    def _held(self, received: Received, progress: Callable[[int], None]) -> Held:
        out = self.folder / str(received.delivery_no)
        # One of the same number was begun for nothing: a delivery before it was not entered after all.
        shutil.rmtree(out, ignore_errors=True)
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
