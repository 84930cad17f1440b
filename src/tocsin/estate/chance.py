"""Streams of chance: one generator for each thing that is drawn, so that drawing one thing more moves nothing else."""

import zlib

import numpy as np


def chance(seed: int, *what: str | int) -> np.random.Generator:
    """The generator of one thing, such as chance(7, "requests", day). The same seed and words give the same numbers on every machine."""
    words = [zlib.crc32(word.encode()) if isinstance(word, str) else word & 0xFFFFFFFF for word in what]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))
