"""Pieces by turns: all taken and told, none kept waiting by a slow one, and none at work when something went wrong."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tocsin.engines.turns import Turns, by_turns


def test_every_piece_is_taken_and_told() -> None:
    told: list[int] = []
    with ThreadPoolExecutor(3) as pool:
        by_turns(pool, 2, lambda piece: piece * 10, range(50), told.append)
    assert sorted(told) == [piece * 10 for piece in range(50)]


def test_a_slow_piece_keeps_no_thread_from_those_behind_it() -> None:
    """A piece that ends a run of rows sorts them: half a second in which others are read."""
    told: list[int] = []
    last = threading.Event()

    def take(piece: int) -> int:
        if piece == 0:
            assert last.wait(60)
        if piece == 19:
            last.set()
        return piece

    with ThreadPoolExecutor(2) as pool:
        by_turns(pool, 2, take, range(20), told.append)
    assert (sorted(told), told[0]) == (list(range(20)), 1)


def test_two_readers_share_one_pool() -> None:
    """Neither waits for the other to be done: their pieces meet in the pool."""
    met = threading.Barrier(2, timeout=60)

    def take(piece: int) -> int:
        met.wait()
        return piece

    with ThreadPoolExecutor(2) as pool:
        readers = [threading.Thread(target=by_turns, args=(pool, 1, take, range(3), lambda lines: None)) for _ in range(2)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join(60)
    assert not met.broken


def test_the_pieces_of_whoever_began_first_go_first() -> None:
    taken: list[str] = []
    go_on = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        turns = Turns(pool)
        first, second = turns.next(), turns.next()
        # While the one thread is held up, pieces of both come to wait.
        under_way = [first.submit(go_on.wait, 60)]
        under_way += [second.submit(taken.append, "second") for _ in range(3)]
        under_way += [first.submit(taken.append, "first") for _ in range(3)]
        go_on.set()
        for one in under_way:
            one.result(60)
    assert taken == ["first"] * 3 + ["second"] * 3


def test_what_goes_wrong_with_a_piece_is_told_and_keeps_no_turn() -> None:
    with ThreadPoolExecutor(1) as pool:
        turn = Turns(pool).next()
        with pytest.raises(ZeroDivisionError):
            turn.submit(lambda: 1 // 0).result(60)
        assert turn.submit(lambda: 7).result(60) == 7


@pytest.mark.parametrize("where", ["pieces", "take"])
def test_none_is_at_work_when_something_went_wrong(where: str) -> None:
    begun, go_on = threading.Event(), threading.Event()
    done: list[int] = []

    def pieces() -> Iterator[int]:
        yield 1
        yield 2
        assert begun.wait(60)
        threading.Timer(0.05, go_on.set).start()
        if where == "pieces":
            raise OSError
        yield 3

    def take(piece: int) -> int:
        if piece == 1 and where == "take":
            begun.wait(60)
            raise OSError
        if piece < 3:
            begun.set()
            assert go_on.wait(60)
        done.append(piece)
        return piece

    with ThreadPoolExecutor(2) as pool:
        with pytest.raises(OSError):
            by_turns(pool, 2, take, pieces(), lambda lines: None)
        assert 2 in done
