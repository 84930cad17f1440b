"""How many lines a piece has, and what else stands in it: asked of every byte of a delivery, so by the quickest means there are."""

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


def ends_and_quotes(block: bytes) -> tuple[int, bool]:
    """How many line ends there are in a block, and whether a quotation mark is."""
    if len(block) < _LARGE or not volume.is_loaded():
        return block.count(b"\n"), b'"' in block
    import numpy as np

    from tocsin.engines.compiled.kernels import lines

    whole = len(block) // 64 * 64
    count, has_quotes = lines.ends_and_quotes(np.frombuffer(block, np.uint8), whole)
    return int(count) + block.count(b"\n", whole), bool(has_quotes) or block.find(b'"', whole) >= 0


def is_plain(block: bytes) -> bool:
    """Whether a block was found to be ASCII with neither a NUL nor a carriage return; of a small one nothing is known."""
    if len(block) < _LARGE or not volume.is_loaded():
        return False
    import numpy as np

    from tocsin.engines.compiled.kernels import lines

    whole = len(block) // 64 * 64
    text = np.frombuffer(block, np.uint8)
    text.flags.writeable = False
    rest = bytes(text[whole:])
    return bool(lines.is_plain(text, whole)) and rest.isascii() and b"\0" not in rest and b"\r" not in rest
