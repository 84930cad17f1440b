"""MD5 of many short texts at once: the steps of one text wait for one another, those of sixteen side by side do not (RFC 1321)."""

import numpy as np

from tocsin.engines.compiled.kernels.compiling import kernel

LANES = 16


@kernel
def turned(a, b, mixed, word, constant, shift):
    """The end of every step: add, turn to the left, add."""
    total = np.uint32(a + mixed + word + np.uint32(constant))
    return np.uint32(b + np.uint32((total << np.uint32(shift)) | (total >> np.uint32(32 - shift))))


@kernel
def choose(a, b, c, d, word, constant, shift):
    """A step of round 1."""
    return turned(a, b, d ^ (b & (c ^ d)), word, constant, shift)


@kernel
def weave(a, b, c, d, word, constant, shift):
    """A step of round 2."""
    return turned(a, b, c ^ (d & (b ^ c)), word, constant, shift)


@kernel
def parity(a, b, c, d, word, constant, shift):
    """A step of round 3."""
    return turned(a, b, b ^ c ^ d, word, constant, shift)


@kernel
def lean(a, b, c, d, word, constant, shift):
    """A step of round 4."""
    return turned(a, b, c ^ (b | ~d), word, constant, shift)


@kernel
def begun(state):
    """The state before the first 64 bytes."""
    for lane in range(LANES):
        state[0, lane], state[1, lane], state[2, lane], state[3, lane] = 0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476


@kernel
def digested(words, first, state):
    """Take the 16 words from `first` on of each lane into its state. words[word, lane], state[4, lane]."""
    for lane in range(LANES):
        a, b, c, d = state[0, lane], state[1, lane], state[2, lane], state[3, lane]
        a = choose(a, b, c, d, words[first + 0, lane], 0xD76AA478, 7)
        d = choose(d, a, b, c, words[first + 1, lane], 0xE8C7B756, 12)
        c = choose(c, d, a, b, words[first + 2, lane], 0x242070DB, 17)
        b = choose(b, c, d, a, words[first + 3, lane], 0xC1BDCEEE, 22)
        a = choose(a, b, c, d, words[first + 4, lane], 0xF57C0FAF, 7)
        d = choose(d, a, b, c, words[first + 5, lane], 0x4787C62A, 12)
        c = choose(c, d, a, b, words[first + 6, lane], 0xA8304613, 17)
        b = choose(b, c, d, a, words[first + 7, lane], 0xFD469501, 22)
        a = choose(a, b, c, d, words[first + 8, lane], 0x698098D8, 7)
        d = choose(d, a, b, c, words[first + 9, lane], 0x8B44F7AF, 12)
        c = choose(c, d, a, b, words[first + 10, lane], 0xFFFF5BB1, 17)
        b = choose(b, c, d, a, words[first + 11, lane], 0x895CD7BE, 22)
        a = choose(a, b, c, d, words[first + 12, lane], 0x6B901122, 7)
        d = choose(d, a, b, c, words[first + 13, lane], 0xFD987193, 12)
        c = choose(c, d, a, b, words[first + 14, lane], 0xA679438E, 17)
        b = choose(b, c, d, a, words[first + 15, lane], 0x49B40821, 22)
        a = weave(a, b, c, d, words[first + 1, lane], 0xF61E2562, 5)
        d = weave(d, a, b, c, words[first + 6, lane], 0xC040B340, 9)
        c = weave(c, d, a, b, words[first + 11, lane], 0x265E5A51, 14)
        b = weave(b, c, d, a, words[first + 0, lane], 0xE9B6C7AA, 20)
        a = weave(a, b, c, d, words[first + 5, lane], 0xD62F105D, 5)
        d = weave(d, a, b, c, words[first + 10, lane], 0x02441453, 9)
        c = weave(c, d, a, b, words[first + 15, lane], 0xD8A1E681, 14)
        b = weave(b, c, d, a, words[first + 4, lane], 0xE7D3FBC8, 20)
        a = weave(a, b, c, d, words[first + 9, lane], 0x21E1CDE6, 5)
        d = weave(d, a, b, c, words[first + 14, lane], 0xC33707D6, 9)
        c = weave(c, d, a, b, words[first + 3, lane], 0xF4D50D87, 14)
        b = weave(b, c, d, a, words[first + 8, lane], 0x455A14ED, 20)
        a = weave(a, b, c, d, words[first + 13, lane], 0xA9E3E905, 5)
        d = weave(d, a, b, c, words[first + 2, lane], 0xFCEFA3F8, 9)
        c = weave(c, d, a, b, words[first + 7, lane], 0x676F02D9, 14)
        b = weave(b, c, d, a, words[first + 12, lane], 0x8D2A4C8A, 20)
        a = parity(a, b, c, d, words[first + 5, lane], 0xFFFA3942, 4)
        d = parity(d, a, b, c, words[first + 8, lane], 0x8771F681, 11)
        c = parity(c, d, a, b, words[first + 11, lane], 0x6D9D6122, 16)
        b = parity(b, c, d, a, words[first + 14, lane], 0xFDE5380C, 23)
        a = parity(a, b, c, d, words[first + 1, lane], 0xA4BEEA44, 4)
        d = parity(d, a, b, c, words[first + 4, lane], 0x4BDECFA9, 11)
        c = parity(c, d, a, b, words[first + 7, lane], 0xF6BB4B60, 16)
        b = parity(b, c, d, a, words[first + 10, lane], 0xBEBFBC70, 23)
        a = parity(a, b, c, d, words[first + 13, lane], 0x289B7EC6, 4)
        d = parity(d, a, b, c, words[first + 0, lane], 0xEAA127FA, 11)
        c = parity(c, d, a, b, words[first + 3, lane], 0xD4EF3085, 16)
        b = parity(b, c, d, a, words[first + 6, lane], 0x04881D05, 23)
        a = parity(a, b, c, d, words[first + 9, lane], 0xD9D4D039, 4)
        d = parity(d, a, b, c, words[first + 12, lane], 0xE6DB99E5, 11)
        c = parity(c, d, a, b, words[first + 15, lane], 0x1FA27CF8, 16)
        b = parity(b, c, d, a, words[first + 2, lane], 0xC4AC5665, 23)
        a = lean(a, b, c, d, words[first + 0, lane], 0xF4292244, 6)
        d = lean(d, a, b, c, words[first + 7, lane], 0x432AFF97, 10)
        c = lean(c, d, a, b, words[first + 14, lane], 0xAB9423A7, 15)
        b = lean(b, c, d, a, words[first + 5, lane], 0xFC93A039, 21)
        a = lean(a, b, c, d, words[first + 12, lane], 0x655B59C3, 6)
        d = lean(d, a, b, c, words[first + 3, lane], 0x8F0CCC92, 10)
        c = lean(c, d, a, b, words[first + 10, lane], 0xFFEFF47D, 15)
        b = lean(b, c, d, a, words[first + 1, lane], 0x85845DD1, 21)
        a = lean(a, b, c, d, words[first + 8, lane], 0x6FA87E4F, 6)
        d = lean(d, a, b, c, words[first + 15, lane], 0xFE2CE6E0, 10)
        c = lean(c, d, a, b, words[first + 6, lane], 0xA3014314, 15)
        b = lean(b, c, d, a, words[first + 13, lane], 0x4E0811A1, 21)
        a = lean(a, b, c, d, words[first + 4, lane], 0xF7537E82, 6)
        d = lean(d, a, b, c, words[first + 11, lane], 0xBD3AF235, 10)
        c = lean(c, d, a, b, words[first + 2, lane], 0x2AD7D2BB, 15)
        b = lean(b, c, d, a, words[first + 9, lane], 0xEB86D391, 21)
        state[0, lane] += a
        state[1, lane] += b
        state[2, lane] += c
        state[3, lane] += d
