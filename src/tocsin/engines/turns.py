"""Pieces of several deliveries by turns through one pool of threads: a large delivery alone has all of it, and no core stands by."""

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, wait
from typing import TypeVar

Piece = TypeVar("Piece")


def by_turns(pool: Executor, ahead: int, take: Callable[[Piece], int], pieces: Iterable[Piece], progress: Callable[[int], None]) -> None:
    """Let the pool take every piece, `ahead` of them waiting or being taken while the next is made; `progress` hears of the lines done.

    Whatever goes wrong, no piece is being taken any more when this returns: the caller may remove what they are set down in.
    """
    under_way: deque[Future[int]] = deque()
    try:
        for piece in pieces:
            under_way.append(pool.submit(take, piece))
            if len(under_way) > ahead:
                progress(under_way.popleft().result())
        while under_way:
            progress(under_way.popleft().result())
    finally:
        for one in under_way:
            one.cancel()
        wait(under_way)
