"""Pieces of several deliveries by turns through one pool of threads: a large delivery alone has all of it, and no core stands by."""

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from heapq import heappop, heappush
from itertools import count
from typing import ParamSpec, TypeVar

Piece = TypeVar("Piece")
Told = TypeVar("Told")
Given = ParamSpec("Given")


class Turns:
    """A pool of threads for several deliveries: the pieces of whichever began first go first, those behind it fill the gaps.

    Read evenly, two large deliveries would come to their end together, where each has work for a core and a half and no lines to read:
    so the one is being read while the other is written.
    """

    def __init__(self, pool: Executor) -> None:
        self.pool, self.begun, self.submitted = pool, count(), count()
        self.waiting: list[tuple[int, int, Callable[[], None]]] = []

    def next(self) -> Executor:
        """The pool as one more delivery sees it."""
        return _Turn(self, next(self.begun))

    def first(self) -> None:
        """Take the piece whose turn it is: there is one for each time that this is asked for."""
        heappop(self.waiting)[2]()


class _Turn(Executor):
    def __init__(self, turns: Turns, place: int) -> None:
        self.turns, self.place = turns, place

    def submit(self, fn: Callable[Given, Told], /, *args: Given.args, **kwargs: Given.kwargs) -> Future[Told]:
        future: Future[Told] = Future()

        def take() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(fn(*args, **kwargs))
                except BaseException as wrong:
                    future.set_exception(wrong)

        heappush(self.turns.waiting, (self.place, next(self.turns.submitted), take))
        self.turns.pool.submit(self.turns.first)
        return future


def by_turns(pool: Executor, ahead: int, take: Callable[[Piece], int], pieces: Iterable[Piece], progress: Callable[[int], None]) -> None:
    """Let the pool take every piece, `ahead` of them waiting or being taken while the next is made; `progress` hears of the lines done,
    whichever piece they are of: one that takes long (a run of rows to be sorted) keeps no thread from those behind it.

    Whatever goes wrong, no piece is being taken any more when this returns: the caller may remove what they are set down in.
    """
    under_way: set[Future[int]] = set()

    def told(most: int) -> None:
        """Go on when at most so many are under way."""
        nonlocal under_way
        while len(under_way) > most:
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            for one in done:
                progress(one.result())

    try:
        for piece in pieces:
            under_way.add(pool.submit(take, piece))
            told(ahead)
        told(0)
    finally:
        for one in under_way:
            one.cancel()
        wait(under_way)
