"""Keeping a received file: copied by digest, fsynced, renamed; and the lock that lets one intake work at a time."""

import errno
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tocsin.deliveries.store import Store
from tocsin.vocabulary.errors import RefusedDelivery

BLOCK = 4 << 20
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def keep(file: Path, store: Store) -> str:
    """Copy a received file into the store and give its SHA-256. The file itself is left where it is.

    Raises RefusedDelivery for a file that changes while it is read, or cannot be read; OSError naming the store where its disk is full.
    """
    aside = store.raw / f".aside-{os.getpid()}"
    digest, copied = hashlib.sha256(), 0
    try:
        before = _state(file)
        with file.open("rb") as received, aside.open("wb") as kept:
            # Not past the size it had: a sender that writes as fast as we read would never let us finish.
            while copied <= before[0] and (block := received.read(BLOCK)):
                digest.update(block)
                kept.write(block)
                copied += len(block)
            kept.flush()
            os.fsync(kept.fileno())
        after = _state(file)
        if before != after or copied != after[0]:
            raise RefusedDelivery(
                f"the file changed while it was read: {before[0]} bytes were expected, found {copied} read and {after[0]} there now."
                " It is still being written and was left where it is; take it in again when the sender has finished, or let the sender"
                " write under another name and rename."
            )
        aside.replace(store.raw_file(digest.hexdigest()))
        synced(store.raw)
    except OSError as wrong:
        if wrong.errno in FULL:
            # Not the file's fault: nothing is said of it in the ledger.
            raise OSError(wrong.errno, wrong.strerror, str(store.raw)) from wrong
        raise RefusedDelivery(f"the file cannot be read ({wrong}). Check that it is there and may be read.") from wrong
    finally:
        aside.unlink(missing_ok=True)
    return digest.hexdigest()


def _state(file: Path) -> tuple[int, ...]:
    state = file.stat()
    return state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino


def synced(folder: Path) -> None:
    """Make renames in a folder survive a loss of power."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def sync_files(folder: Path) -> None:
    """Make the files of a folder, and the folder, survive a loss of power."""
    for file in folder.iterdir():
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
    synced(folder)


@contextmanager
def one_at_a_time(store: Store) -> Iterator[None]:
    """Hold the intake's lock. Raises RefusedDelivery when another intake of this store is at work; readers need no lock."""
    with (store.root / "intake.lock").open("w") as lock:
        try:
            # The kernel lets go of it whatever way the process ends: a lock can never be left behind.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as wrong:
            raise RefusedDelivery(f"another intake is at work on {store.root}. Nothing was taken in; run again when it is done.") from wrong
        yield
