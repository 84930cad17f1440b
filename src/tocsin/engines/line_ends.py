"""How many lines a piece has: asked of every byte of a delivery, so by the quickest means there are."""

from tocsin.engines import volume

# Of less, Python's own count is done before a kernel is begun.
_LARGE = 1 << 20


def line_count(block: bytes) -> int:
    """The line ends in a block."""
    if len(block) < _LARGE or not volume.is_loaded():
        return block.count(b"\n")
    import numpy as np

    from tocsin.engines.compiled.kernels.lines import line_ends

    whole = len(block) // 8 * 8
    return int(line_ends(np.frombuffer(block, np.uint64, whole // 8))) + block.count(b"\n", whole)
