"""The sections of the Performance Measurement Report, one file each. The folder is walked; `order` says which comes first."""

from functools import cache
from importlib import import_module

from tocsin.reports.section import Section
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.shelf import walk


@cache
def all_sections() -> tuple[Section, ...]:
    """Every declared Section in the order they are printed. Raises BadDeclaration naming the file that is wrong."""
    return in_order(walk(import_module("tocsin.reports.sections"), Section, lambda section: section.name))


def in_order(shelf: dict[str, Section]) -> tuple[Section, ...]:
    """Sections by `order`. Raises BadDeclaration when two claim the same place."""
    places: dict[int, str] = {}
    for section in shelf.values():
        if section.order in places:
            raise BadDeclaration(
                f"reports/sections/{section.name}.py: order {section.order} is taken by {places[section.order]}. Give each its own."
            )
        places[section.order] = section.name
    return tuple(sorted(shelf.values(), key=lambda section: section.order))
