"""SQL texts that were found good before, remembered as Python remembers what it has compiled: beside the module, by what they rest on.

To take the dozen texts of the Service Requests apart takes a quarter of a second of every start, and they change with the code alone. What
is remembered is only that a text was found good, by a digest of it, of all it may ask for and of the rules; a refused text is refused
anew each time. Where the folder takes no files, or Python is told to write none, every start looks anew.
"""

import os
import sys
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path

# A shorter text is looked at as quickly as the list of the others.
WORTH_REMEMBERING = 1_000


def digest_of(*told: object) -> str:
    """What a text was found good by, in short."""
    return sha256(repr(told).encode()).hexdigest()


def is_remembered(digest: str, rules: str) -> bool:
    return digest in _remembered(_file(rules))


def remember(digest: str, rules: str) -> None:
    """A line more; several processes may write side by side, and a torn line is a digest of nothing."""
    file = _file(rules)
    _remembered(file).add(digest)
    if not sys.dont_write_bytecode:
        with suppress(OSError):
            file.parent.mkdir(exist_ok=True)
            with file.open("a", encoding="ascii") as lines:
                lines.write(f"{digest}{os.linesep}")


@cache
def _remembered(file: Path) -> set[str]:
    try:
        return set(file.read_text(encoding="ascii", errors="replace").split())
    except OSError:
        return set()


def _file(rules: str) -> Path:
    """One for each set of rules: what other rules found good is not looked at."""
    return Path(cache_from_source(__file__)).with_name(f"found_good.{rules[:32]}.txt")
