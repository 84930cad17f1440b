"""What a section of the report is: a name, a title, a place in the order and the blocks it builds out of a frozen run."""

from collections.abc import Callable
from dataclasses import dataclass

from tocsin.reports.blocks import Block
from tocsin.reports.frozen import FrozenRun
from tocsin.vocabulary.errors import BadDeclaration

# How an XLSX divides a section: one sheet for all of it, or one for each heading of level 2.
SHEETS = ("section", "heading")


@dataclass(frozen=True)
class Section:
    """One section of the report, one file of the shelf. `build` gives its blocks and works nothing out that figures.py should.

    `sheet` is the short title of its sheet in the workbook; the title where none is given. `starts_page` is for the PDF.
    """

    name: str
    title: str
    order: int
    build: Callable[[FrozenRun], list[Block]]
    sheets: str = "section"
    sheet: str = ""
    starts_page: bool = True

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise BadDeclaration(f"section {self.name}: the title is missing. A reader finds a section by its title.")
        if self.sheets not in SHEETS:
            raise BadDeclaration(f'section {self.name}: sheets "{self.sheets}"; expected one of {", ".join(SHEETS)}.')
