"""MD5 of many short texts at once: the steps of one text wait for one another, those of sixteen side by side do not (RFC 1321)."""

import numpy as np

from tocsin.engines.compiled.kernels.compiling import kernel

LANES = 32
# Two halves of the lanes in each turn of the loop: while a step of the one waits for the step before it, the other is worked on.
HALF = LANES // 2
# A constant of that type: handed on as a plain number, each would have its steps compiled for it alone.
U = np.uint32


@kernel
def turned(a, b, mixed, word, constant, shift):
    """The end of every step: add, turn to the left, add."""
    total = np.uint32(a + mixed + word + constant)
    return np.uint32(b + np.uint32((total << shift) | (total >> np.uint32(U(32) - shift))))


@kernel
def choose(a, b, c, d, word, constant, shift):
    """A step of round 1."""
    return turned(a, b, U(d ^ (b & (c ^ d))), word, constant, shift)


@kernel
def weave(a, b, c, d, word, constant, shift):
    """A step of round 2."""
    return turned(a, b, U(c ^ (d & (b ^ c))), word, constant, shift)


@kernel
def parity(a, b, c, d, word, constant, shift):
    """A step of round 3."""
    return turned(a, b, U(b ^ c ^ d), word, constant, shift)


@kernel
def lean(a, b, c, d, word, constant, shift):
    """A step of round 4."""
    return turned(a, b, U(c ^ (b | ~d)), word, constant, shift)


@kernel
def begun(state):
    """The state before the first 64 bytes."""
    for lane in range(LANES):
        state[lane], state[LANES + lane], state[2 * LANES + lane], state[3 * LANES + lane] = 0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476


@kernel
def digested(words, first, state):
    """Take the 16 words from `first` on of each lane into its state. words[word * LANES + lane], state[0 to 3 * LANES + lane]."""
    for lane in range(HALF):
        at, other = first * LANES + lane, first * LANES + lane + HALF
        a, b, c, d = state[lane], state[LANES + lane], state[2 * LANES + lane], state[3 * LANES + lane]
        e, f, g, h = state[HALF + lane], state[LANES + HALF + lane], state[2 * LANES + HALF + lane], state[3 * LANES + HALF + lane]
        a = choose(a, b, c, d, words[at], U(0xD76AA478), U(7))
        e = choose(e, f, g, h, words[other], U(0xD76AA478), U(7))
        d = choose(d, a, b, c, words[at + LANES], U(0xE8C7B756), U(12))
        h = choose(h, e, f, g, words[other + LANES], U(0xE8C7B756), U(12))
        c = choose(c, d, a, b, words[at + 2 * LANES], U(0x242070DB), U(17))
        g = choose(g, h, e, f, words[other + 2 * LANES], U(0x242070DB), U(17))
        b = choose(b, c, d, a, words[at + 3 * LANES], U(0xC1BDCEEE), U(22))
        f = choose(f, g, h, e, words[other + 3 * LANES], U(0xC1BDCEEE), U(22))
        a = choose(a, b, c, d, words[at + 4 * LANES], U(0xF57C0FAF), U(7))
        e = choose(e, f, g, h, words[other + 4 * LANES], U(0xF57C0FAF), U(7))
        d = choose(d, a, b, c, words[at + 5 * LANES], U(0x4787C62A), U(12))
        h = choose(h, e, f, g, words[other + 5 * LANES], U(0x4787C62A), U(12))
        c = choose(c, d, a, b, words[at + 6 * LANES], U(0xA8304613), U(17))
        g = choose(g, h, e, f, words[other + 6 * LANES], U(0xA8304613), U(17))
        b = choose(b, c, d, a, words[at + 7 * LANES], U(0xFD469501), U(22))
        f = choose(f, g, h, e, words[other + 7 * LANES], U(0xFD469501), U(22))
        a = choose(a, b, c, d, words[at + 8 * LANES], U(0x698098D8), U(7))
        e = choose(e, f, g, h, words[other + 8 * LANES], U(0x698098D8), U(7))
        d = choose(d, a, b, c, words[at + 9 * LANES], U(0x8B44F7AF), U(12))
        h = choose(h, e, f, g, words[other + 9 * LANES], U(0x8B44F7AF), U(12))
        c = choose(c, d, a, b, words[at + 10 * LANES], U(0xFFFF5BB1), U(17))
        g = choose(g, h, e, f, words[other + 10 * LANES], U(0xFFFF5BB1), U(17))
        b = choose(b, c, d, a, words[at + 11 * LANES], U(0x895CD7BE), U(22))
        f = choose(f, g, h, e, words[other + 11 * LANES], U(0x895CD7BE), U(22))
        a = choose(a, b, c, d, words[at + 12 * LANES], U(0x6B901122), U(7))
        e = choose(e, f, g, h, words[other + 12 * LANES], U(0x6B901122), U(7))
        d = choose(d, a, b, c, words[at + 13 * LANES], U(0xFD987193), U(12))
        h = choose(h, e, f, g, words[other + 13 * LANES], U(0xFD987193), U(12))
        c = choose(c, d, a, b, words[at + 14 * LANES], U(0xA679438E), U(17))
        g = choose(g, h, e, f, words[other + 14 * LANES], U(0xA679438E), U(17))
        b = choose(b, c, d, a, words[at + 15 * LANES], U(0x49B40821), U(22))
        f = choose(f, g, h, e, words[other + 15 * LANES], U(0x49B40821), U(22))
        a = weave(a, b, c, d, words[at + LANES], U(0xF61E2562), U(5))
        e = weave(e, f, g, h, words[other + LANES], U(0xF61E2562), U(5))
        d = weave(d, a, b, c, words[at + 6 * LANES], U(0xC040B340), U(9))
        h = weave(h, e, f, g, words[other + 6 * LANES], U(0xC040B340), U(9))
        c = weave(c, d, a, b, words[at + 11 * LANES], U(0x265E5A51), U(14))
        g = weave(g, h, e, f, words[other + 11 * LANES], U(0x265E5A51), U(14))
        b = weave(b, c, d, a, words[at], U(0xE9B6C7AA), U(20))
        f = weave(f, g, h, e, words[other], U(0xE9B6C7AA), U(20))
        a = weave(a, b, c, d, words[at + 5 * LANES], U(0xD62F105D), U(5))
        e = weave(e, f, g, h, words[other + 5 * LANES], U(0xD62F105D), U(5))
        d = weave(d, a, b, c, words[at + 10 * LANES], U(0x02441453), U(9))
        h = weave(h, e, f, g, words[other + 10 * LANES], U(0x02441453), U(9))
        c = weave(c, d, a, b, words[at + 15 * LANES], U(0xD8A1E681), U(14))
        g = weave(g, h, e, f, words[other + 15 * LANES], U(0xD8A1E681), U(14))
        b = weave(b, c, d, a, words[at + 4 * LANES], U(0xE7D3FBC8), U(20))
        f = weave(f, g, h, e, words[other + 4 * LANES], U(0xE7D3FBC8), U(20))
        a = weave(a, b, c, d, words[at + 9 * LANES], U(0x21E1CDE6), U(5))
        e = weave(e, f, g, h, words[other + 9 * LANES], U(0x21E1CDE6), U(5))
        d = weave(d, a, b, c, words[at + 14 * LANES], U(0xC33707D6), U(9))
        h = weave(h, e, f, g, words[other + 14 * LANES], U(0xC33707D6), U(9))
        c = weave(c, d, a, b, words[at + 3 * LANES], U(0xF4D50D87), U(14))
        g = weave(g, h, e, f, words[other + 3 * LANES], U(0xF4D50D87), U(14))
        b = weave(b, c, d, a, words[at + 8 * LANES], U(0x455A14ED), U(20))
        f = weave(f, g, h, e, words[other + 8 * LANES], U(0x455A14ED), U(20))
        a = weave(a, b, c, d, words[at + 13 * LANES], U(0xA9E3E905), U(5))
        e = weave(e, f, g, h, words[other + 13 * LANES], U(0xA9E3E905), U(5))
        d = weave(d, a, b, c, words[at + 2 * LANES], U(0xFCEFA3F8), U(9))
        h = weave(h, e, f, g, words[other + 2 * LANES], U(0xFCEFA3F8), U(9))
        c = weave(c, d, a, b, words[at + 7 * LANES], U(0x676F02D9), U(14))
        g = weave(g, h, e, f, words[other + 7 * LANES], U(0x676F02D9), U(14))
        b = weave(b, c, d, a, words[at + 12 * LANES], U(0x8D2A4C8A), U(20))
        f = weave(f, g, h, e, words[other + 12 * LANES], U(0x8D2A4C8A), U(20))
        a = parity(a, b, c, d, words[at + 5 * LANES], U(0xFFFA3942), U(4))
        e = parity(e, f, g, h, words[other + 5 * LANES], U(0xFFFA3942), U(4))
        d = parity(d, a, b, c, words[at + 8 * LANES], U(0x8771F681), U(11))
        h = parity(h, e, f, g, words[other + 8 * LANES], U(0x8771F681), U(11))
        c = parity(c, d, a, b, words[at + 11 * LANES], U(0x6D9D6122), U(16))
        g = parity(g, h, e, f, words[other + 11 * LANES], U(0x6D9D6122), U(16))
        b = parity(b, c, d, a, words[at + 14 * LANES], U(0xFDE5380C), U(23))
        f = parity(f, g, h, e, words[other + 14 * LANES], U(0xFDE5380C), U(23))
        a = parity(a, b, c, d, words[at + LANES], U(0xA4BEEA44), U(4))
        e = parity(e, f, g, h, words[other + LANES], U(0xA4BEEA44), U(4))
        d = parity(d, a, b, c, words[at + 4 * LANES], U(0x4BDECFA9), U(11))
        h = parity(h, e, f, g, words[other + 4 * LANES], U(0x4BDECFA9), U(11))
        c = parity(c, d, a, b, words[at + 7 * LANES], U(0xF6BB4B60), U(16))
        g = parity(g, h, e, f, words[other + 7 * LANES], U(0xF6BB4B60), U(16))
        b = parity(b, c, d, a, words[at + 10 * LANES], U(0xBEBFBC70), U(23))
        f = parity(f, g, h, e, words[other + 10 * LANES], U(0xBEBFBC70), U(23))
        a = parity(a, b, c, d, words[at + 13 * LANES], U(0x289B7EC6), U(4))
        e = parity(e, f, g, h, words[other + 13 * LANES], U(0x289B7EC6), U(4))
        d = parity(d, a, b, c, words[at], U(0xEAA127FA), U(11))
        h = parity(h, e, f, g, words[other], U(0xEAA127FA), U(11))
        c = parity(c, d, a, b, words[at + 3 * LANES], U(0xD4EF3085), U(16))
        g = parity(g, h, e, f, words[other + 3 * LANES], U(0xD4EF3085), U(16))
        b = parity(b, c, d, a, words[at + 6 * LANES], U(0x04881D05), U(23))
        f = parity(f, g, h, e, words[other + 6 * LANES], U(0x04881D05), U(23))
        a = parity(a, b, c, d, words[at + 9 * LANES], U(0xD9D4D039), U(4))
        e = parity(e, f, g, h, words[other + 9 * LANES], U(0xD9D4D039), U(4))
        d = parity(d, a, b, c, words[at + 12 * LANES], U(0xE6DB99E5), U(11))
        h = parity(h, e, f, g, words[other + 12 * LANES], U(0xE6DB99E5), U(11))
        c = parity(c, d, a, b, words[at + 15 * LANES], U(0x1FA27CF8), U(16))
        g = parity(g, h, e, f, words[other + 15 * LANES], U(0x1FA27CF8), U(16))
        b = parity(b, c, d, a, words[at + 2 * LANES], U(0xC4AC5665), U(23))
        f = parity(f, g, h, e, words[other + 2 * LANES], U(0xC4AC5665), U(23))
        a = lean(a, b, c, d, words[at], U(0xF4292244), U(6))
        e = lean(e, f, g, h, words[other], U(0xF4292244), U(6))
        d = lean(d, a, b, c, words[at + 7 * LANES], U(0x432AFF97), U(10))
        h = lean(h, e, f, g, words[other + 7 * LANES], U(0x432AFF97), U(10))
        c = lean(c, d, a, b, words[at + 14 * LANES], U(0xAB9423A7), U(15))
        g = lean(g, h, e, f, words[other + 14 * LANES], U(0xAB9423A7), U(15))
        b = lean(b, c, d, a, words[at + 5 * LANES], U(0xFC93A039), U(21))
        f = lean(f, g, h, e, words[other + 5 * LANES], U(0xFC93A039), U(21))
        a = lean(a, b, c, d, words[at + 12 * LANES], U(0x655B59C3), U(6))
        e = lean(e, f, g, h, words[other + 12 * LANES], U(0x655B59C3), U(6))
        d = lean(d, a, b, c, words[at + 3 * LANES], U(0x8F0CCC92), U(10))
        h = lean(h, e, f, g, words[other + 3 * LANES], U(0x8F0CCC92), U(10))
        c = lean(c, d, a, b, words[at + 10 * LANES], U(0xFFEFF47D), U(15))
        g = lean(g, h, e, f, words[other + 10 * LANES], U(0xFFEFF47D), U(15))
        b = lean(b, c, d, a, words[at + LANES], U(0x85845DD1), U(21))
        f = lean(f, g, h, e, words[other + LANES], U(0x85845DD1), U(21))
        a = lean(a, b, c, d, words[at + 8 * LANES], U(0x6FA87E4F), U(6))
        e = lean(e, f, g, h, words[other + 8 * LANES], U(0x6FA87E4F), U(6))
        d = lean(d, a, b, c, words[at + 15 * LANES], U(0xFE2CE6E0), U(10))
        h = lean(h, e, f, g, words[other + 15 * LANES], U(0xFE2CE6E0), U(10))
        c = lean(c, d, a, b, words[at + 6 * LANES], U(0xA3014314), U(15))
        g = lean(g, h, e, f, words[other + 6 * LANES], U(0xA3014314), U(15))
        b = lean(b, c, d, a, words[at + 13 * LANES], U(0x4E0811A1), U(21))
        f = lean(f, g, h, e, words[other + 13 * LANES], U(0x4E0811A1), U(21))
        a = lean(a, b, c, d, words[at + 4 * LANES], U(0xF7537E82), U(6))
        e = lean(e, f, g, h, words[other + 4 * LANES], U(0xF7537E82), U(6))
        d = lean(d, a, b, c, words[at + 11 * LANES], U(0xBD3AF235), U(10))
        h = lean(h, e, f, g, words[other + 11 * LANES], U(0xBD3AF235), U(10))
        c = lean(c, d, a, b, words[at + 2 * LANES], U(0x2AD7D2BB), U(15))
        g = lean(g, h, e, f, words[other + 2 * LANES], U(0x2AD7D2BB), U(15))
        b = lean(b, c, d, a, words[at + 9 * LANES], U(0xEB86D391), U(21))
        f = lean(f, g, h, e, words[other + 9 * LANES], U(0xEB86D391), U(21))
        state[lane] += a
        state[LANES + lane] += b
        state[2 * LANES + lane] += c
        state[3 * LANES + lane] += d
        state[HALF + lane] += e
        state[LANES + HALF + lane] += f
        state[2 * LANES + HALF + lane] += g
        state[3 * LANES + HALF + lane] += h
