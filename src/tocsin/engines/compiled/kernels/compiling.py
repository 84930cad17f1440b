"""How the kernels are compiled: without Python's lock, and kept on the disk for the next process."""

from collections.abc import Callable
from typing import Any

import numba

# Kernels index by unsigned numbers where they can: a signed one is looked at for counting from the end.
OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function over arrays in machine code. Numba keeps it beside the module, in NUMBA_CACHE_DIR or in the user's own cache."""
    try:
        compiled: Callable[..., Any] = numba.njit(cache=True, **OPTIONS)(function)
    except RuntimeError:
        # A read-only installation of a user without a home: each process compiles for itself.
        compiled = numba.njit(**OPTIONS)(function)
    return compiled
