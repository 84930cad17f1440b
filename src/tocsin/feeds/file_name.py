"""File-name patterns of Shapes: a glob with named pieces, such as DSP_SAT_{day:%Y%m%d}_{submission}.csv*."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import QUARTER_HOUR_US, instant

# The pieces that say which slot a file fills, and how each is written unless the pattern says otherwise.
TIMES = {"day": "%Y%m%d", "month": "%Y%m", "quarter_hour": "%Y%m%dT%H%M"}
DIRECTIVES = {"%Y": r"\d{4}", "%j": r"\d{3}", "%b": "[A-Za-z]{3}"} | dict.fromkeys(("%y", "%m", "%d", "%H", "%M"), r"\d{2}")

_PIECE = re.compile(r"\{([a-z_][a-z0-9_]*)(?::([^{}]+))?\}|(\*)|(\?)|([^{}*?]+)|(.)")


@dataclass(frozen=True)
class Covers:
    """The stretch of time a file tells of, as two instants, half-open; and whether it is the initial or the final submission."""

    start_at: int | None
    end_at: int | None
    submission: str

    @property
    def stretch(self) -> tuple[int, int] | None:
        """Both instants; None for a delivery of an occasion."""
        return None if self.start_at is None or self.end_at is None else (self.start_at, self.end_at)


@dataclass(frozen=True)
class NamePattern:
    """A pattern made ready: `expression` matches whole file names, `formats` says how each piece of time is written."""

    text: str
    expression: re.Pattern[str]
    formats: Mapping[str, str]

    @classmethod
    @cache
    def parse(cls, text: str) -> "NamePattern":
        """Raises BadDeclaration for a piece that cannot be read or stands twice."""
        built, formats, seen = "", {}, set()
        for name, written, star, mark, plain, stray in _PIECE.findall(text):
            if stray:
                raise BadDeclaration(f'pattern "{text}": "{stray}" does not begin or end a piece; expected {{name}} or {{name:%Y%m%d}}.')
            if name in seen:
                raise BadDeclaration(f'pattern "{text}": the piece {{{name}}} stands twice; name each piece once.')
            if name:
                seen.add(name)
                built += f"(?P<{name}>{_piece(text, name, written)})"
                if name in TIMES:
                    formats[name] = written or TIMES[name]
            else:
                built += ".*" if star else "." if mark else re.escape(plain)
        if len(formats) > 1:
            raise BadDeclaration(f'pattern "{text}": {" and ".join(formats)} both say what a file covers; keep one of them.')
        return cls(text, re.compile(built), formats)

    def read(self, file_name: str, zone: ZoneInfo, covers: tuple[date, date] | None, submission: str) -> Covers | None:
        """What a file of that name covers; None when the name does not fit (no such date counts as not fitting)."""
        found = self.expression.fullmatch(file_name)
        if found is None:
            return None
        pieces = found.groupdict()
        said = pieces.get("submission", submission).lower()
        for name, written in self.formats.items():
            try:
                first = datetime.strptime(pieces[name], written).replace(tzinfo=zone)
            except ValueError:
                return None
            return Covers(instant(first.astimezone(UTC)), _end(name, first), said)
        if covers is not None:
            start, end = (instant(datetime(on.year, on.month, on.day, tzinfo=zone).astimezone(UTC)) for on in covers)
            return Covers(start, end, said)
        return Covers(None, None, said)


def _piece(text: str, name: str, written: str) -> str:
    if name == "submission":
        return "(?i:initial|final)"
    if name not in TIMES:
        return ".+?"
    expression, rest = "", written or TIMES[name]
    for part in re.findall("%.|[^%]+|%", rest):
        if part.startswith("%") and part not in DIRECTIVES:
            raise BadDeclaration(f'pattern "{text}": {{{name}:{rest}}}: "{part}" is not known; expected {" ".join(DIRECTIVES)}.')
        expression += DIRECTIVES.get(part, re.escape(part))
    return expression


def _end(name: str, first: datetime) -> int:
    if name == "quarter_hour":
        return instant(first.astimezone(UTC)) + QUARTER_HOUR_US
    if name == "day":
        # By the calendar, not by 24 hours: a local day of 23 or 25 hours ends at its own midnight.
        following = datetime.combine(first.date() + timedelta(days=1), first.time(), tzinfo=first.tzinfo)
    else:
        following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1, day=1)
    return instant(following.astimezone(UTC))
