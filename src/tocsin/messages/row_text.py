"""How values are written into the cells of a row."""

from tocsin.vocabulary.instants import moment

Row = dict[str, str]


def tell(value: str | int | None) -> str:
    """The cell of a value; a hole is an empty cell."""
    return "" if value is None else str(value)


def tell_instant(at: int | None) -> str:
    """ISO 8601 in UTC to the microsecond, such as 2022-08-17T15:45:42.790000Z; a hole is an empty cell."""
    return "" if at is None else moment(at).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
