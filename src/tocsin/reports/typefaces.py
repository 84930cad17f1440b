"""The typefaces that travel with the report, which characters they can draw, and how wide they set a text.

A PDF/UA must be able to draw every character it holds: Typst refuses one it has no glyph for. Names of parties, devices and resolver
groups come from other people's files, so a character outside the typeface is written as its code point instead of failing the report.
"""

import struct
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

FAMILY = "Source Sans Pro"
FOLDER = Path(str(resources.files("tocsin.reports") / "fonts"))
_REGULAR, _SEMIBOLD = "SourceSansPro-Regular.otf", "SourceSansPro-Semibold.otf"
_FACES = (_REGULAR, _SEMIBOLD, "SourceSansPro-It.otf")


@cache
def drawable_points() -> frozenset[int]:
    """Code points that every face of the family has a glyph for."""
    return frozenset.intersection(*(frozenset(_mapped(FOLDER.joinpath(face).read_bytes())) for face in _FACES))


# The same words stand in cell after cell; so many different ones a report hardly has.
_WORDS = 2**16


@lru_cache(_WORDS)
def drawable(text: str) -> str:
    """The text with every character outside the typeface written as its code point, such as [U+6F22]; line breaks become spaces."""
    points = drawable_points()
    composed = unicodedata.normalize("NFC", text)
    return "".join(_written(character, points) for character in composed)


@lru_cache(_WORDS)
def width_em(text: str, *, is_bold: bool = False) -> float:
    """How wide a text is set on one line, in em: the advances of its characters; pairs that are drawn closer only make it narrower."""
    advances = _advances(_SEMIBOLD if is_bold else _REGULAR)
    return sum(advances.get(ord(character), 1.0) for character in text)


@cache
def _advances(face: str) -> dict[int, float]:
    """Advance of each code point in em (OpenType `head`, `hhea`, `hmtx`)."""
    font = FOLDER.joinpath(face).read_bytes()
    tables = _tables(font)
    units, metrics, start = _word(font, tables[b"head"] + 18), _word(font, tables[b"hhea"] + 34), tables[b"hmtx"]
    return {point: _word(font, start + 4 * min(glyph, metrics - 1)) / units for point, glyph in _mapped(font).items()}


def _written(character: str, points: frozenset[int]) -> str:
    if character in "\n\r\t":
        return " "
    return character if ord(character) in points else f"[U+{ord(character):04X}]"


def _tables(font: bytes) -> dict[bytes, int]:
    """Where each table of an OpenType font begins."""
    entries = range(12, 12 + 16 * _word(font, 4), 16)
    return {font[at : at + 4]: struct.unpack(">L", font[at + 8 : at + 12])[0] for at in entries}


def _mapped(font: bytes) -> dict[int, int]:
    """Code points of a font's Unicode mapping and their glyphs (OpenType `cmap`, formats 4 and 12)."""
    start = _tables(font)[b"cmap"]
    glyphs: dict[int, int] = {}
    for entry in range(_word(font, start + 2)):
        offset = struct.unpack(">L", font[start + 8 + 8 * entry : start + 12 + 8 * entry])[0]
        subtable = font[start + offset :]
        layout = _word(subtable, 0)
        if layout == 4:
            glyphs |= _format_4(subtable)
        elif layout == 12:
            for group in range(struct.unpack(">L", subtable[12:16])[0]):
                first, last, glyph = struct.unpack(">LLL", subtable[16 + 12 * group : 28 + 12 * group])
                glyphs |= {point: glyph + point - first for point in range(first, last + 1)}
    return glyphs


def _format_4(subtable: bytes) -> dict[int, int]:
    count = _word(subtable, 6) // 2
    glyphs: dict[int, int] = {}
    for n in range(count):
        last, first = _word(subtable, 14 + 2 * n), _word(subtable, 16 + 2 * count + 2 * n)
        delta, place = _word(subtable, 16 + 4 * count + 2 * n), 16 + 6 * count + 2 * n
        offset = _word(subtable, place)
        for point in range(first, last + 1):
            if point == 0xFFFF:
                continue
            listed = point if offset == 0 else _word(subtable, place + offset + 2 * (point - first))
            if offset == 0 or listed:
                glyphs[point] = (listed + delta) & 0xFFFF
    return {point: glyph for point, glyph in glyphs.items() if glyph}


def _word(font: bytes, at: int) -> int:
    return int.from_bytes(font[at : at + 2], "big")
