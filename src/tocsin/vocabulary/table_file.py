"""Table files: the CSV files shipped in vocabulary/data and a workspace's overrides of them, read as text and checked by column."""

import csv
import difflib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tocsin.vocabulary.errors import BadDeclaration

STATUSES = ("verified", "inferred", "assumed")


@dataclass(frozen=True)
class TableRow:
    """One row: where it stands (file and line, for messages) and its cells as text, trimmed."""

    where: str
    cells: Mapping[str, str]

    def bad(self, column: str, expected: str) -> BadDeclaration:
        """The complaint about one cell: file, line, column, what was expected and what was found."""
        found = self.cells.get(column, "")
        return BadDeclaration(f'{self.where}: column "{column}": expected {expected}, found "{found}". Correct the row.')

    def day(self, column: str) -> date:
        """A cell as an ISO date. Raises BadDeclaration."""
        try:
            if len(self.cells[column]) == len("2021-08-31"):
                return date.fromisoformat(self.cells[column])
        except ValueError:
            pass
        raise self.bad(column, "a date such as 2021-08-31")

    def one_of(self, column: str, words: Sequence[str]) -> str:
        """A cell that must be one of some words. Raises BadDeclaration."""
        if self.cells[column] not in words:
            raise self.bad(column, f"one of {', '.join(words)}")
        return self.cells[column]

    def whole(self, column: str) -> int:
        """A cell as a whole number of zero or more. Raises BadDeclaration."""
        if not (self.cells[column].isascii() and self.cells[column].isdigit()):
            raise self.bad(column, "a whole number")
        return int(self.cells[column])

    def words(self, column: str, known: Sequence[str]) -> tuple[str, ...]:
        """A cell of words with spaces between them, each one of the known. Raises BadDeclaration."""
        words = tuple(self.cells[column].split())
        if not set(words) <= set(known):
            raise self.bad(column, f"words out of {', '.join(known)}, with a space between")
        return words

    def truth(self, column: str) -> bool:
        """A cell that says yes or no. Raises BadDeclaration."""
        return self.one_of(column, ("yes", "no")) == "yes"


@dataclass(frozen=True)
class TableFile:
    """A whole table file: the columns of its heading and its rows, in order."""

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]


def shipped(name: str) -> TableFile:
    """The table of this name that comes with the package. Raises BadDeclaration when there is none."""
    # Imported here: it is a fifth of the time the vocabulary takes to import, and a command that reads no table need not wait.
    from importlib import resources

    file = resources.files("tocsin.vocabulary") / "data" / f"{name}.csv"
    if not file.is_file():
        raise BadDeclaration(f'No table "{name}" is shipped: expected vocabulary/data/{name}.csv.')
    return _read(f"data/{name}.csv", file.read_bytes())


def check_folder(folder: Path) -> None:
    """Hold a workspace's `reference/` to the tables it may override. Raises BadDeclaration: a misspelt name would be passed over."""
    strange = [path for path in sorted(folder.glob("*")) if path.suffix.lower() == ".csv" and not path.name.startswith(".")]
    if not strange:
        return
    from importlib import resources

    known = sorted(file.name for file in (resources.files("tocsin.vocabulary") / "data").iterdir() if file.name.endswith(".csv"))
    for path in strange:
        if path.name not in known:
            alike = difflib.get_close_matches(path.name.lower(), known, n=1)
            meant = f'Was "{alike[0]}" meant?' if alike else f"Known: {', '.join(known)}."
            raise BadDeclaration(f"{path}: there is no such table to override. {meant} Rename the file, or move it elsewhere.")
        if not path.is_file():
            raise BadDeclaration(f"{path}: expected a CSV file, found something else. Put the file there, or take this away.")


def override_file(name: str, override: Path | None) -> Path | None:
    """The file that overrides a table: `override` itself, or `<name>.csv` in it when it is a folder that has one.

    Raises BadDeclaration when the path given does not exist.
    """
    if override is None:
        return None
    if override.is_dir():
        file = override / f"{name}.csv"
        return file if file.is_file() else None
    if not override.is_file():
        raise BadDeclaration(f"{override}: no such file or folder; expected an override of table {name}. Correct the path.")
    return override


def overriding(file: Path) -> TableFile:
    """A workspace's table file. Raises BadDeclaration when it is not UTF-8 CSV of even rows."""
    return _read(str(file), file.read_bytes())


def _read(where: str, content: bytes) -> TableFile:
    try:
        lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        heading = tuple(cell.strip() for cell in next(lines, []))
        if not heading or len(set(heading)) != len(heading) or "" in heading:
            raise BadDeclaration(f"{where}: line 1: expected a heading of distinct column names, found {', '.join(heading) or 'nothing'}.")
        rows = []
        for cells in lines:
            at = f"{where}: line {lines.line_num}"
            if len(cells) not in (0, len(heading)):
                raise BadDeclaration(
                    f"{at}: expected {len(heading)} cells ({', '.join(heading)}), found {len(cells)}. Quote cells that hold a comma."
                )
            if cells:
                rows.append(TableRow(at, dict(zip(heading, (cell.strip() for cell in cells), strict=True))))
    except UnicodeDecodeError as reason:
        raise BadDeclaration(f"{where}: expected UTF-8 text, found byte {reason.start} that is not. Save the file as UTF-8.") from reason
    except csv.Error as reason:
        raise BadDeclaration(f"{where}: line {lines.line_num}: not readable as CSV ({reason}). Check its quotation marks.") from reason
    return TableFile(heading, tuple(rows))
