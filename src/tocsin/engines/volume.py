"""Whether the extra `tocsin[volume]` is installed: compiled reading of large files (docs/decisions/0012). Without it nothing is lacking."""

import sys
from functools import cache
from importlib.util import find_spec

from tocsin.vocabulary.errors import EngineUnavailable

_NEEDED = ("numba", "numpy", "pyarrow")


@cache
def is_installed() -> bool:
    """Whether rows can be read in compiled code here."""
    return all(find_spec(name) is not None for name in _NEEDED)


def is_loaded() -> bool:
    """Whether kernels stand ready in this process."""
    return "tocsin.engines.compiled.kernels.lines" in sys.modules


def is_asked(compiled: bool | None) -> bool:
    """Whether they are to be: by the wish, or where it is None by what is installed. Raises EngineUnavailable."""
    if compiled and not is_installed():
        missing = ", ".join(name for name in _NEEDED if find_spec(name) is None)
        raise EngineUnavailable(
            f'[intake] compiled = "on" was asked for, and {missing} is not installed: install tocsin[volume], or say "auto" in'
            " workspace.toml."
        )
    return is_installed() if compiled is None else compiled
