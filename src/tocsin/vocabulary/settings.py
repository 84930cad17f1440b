"""Settings: the single numbers and words of the rules, each dated, with the sentence that the report prints for it."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from tocsin.vocabulary.calendar import CLOCKS
from tocsin.vocabulary.dated import DatedTable
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import DAY_US, MINUTE_US, SECOND_US, ZONES

_SPANS = {"seconds": SECOND_US, "minutes": MINUTE_US, "hours": 60 * MINUTE_US, "days": DAY_US}
_COUNTS = ("events", "parties", "percent", "working_days", "pounds", "months")
_WORDS = {"zone": ZONES, "clock": CLOCKS, "reading": ("R1", "R2", "R3")}


@dataclass(frozen=True)
class Setting:
    """One setting as in force: its text, unit and sentence, since when, and how well it is known."""

    name: str
    value: str
    unit: str
    sentence: str
    since_on: date
    status: str
    source: str

    @property
    def whole(self) -> int:
        """The value of a setting that counts something. Raises BadDeclaration for one that is a word."""
        if not self.value.isdigit():
            raise BadDeclaration(
                f'setting {self.name}: a whole number was expected, found "{self.value}". Correct its row in settings.csv.'
            )
        return int(self.value)

    @property
    def us(self) -> int:
        """The value of a setting that is a span of time, in microseconds. Raises BadDeclaration for another unit."""
        if self.unit not in _SPANS:
            raise BadDeclaration(
                f'setting {self.name}: a span ({", ".join(_SPANS)}) was expected, found unit "{self.unit}".'
                " Correct its row in settings.csv."
            )
        return self.whole * _SPANS[self.unit]


def settings(on: date, override: Path | None = None) -> dict[str, Setting]:
    """Every setting in force on a date, by name. Raises BadDeclaration on a bad row of the override."""
    return _settings(DatedTable.load("settings", override), on)


def setting(name: str, on: date, override: Path | None = None) -> Setting:
    """One setting as in force on a date. Raises BadDeclaration when there is none of the name, or none yet."""
    found = settings(on, override).get(name)
    if found is None:
        raise BadDeclaration(f'No setting "{name}" is in force on {on.isoformat()}. Add a row to reference/settings.csv of the workspace.')
    return found


@cache
def _settings(table: DatedTable, on: date) -> dict[str, Setting]:
    found, known = {}, sorted({row.cells["name"] for row in DatedTable.load("settings").rows()})
    for key, row in table.at(on).items():
        # A misspelt name would be asked for by nothing, and the shipped value go on.
        row.one_of("name", known)
        unit = row.one_of("unit", (*_SPANS, *_COUNTS, *_WORDS))
        if unit in _WORDS:
            row.one_of("value", _WORDS[unit])
        else:
            row.whole("value")
        cells = row.cells
        found[key[0]] = Setting(key[0], cells["value"], unit, cells["sentence"], row.day("since"), cells["status"], cells["source"])
    return found
