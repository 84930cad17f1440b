"""The kinds of fault there are, and what each does. A profile (profiles/*.toml) says how often each occurs.

Hardships that must leave no trace at all, and are therefore no faults and in no list: rows out of the order of time, originator
counters above 2**63, the hours a clock change skips or repeats, an empty day told by a header alone, a region told in the words of
another system. The product must read them as if nothing were odd.
"""

import numpy as np

from tocsin.estate.block import Array, Truth
from tocsin.vocabulary.instants import SECOND_US

# What happens to a file on its way. `on_time` is no fault.
FILE_FATES: dict[str, str] = {
    "on_time": "comes whole before it is due",
    "late": "comes whole, after it was due",
    "missing": "never comes",
    "cut": "ends in the middle, and is never sent again",
    "cut_then_whole": "ends in the middle; sent again whole",
    "spoilt": "has changed bytes, and is never sent again",
    "spoilt_then_whole": "has changed bytes; sent again whole",
    "doubled": "comes twice, the very same bytes",
    "sent_again": "comes a second time, the same rows in other bytes",
}
NEVER_WHOLE = ("missing", "cut", "spoilt")

# What happens to a row of an audit trail; its number is its place. A refused line leaves nothing but its finding.
ROW_FAULTS = (
    "none",
    "no_stamp",
    "bad_stamp",
    "no_request",
    "short_line",
    "long_line",
    "future_stamp",
    "bad_variant",
    "repeated",
    "copied",
    "belated",
)
# The line once more in the same file (a duplicate); once more with a stamp 7 s later (a repeat the journey sees); in the next day's file.
HARMLESS = ("none", "repeated", "copied", "belated")
COPY_AFTER_US = 7 * SECOND_US

# What goes wrong inside a system that writes a row: the row itself is sound and counts as it stands.
BEHAVIOUR_FAULTS: dict[str, str] = {
    "skewed": "the User's request is stamped by a clock up to 2 s behind the network's",
    "backwards": "the answer is stamped before its request",
    "unknown_srv": "a Service Request Variant that no list has",
    "unknown_code": "a response code that no list has",
    "unknown_region": "a region that no list has",
}

_IS_HARMLESS = np.array([name in HARMLESS for name in ROW_FAULTS])


def is_harmless(fault: Array) -> Truth:
    """Of row faults by number: whether the row is accepted all the same."""
    harmless: Truth = _IS_HARMLESS[fault]
    return harmless
