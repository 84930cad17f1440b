"""How a command ends that its surroundings stopped: nobody reads on, or a disk is full."""

import errno
import os
import select
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

# As a shell tells a tool that wrote to a pipe which nobody reads any more (128 and the number of SIGPIPE).
UNREAD = 141
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_OUT, _ERR = 1, 2


def is_unread() -> bool:
    """Whether whoever read standard output, or what is said beside it, has gone: `tocsin figures 2021-09 | head`.

    Rich has put standard output aside by the time it tells of it.
    """
    if os.path.samestat(os.fstat(_OUT), Path(os.devnull).stat()):
        return True
    watched = select.poll()
    for stream in (_OUT, _ERR):
        watched.register(stream, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in watched.poll(0))


def unwritten() -> OSError | None:
    """Why the last of standard output cannot be written, while it can still be told; else the interpreter says it in words of its own."""
    try:
        sys.stdout.flush()
    except OSError as problem:
        return problem
    return None


def end_unread() -> None:
    """Let the interpreter's last flush go nowhere: there is nobody to tell of it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (_OUT, _ERR):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def full_disk_words(problem: BaseException, asked: Sequence[str]) -> str:
    """Which folders have how much room left, and what to do, where a disk is full; nothing where that is not what went wrong.

    `asked` is the command line: an error while writing does not say which file it was about.
    """
    said = str(problem).lower()
    is_full = isinstance(problem, OSError) and problem.errno in _FULL
    if not (is_full or "no space left" in said or "disk is full" in said or "disk quota exceeded" in said):
        return ""
    named = getattr(problem, "filename", None)
    folders = [Path(named)] if isinstance(named, str) and named else []
    room = "; ".join(_room(folder) for folder in dict.fromkeys((*folders, _workspace(asked), Path(tempfile.gettempdir()))))
    return f"A disk is full. Room left: {room}. Make room, or move the workspace to a larger disk."


def _room(folder: Path) -> str:
    there = next((one for one in (folder, *folder.absolute().parents) if one.exists()), Path("/"))
    return f"{folder.absolute()} {shutil.disk_usage(there).free // 1_000_000:,} MB"


def _workspace(asked: Sequence[str]) -> Path:
    for place, word in enumerate(asked):
        if word in {"-w", "--workspace"} and place + 1 < len(asked):
            return Path(asked[place + 1])
        if word.startswith("--workspace="):
            return Path(word.partition("=")[2])
    return Path(os.environ.get("TOCSIN_WORKSPACE") or ".")
