"""Names that Excel takes, each unlike every other of a workbook: of sheets, of native tables and of a table's columns."""

import re
from collections.abc import Iterable

_SHEET_NAME = 31
_TABLE_NAME = 120
# A code in brackets is no longer than this.
_CODE = 8
# "CPM1" is a cell, "R1C1" and "C" are cells and columns in another notation: no table may be called so.
_LIKE_A_CELL = re.compile(r"[a-z]{1,3}[0-9]*|r[0-9]*c[0-9]*")


class Names:
    """The names taken so far. `sheets`: those that the workbook keeps for its own sheets, `tables` likewise."""

    def __init__(self, sheets: Iterable[str] = (), tables: Iterable[str] = ()) -> None:
        # Excel keeps a sheet's changes under the name History itself.
        self._sheets = {"history", *(name.lower() for name in sheets)}
        self._tables = {name.lower() for name in tables}

    def sheet(self, title: str) -> str:
        """31 characters, none of []:*?/\\, no apostrophe at an end.

        Of a longer title whole words, and the code behind them: "Security and Key (SKM)".
        """
        plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).strip(" '")
        if len(plain) > _SHEET_NAME:
            words, bracket, code = plain.rpartition(" (")
            end = f" ({code}" if bracket and code.endswith(")") and len(code) <= _CODE else ""
            plain = _whole_words(words if end else plain, _SHEET_NAME - len(end)) + end
        return _own(plain or "Sheet", self._sheets, _SHEET_NAME, " ")

    def table(self, caption: str) -> str:
        """Letters, digits and low lines of ASCII, as a formula names it: "Prepayment: by day" is Prepayment_by_day.

        "CPM 1: Service Responses sent within their time: by day" is CPM_1_by_day.
        """
        parts = caption.split(": ")
        caption = ": ".join((parts[0], parts[-1])) if len(parts) > 1 else caption
        plain = re.sub(r"[^A-Za-z0-9]+", "_", caption).strip("_")[:_TABLE_NAME].strip("_") or "Table"
        if plain[0].isdigit() or _LIKE_A_CELL.fullmatch(plain.lower()):
            plain = f"T_{plain}"
        return _own(plain, self._tables, _TABLE_NAME, "_")


def columns_apart(titles: Iterable[str]) -> list[str]:
    """Headings of one native table, which Excel wants unlike, capitals or not: one that stands twice has its place behind it."""
    taken: set[str] = set()
    found = []
    for n, title in enumerate(titles, start=1):
        own = title if title.lower() not in taken else f"{title} ({n})"
        while own.lower() in taken:
            own += "\N{NO-BREAK SPACE}"
        taken.add(own.lower())
        found.append(own)
    return found


def _whole_words(text: str, most: int) -> str:
    """As many words as there is room for; of a first word that is longer, what there is room for."""
    cut = text[: most + 1].rpartition(" ")[0] if len(text) > most else text
    return (cut or text[:most]).strip(" '")


def _own(plain: str, taken: set[str], most: int, gap: str) -> str:
    name, n = plain, 2
    while name.lower() in taken:
        end = f"{gap}{n}"
        name, n = plain[: most - len(end)] + end, n + 1
    taken.add(name.lower())
    return name
