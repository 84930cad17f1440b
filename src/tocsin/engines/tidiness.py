"""Whether the cells of a piece need stripping."""

# Blanks other than the space; with one of them, or so many spaces, cells are stripped one by one.
_RARE_BLANKS = b"\t\x0b\x0c\x1c\x1d\x1e\x1f"
_SPACES_LOOKED_AT = 5000


def is_tidy(block: bytes, delimiter: bytes) -> bool:
    """Whether it is certain that no cell of whole lines has blanks around it. Looks at every space, unless there are many."""
    if not block.isascii() or any(blank in block for blank in _RARE_BLANKS if blank != delimiter[0]):
        return False
    edges = delimiter + b"\n"
    place = block.find(b" ")
    for _ in range(_SPACES_LOOKED_AT):
        if place < 0:
            return True
        if place == 0 or block[place - 1] in edges or block[place + 1] in edges:
            return False
        place = block.find(b" ", place + 1)
    return False
