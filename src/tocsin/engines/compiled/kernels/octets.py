"""Eight bytes at a time, as one number of 64 bits; the first byte is the lowest."""

import numpy as np

from tocsin.engines.compiled.kernels.compiling import kernel

EACH = np.uint64(0x0101010101010101)
LOW = np.uint64(0x7F7F7F7F7F7F7F7F)
HIGH = np.uint64(0x8080808080808080)
GATHER = np.uint64(0x0102040810204080)
# Added to a byte below 0x80 these set its high bit from "a" on, and from the byte after "z" on.
FROM_A = np.uint64(0x1F1F1F1F1F1F1F1F)
PAST_Z = np.uint64(0x0505050505050505)


@kernel
def eight(text, at):
    """The eight bytes from `at` on. The caller knows that they are there."""
    at = np.uint64(at)
    # Written out so that the compiler sees one load.
    return (
        np.uint64(text[at])
        | (np.uint64(text[at + np.uint64(1)]) << np.uint64(8))
        | (np.uint64(text[at + np.uint64(2)]) << np.uint64(16))
        | (np.uint64(text[at + np.uint64(3)]) << np.uint64(24))
        | (np.uint64(text[at + np.uint64(4)]) << np.uint64(32))
        | (np.uint64(text[at + np.uint64(5)]) << np.uint64(40))
        | (np.uint64(text[at + np.uint64(6)]) << np.uint64(48))
        | (np.uint64(text[at + np.uint64(7)]) << np.uint64(56))
    )


@kernel
def kept(word, count):
    """The first `count` bytes of a word (0 to 8), the rest made 0."""
    if count >= 8:
        return word
    return word & ((np.uint64(1) << np.uint64(8 * count)) - np.uint64(1))


@kernel
def zeros(word):
    """The high bit of each byte that is 0, all other bits 0; exact, without a carry from byte to byte."""
    return ~(((word & LOW) + LOW) | word | LOW)


@kernel
def upper(word):
    """A word of bytes below 0x80 in capitals."""
    small = (word + FROM_A) & ~(word + PAST_Z) & HIGH
    return word - (small >> np.uint64(2))
