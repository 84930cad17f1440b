"""The columns a file has, held to those that its Shape asks for."""

import difflib
from collections.abc import Sequence

from tocsin.feeds.shape import Shape
from tocsin.vocabulary.errors import RefusedDelivery

# What parts columns, as a Shape writes it.
SIGNS = {";": ";", "|": "|", "\t": r"\t", ",": ","}


def require(shape: Shape, columns: Sequence[str]) -> None:
    """Every column the Shape asks for is there, once. Raises RefusedDelivery naming column, those found, and the likeliest new name."""
    for name in shape.columns_read():
        if name not in columns:
            alike = difflib.get_close_matches(name, [found for found in columns if found not in shape.columns_read()], n=1)
            renamed = f' Was it renamed to "{alike[0]}"?' if alike else _parted_otherwise(shape, columns)
            raise RefusedDelivery(
                f'column "{name}" is missing (found: {", ".join(columns)}).{renamed} Shape {shape.name} of feed {shape.feed} reads it:'
                f" if the sender's layout has changed, change or add a Shape ({shape.where}); otherwise ask for the file again."
            )
        if list(columns).count(name) > 1:
            raise RefusedDelivery(f'column "{name}" stands {list(columns).count(name)} times in the header; expected once. Ask the sender.')


def _parted_otherwise(shape: Shape, columns: Sequence[str]) -> str:
    """A header that came as one cell holds the sign by which it is parted: a semicolon, as spreadsheets of many countries write it."""
    for sign, written in SIGNS.items():
        if len(columns) == 1 and sign in columns[0] and sign != shape.delimiter:
            return f' Are the columns parted by another sign? Then the Shape says delimiter = "{written}".'
    return ""
