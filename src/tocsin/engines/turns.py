"""Pieces of several deliveries by turns through one pool of threads: a large delivery alone has all of it, and no core stands by."""

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import TypeVar

Piece = TypeVar("Piece")


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
