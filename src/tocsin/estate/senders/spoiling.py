"""Row faults as they are done to the text of a line, and by what check the product names each."""

from collections.abc import Mapping

from tocsin.estate.faults.kinds import ROW_FAULTS
from tocsin.vocabulary.instants import DAY_US

FAULT: Mapping[str, int] = {name: place for place, name in enumerate(ROW_FAULTS)}

# The check id of the finding that names a spoilt line; empty: the line is sound and leaves none.
NAMED_AS: Mapping[str, str] = {
    "no_stamp": "AT-EMPTY:observed_at",
    "bad_stamp": "AT-TYPE:observed_at",
    "no_request": "AT-EMPTY:request_id",
    "short_line": "AT-STRUCT-SHORT",
    "long_line": "AT-STRUCT-LONG",
    "broken_json": "AT-STRUCT-JSON",
    "future_stamp": "AT-FUTURE:observed_at",
    "bad_variant": "AT-01",
    "repeated": "AT-DUP",
    "copied": "",
    "belated": "",
}

# The same for a Posting: what leaves a finding.
NAMED_BY = {fault: check for fault, check in NAMED_AS.items() if check and fault != "repeated"}

# A date that no calendar has, in the usual form of a stamp; no sender's form reads it.
BAD_STAMP = "0000-00-00T00:00:00.000Z"
# A clock that is a year and more ahead: later than a day after any file of the simulation is received.
AHEAD_US = 400 * DAY_US
# Command variants are 1 to 9 (duis.md 5).
BAD_VARIANT = "12"

# What a layout does where its files cannot carry a fault. JSON lines and tables have no short or long lines; a line of several stamps
# that has none of them makes no row and would be passed over.
CANNOT: Mapping[str, Mapping[str, str]] = {
    "lines": {},
    "unfolded": {"no_stamp": "bad_stamp"},
    "objects": {"short_line": "broken_json", "long_line": "broken_json"},
    "sheet": {"short_line": "no_stamp", "long_line": "no_request"},
    "parquet": {"short_line": "no_stamp", "long_line": "no_request", "bad_stamp": "no_stamp"},
}


def spoilt_line(line: str, kind: str, delimiter: str) -> str:
    """A line as a fault of its structure leaves it."""
    if kind == "short_line":
        return line.rsplit(delimiter, 3)[0]
    if kind == "long_line":
        return f"{line}{delimiter}{delimiter}?"
    return line[: len(line) // 2]
